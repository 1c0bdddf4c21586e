"""Tallies: how often a source was asked, and how much that brought, day by day. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from copydesk.index.state import PollRecord

__all__ = ["DAYS", "asked_once", "counted", "per_day_at"]

DAYS = 15
"""Days that are counted, today with them: two weeks to compare it with."""

DAY = timedelta(days=1)


def asked_once(record: PollRecord, *, same: bool = False) -> PollRecord:
    """A cursor after one more request, which may have been answered by "unchanged"."""
    return replace(record, asked=record.asked + 1, same=record.same + same)


def counted(record: PollRecord, new: int, now: datetime) -> PollRecord:
    """A cursor after so many new addresses."""
    first, *others = per_day_at(record, now)
    return replace(record, fresh=record.fresh + new, day=_midnight(now), per_day=(first + new, *others))


def per_day_at(record: PollRecord, now: datetime) -> Sequence[int]:
    """The new addresses of today and of each day before it that was counted, the latest first."""
    if record.day is None:
        return (0,)
    passed = max((_midnight(now) - record.day) // DAY, 0)
    return (*(0,) * min(passed, DAYS), *record.per_day, *(() if record.per_day else (0,)))[:DAYS]


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
