"""What damaged, cut and abandoned archive files still give."""

import errno
import gzip
import io
import os
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.archive.record import LARGEST, to_member
from copydesk.adapters.archive.warc import Archive
from copydesk.errors import ArchiveError
from made.archives import closed, file_of, page
from made.places import ROOT


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


KILLED = """
import os, sys
from copydesk.adapters.archive.warc import Archive
from made.archives import page
archive = Archive(sys.argv[1])
for number in range(3):
    archive.append(page(number))
os._exit(137)
"""


def test_what_a_killed_writer_left_is_recovered(tmp_path: Path) -> None:
    """After a kill the open file is closed with all its captures; a living writer's file is let alone."""
    living = Archive(str(tmp_path))
    living.append(page(7))
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT / "plugins")])
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
        assert gzip.decompress(file_of(folder, segment).read_bytes()).count(b"WARC/1.1\r\n") == whole


def bomb(size: int) -> bytes:
    """A gzip member that unpacks into zeros."""
    packer = zlib.compressobj(wbits=31)
    return b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(size >> 20)), packer.flush()])


def sparse(path: Path, size: int) -> None:
    """Make a file larger without writing to it."""
    with path.open("r+b") as file:
        file.truncate(size)


@pytest.mark.parametrize("kind", ["member", "file"])
def test_what_unpacks_into_too_much_is_damaged_and_costs_little_memory(tmp_path: Path, kind: str) -> None:
    """A member or a file far beyond what a writer of ours makes is passed over; what lies before and behind is read."""
    archive = Archive(str(tmp_path))
    for number in range(3):
        archive.append(page(number))
    segment = closed(archive)
    path = file_of(tmp_path, segment)
    first = to_member(page(7))
    if kind == "member":
        path.write_bytes(first + bomb(4 * LARGEST) + path.read_bytes())
    else:
        sparse(path, 30 * LARGEST)
    tracemalloc.start()
    read = [capture.id for capture in archive.read(segment.name)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == (["c7"] if kind == "member" else []) + ["c0", "c1", "c2"]
    assert peak < 4 * LARGEST


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    """The bound of reading holds for writing too, and a refused capture leaves the open segment as it was."""
    archive = Archive(str(tmp_path))
    archive.append(page(0))
    for odd in (replace(page(1), body=bytes(LARGEST)), replace(page(1), final_url="http://\ud800/")):
        with pytest.raises(ValueError, match=r"too many|surrogates"):
            archive.append(odd)
    archive.append(page(2))
    assert [capture.id for capture in archive.read(closed(archive).name)] == ["c0", "c2"]


def test_what_is_no_longer_what_was_written_is_damaged(tmp_path: Path) -> None:
    """A record whose content was exchanged, gzip sum and all, is not taken for the page."""
    archive = Archive(str(tmp_path))
    archive.append(replace(page(0), body=b"<p>yes</p>"))
    archive.append(page(1))
    segment = closed(archive)
    path = file_of(tmp_path, segment)
    exchanged = gzip.decompress(path.read_bytes()).replace(b"<p>yes</p>", b"<p>not</p>")
    path.write_bytes(gzip.compress(exchanged[: exchanged.rindex(b"WARC/1.1")]) + to_member(page(1)))
    assert [capture.id for capture in archive.read(segment.name)] == ["c1"]


def test_a_full_disk_leaves_no_empty_file(tmp_path: Path) -> None:
    """Where not even the first record fits, nothing stays behind."""

    class Full(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    archive = Archive(str(tmp_path), open_file=Full)
    with pytest.raises(ArchiveError, match="No space left"):
        archive.append(page(0))
    assert list((tmp_path / "open").iterdir()) == []
