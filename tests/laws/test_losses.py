"""Captures that the archive no longer gives: each ends with its reason, is counted, and nobody waits for it."""

import gzip
import random
import shutil
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import ArchiveError
from copydesk.index import Kind, Write
from copydesk.index.records import to_record
from copydesk.model import Segment
from copydesk.operating.backup import backup, restore
from copydesk.operating.recovering import recover
from copydesk.operating.replaying import replay
from copydesk.outcomes import Reason
from copydesk.segments import claim_segments, pending_record
from copydesk.takedowns import keep_cut
from copydesk.views.status import funnel
from made.archives import file_of
from made.losses import PER_SEGMENT, balanced, damage, made, reasons, run, stocked
from made.races import LEASE, Newsroom
from made.world import Shelf


def test_a_missing_segment_ends_its_captures_and_stops_no_other(tmp_path: Path) -> None:
    """They are archive-lost, by name; what stands beside them is indexed in the same run."""
    room, segments = stocked(tmp_path)
    file_of(tmp_path, segments[1]).unlink()
    assert run(room) == {"indexed": 8, "rejected": 4}
    assert reasons(room) == {Reason.ARCHIVE_LOST: 4}
    assert balanced(room)
    room.clock.wait(timedelta(days=1))
    assert run(room) == {}


def test_a_replay_names_what_is_missing_and_rebuilds_the_rest(tmp_path: Path) -> None:
    """Segments that were worked on and are gone since are counted, and the rebuilt index balances."""
    room, segments = stocked(tmp_path)
    run(room)
    file_of(tmp_path, segments[0]).unlink()
    damage(file_of(tmp_path, segments[2]))
    result = replay(room.ports(), force=True)
    assert result.lost == {"archive-lost": 4, "damaged": 1}
    assert result.counts["articles"] == (12, 7)
    assert reasons(room) == {Reason.ARCHIVE_LOST: 4, Reason.DAMAGED: 1}
    assert balanced(room)


def test_losses_count_although_the_index_forgot_their_names(tmp_path: Path) -> None:
    """After a restore only the segments know how many captures there were."""
    room, segments = stocked(tmp_path)
    run(room)
    backup(room.index, room.archive, room.clock.now())
    file_of(tmp_path, segments[0]).unlink()
    fresh = Newsroom(MemoryIndex(lag=True), clock=room.clock, archive=room.archive)
    restore(fresh.index, fresh.archive)
    assert replay(fresh.ports()).lost == {"archive-lost": 4}
    assert balanced(fresh)


def test_losses_count_although_no_index_ever_knew_of_them(tmp_path: Path) -> None:
    """Without index and backup the names of the files say how many captures there were."""
    room, segments = stocked(tmp_path)
    damage(file_of(tmp_path, segments[0]))
    for at in (0.1, 0.4, 0.6, 0.8, 0.95):
        damage(file_of(tmp_path, segments[2]), at)
    lost = 2 * PER_SEGMENT - sum(len(list(room.archive.read(segments[at].name))) for at in (0, 2))
    fresh = Newsroom(MemoryIndex(lag=True), clock=room.clock, archive=room.archive)
    assert replay(fresh.ports()).lost == {"damaged": lost}
    assert reasons(fresh) == {Reason.DAMAGED: lost}
    assert balanced(fresh)


def test_what_was_cut_out_by_one_who_died_before_saying_so_is_no_loss(tmp_path: Path) -> None:
    """Although a lost server forgot the names of the captures."""
    room, segments = stocked(tmp_path)
    name = segments[1].name
    cut = next(page for page in room.archive.read(name) if page.kind == "page")
    keep_cut(room.archive, name, [pending_record(cut, name)])
    room.archive.rewrite(name, lambda page: page.id != cut.id)
    rows = room.index.find(Kind.CAPTURES, {"segment": name}, limit=PER_SEGMENT)
    room.index.write([Write(kind=Kind.CAPTURES, id=row.id, body=None) for row in rows])
    run(room)
    assert reasons(room) == {Reason.TAKEN_DOWN: 1}
    assert balanced(room)


class Sick(Archive):
    """An Archive of which one file cannot be read, as on a disk with a bad sector."""

    sick: str = ""

    def _content(self, segment: str) -> bytes | None:
        if segment == self.sick:
            raise ArchiveError("Input/output error")
        return super()._content(segment)


