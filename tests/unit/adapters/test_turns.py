"""Turns of hosts: whoever asks, in whatever order, no two requests come closer than the host's delay."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.ports import Fetched, Unfetched
from made.crawling import HOST, Web, ask, closest, crawler
from made.virtual import MadeLoop, run
from made.world import START


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
