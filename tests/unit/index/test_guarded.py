"""Optimistic changes and claims of records."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexUnavailable
from copydesk.index import Kind, Stored, Write
from copydesk.index.guarded import change, claim
from copydesk.index.records import to_record
from copydesk.index.state import SegmentRecord
from made.world import START

SEGMENT = SegmentRecord(name="a", captures=1, registered_at=START)


def more(old: SegmentRecord | None) -> SegmentRecord | None:
    return replace(old, captures=old.captures + 1) if old else None


def stored(index: MemoryIndex, *names: str) -> None:
    records = [replace(SEGMENT, name=name) for name in names]
    index.write([Write(kind=Kind.SEGMENTS, id=r.name, body=to_record(r)) for r in records])


def test_change_creates_what_is_missing() -> None:
    """A record that does not exist is made by the function that is given None."""
    index = MemoryIndex()
    assert change(index, Kind.SEGMENTS, SegmentRecord, {"a": lambda _old: SEGMENT}) == {"a": SEGMENT}
    assert index.get(Kind.SEGMENTS, ["a"])["a"].body == to_record(SEGMENT)


def test_change_leaves_alone_what_is_decided_so() -> None:
    """None from the function writes nothing."""
    index = MemoryIndex()
    stored(index, "a")
    before = index.get(Kind.SEGMENTS, ["a"])
    assert change(index, Kind.SEGMENTS, SegmentRecord, {"a": lambda _old: None}) == {}
    assert index.get(Kind.SEGMENTS, ["a"]) == before


@dataclass
class Rival(MemoryIndex):
    """An index on which somebody else changes a record just before our first writes."""

    times: int = 3

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        if self.times and writes:
            self.times -= 1
            change_plain(self)
        return MemoryIndex.write(self, writes)


def change_plain(index: MemoryIndex) -> None:
    row = index.get(Kind.SEGMENTS, ["a"])["a"]
    body = {**row.body, "captures": int(str(row.body["captures"])) + 10}
    MemoryIndex.write(index, [Write(kind=Kind.SEGMENTS, id="a", body=body)])


def test_change_decides_anew_after_losing_a_race() -> None:
    """No update of a rival is lost, and ours is applied once."""
    index = Rival(times=0)
    stored(index, "a")
    index.times = 3
    change(index, Kind.SEGMENTS, SegmentRecord, {"a": more})
    assert index.get(Kind.SEGMENTS, ["a"])["a"].body["captures"] == 1 + 3 * 10 + 1


def test_change_gives_up_on_a_record_that_stays_contended() -> None:
    """Endless contention is an error, not an endless loop."""
    index = Rival(times=0)
    stored(index, "a")
    index.times = 10**6
    with pytest.raises(IndexUnavailable, match="contended"):
        change(index, Kind.SEGMENTS, SegmentRecord, {"a": more})


def test_two_workers_never_hold_the_same_record() -> None:
    """What one has claimed the other does not get until the lease ends."""
    index = MemoryIndex()
    stored(index, "a", "b", "c")
    take = partial(
        claim,
        index,
        Kind.SEGMENTS,
        {"processed_at": None},
        lease=timedelta(minutes=1),
        sort="name",
        limit=2,
    )
    assert [row.id for row in take(now=START)] == ["a", "b"]
    assert [row.id for row in take(now=START)] == []
    assert [row.id for row in take(now=START + timedelta(minutes=1))] == ["a", "b"]


def test_a_stale_search_claims_nothing_that_was_done_meanwhile() -> None:
    """The search may lag; a record that changed since is left alone."""
    index = MemoryIndex(lag=True)
    stored(index, "a")
    index.refresh(Kind.SEGMENTS)
    change(index, Kind.SEGMENTS, SegmentRecord, {"a": lambda old: old and replace(old, processed_at=START)})
    got = claim(
        index,
        Kind.SEGMENTS,
        {"processed_at": None},
        now=START,
        lease=timedelta(minutes=1),
        sort="name",
        limit=9,
    )
    assert got == []
