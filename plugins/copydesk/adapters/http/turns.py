"""Turns: when a request to a host may begin, so that all workers together keep its pace.

A worker takes the next few turns of a host from its record in the index, under guard: nobody else gets these. Turns are
moments, so none has to be given back; those that a dead or slow worker leaves unused are over by themselves. Without an
index, and while it is away, a worker counts for itself.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from copydesk.errors import IndexUnavailable
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.state import HostRecord

__all__ = [
    "Ask",
    "Book",
    "Given",
    "OwnBook",
    "Seen",
    "SharedBook",
    "Tally",
    "Turns",
    "added",
    "given",
    "noted",
    "slack",
]

log = logging.getLogger(__name__)

BLOCK = timedelta(seconds=16)
"""Time of a host that a worker takes at once: another that comes then waits no longer, and at two seconds a page each
request costs the index a quarter of one."""

FAR = timedelta(hours=1)
"""Further ahead no turn is taken: a record that says so was written by a wrong clock."""

AWAY = timedelta(seconds=60)
"""How long a worker counts for itself after the index was away."""

LINGER = 0.02
"""Seconds in which the wishes for several hosts become one request."""

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""How long a host is left alone that says it is asked too much, and not for how long: twice as long each time."""

LONGEST_CLOSED = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Wish for turns of one host: how many at most, how far apart, from when, and until when they are of use."""

    number: int
    delay: timedelta
    begin: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """Turns of a host, earliest first; none while it wants to be left alone, or when they came too late."""

    turns: tuple[datetime, ...] = ()
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a host was found to be like.

    Attributes:
        asked_less: Whether it wants to be left alone, for `wait` if it says how long.
        robots_status: What its robots.txt was answered with, if that was read just now; `crawl_delay` what it asks for.
    """

    asked_less: bool = False
    wait: timedelta | None = None
    robots_status: int | None = None
    crawl_delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What one worker asked of a host: requests, bytes of bodies, answers of 304, least seconds between two."""

    requests: int = 0
    received: int = 0
    same: int = 0
    least_gap: float | None = None


class Book(Protocol):
    """What is known of hosts, by scheme, name and port."""

    def take(self, asks: Mapping[str, Ask], now: datetime) -> dict[str, Given]:
        """The next turns of each host."""

    def note(self, origin: str, seen: Seen, now: datetime) -> HostRecord:
        """Keep what was found of a host; its record then."""

    def add(self, tallies: Mapping[str, Tally], now: datetime) -> None:
        """Add what a worker asked of hosts, all at once."""


def slack(delay: timedelta) -> timedelta:
    """How much later than its moment a turn may be used: turns are further apart by it, so none come close. Pure."""
    return min(max(delay / 20, timedelta(milliseconds=20)), timedelta(milliseconds=500))


def given(origin: str, ask: Ask, old: HostRecord | None) -> tuple[HostRecord | None, Given]:
    """The next turns of a host, and its record without them; None when there are none to be had. Pure."""
    old = old or HostRecord(origin=origin)
    if old.closed_until is not None and ask.begin < old.closed_until <= ask.begin + LONGEST_CLOSED:
        return None, Given(closed_until=old.closed_until)
    step = ask.delay + slack(ask.delay)
    free = old.next_at if old.next_at is not None and old.next_at <= ask.begin + FAR + step else ask.begin
    begin = max(free, ask.begin)
    most = max(min(ask.number, BLOCK // step), 1)
    turns = tuple(begin + nth * step for nth in range(most))
    turns = tuple(turn for turn in turns if ask.until is None or turn < ask.until)
    if not turns:
        return None, Given()
    taken = replace(old, next_at=turns[-1] + step, asked_at=turns[-1], turns=old.turns + len(turns))
    return taken, Given(turns)


def noted(origin: str, seen: Seen, now: datetime, old: HostRecord | None) -> HostRecord:
    """The record of a host with what was found of it. Pure."""
    record = old or HostRecord(origin=origin)
    if seen.robots_status is not None:
        record = replace(
            record, robots_at=now, robots_status=seen.robots_status, crawl_delay=seen.crawl_delay or None
        )
    if not seen.asked_less:
        return record
    lately = record.closed_until is not None and now - record.closed_until < LONGEST
    refusals = record.refusals + 1 if lately else 1
    wait = seen.wait if seen.wait is not None else min(SHORTEST * 2 ** min(refusals - 1, 10), LONGEST)
    until = max(now + min(wait, LONGEST_CLOSED), record.closed_until or now)
    return replace(record, closed_until=until, refusals=refusals)


def added(origin: str, tally: Tally, old: HostRecord | None) -> HostRecord:
    """The record of a host with what one more worker asked of it. Pure."""
    record = old or HostRecord(origin=origin)
    gaps = [gap for gap in (record.least_gap, tally.least_gap) if gap is not None]
    return replace(
        record,
        requests=record.requests + tally.requests,
        received=record.received + tally.received,
        same=record.same + tally.same,
        least_gap=min(gaps, default=None),
    )


@dataclass(slots=True)
class OwnBook:
    """A Book of one worker."""

    hosts: dict[str, HostRecord] = field(default_factory=dict)

    def take(self, asks: Mapping[str, Ask], now: datetime) -> dict[str, Given]:  # noqa: ARG002 (the book's)
        """As the book says."""
        answers: dict[str, Given] = {}
        for origin, ask in asks.items():
            record, answers[origin] = given(origin, ask, self.hosts.get(origin))
            if record is not None:
                self.hosts[origin] = record
        return answers

    def note(self, origin: str, seen: Seen, now: datetime) -> HostRecord:
        """As the book says."""
        self.hosts[origin] = noted(origin, seen, now, self.hosts.get(origin))
        return self.hosts[origin]

    def add(self, tallies: Mapping[str, Tally], now: datetime) -> None:  # noqa: ARG002
        """As the book says."""
        for origin, tally in tallies.items():
            self.hosts[origin] = added(origin, tally, self.hosts.get(origin))


@dataclass(slots=True)
class SharedBook:
    """A Book of all workers, in the index; while that is away, this worker's own."""

    index: Index
    own: OwnBook = field(default_factory=OwnBook)
    away_until: datetime | None = None

    def take(self, asks: Mapping[str, Ask], now: datetime) -> dict[str, Given]:
        """As the book says: one look and one guarded write, whatever the number of hosts."""
        answers: dict[str, Given] = {}

        def decide(origin: str, ask: Ask, old: HostRecord | None) -> HostRecord | None:
            record, answers[origin] = given(origin, ask, old)
            return record

        wishes = {
            origin: partial(decide, origin, self._after_own(origin, ask)) for origin, ask in asks.items()
        }
        if self._change(wishes, now):
            return answers
        return self.own.take(asks, now)

    def note(self, origin: str, seen: Seen, now: datetime) -> HostRecord:
        """As the book says."""
        if self._change({origin: partial(noted, origin, seen, now)}, now):
            return self.own.hosts[origin]
        return self.own.note(origin, seen, now)

    def add(self, tallies: Mapping[str, Tally], now: datetime) -> None:
        """As the book says; while the index is away it is lost, for it is no more than told."""
        self._change({origin: partial(added, origin, tally) for origin, tally in tallies.items()}, now)

    def _after_own(self, origin: str, ask: Ask) -> Ask:
        """A wish for turns behind those that this worker took while the index was away."""
        own = self.own.hosts.get(origin)
        if own is None or own.next_at is None or not ask.begin < own.next_at <= ask.begin + FAR + ask.delay:
            return ask
        return replace(ask, begin=own.next_at)

    def _change(
        self, decide: Mapping[str, Callable[[HostRecord | None], HostRecord | None]], now: datetime
    ) -> bool:
        """Change records in the index, and remember them; whether it was there."""
        if self.away_until is not None and now < self.away_until:
            return False
        try:
            written = change(self.index, Kind.HOSTS, HostRecord, decide)
        except IndexUnavailable as exc:
            log.warning("hosts are paced by this worker alone for %d s: %s", AWAY.total_seconds(), exc)
            self.away_until = now + AWAY
            return False
        self.own.hosts.update(written)
        return True


