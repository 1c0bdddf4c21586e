"""What damaged, cut and abandoned archive files still give."""

import gzip
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from archived import closed, file_of, page
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.warc import Archive
from copydesk.adapters.warc_record import to_member


@pytest.mark.parametrize(
    "damage",
    [
        lambda content, at: content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :],
        lambda content, at: content[:at] + bytes(40) + content[at + 40 :],
        lambda content, at: content[:at] + content[at + 7 :],
        lambda content, at: content[:at] + b"\x1f\x8b\x08" + content[at:],
    ],
    ids=["flip", "zeros", "hole", "magic"],
)
def test_damage_costs_one_capture_and_is_counted(
    tmp_path: Path,
    damage: Callable[[bytes, int], bytes],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Behind a damaged record reading goes on with the next one, and the loss is known."""
    archive = Archive(str(tmp_path))
    written = [page(number) for number in range(20)]
    for capture in written:
        archive.append(capture)
    segment = closed(archive)
    path = file_of(tmp_path, segment)
    content = path.read_bytes()
    path.write_bytes(damage(content, len(content) // 2))
    found = list(archive.read(segment.name))
    assert len(found) == 19
    assert [capture for capture in written if capture in found] == found
    assert archive.lost == 1
    assert "lost bytes=" in caplog.text


def test_a_cut_file_loses_its_torn_end_only(tmp_path: Path) -> None:
    """The torn last record is never taken for a whole one."""
    archive = Archive(str(tmp_path))
    archive.append(page(0))
    archive.append(page(1))
    segment = closed(archive)
    path = file_of(tmp_path, segment)
    path.write_bytes(path.read_bytes()[:-1])
    assert [capture.id for capture in archive.read(segment.name)] == ["c0"]
    assert archive.lost == 1


KILLED = """
import os, sys
from copydesk.adapters.warc import Archive
from test_warc import page
archive = Archive(sys.argv[1])
for number in range(3):
    archive.append(page(number))
os._exit(137)
"""


def test_what_a_killed_writer_left_is_recovered(tmp_path: Path) -> None:
    """After a kill the open file is closed with all its captures; a living writer's file is let alone."""
    living = Archive(str(tmp_path))
    living.append(page(7))
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(__file__).parents[1] / "plugins")])
    done = subprocess.run(  # noqa: S603 (our own interpreter and script)
        [sys.executable, "-c", KILLED, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": paths},
        check=False,
        timeout=60,
    )
    assert done.returncode == 137
    (segment,) = Archive(str(tmp_path)).recover()
    assert segment.captures == 3
    assert [capture.id for capture in living.read(segment.name)] == ["c0", "c1", "c2"]
    assert living.recover() == []
    living.append(page(8))
    assert [capture.id for capture in living.read(closed(living).name)] == ["c7", "c8"]
    assert list((tmp_path / "open").iterdir()) == []


WHOLE = [to_member(page(number)) for number in range(3)]


@given(cut=st.integers(0, len(b"".join(WHOLE))))
def test_an_open_file_cut_anywhere_keeps_its_whole_records(
    tmp_path_factory: pytest.TempPathFactory,
    cut: int,
) -> None:
    """Whatever byte the crash stopped at, recovery keeps exactly the records before it, and other tools agree."""
    folder = tmp_path_factory.mktemp("archive")
    (folder / "open").mkdir()
    (folder / "open" / "20260901T090000123Z-0123abcd.warc.gz.open").write_bytes(b"".join(WHOLE)[:cut])
    whole = sum(cut >= sum(map(len, WHOLE[: number + 1])) for number in range(3))
    archive = Archive(str(folder))
    gained = archive.recover()
    assert [segment.captures for segment in gained] == ([whole] if whole else [])
    for segment in gained:
        assert segment.name == f"20260901T090000123Z-0123abcd-{whole}"
        assert len(list(archive.read(segment.name))) == whole
        assert archive.lost == 0
        assert gzip.decompress(file_of(folder, segment).read_bytes()).count(b"WARC/1.1\r\n") == whole
