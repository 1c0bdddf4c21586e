"""`python -m benches.day`: thousands of sources on two workers, through a day of a made clock, in memory.

Every source brings something new at times drawn from a seed, and says 304 in between. Each worker has a clock of its
own and the one behind goes on, so that both work at the same time on one index, as two tasks do. Counted is how long a
poll waits beyond its time, which outlived their lease, and what the index was asked.
"""

import argparse
import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random
from statistics import quantiles
from typing import Any, cast

from benches.counting import Counting
from benches.day_world import START, Clock, Shelf, Web
from benches.measure import Line, show
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.config.files import share_of
from copydesk.index import Body, Found, Kind, Range, Spread, Stored, Where, Write
from copydesk.model import Source
from copydesk.pipeline import ingest_once
from copydesk.ports import Ports

__all__ = ["measure"]

LEASE, BOX, IDLE = timedelta(seconds=60), timedelta(seconds=45), timedelta(seconds=1)
WORKERS = 2
EVERY = timedelta(minutes=15)
LOOKS = (timedelta(hours=1), timedelta(hours=6))
A_DAY = 30
"""New pages that a source brings in a day, of those that bring any; a third brings none."""


DUE = {Kind.POLLS: "next_poll_at", Kind.LEDGER: "retry_at"}


@dataclass
class Watched(Counting):
    """Finds what is due by time, as a server does, and notes what polls did.

    Attributes:
        clock: That of the worker who asks.
        late: Seconds after its time at which each poll was claimed, but for the first of each source.
        lost: How many polls were settled after their lease was over.
    """

    clock: Callable[[], datetime] = lambda: START
    late: list[float] = field(default_factory=list)
    lost: int = 0
    _later: dict[Kind, list[tuple[str, str]]] = field(default_factory=lambda: {kind: [] for kind in DUE})
    _open: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in DUE})

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        for one in writes:
            if one.kind in DUE and one.body is not None:
                if (at := one.body.get(DUE[one.kind])) is not None:
                    heapq.heappush(self._later[one.kind], (str(at), one.id))
                if one.kind is Kind.POLLS:
                    self._watch(one.id, one.body)
        return super().write(writes)

    def _watch(self, id_: str, new: Body) -> None:
        before = MemoryIndex.get(self, Kind.POLLS, [id_])
        old: Body = before[id_].body if before else {}
        leased = old.get("leased_until")
        if "leased_until" in new and not leased and "polled_at" in old:
            self.late.append(
                (self.clock() - datetime.fromisoformat(str(new["next_poll_at"]))).total_seconds()
            )
        if leased and "leased_until" not in new:
            self.lost += datetime.fromisoformat(str(leased)) < self.clock()

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        with self._narrowed(kind, where):
            return super().find(kind, where, sort=sort, limit=limit)

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        with self._narrowed(kind, where):
            return super().spread(kind, where, how)

    @contextmanager
    def _narrowed(self, kind: Kind, where: Where) -> Iterator[None]:
        """Only rows that are due are gone through: all of a day's would take longer than the day."""
        bound = where.get(DUE.get(kind, ""))
        until = str(bound.lt) if isinstance(bound, Range) else ""
        if not until:
            yield
            return
        later, open_, whole = self._later[kind], self._open[kind], self._seen[kind]
        while later and later[0][0] <= until:
            open_.add(heapq.heappop(later)[1])
        times = {id_: self._rows[kind][id_].body.get(DUE[kind]) for id_ in open_}
        for id_, at in times.items():
            if at is None or str(at) > until:
                open_.discard(id_)
            if at is not None and str(at) > until:  # the other worker's clock may be ahead
                heapq.heappush(later, (str(at), id_))
        self._seen[kind] = {id_: whole[id_] for id_ in open_ if id_ in whole}
        try:
            yield
        finally:
            self._seen[kind] = whole


@dataclass
class Worker:
    """One of the tasks that fetch, with a clock of its own."""

    clock: Clock
    web: Web
    ports: Ports
    sources: Sequence[Source]
    shards: Sequence[int]
    known: set[str] = field(default_factory=set)

    def work(self) -> None:
        """One round."""
        until = self.clock.now() + BOX
        if not ingest_once(
            self.ports,
            self.sources,
            shards=self.shards,
            lease=LEASE,
            until=until,
            known=self.known,
            looks=LOOKS,
        ):
            self.clock.wait(IDLE)


