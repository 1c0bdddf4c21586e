"""When a source is asked next: by what it brings at which hour of the week, what just came, what its server says. Pure.

`every` is the longest wait. A source that brings much is asked up to `FOLD` times as often, by the root of how much it
brings just then: so spread, requests find all that is announced soonest on the whole (decision 0019).
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

__all__ = ["FOLD", "HOURS", "SPREAD", "Rhythm", "heard", "next_wait", "shortest_of"]

HOUR = timedelta(hours=1)
HOURS = 168
"""Of a week, from Monday on, in UTC."""

FADE = 0.75
"""What a week leaves of what was counted at the same hour a week before."""

PARTS = 100
"""What came between two polls counts for the hours between them, each by its part."""

FOLD = 8
QUIET = 0.25
"""New addresses an hour up to which a source is asked no oftener than its `every` demands."""

SHORTEST = timedelta(seconds=20)
"""The least wait: only a source with an `every` of less than three minutes, which its operator chose, gets near it."""

HOURS_GUESSED = 12.0
OF_DAY, OF_HOUR, LATELY = 2.0, 2.0, 1.0
"""How much weighs, beside what was counted, what is known more in general: of any source; of an hour on other days; of
this hour of the week; and, beside what the last poll brought, of just now."""

SPREAD = 0.1
"""Share of a wait by which it may be shorter, so that sources with the same `every` do not stay in step."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How many new addresses came at each hour of the week, in hundredths, older weeks faded; and since when."""

    counts: Sequence[int] = ()
    since: datetime | None = None


def heard(rhythm: Rhythm, new: int, before: datetime | None, now: datetime) -> Rhythm:
    """The rhythm after so many new addresses since the poll before; a first poll begins it, whatever it brought."""
    if rhythm.since is None or before is None or len(rhythm.counts) != HOURS or before >= now:
        return rhythm if rhythm.since is not None and before is not None else Rhythm((0,) * HOURS, now)
    counts, at = list(rhythm.counts), max(before, now - HOURS * HOUR)
    whole = now - at
    while at < now:
        end = min(_hour(at) + HOUR, now)
        counts[_slot(at)] += round(PARTS * new * ((end - at) / whole))
        if end == _hour(end):
            counts[_slot(end)] = int(counts[_slot(end)] * FADE)
        at = end
    return Rhythm(tuple(counts), rhythm.since)


def next_wait(
    every: timedelta,
    now: datetime,
    *,
    rhythm: Rhythm,
    new: int = 0,
    gap: timedelta = timedelta(0),
    hint: timedelta = timedelta(0),
    key: str = "",
) -> timedelta:
    """How long a source waits for its next poll.

    Args:
        every: The longest wait.
        now: When it was asked just now.
        rhythm: What it brought so far.
        new: What it brought now.
        gap: How long ago it was asked before.
        hint: How long its server says that nothing changes; no longer than `every` is waited for that.
        key: Decides, with `now`, how much earlier than that it is asked.
    """
    shortest = shortest_of(every)
    rate = _rates(rhythm, now)
    usual = rate(_slot(now))
    lately = (LATELY + new) / (LATELY / usual + gap / HOUR) / usual
    at, done = now, 0.0
    while done < 1 and at < now + every:
        pace = min(max((rate(_slot(at)) * lately / QUIET) ** 0.5, 1.0), every / shortest)
        left, end = (1 - done) * every / pace, _hour(at) + HOUR
        if left <= end - at:
            at += left
            break
        done += (end - at) / every * pace
        at = end
    digest = hashlib.sha256(f"{key} {now.isoformat()}".encode()).digest()
    spread = 1 - SPREAD * int.from_bytes(digest[:4]) / 2**32
    return min(max((at - now) * spread, shortest * spread, hint), every)


def shortest_of(every: timedelta) -> timedelta:
    """The least time between two polls of a source."""
    return max(every / FOLD, min(SHORTEST, every))


def _rates(rhythm: Rhythm, now: datetime) -> Callable[[int], float]:
    """New addresses an hour to be expected at each hour of the week."""
    counts = rhythm.counts if len(rhythm.counts) == HOURS else (0,) * HOURS
    weeks = max(now - rhythm.since, timedelta(0)) / (HOURS * HOUR) if rhythm.since else 0.0
    seen = float(1 - FADE**weeks) / (1 - FADE)
    on_the_whole = (sum(counts) / PARTS + QUIET * HOURS_GUESSED) / (HOURS * seen + HOURS_GUESSED)

    def rate(slot: int) -> float:
        days = range(5) if slot < 5 * 24 else range(5, 7)
        same = sum(counts[day * 24 + slot % 24] for day in days) / PARTS
        of_day = (same + OF_DAY * on_the_whole) / (len(days) * seen + OF_DAY)
        return (counts[slot] / PARTS + OF_HOUR * of_day) / (seen + OF_HOUR)

    return rate


def _slot(at: datetime) -> int:
    return at.weekday() * 24 + at.hour


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
