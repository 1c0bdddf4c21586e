"""Moves for good: a source whose server has redirected it for days is asked where it is now. Pure.

A redirect says "for good" (301, 308) sooner than its site means it: so it counts only once it has said the same for
days, and when the new address fails, the old one is asked again.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.ports import Fetched, Unfetched

__all__ = ["STABLE", "asked_at", "has_moved", "moved", "taken_over"]

STABLE = timedelta(days=3)
"""How long a redirect must have said the same before it is believed."""


def has_moved(record: PollRecord, now: datetime) -> bool:
    """Whether a source is somewhere else for good."""
    return record.moved_at is not None and record.moved_to is not None and now - record.moved_at >= STABLE


def asked_at(record: PollRecord, now: datetime) -> str:
    """The address at which a source that has moved is asked now; "" for its own."""
    return record.moved_to or "" if has_moved(record, now) else ""


def moved(record: PollRecord, answer: Fetched | Unfetched, now: datetime) -> PollRecord:
    """A cursor with what an answer says of where its source is; a failure there begins the days anew."""
    if record.parent is not None:
        return record
    at_new = record.moved_to is not None and answer.wanted.url == record.moved_to
    if isinstance(answer, Unfetched):
        return replace(record, moved_at=now) if at_new else record
    target = answer.moved_to or (record.moved_to if at_new else None)
    if target == record.moved_to:
        return record
    return replace(record, moved_to=target, moved_at=now if target else None)


def taken_over(record: PollRecord, source: Source) -> bool:
    """Whether the address of a source was set to where its server sends us: then it is the same source as before."""
    return record.moved_to == source.url