def test_a_file_that_cannot_be_read_now_waits_and_stops_no_other(tmp_path: Path) -> None:
    """It is no loss: its segment rests and is named, however long, and goes on when the file can be read."""
    room, segments = stocked(tmp_path)
    sick = Sick(str(tmp_path), now=room.clock.now)
    sick.sick = segments[1].name
    room.archive = cast("Shelf", sick)
    assert run(room) == {"indexed": 8, "resting": 1}
    for _ in range(20):
        room.clock.wait(timedelta(minutes=10))
        run(room)
    (resting,) = funnel(room.index).resting
    assert (resting.name, resting.reason, resting.detail) == (
        segments[1].name,
        Reason.UNREADABLE,
        "Input/output error",
    )
    assert reasons(room) == {}
    sick.sick = ""
    room.clock.wait(timedelta(minutes=10))
    assert run(room) == {"indexed": 4}
    assert funnel(room.index).resting == ()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Segment]:
    """The file of one segment."""
    folder = tmp_path_factory.mktemp("whole")
    _, (segment,) = stocked(folder, 1)
    return file_of(folder, segment), segment


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "zero", "twice", "magic"]),
        st.floats(0, 0.999),
        st.integers(1, 400),
    ),
    min_size=1,
    max_size=4,
)


def edited(content: bytes, edits: list[tuple[str, float, int]]) -> bytes:
    for how, share, size in edits:
        at = int(len(content) * share)
        before, middle, after = content[:at], content[at : at + size], content[at + size :]
        content = {
            "flip": before + bytes(byte ^ 0x41 for byte in middle) + after,
            "cut": before,
            "drop": before + after,
            "zero": before + bytes(len(middle)) + after,
            "twice": before + middle + middle + after,
            "magic": before + b"\x1f\x8b\x08\x00" + middle + after,
        }[how]
    return content


def inside(content: bytes, edits: list[tuple[str, float, int]]) -> bytes:
    """Damage below the gzip sums: members that unpack, and hold what nobody wrote."""
    return b"".join(gzip.compress(edited(gzip.decompress(member), edits)) for member in split(content))


def split(content: bytes) -> list[bytes]:
    starts = [at for at in range(len(content)) if content.startswith(b"\x1f\x8b\x08", at)]
    return [content[at:end] for at, end in zip(starts, [*starts[1:], len(content)], strict=True)]


@pytest.mark.parametrize("damaged", [edited, inside])
@given(edits=EDITS)
def test_whatever_is_done_to_a_file_each_registered_capture_ends(
    whole: tuple[Path, Segment],
    tmp_path_factory: pytest.TempPathFactory,
    damaged: object,
    edits: list[tuple[str, float, int]],
) -> None:
    """Reading never raises, gives only what was written; what is read and damaged is what was registered."""
    path, segment = whole
    room, (own,) = stocked(folder := tmp_path_factory.mktemp("room"), 1)
    content = (edited if damaged is edited else inside)(path.read_bytes(), edits)
    file_of(folder, own).write_bytes(content)
    given_back = list(room.archive.read(own.name))
    written = [made(number) for number in range(PER_SEGMENT)]
    assert all(one in written for one in given_back)
    counts = run(room)
    read = {one.id for one in given_back}
    assert (counts.get("indexed", 0), counts.get("rejected", 0)) == (len(read), PER_SEGMENT - len(read))
    assert set(reasons(room)) <= {Reason.DAMAGED}
    assert balanced(room)
    assert segment.captures == own.captures
    shutil.rmtree(folder)


@pytest.mark.parametrize("damaged", [edited, inside])
@given(edits=EDITS)
def test_whatever_is_left_open_is_recovered(
    whole: tuple[Path, Segment],
    tmp_path_factory: pytest.TempPathFactory,
    damaged: object,
    edits: list[tuple[str, float, int]],
) -> None:
    """Nothing raises, nothing stays open, and what is whole in the file can be read from the segment made of it."""
    path, _ = whole
    folder = tmp_path_factory.mktemp("open")
    content = (edited if damaged is edited else inside)(path.read_bytes(), edits)
    (folder / "open").mkdir()
    (folder / "open" / "20260301T090000123Z-0123abcd.warc.gz.open").write_bytes(content)
    room = Newsroom(MemoryIndex(lag=True), archive=cast("Shelf", Archive(str(folder))))
    recover(room.ports())
    assert list((folder / "open").iterdir()) == []
    held = [one for segment in room.archive.segments() for one in room.archive.read(segment.name)]
    assert sum(segment.captures for segment in room.archive.segments()) == len(held)
    assert recover(room.ports()) == 0
    run(room)
    assert balanced(room)
    shutil.rmtree(folder)


