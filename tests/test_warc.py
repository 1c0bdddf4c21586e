"""The archive: what goes in comes out, whatever happens in between."""

import datetime as dt
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from copydesk.adapters.store import Store
from copydesk.adapters.warc import Archive
from copydesk.adapters.warc_record import from_member, members, to_member
from copydesk.errors import ArchiveError, ConfigError
from copydesk.model import Capture, Segment

NINE = dt.datetime(2026, 9, 1, 9, 0, 0, 123_000, tzinfo=dt.UTC)

PAGE = Capture(
    id="c0",
    url="https://kurier.example/a?x=1",
    final_url="https://kurier.example/a",
    source="kurier",
    outlet="kurier",
    publisher="verlag",
    fetched_at=NINE,
    first_seen_at=NINE - dt.timedelta(hours=1),
    content_type="text/html; charset=utf-8",
    body="<html><body>Größe</body></html>".encode(),
)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> dt.datetime:
        """The time it was moved to."""
        return self.time


def page(number: int) -> Capture:
    return replace(PAGE, id=f"c{number}", body=os.urandom(50) + PAGE.body)


def closed(archive: Archive) -> Segment:
    segment = archive.close()
    assert segment is not None
    return segment


def file_of(folder: Path, segment: Segment) -> Path:
    (found,) = folder.rglob(f"{segment.name}.warc.gz")
    return found


