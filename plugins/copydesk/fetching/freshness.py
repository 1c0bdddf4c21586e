"""Freshness: what a poll teaches about a source, and when it is asked next. Pure.

What a server says of its document is believed until it is found to be wrong: a hint that the document changed before
its time, a tag under which it changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from copydesk.fetching.archiving import UNCHANGED
from copydesk.fetching.hubs import is_told
from copydesk.fetching.rhythm import SPREAD, Rhythm, heard, next_wait, shortest_of
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.ports import Fetched

__all__ = ["Brief", "conditions", "overflows", "taught"]

DAY = timedelta(days=1)
POLLS = 10
"""A document is asked for whole once a day, or every so many polls if that is longer: a tag may lie."""

TOO_EARLY = 3
"""So often something came before its time, then a hint of that source counts no more."""

LEAST = 5
"""Entries of a document from which on it counts as overflowing when all of them are new."""


@dataclass(frozen=True, slots=True)
class Brief:
    """Of a document how many entries it had, how many were new, and how long it says that nothing changes."""

    entries: int = 0
    new: int = 0
    whole: bool = True
    hint: timedelta = timedelta(0)


def conditions(record: PollRecord, every: timedelta, now: datetime) -> tuple[str | None, str | None]:
    """The tag and the time a request goes out with; none for a source whose tag lies, or that is due as a whole."""
    since = record.whole_at or record.read_at
    is_due = since is not None and now - since >= max(DAY, POLLS * every)
    if record.untrusted or (is_due and record.parent is None):
        return None, None
    return record.etag, record.last_modified


def taught(
    source: Source, answer: Fetched, brief: Brief, now: datetime, old: PollRecord, record: PollRecord
) -> PollRecord:
    """The `record` of a cursor that was just read, with what that teaches, and its next poll; `old` is it before."""
    is_whole = answer.status != UNCHANGED
    record = replace(
        record,
        hint=int(brief.hint.total_seconds()) if is_whole else old.hint,
        whole_at=now if is_whole else old.whole_at,
        untrusted=old.untrusted or _lies(answer, brief, old),
    )
    if old.parent is not None:  # read whenever its index is, if that says so
        return replace(record, next_poll_at=now + (1 - SPREAD) * source.every)
    if not brief.whole:
        return replace(
            record, next_poll_at=now + next_wait(source.every, now, rhythm=Rhythm(), key=source.name)
        )
    hint = max(timedelta(seconds=answer.fresh_for), timedelta(seconds=record.hint))
    is_early = brief.new > 0 and old.new_at is not None and now - old.new_at < hint
    early = old.early + is_early
    known = heard(Rhythm(old.rhythm, old.rhythm_at), brief.new, old.read_at, now)
    overflow = overflows(brief, old)
    told = is_told(old, now)
    wait = next_wait(
        source.every,
        now,
        rhythm=Rhythm() if told else known,  # no sooner than its `every` demands: its hub is
        new=0 if old.read_at is None or told else brief.new,
        gap=now - (old.read_at or now),
        hint=hint if early < TOO_EARLY and not overflow else timedelta(0),
        key=source.name,
    )
    return replace(
        record,
        early=early,
        rhythm=tuple(known.counts),
        rhythm_at=known.since,
        overflow_at=now if overflow else old.overflow_at,
        next_poll_at=now + (shortest_of(source.every) if overflow else wait),
    )


def overflows(brief: Brief, old: PollRecord) -> bool:
    """Whether all that a document holds is new, though it was read before: something may have come and gone."""
    return old.read_at is not None and old.entries > 0 and LEAST <= brief.entries == brief.new


def _lies(answer: Fetched, brief: Brief, old: PollRecord) -> bool:
    """Whether something new came under a tag that we had already, when we asked without it."""
    if answer.status == UNCHANGED or answer.wanted.etag or answer.wanted.last_modified or not brief.new:
        return False
    if old.etag or answer.etag:
        return old.etag == answer.etag
    return old.last_modified is not None and old.last_modified == answer.last_modified