@pytest.mark.parametrize("seed", range(3))
def test_noise_among_the_files_stops_nothing(tmp_path: Path, seed: int) -> None:
    """Empty files, noise, folders and files of others, among the open ones and among the segments."""
    room, _ = stocked(tmp_path)
    noise = random.Random(seed).randbytes(5000)
    names = ["20260301T090000123Z-0123abc{}", "notes{}", "20269901T090000123Z-0123abc{}"]
    (tmp_path / "segments" / "2026").mkdir(exist_ok=True)
    for at, name in enumerate(names):
        (tmp_path / "open" / f"{name.format(at)}.warc.gz.open").write_bytes(noise[: at * 2500])
        (tmp_path / "segments" / f"{name.format(at)}-3.warc.gz").write_bytes(noise)
        (tmp_path / "segments" / "2026" / f"{name.format(at)}.txt").write_bytes(noise)
    (tmp_path / "open" / "20260301T090000123Z-folder.warc.gz.open").mkdir()
    assert recover(room.ports()) == 0
    assert len(room.archive.segments()) == len(room.archive.segments(newest=9)) == 3
    assert len(room.archive.segments(newest=2)) == 2
    assert run(room) == {"indexed": 12}
    left = sorted(path.name for path in (tmp_path / "open").iterdir())
    assert left == [
        "20260301T090000123Z-folder.warc.gz.open",
        "20269901T090000123Z-0123abc2.warc.gz.open",
        "notes1.warc.gz.open",
    ]


def test_a_segment_damaged_before_it_was_registered_counts_all_its_pages(tmp_path: Path) -> None:
    """Its name says how many there were."""
    room, _ = stocked(tmp_path, 0)
    for number in range(PER_SEGMENT):
        room.archive.append(made(number))
    segment = room.archive.close()
    assert segment is not None
    damage(file_of(tmp_path, segment))
    assert recover(room.ports()) == 1
    assert run(room) == {"indexed": 3, "rejected": 1}
    assert reasons(room) == {Reason.DAMAGED: 1}
    assert balanced(room)


@pytest.mark.parametrize("written", range(1, PER_SEGMENT + 1))
def test_a_segment_lost_before_it_was_registered_ends_all_its_pages(tmp_path: Path, written: int) -> None:
    """Its worker died in the middle of registering it, then the file went: nobody waits for what is known of it."""
    room, _ = stocked(tmp_path, 1)
    pages = [made(PER_SEGMENT + number) for number in range(PER_SEGMENT)]
    for page in pages:
        room.archive.append(page)
    segment = room.archive.close()
    assert segment is not None
    records = [to_record(pending_record(page, segment.name)) for page in pages[:written]]
    room.index.write([Write(kind=Kind.CAPTURES, id=str(body["id"]), body=body) for body in records])
    file_of(tmp_path, segment).unlink()
    assert recover(room.ports()) == 1
    assert recover(room.ports()) == 0
    assert run(room) == {"indexed": PER_SEGMENT, "rejected": PER_SEGMENT}
    assert reasons(room) == {Reason.ARCHIVE_LOST: PER_SEGMENT}
    assert balanced(room)


def test_a_worker_that_died_on_a_lost_segment_leaves_it_to_the_next(tmp_path: Path) -> None:
    """Law 3: what one began another ends, the same way."""
    room, segments = stocked(tmp_path)
    file_of(tmp_path, segments[1]).unlink()
    claim_segments(room.index, now=room.clock.now(), lease=LEASE, most=100)
    assert run(room) == {}
    room.clock.wait(LEASE)
    assert run(room) == {"indexed": 8, "rejected": 4}
    assert len(list(room.index.scan(Kind.CAPTURES))) == 12
