"""Segments: what travels between `ingest` and `process`, and the one outcome of each capture in them (law 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from typing import TypeVar

from copydesk.index import Body, Found, Index, Kind, Range, Where, Write
from copydesk.index.guarded import change, claim, is_free
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.index.unreadable import field_of
from copydesk.isolating import Trouble
from copydesk.model import Capture, Rejection, Segment
from copydesk.outcomes import CaptureOutcome, Reason

__all__ = [
    "begun_at",
    "busy",
    "claim_segments",
    "finish",
    "pages_in",
    "pause",
    "pending_record",
    "processed",
    "record",
    "register",
    "relearn",
    "rest",
    "resume",
    "worn",
    "written_in",
]

R = TypeVar("R")

REVOKING = frozenset({"store", "work"})
"""Steps that come later than the outcome they revoke: Elasticsearch refused what was indexed, or a mistake of ours."""

MARGIN = timedelta(hours=1)
"""A segment may be registered that long after one that was begun later."""
PAUSED = "~process"
"""Id of the record that holds `process` while it is leased; no source can be named so."""

RESTS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a segment rests before each further try; all but what is `unreadable` is given up after the last."""


def register(
    index: Index, segment: Segment | None, captures: Sequence[Capture], now: datetime, *, lost: int = 0
) -> None:
    """Make a closed segment known to `process`, and each of its pages pending. Idempotent.

    A segment that holds feed documents only has nothing to process and is registered as done. Of `lost` pages the
    archive knows no more than that they were there.
    """
    if segment is None:
        return
    pages = [capture for capture in captures if capture.kind == "page"]
    pending = {page.id: pending_record(page, segment.name) for page in pages}
    change(
        index,
        Kind.CAPTURES,
        CaptureRecord,
        {id_: partial(_unless_known, new) for id_, new in pending.items()},
    )
    new = SegmentRecord(
        name=segment.name,
        captures=len(pending) + lost,
        registered_at=now,
        processed_at=None if pages or lost else now,
    )
    change(index, Kind.SEGMENTS, SegmentRecord, {segment.name: partial(_unless_known, new)})


def pending_record(page: Capture, segment: str) -> CaptureRecord:
    """The record of a capture that waits to be worked on. Pure."""
    return CaptureRecord(
        id=page.id,
        segment=segment,
        source=page.source,
        outlet=page.outlet,
        url=page.url,
        first_seen_at=page.first_seen_at,
    )


def _unless_known(new: R, old: R | None) -> R | None:
    return new if old is None else None


def claim_segments(index: Index, *, now: datetime, lease: timedelta, most: int) -> list[SegmentRecord]:
    """Registered segments nobody works on, oldest first, together at most `most` captures (but at least one).

    Those that were put down come when their rest is over and there are no others.
    """
    if not is_free(_pause_of(index), now):
        return []
    index.refresh(Kind.SEGMENTS)
    for due in (None, Range(lt=(now + timedelta(milliseconds=1)).isoformat())):
        where: Where = {"processed_at": None, "retry_at": due}
        fitting = partial(_take_while_room, most)
        rows = claim(
            index, Kind.SEGMENTS, where, now=now, lease=lease, sort="name", limit=100, choose=fitting
        )
        if rows:
            return [from_record(SegmentRecord, row.body) for row in rows]
    return []


def _take_while_room(most: int, rows: Sequence[Found]) -> list[Found]:
    """The segments from the first on that hold so many captures together; the first whatever it holds. Pure."""
    sizes = [from_record(SegmentRecord, row.body).captures for row in rows]
    sums = zip(rows, sizes, accumulate(sizes), strict=True)
    return [row for row, size, total in sums if total == size or total <= most]


def record(
    index: Index,
    captures: Mapping[str, CaptureRecord],
    ends: Mapping[str, CaptureOutcome | Rejection],
) -> dict[str, CaptureOutcome]:
    """Write down how captures ended; the outcome of each, by capture id.

    The first outcome stays, but for the steps that revoke it: a segment that is worked on again keeps what was said.
    """

    def decide(id_: str, old: CaptureRecord | None) -> CaptureRecord | None:
        end, known = ends[id_], replace(old or captures[id_], article=captures[id_].article)
        revoked = isinstance(end, Rejection) and end.step in REVOKING
        if known.outcome is not CaptureOutcome.PENDING and not revoked:
            return None
        if isinstance(end, Rejection):
            return replace(
                known,
                outcome=CaptureOutcome.REJECTED,
                step=end.step,
                reason=end.reason,
                detail=end.detail[:500],
            )
        return replace(known, outcome=end)

    written = change(index, Kind.CAPTURES, CaptureRecord, {id_: partial(decide, id_) for id_ in ends})
    rows = index.get(Kind.CAPTURES, list(ends.keys() - written.keys()))
    kept = {id_: from_record(CaptureRecord, row.body) for id_, row in rows.items()}
    return {id_: known.outcome for id_, known in (kept | written).items()}


