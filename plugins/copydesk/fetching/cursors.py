"""Cursors: what a poller remembers of a source, or a part of it, and makes of an answer. Pure but for `claim_due`.

A failing source is asked at least hourly for three days, then daily: feeds come back, and an outage of our own network
must not leave all of them silent for a day after it; while nearly no host can be connected to, no pause grows at all.
One that has been gone for three days is asked once a week, one that says twice that it is gone for good no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from copydesk.fetching.archiving import UNCHANGED
from copydesk.fetching.freshness import Brief, taught
from copydesk.fetching.hubs import offered, pushed_again
from copydesk.fetching.outages import OF_THE_NETWORK
from copydesk.fetching.redirected import moved, taken_over
from copydesk.fetching.tallying import asked_once, counted
from copydesk.index import FIND_MOST, Index, Kind, Range
from copydesk.index.guarded import change
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import GONE_FOR_GOOD, Fetched, Unfetched
from copydesk.sources import LeftOut
from copydesk.sources.hubs import Hub

__all__ = [
    "CLOSED_PAUSE",
    "GONE_PAUSE",
    "LONGEST_PAUSE",
    "Brought",
    "claim_due",
    "due_names",
    "failed",
    "first",
    "is_closed",
    "is_gone",
    "next_poll",
]

LONGEST_PAUSE = timedelta(hours=24)
"""A failing source is asked at least once a day, so none is given up for good."""

GONE_PAUSE = timedelta(days=7)
"""But for one that its site says is not there, 404 or 410."""

CLOSED_PAUSE = timedelta(days=365)
"""A source whose server says twice in a row that it is gone for good (410) is closed: only a person has it asked."""

EARLY, EARLIEST = 30, timedelta(seconds=30)
"""Part of its wait, and longest time, by which a source is asked early; waits are up to a tenth shorter anyway."""

PATIENT_PAUSE = timedelta(hours=1)
PATIENCE = 72
"""Failures in a row until the pauses grow beyond an hour: three days of them."""

LONGEST_DETAIL = 500
"""Characters of what is told of a trouble."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a document of a source brought; it is whole when it names no further documents.

    Attributes:
        hint: How long it says that nothing changes.
        hub: Who tells of what is new in it.
    """

    entries: int = 0
    new: int = 0
    left_out: tuple[LeftOut, ...] = ()
    whole: bool = True
    hint: timedelta = timedelta(0)
    hub: Hub | None = None


def claim_due(
    index: Index,
    sources: Sequence[Source],
    now: datetime,
    lease: timedelta,
    *,
    at_once: bool = False,
    early: bool = False,
) -> dict[str, PollRecord]:
    """The sources whose time has come, or all of them `at_once`, that no other worker polls, marked as ours.

    None of those that a person paused. With `early` also those whose time comes so soon that they go along.
    """

    def take(source: Source, old: PollRecord | None) -> PollRecord | None:
        if old is None:
            return replace(first(source, now), leased_until=now + lease)
        if old.paused_at is not None or (old.leased_until is not None and old.leased_until > now):
            return None
        if old.url is not None and old.url != source.url and taken_over(old, source):
            old = replace(old, url=source.url, moved_to=None, moved_at=None)
        if old.url is not None and old.url != source.url:  # the address was mended: all anew
            return replace(first(source, now), parts=old.parts, leased_until=now + lease)
        is_due = at_once or old.next_poll_at <= now + (_early(old) if early else timedelta(0))
        return replace(old, url=source.url, leased_until=now + lease, pushed_at=None) if is_due else None

    return change(index, Kind.POLLS, PollRecord, {source.name: partial(take, source) for source in sources})


def due_names(index: Index, now: datetime) -> set[str]:
    """Names of sources whose time has come, of those that were polled before; found by time, however many there are.

    Where there is one, those too that may go along with it.
    """
    index.refresh(Kind.POLLS)
    before = Range(lt=(now + EARLIEST + timedelta(milliseconds=1)).isoformat())
    rows = index.find(
        Kind.POLLS,
        {"depth": 0, "next_poll_at": before, "paused_at": None},
        sort="next_poll_at",
        limit=FIND_MOST,
    )
    found = [from_record(PollRecord, row.body) for row in rows]
    if not found or found[0].next_poll_at > now:
        return set()
    return {record.source for record in found if record.next_poll_at <= now + _early(record)}


def _early(record: PollRecord) -> timedelta:
    """How long before its time a source may be asked, so that many are claimed and settled together.

    Never before a time that its server may have named, which only a failure tells.
    """
    if record.failures or record.polled_at is None:
        return timedelta(0)
    return max(min((record.next_poll_at - record.polled_at) / EARLY, EARLIEST), timedelta(0))


def first(source: Source, now: datetime) -> PollRecord:
    """The cursor of a source that was never read: due, and quiet unless it was asked to ring at once."""
    return PollRecord(source=source.name, url=source.url, next_poll_at=now, quiet=not source.ring_first)


def next_poll(
    source: Source,
    answer: Fetched | Unfetched,
    now: datetime,
    brought: Brought,
    old: PollRecord | None,
    *,
    outage: bool = False,
) -> PollRecord | None:
    """The cursor of a source or of a part after an answer; None when it was taken away meanwhile.

    An unchanged document holds what it held, and lacks what was left out of it. The etag of an index is forgotten (it
    is not `whole`), or its parts would not be seen again. A document that was read is quiet no more; of an index only
    its last part decides that.
    """
    if old is None:
        return None
    old = moved(old, answer, now)
    if isinstance(answer, Unfetched):
        return failed(source, answer, now, asked_once(old), outage=outage)
    record = replace(
        asked_once(old, same=answer.status == UNCHANGED),
        polled_at=now,
        read_at=now,
        leased_until=None,
        failures=0,
        reason=None,
        detail="",
    )
    brief = Brief(brought.entries, brought.new, brought.whole, brought.hint)
    record = pushed_again(taught(source, answer, brief, now, old, record), now)
    if answer.status == UNCHANGED:
        record = replace(record, outcome=EntryOutcome.UNCHANGED)
        return record if old.failures else replace(record, reason=old.reason, detail=old.detail)
    is_part = old.parent is not None
    is_empty = not brought.entries and not brought.left_out and brought.whole
    left_out, reason, detail = _reason_of(brought.left_out)
    return replace(
        offered(counted(record, brought.new, now), brought.hub, now),
        outcome=EntryOutcome.CAPTURED,
        etag=answer.etag if brought.whole else None,
        last_modified=answer.last_modified if brought.whole else None,
        entries=brought.entries,
        new_at=now if brought.new else old.new_at,
        empty_since=(old.empty_since or now) if is_empty else None,
        quiet=old.quiet and not (brought.whole or is_part),
        left_out=left_out,
        reason=reason,
        detail=detail,
    )


def failed(
    source: Source, answer: Unfetched, now: datetime, old: PollRecord, *, outage: bool = False
) -> PollRecord:
    """The cursor after a failure: pauses double, up to an hour, later up to a day, or as long as the server asked.

    In an `outage` of our own none grows.
    """
    ours = outage and answer.reason in OF_THE_NETWORK
    failures = max(old.failures, 1) if ours else old.failures + 1
    said_before = old.parent is None and old.failures > 0 and _says_goodbye(old.reason, old.detail)
    is_last = said_before and _says_goodbye(answer.reason, answer.detail)
    asked = timedelta(seconds=min(answer.retry_after or 0, LONGEST_PAUSE.total_seconds()))
    patient = failures <= PATIENCE or answer.reason in OF_THE_NETWORK
    most = GONE_PAUSE if answer.reason is Reason.GONE and not patient else LONGEST_PAUSE
    longest = max(PATIENT_PAUSE, source.every) if patient else most
    pause = min(max(min(source.every * 2 ** min(failures, 20), longest), asked), most)
    return replace(
        old,
        polled_at=now,
        next_poll_at=now + (source.every if ours else CLOSED_PAUSE if is_last else pause),
        leased_until=None,
        failures=failures,
        outcome=answer.outcome,
        reason=answer.reason,
        detail=answer.detail[:LONGEST_DETAIL],
        entries=0,
        left_out=0,
    )


def _says_goodbye(reason: str | None, detail: str) -> bool:
    return reason == Reason.GONE and detail.startswith(GONE_FOR_GOOD)


def is_gone(record: PollRecord) -> bool:
    """Whether a source has not been where it is said to be for three days, or is closed. Pure."""
    long_gone = record.reason == Reason.GONE and record.failures > PATIENCE
    return record.parent is None and (long_gone or is_closed(record))


def is_closed(record: PollRecord) -> bool:
    """Whether a source is asked no more, for its server said twice that it is gone for good. Pure."""
    is_over = record.failures > 1 and _says_goodbye(record.reason, record.detail)
    pause = record.next_poll_at - (record.polled_at or record.next_poll_at)
    return record.parent is None and is_over and pause > 2 * GONE_PAUSE


def _reason_of(left_out: Sequence[LeftOut]) -> tuple[int, str | None, str]:
    """How a cursor tells what was left out: how much, and why, our own mistakes first."""
    ordered = sorted(left_out, key=lambda left: left.reason != Reason.INTERNAL)
    detail = "; ".join(f"{left.number} left out: {left.detail}" for left in ordered)[:LONGEST_DETAIL]
    return sum(left.number for left in ordered), ordered[0].reason if ordered else None, detail
