"""The record of a host's turns: what is given and noted, what it costs, and what happens without it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from copydesk.adapters.http.crawler import Crawler, Manners
from copydesk.adapters.http.turns import Ask, Seen, SharedBook, Turns, given, noted
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexUnreachable
from copydesk.index import Kind, Stored, Write
from copydesk.index.records import from_record
from copydesk.index.state import HostRecord
from made.crawling import HOST, SESSION, Web, ask, closest, crawler
from made.virtual import MadeLoop, apart, run
from made.world import START

TWO = timedelta(seconds=2)


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