def measure(number: int = 5000, hours: float = 24.0, seed: int = 1) -> list[Line]:
    """How polls kept to their time, and what the index was asked for each answer."""
    chance, index = Random(seed), Watched(lag=True)
    sources = [
        Source(name=f"s{n}", kind="rss", url=f"https://s{n}.example/feed", outlet=f"s{n}", every=EVERY)
        for n in range(number)
    ]
    news = {one.url: _news(chance, hours) for one in sources}
    workers = [_worker(index, sources, news, Random(seed + n), n) for n in range(WORKERS)]
    end, warm = START + timedelta(hours=hours), START + timedelta(hours=min(1.0, hours / 2))
    asked: Counter[str] | None = None
    answers: Counter[str] = Counter()
    while (one := min(workers, key=lambda worker: worker.clock.time)).clock.time < end:
        if asked is None and one.clock.time >= warm:
            asked, answers = index.asked.copy(), _answers(workers)
            index.late.clear()
        index.clock = one.clock.now
        one.work()
    answers = _answers(workers) - answers
    requests = index.asked - (asked or Counter())
    looks = 2 * (requests["find polls"] + requests["spread ledger"])  # with a refresh each
    cursors = requests["get polls"] + requests["write polls"]
    polls, pages = _of(answers, "feed"), _of(answers, "page")
    seconds = WORKERS * (end - warm).total_seconds()
    cuts = quantiles(index.late, n=100)
    return [
        Line(what=f"{number} sources, {hours:g} h, {WORKERS} workers: polls", value=f"{polls}"),
        Line(what="of them answered by 304", value=f"{answers['feed 304'] / polls:.0%}"),
        Line(what="pages, and looks that found nothing", value=f"{pages}, {answers['page 304']}"),
        Line(
            what="claimed after its time, p50, p99, most",
            value=f"{cuts[49]:.1f} {cuts[98]:.1f} {max(index.late):.1f} s",
        ),
        Line(what="leases lost", value=f"{index.lost}", target="0"),
        Line(
            what="requests to the index to see what is due, a second and worker",
            value=f"{looks / seconds:.1f}",
        ),
        Line(
            what="besides, for cursors, each poll",
            value=f"{cursors / polls:.2f}",
            target=".2",
        ),
        Line(
            what="besides, for what was announced and fetched, each page",
            value=f"{(requests.total() - looks - cursors) / pages:.1f}",
            target="1",
        ),
    ]


def _answers(workers: Sequence[Worker]) -> Counter[str]:
    return sum((worker.web.answers for worker in workers), Counter[str]())


def _of(answers: Counter[str], kind: str) -> int:
    return sum(number for name, number in answers.items() if name.startswith(kind))


def _news(chance: Random, hours: float) -> list[datetime]:
    """When a source brings something: evenly over the day, and nothing at all for a third of them."""
    number = 0 if chance.random() < 1 / 3 else int(chance.expovariate(1 / A_DAY) * hours / 24)
    return sorted(START + timedelta(hours=chance.random() * hours) for _ in range(number))


def _worker(
    index: Watched, sources: Sequence[Source], news: Mapping[str, list[datetime]], chance: Random, number: int
) -> Worker:
    clock = Clock()
    web, own = Web(clock, chance, news), share_of(sources, number, WORKERS)
    ports = Ports(
        fetcher=web,
        archive=cast("Any", Shelf(clock, count(number, WORKERS))),
        reader=cast("Any", None),
        index=cast("Any", index),
        notifier=cast("Any", None),
        inbox=lambda _source, _since: iter(()),
        now=clock.now,
        wait=clock.wait,
    )
    return Worker(clock, web, ports, *own)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benches.day", description=__doc__)
    parser.add_argument("--sources", type=int, default=5000)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    show(measure(given.sources, given.hours, given.seed))


if __name__ == "__main__":
    main()