class Turns:
    """Takes turns out of a book for the hosts of one event loop, of several at once.

    Args:
        book: What is known of hosts.
        now: The clock.
        apart: Runs a call that asks a server where it holds nobody up.
    """

    def __init__(
        self,
        book: Book,
        now: Callable[[], datetime],
        apart: Callable[..., Awaitable[Any]] = asyncio.to_thread,
    ) -> None:
        self._book = book
        self._now = now
        self._apart = apart
        self._asks: dict[str, Ask] = {}
        self._asking: asyncio.Task[dict[str, Given]] | None = None

    async def take(self, origin: str, ask: Ask) -> Given:
        """The next turns of a host; a book of this worker's own is asked at once."""
        if isinstance(self._book, OwnBook):
            return self._book.take({origin: ask}, self._now())[origin]
        self._asks[origin] = ask
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return (await asyncio.shield(self._asking))[origin]

    async def _ask(self) -> dict[str, Given]:
        await asyncio.sleep(LINGER)
        asks, self._asks, self._asking = self._asks, {}, None
        answers: dict[str, Given] = await self._apart(self._book.take, asks, self._now())
        return answers

    async def note(self, origin: str, seen: Seen) -> HostRecord:
        """Keep what was found of a host; its record then."""
        if isinstance(self._book, OwnBook):
            return self._book.note(origin, seen, self._now())
        record: HostRecord = await self._apart(self._book.note, origin, seen, self._now())
        return record

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        """Keep what this worker asked of hosts."""
        if tallies:
            await self._apart(self._book.add, tallies, self._now())
