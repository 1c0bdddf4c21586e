"""How many requests to the index polling and fetching cost, counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.fetching.polling import poll
from copydesk.index import Found, Kind, Spread, Stored, Where, Write
from copydesk.model import Entry
from copydesk.pipeline import ingest
from made.world import World, source

LEASE = timedelta(minutes=1)


@dataclass
class Counting(MemoryIndex):
    """An index that counts what a server would be asked."""

    asked: Counter[str] = field(default_factory=Counter)

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        self.asked[f"get {kind}"] += bool(ids)
        return super().get(kind, ids)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        self.asked["write"] += bool(writes)
        return super().write(writes)

    def refresh(self, *kinds: Kind) -> None:
        self.asked["refresh"] += 1
        super().refresh(*kinds)

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        self.asked[f"find {kind}"] += 1
        return super().find(kind, where, sort=sort, limit=limit)

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        self.asked[f"spread {kind}"] += 1
        return super().spread(kind, where, how)


def counted(per_segment: int = 60) -> tuple[World, Counting]:
    """A world whose segments hold what comes in two seconds of thirty answers a second."""
    index = Counting(lag=True)
    world = World(index=index)
    world.archive.per_segment = per_segment
    return world, index


def test_an_unchanged_feed_costs_a_fifth_of_a_request() -> None:
    """Sixty feeds that answer 304 are claimed, and their cursors moved, together."""
    world, index = counted()
    sources = [source(f"s{n}", url=f"https://s{n}.example/feed") for n in range(60)]
    world.web.pages = {one.url: b"<rss version='2.0'><channel/></rss>" for one in sources}
    poll(world.ports, sources, lease=LEASE)
    world.web.pages = {one.url: 304 for one in sources}
    world.clock.wait(timedelta(hours=1))
    index.asked.clear()
    assert poll(world.ports, sources, lease=LEASE)["unchanged"] == 60
    assert index.asked.total() <= 0.2 * 60, index.asked


@pytest.mark.parametrize("hosts", [10, 60])
def test_a_page_costs_less_than_a_request(hosts: int) -> None:
    """Claims, outcomes and segments of many hosts are told together, whatever a page was answered with."""
    world, index = counted()
    entries = [Entry(url=f"https://h{n % hosts}.example/{n}", source="one") for n in range(600)]
    enter(index, source(), entries, world.clock.now())
    index.refresh(Kind.LEDGER)
    world.web.pages = {entry.url: (b"<p>x</p>", 304, 503)[n % 3] for n, entry in enumerate(entries)}
    world.clock.wait(timedelta(seconds=1))
    index.asked.clear()
    until = world.clock.now() + timedelta(seconds=45)
    assert capture(world.ports, shards=range(16), lease=LEASE, until=until).total() == 600
    assert index.asked.total() <= 0.5 * 600, index.asked


@pytest.mark.parametrize("number", [10, 200])
def test_looking_for_what_is_due_costs_the_same_however_many_sources_there_are(number: int) -> None:
    """After a first look at all of them only those that are due are found, by time."""
    world, index = counted()
    sources = [source(f"s{n}", url=f"https://s{n}.example/feed") for n in range(number)]
    world.web.pages = {one.url: b"<rss version='2.0'><channel/></rss>" for one in sources}
    poll(world.ports, sources, lease=LEASE)
    read: list[int] = []
    get = index.get

    def reading(kind: Kind, ids: Sequence[str]) -> Any:
        read.append(len(ids) if kind is Kind.POLLS else 0)
        return get(kind, ids)

    index.get = reading  # type: ignore[method-assign]
    until = world.clock.now() + timedelta(seconds=45)
    ingest(world.ports, sources, shards=range(16), lease=LEASE, until=until)
    assert sum(read) <= number, "each cursor is read once"
