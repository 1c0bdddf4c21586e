"""The archive: what goes in comes out, whatever happens in between."""

import datetime as dt
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from copydesk.adapters.archive.record import from_member, members, to_member
from copydesk.adapters.archive.store import Store
from copydesk.adapters.archive.warc import Archive
from copydesk.errors import ArchiveError, ConfigError
from copydesk.model import Capture
from made.archives import PAGE, Clock, closed, file_of, page


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
    """A segment is due two seconds after its first capture, or when it is big enough, packed or unpacked."""
    clock = Clock()
    archive = Archive(str(tmp_path), max_bytes=3000, max_unpacked=100_000, now=clock.now)
    archive.append(PAGE)
    assert not archive.due()
    clock.time += dt.timedelta(seconds=2)
    assert archive.due()
    archive.close()
    assert not archive.due()
    archive.append(replace(PAGE, body=os.urandom(4000)))
    assert archive.due()
    archive.close()
    archive.append(replace(PAGE, body=b"a" * 60_000))
    assert not archive.due()
    archive.append(replace(PAGE, id="again", body=b"b" * 60_000))
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
    for _ in range(2):  # one that is not there is no trouble
        archive.remove("decisions/a.json")
    assert archive.names("decisions") == ["decisions/b.json"]
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
