"""Turns of hosts: whoever asks, in whatever order, no two requests come closer than the host's delay."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from yarl import URL

from copydesk.adapters.http.crawler import Crawler, Manners
from copydesk.adapters.http.download import Response
from copydesk.adapters.http.turns import Ask, OwnBook, Seen, SharedBook, Turns, given, noted
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexUnreachable
from copydesk.index import Kind, Stored, Write
from copydesk.index.records import from_record
from copydesk.index.state import HostRecord
from copydesk.ports import Fetched, Unfetched, Wanted
from made.virtual import MadeLoop, apart, run
from made.world import START

HOST = "https://one.example"
TWO = timedelta(seconds=2)
SESSION = cast("aiohttp.ClientSession", None)


@dataclass
class Web:
    """Sites that note when they were asked; an answer takes as long as drawn."""

    loop: MadeLoop
    chance: Random
    robots: bytes = b""
    slowest: float = 5.0
    status: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    paths: list[str] = field(default_factory=list)

    async def exchange(self, _session: object, url: URL, _headers: Mapping[str, str], **_: Any) -> Response:
        self.asked[str(url.origin())].append(self.loop.time())
        self.paths.append(url.path)
        await asyncio.sleep(self.chance.random() ** 3 * self.slowest)
        status, headers = self.status.get(url.path, (200, {}))
        return Response(url, status, headers, self.robots if url.path == "/robots.txt" else b"<p>x</p>")


def crawler(web: Web, index: MemoryIndex | None, delay: float = 2.0) -> Crawler:
    def now() -> datetime:
        return web.loop.now(START)

    book = OwnBook() if index is None else SharedBook(index)
    manners = Manners(
        contact=True,
        delay=delay,
        allow=(),
        concurrency=64,
        deadline=30,
        now=now,
        turns=Turns(book, now, apart),
    )
    return Crawler(SESSION, manners, exchange=web.exchange)


async def ask(one: Crawler, url: str, at: float, until: datetime | None = None) -> Fetched | Unfetched | None:
    await asyncio.sleep(at)
    return await one.answer(Wanted(key=url, url=url, kind="page"), until)


def closest(asked: Mapping[str, Sequence[float]]) -> float:
    """The shortest time between two requests to one host."""
    gaps = [later - before for times in asked.values() for before, later in pairwise(sorted(times))]
    return min(gaps, default=float("inf"))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("workers", [4, 10])
def test_workers_together_keep_the_pace_of_each_host(workers: int, seed: int) -> None:
    """Ten minutes of requests of many workers, begun when drawn, answered slowly: none closer than the delay.

    Pages and robots.txt alike; and the hosts are asked nearly as often as they may be.
    """
    minutes, chance = 10, Random(f"pace {workers} {seed}")

    async def work(loop: MadeLoop) -> Web:
        web, index = Web(loop, chance, slowest=3.0), MemoryIndex()
        until = START + timedelta(minutes=minutes)
        jobs = []
        for _ in range(workers):
            one = crawler(web, index)
            for host in range(3):
                start = chance.random() * 60 * minutes / 4
                jobs += [
                    ask(one, f"https://h{host}.example/{n}", start + chance.random() * 5, until)
                    for n in range(600 // workers)
                ]
        await asyncio.gather(*jobs)
        return web

    web = run(work)
    assert closest(web.asked) >= 2.0
    for times in web.asked.values():
        possible = (max(times) - min(times)) / 2.0
        assert len(times) >= 0.7 * possible, "turns are used"


def test_workers_who_know_nothing_of_one_another_would_not_keep_it() -> None:
    """The same without the index in common breaks the pace, so that the test above tests something."""

    async def work(loop: MadeLoop) -> Web:
        web = Web(loop, Random(1))
        await asyncio.gather(
            *(ask(crawler(web, None), f"{HOST}/{n}", n / 10) for n in range(10)),
        )
        return web

    assert closest(run(work).asked) < 2.0


def test_sixty_hosts_are_asked_nearly_as_often_as_they_may_be() -> None:
    """Hosts wait for nobody but themselves: at two seconds a page they give nine tenths of what their delays allow."""

    async def work(loop: MadeLoop) -> Web:
        web, index = Web(loop, Random(2), slowest=1.0), MemoryIndex()
        one = crawler(web, index)
        until = START + timedelta(seconds=45)
        await asyncio.gather(
            *(ask(one, f"https://h{host}.example/{n}", 0, until) for host in range(60) for n in range(30))
        )
        return web

    asked = run(work).asked
    assert closest(asked) >= 2.0
    assert sum(map(len, asked.values())) >= 0.9 * 60 * 45 / 2.0


def test_a_crawl_delay_is_kept_by_those_who_did_not_read_it() -> None:
    """One worker reads robots.txt; requests of all come as far apart as it asks."""

    async def work(loop: MadeLoop) -> Web:
        web, index = Web(loop, Random(3), robots=b"User-agent: *\nCrawl-delay: 7"), MemoryIndex()
        workers = [crawler(web, index) for _ in range(4)]
        jobs = [ask(one, f"{HOST}/{at}-{n}", at * 20.0) for at, one in enumerate(workers) for n in range(5)]
        await asyncio.gather(*jobs)
        return web

    web = run(work)
    pages = [at for at, path in zip(web.asked[HOST], web.paths, strict=True) if path != "/robots.txt"]
    assert closest({HOST: pages}) >= 7.0


@pytest.mark.parametrize(
    ("status", "headers", "asked_again_after"),
    [(429, {"Retry-After": "300"}, 300), (503, {"Retry-After": "200"}, 200), (429, {}, 60)],
)
def test_what_one_worker_was_told_to_leave_alone_all_others_leave_alone(
    status: int, headers: dict[str, str], asked_again_after: float
) -> None:
    """A worker that never heard of it asks the host for nothing until the time is over, and loses no request."""

    async def work(loop: MadeLoop) -> tuple[Web, list[Fetched | Unfetched | None]]:
        web, index = Web(loop, Random(4), slowest=0.1), MemoryIndex()
        web.status["/busy"] = status, headers
        one, other = crawler(web, index), crawler(web, index)
        await ask(one, f"{HOST}/busy", 0)
        early = [await ask(other, f"{HOST}/a", 10) for _ in range(3)]
        await asyncio.sleep(asked_again_after)
        return web, [*early, await ask(other, f"{HOST}/b", 0)]

    web, answers = run(work)
    assert [isinstance(answer, Fetched) for answer in answers] == [False] * 3 + [True]
    assert web.paths.count("/a") == 0
    first = answers[0]
    assert isinstance(first, Unfetched)
    assert asked_again_after - 20 < (first.retry_after or 0) <= asked_again_after


@dataclass
class Away(MemoryIndex):
    """An index that can go away, and counts what it is asked."""

    away: bool = False
    requests: int = 0

    def get(self, kind: Kind, ids: Sequence[str]) -> Any:
        self.requests += 1
        if self.away:
            raise IndexUnreachable("away")
        return super().get(kind, ids)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        self.requests += 1
        return super().write(writes)


def test_while_the_index_is_away_a_worker_keeps_the_pace_by_itself() -> None:
    """From what it knew; it asks the index again a minute later, and goes on together with the others then."""

    async def work(loop: MadeLoop) -> tuple[Web, Away]:
        web, index = Web(loop, Random(5), slowest=0.5), Away()
        one = crawler(web, index)
        first = [ask(one, f"{HOST}/{n}", 0) for n in range(60)]

        async def leave() -> None:
            await asyncio.sleep(20)
            index.away, index.requests = True, 0
            await asyncio.sleep(40)
            assert index.requests == 1
            index.away = False

        await asyncio.gather(leave(), *first)
        return web, index

    web, index = run(work)
    assert closest(web.asked) >= 2.0
    assert len(web.asked[HOST]) == 61
    (row,) = index.get(Kind.HOSTS, [HOST]).values()
    assert from_record(HostRecord, row.body).turns > 8


@pytest.mark.parametrize(("hosts", "pages"), [(1, 64), (60, 20)])
def test_turns_cost_the_index_less_than_a_request_for_two_pages(hosts: int, pages: int) -> None:
    """They are taken some at a time, and those of several hosts together."""

    async def work(loop: MadeLoop) -> Away:
        web, index = Web(loop, Random(6), slowest=0.1), Away()
        one = crawler(web, index)
        jobs = [ask(one, f"https://h{host}.example/{n}", 0) for host in range(hosts) for n in range(pages)]
        await asyncio.gather(*jobs)
        return index

    assert run(work).requests <= hosts * pages / 2


asks = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 40), st.integers(0, 300)), min_size=1, max_size=30
)


@settings(max_examples=200)
@drawn(asks)
def test_turns_of_one_host_never_overlap(wishes: list[tuple[int, int, int]]) -> None:
    """Whoever asks for how many, when and how far apart: turns come in order, as far apart as was asked."""
    record, last = None, None
    at = START
    for number, pause, delay in wishes:
        at += timedelta(seconds=pause)
        wish = Ask(number=number, delay=timedelta(seconds=delay / 10), begin=at)
        fresh, answer = given(HOST, wish, record)
        record = fresh or record
        for turn in answer.turns:
            assert turn >= at
            assert last is None or turn >= last
            last = turn
        assert all(b - a >= wish.delay for a, b in pairwise(answer.turns))
        assert len(answer.turns) <= number


@pytest.mark.parametrize("next_at", [timedelta(days=400), timedelta(days=-400), None])
def test_a_record_of_a_wrong_clock_holds_nobody_up(next_at: timedelta | None) -> None:
    """Turns far ahead, or long past, count as none."""
    old = HostRecord(origin=HOST, next_at=None if next_at is None else START + next_at)
    _, answer = given(HOST, Ask(number=1, delay=TWO, begin=START), old)
    assert answer.turns == (START,)
    shut = HostRecord(origin=HOST, closed_until=START + timedelta(days=400))
    assert given(HOST, Ask(number=1, delay=TWO, begin=START), shut)[1].turns == (START,)


def test_a_host_that_goes_on_refusing_is_left_alone_ever_longer() -> None:
    """Twice as long each time, an hour at most, and from the beginning when it was content for an hour."""
    record, now, waits = None, START, []
    for _ in range(9):
        record = noted(HOST, Seen(asked_less=True), now, record)
        assert record.closed_until is not None
        waits.append(round((record.closed_until - now) / timedelta(minutes=1)))
        now = record.closed_until + timedelta(seconds=1)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    record = noted(HOST, Seen(asked_less=True), now + timedelta(hours=2), record)
    assert record.closed_until == now + timedelta(hours=2, minutes=1)


def test_what_robots_said_is_kept_with_its_age() -> None:
    """When it was read, with what status, and the delay that it asks for."""
    index = MemoryIndex()

    async def work(loop: MadeLoop) -> None:
        web = Web(loop, Random(7), robots=b"User-agent: *\nCrawl-delay: 4")
        one = Crawler(
            SESSION,
            Manners(
                contact=True,
                delay=2,
                allow=(),
                concurrency=4,
                deadline=30,
                now=partial(loop.now, START),
                learned=None,
                turns=Turns(SharedBook(index), partial(loop.now, START), apart),
            ),
            exchange=web.exchange,
        )
        await ask(one, f"{HOST}/a", 0)

    run(work)
    (row,) = index.get(Kind.HOSTS, [HOST]).values()
    record = from_record(HostRecord, row.body)
    assert (record.robots_status, record.crawl_delay, record.turns) == (200, 4.0, 2)
    assert record.robots_at is not None
    assert record.robots_at >= START