@pytest.fixture(params=["folder", "memory"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """An archive in a folder, and one on what stands for object storage."""
    return Archive(
        str(tmp_path) if request.param == "folder" else f"memory://{tmp_path.name}-{os.urandom(4).hex()}"
    )


times = st.datetimes(min_value=dt.datetime(1990, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001 (zone beside it)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
captures = st.builds(
    Capture,
    id=words,
    url=words,
    final_url=words,
    source=words,
    outlet=words,
    publisher=words,
    fetched_at=times,
    first_seen_at=times,
    kind=st.sampled_from(["page", "feed"]),
    status=st.integers(100, 599),
    content_type=words,
    body=st.one_of(st.binary(max_size=200), st.just(b"HTTP/1.1 200 OK\r\n\r\nWARC/1.1\r\n\r\n")),
    language=st.none() | words,
    entry_title=st.none() | words,
    entry_published_at=st.none() | times,
    quiet=st.booleans(),
    furniture=st.none() | st.integers(1, 10**9),
)


@given(captures)
def test_a_record_gives_back_its_capture(capture: Capture) -> None:
    """Every field of every capture survives the way into a WARC record and back."""
    ((_, content),) = members(to_member(capture))
    assert from_member(content) == capture


def test_pages_and_feeds_come_back_in_order(archive: Archive) -> None:
    """A segment holds what was appended, in order; feed documents are in it but not in its count."""
    written = [
        page(0),
        replace(page(1), kind="feed"),
        page(2),
        replace(PAGE, id="big", body=os.urandom(8 << 20)),
    ]
    for capture in written:
        archive.append(capture)
    segment = closed(archive)
    assert segment.captures == 3
    assert list(archive.read(segment.name)) == written
    assert archive.segments() == [segment]


def test_long_headers_come_back(archive: Archive) -> None:
    """Titles and addresses of any length are kept."""
    capture = replace(PAGE, entry_title="ü" * 100_000, url="https://kurier.example/" + "x" * 100_000)
    archive.append(capture)
    assert list(archive.read(closed(archive).name)) == [capture]


def test_nothing_appended_closes_nothing(archive: Archive) -> None:
    """An archive without captures has no segments, is not due and has nothing to recover."""
    assert archive.close() is None
    assert (archive.due(), archive.segments(), archive.recover()) == (False, [], [])


def test_due_by_age_and_size(tmp_path: Path) -> None:
    """A segment is due two seconds after its first capture, or when it is big enough."""
    clock = Clock()
    archive = Archive(str(tmp_path), max_bytes=3000, now=clock.now)
    archive.append(PAGE)
    assert not archive.due()
    clock.time += dt.timedelta(seconds=2)
    assert archive.due()
    archive.close()
    assert not archive.due()
    archive.append(replace(PAGE, body=os.urandom(4000)))
    assert archive.due()


def test_segments_are_sorted_by_time_and_unique(tmp_path: Path) -> None:
    """Names of several writers differ even in one millisecond, sort by time, and lie in folders by day."""
    clock = Clock()
    archives = [Archive(str(tmp_path), now=clock.now) for _ in range(3)]
    names = []
    for _ in range(3):
        for archive in archives:
            archive.append(page(0))
            names.append(closed(archive).name)
        clock.time += dt.timedelta(milliseconds=1)
    found = [segment.name for segment in archives[0].segments()]
    assert sorted(names) == found
    assert [name[:19] for name in names] == [name[:19] for name in found]
    assert len(list((tmp_path / "segments/2026/09/01").iterdir())) == 9


def test_other_tools_read_the_files(tmp_path: Path) -> None:
    """FastWARC and warcio read every record, find the digests right and the page below its HTTP header."""
    archive = Archive(str(tmp_path))
    written = [page(number) for number in range(5)]
    for capture in written:
        archive.append(capture)
    path = file_of(tmp_path, closed(archive))
    with path.open("rb") as file:
        found = []
        for record in WarcioIterator(file, check_digests="raise"):
            if record.rec_type == "response":
                found.append((record.rec_headers["WARC-Target-URI"], record.content_stream().read()))
                assert record.http_headers.get_header("Content-Type") == PAGE.content_type
    assert found == [(capture.final_url, capture.body) for capture in written]
    offsets = []
    for record in ArchiveIterator(str(path), record_types=WarcRecordType.response, verify_digests=True):
        assert record.verify_payload_digest()
        offsets.append(record.stream_pos)
    content = path.read_bytes()
    assert [next(iter(ArchiveIterator(io.BytesIO(content[at:])))).reader.read() for at in offsets] == [
        capture.body for capture in written
    ]


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


def test_a_segment_that_is_not_there(archive: Archive) -> None:
    """Reading what does not exist says so."""
    with pytest.raises(ArchiveError, match="no segment 20260901"):
        list(archive.read("20260901T090000123Z-0-1"))


def test_takedown(archive: Archive) -> None:
    """A rewritten segment keeps its name and its other captures byte for byte; doing it again changes nothing."""
    for number in range(4):
        archive.append(page(number))
    segment = closed(archive)
    before = list(archive.read(segment.name))
    assert archive.rewrite(segment.name, lambda capture: capture.id != "c2") == 1
    assert list(archive.read(segment.name)) == [before[0], before[1], before[3]]
    assert archive.rewrite(segment.name, lambda capture: capture.id != "c2") == 0
    assert archive.rewrite(segment.name, lambda _: False) == 3
    assert list(archive.read(segment.name)) == []
    assert [found.name for found in archive.segments()] == [segment.name]


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


def test_small_files(archive: Archive) -> None:
    """Small files are replaced whole, listed by folder, and kept apart from the segments."""
    archive.save("decisions/b.json", b"1")
    archive.save("decisions/a.json", b"2")
    archive.save("decisions/b.json", b"3")
    archive.append(PAGE)
    archive.close()
    assert archive.load("decisions/b.json") == b"3"
    assert archive.load("decisions/c.json") is None
    assert archive.names("decisions") == ["decisions/a.json", "decisions/b.json"]
    assert archive.names("nothing") == []
    assert len(archive.segments()) == 1


def test_a_file_is_created_once(archive: Archive) -> None:
    """Whoever comes second is told so, and the file stays as it was."""
    assert archive.create("numbered/1.json", b"first")
    assert not archive.create("numbered/1.json", b"second")
    assert archive.load("numbered/1.json") == b"first"
    assert archive.names("numbered") == ["numbered/1.json"]


@pytest.mark.parametrize("name", ["", "/etc/x", "../x", "a/../../x", "segments/x", "./open/x", "a\0b"])
def test_names_stay_inside(archive: Archive, name: str) -> None:
    """No name leads out of the archive or among the segments."""
    with pytest.raises(ArchiveError, match=r"archive|segments"):
        archive.save(name, b"")
    with pytest.raises(ArchiveError, match=r"archive|segments"):
        archive.create(name, b"")


def test_addresses_that_cannot_be_used(tmp_path: Path) -> None:
    """An unknown kind of address is a mistake in the settings; a folder that is a file is trouble in the world."""
    with pytest.raises(ConfigError, match="nosuch://x"):
        Store("nosuch://x")
    (tmp_path / "file").write_bytes(b"")
    archive = Archive(str(tmp_path / "file"))
    with pytest.raises(ArchiveError):
        archive.append(PAGE)
    with pytest.raises(ArchiveError):
        archive.save("a", b"")
    with pytest.raises(ArchiveError):
        archive.create("a", b"")
