"""The first reading of a source is quiet to its end, whatever fails or dies meanwhile; then all rings."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.polling import poll
from copydesk.index import Stored, Write
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.sitemaps import INDEX, LEASE, cursor, index_of, known, polls, site, sitemap
from made.world import Web, World, source

QUIET = source(kind="sitemap", url=INDEX, ring_first=False)


def test_the_first_reading_is_quiet_to_its_end() -> None:
    """Also what a part brings that failed at first, or that came when the others were done; then all rings."""
    world, parts = World(), [f"{number:02}.xml" for number in range(70)]
    pages: dict[str, bytes | Reason] = {part: sitemap(part[:2]) for part in parts}
    site(world, {"index.xml": index_of(*parts), **pages, "07.xml": Reason.TIMEOUT})
    polls(world, QUIET, 1)
    site(world, {"index.xml": index_of(*parts), **pages, "08.xml": sitemap("08", "between")})
    polls(world, QUIET, 4)
    assert len(known(world)) == 71
    assert all(known(world).values())
    assert cursor(world).quiet is False
    site(
        world,
        {
            "index.xml": index_of(*parts, "new.xml"),
            **pages,
            "08.xml": sitemap("later"),
            "new.xml": sitemap("new"),
        },
    )
    polls(world, QUIET, 3)
    assert {page for page, quiet in known(world).items() if not quiet} == {"later", "new"}


def test_a_part_that_fails_for_good_does_not_keep_the_source_quiet() -> None:
    """After three failures the others ring; its own stock stays quiet, whenever it comes."""
    world = World()
    site(world, {"index.xml": index_of("1.xml", "2.xml"), "1.xml": sitemap("a"), "2.xml": Reason.STATUS})
    polls(world, QUIET, 16)
    assert cursor(world).quiet is False
    site(
        world,
        {"index.xml": index_of("1.xml", "2.xml"), "1.xml": sitemap("a", "news"), "2.xml": Reason.STATUS},
    )
    polls(world, QUIET, 1)
    site(world, {"index.xml": index_of("1.xml", "2.xml"), "1.xml": sitemap("a"), "2.xml": sitemap("stock")})
    polls(world, QUIET, 8)
    assert known(world) == {"a": True, "news": False, "stock": True}


def test_a_first_poll_that_fails_is_none() -> None:
    """A feed that could not be read at first is quiet when it is read."""
    world = World()
    site(world, {"index.xml": Reason.TIMEOUT})
    polls(world, QUIET, 1)
    site(world, {"index.xml": sitemap("stock")})
    polls(world, QUIET, 2)
    site(world, {"index.xml": sitemap("news")})
    polls(world, QUIET, 1)
    assert known(world) == {"stock": True, "news": False}


class Killed(BaseException):
    """What a kill looks like from inside: nothing catches it."""


@dataclass
class MortalIndex(MemoryIndex):
    """Dies at the write of a number, with that much of it done."""

    left: int = 10**9
    done: float = 0.0

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        self.left -= 1
        if self.left == -1:
            super().write(writes[: int(len(writes) * self.done)])
            raise Killed
        return super().write(writes)


@dataclass
class MortalWeb(Web):
    """Dies at the request of a number."""

    left: int = 10**9

    def _answer(self, one: Wanted) -> Fetched | Unfetched:
        self.left -= 1
        if self.left == -1:
            raise Killed
        return super()._answer(one)


@pytest.mark.parametrize("where", ["request", "before a write", "in a write", "after a write"])
def test_a_worker_that_dies_anywhere_in_the_first_reading_lets_nothing_ring(where: str) -> None:
    """Killed at any request or write, and polled on by another one: the stock is quiet, what comes later is not."""
    pages = {
        "1.xml": sitemap("a"),
        "2.xml": index_of("3.xml"),
        "3.xml": sitemap("b", "d"),
        "4.xml": sitemap("c"),
    }
    done = {"in a write": 0.5, "after a write": 1.0}.get(where, 0.0)
    deaths = 0
    for point in range(40):
        index = MortalIndex(lag=True, left=10**9 if where == "request" else point, done=done)
        world = World(index=index)
        world.web = web = MortalWeb(world.clock, left=point if where == "request" else 10**9)
        site(world, {"index.xml": index_of("1.xml", "2.xml", "4.xml"), **pages})
        try:
            poll(world.ports, [QUIET], lease=LEASE)
        except Killed:
            deaths += 1
        index.left = web.left = 10**9
        world.clock.wait(LEASE)
        polls(world, QUIET, 2)
        assert known(world) == dict.fromkeys("abcd", True), point
        site(
            world, {"index.xml": index_of("1.xml", "2.xml", "4.xml"), **pages, "3.xml": sitemap("b", "news")}
        )
        polls(world, QUIET, 2)
        assert known(world) == {**dict.fromkeys("abcd", True), "news": False}, point
    assert deaths >= (5 if where == "request" else 10)


def test_another_address_is_another_source() -> None:
    """A mended address is asked at once, whatever the wrong one led to, and its stock is quiet again."""
    world = World()
    wrong = source(url="https://one.example/typo", ring_first=False)
    site(world, {"right": sitemap("stock"), "typo": Reason.TIMEOUT})
    polls(world, wrong, 4)
    right = source(url="https://one.example/right", ring_first=False)
    poll(world.ports, [right], lease=LEASE)
    assert known(world) == {"stock": True}
    assert cursor(world).failures == 0