def finish(
    index: Index, names: Sequence[str], now: datetime, *, given_up: Mapping[str, Trouble] | None = None
) -> None:
    """Mark segments as done; without a mark they are worked on again when their lease ends."""

    def done(name: str, old: SegmentRecord | None) -> SegmentRecord | None:
        if old is None:
            return None
        trouble = (given_up or {}).get(name)
        ended = replace(old, processed_at=now, leased_until=None, retry_at=None)
        return _saying(ended, trouble) if trouble else replace(ended, reason=None, detail="")

    change(index, Kind.SEGMENTS, SegmentRecord, {name: partial(done, name) for name in names})


def rest(index: Index, held: Mapping[str, Trouble], now: datetime) -> None:
    """Put segments down, longer each time; what somebody else has finished meanwhile is left alone."""

    def resting(trouble: Trouble, old: SegmentRecord | None) -> SegmentRecord | None:
        if old is None or old.processed_at is not None:
            return None
        longest = 1 if trouble.reason is Reason.UNREADABLE else len(RESTS) - 1
        pause = RESTS[min(old.attempts, longest)]
        aged = replace(old, attempts=old.attempts + 1, retry_at=now + pause, leased_until=None)
        return _saying(aged, trouble)

    change(index, Kind.SEGMENTS, SegmentRecord, {n: partial(resting, trouble) for n, trouble in held.items()})


def worn(segments: Sequence[SegmentRecord], held: Mapping[str, Trouble]) -> set[str]:
    """Of claimed segments that failed again those that had all their rests. Pure.

    What cannot be read now is waited for without end: it is a state of the archive, not of the segment.
    """
    old = {segment.name for segment in segments if segment.attempts >= len(RESTS)}
    return {name for name in old if name in held and held[name].reason is not Reason.UNREADABLE}


def _saying(record: SegmentRecord, trouble: Trouble) -> SegmentRecord:
    return replace(record, reason=trouble.reason.value, detail=trouble.detail[:500])


def processed(index: Index, names: Sequence[str]) -> set[str]:
    """Those of the segments that have been worked on."""
    found = index.get(Kind.SEGMENTS, names)
    return {name for name, row in found.items() if field_of(row, "processed_at") is not None}


def relearn(index: Index, segments: Sequence[Segment], now: datetime) -> int:
    """Register archived segments that a lost or emptied server does not know; how many there were.

    Old ones as done: they were rung for when they were new, and what replay rebuilds from them must not ring again.
    Those begun after the newest that is known wait to be worked on like any others: since the backup that was restored
    some of them may not have been, and what did ring is known. How many captures one holds says its name: of those that
    were damaged or taken down since, each counts all the same.
    """
    known = index.get(Kind.SEGMENTS, [segment.name for segment in segments])
    newest = max((begun_at(segment) for segment in segments if segment.name in known), default=None)
    new = {
        segment.name: SegmentRecord(
            name=segment.name,
            captures=segment.captures,
            registered_at=now,
            processed_at=None if newest and begun_at(segment) > newest - MARGIN else now,
        )
        for segment in segments
        if segment.name not in known
    }
    return len(
        change(index, Kind.SEGMENTS, SegmentRecord, {n: partial(_unless_known, r) for n, r in new.items()})
    )


def begun_at(segment: Segment) -> datetime:
    """When a segment was begun, read from its name. Pure."""
    return datetime.strptime(segment.name[:15], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def pages_in(segment: str) -> int:
    """How many pages a segment was closed with, read from its name. Pure."""
    return int(segment.rpartition("-")[2])


def written_in(segment: Segment) -> str:
    """The month a segment was begun in, "2026-11", read from its name. Pure."""
    return f"{segment.name[:4]}-{segment.name[4:6]}"


def pause(index: Index, until: datetime) -> None:
    """Let nobody take up segments before `until`, or `resume`."""
    index.write(
        [Write(kind=Kind.POLLS, id=PAUSED, body={"source": PAUSED, "leased_until": until.isoformat()})]
    )


def busy(index: Index, now: datetime) -> bool:
    """Whether somebody still works on a segment that was claimed before a pause."""
    index.refresh(Kind.SEGMENTS)
    rows = index.find(Kind.SEGMENTS, {"processed_at": None}, limit=10_000)
    return any(not is_free(row.body, now) for row in rows)


def resume(index: Index) -> None:
    """End a pause."""
    index.write([Write(kind=Kind.POLLS, id=PAUSED, body=None)])


def _pause_of(index: Index) -> Body:
    found = index.get(Kind.POLLS, [PAUSED])
    return found[PAUSED].body if found else {}
