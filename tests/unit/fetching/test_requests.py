"""How many requests to the index polling and fetching cost, counted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from benches.counting import Counting
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Entry
from copydesk.pipeline import ingest
from made.world import World, source

LEASE = timedelta(minutes=1)


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


def due_at(index: Counting) -> dict[str, datetime]:
    """When each source is to be polled next."""
    index.refresh(Kind.POLLS)
    return {row.id: from_record(PollRecord, row.body).next_poll_at for row in index.scan(Kind.POLLS)}


def test_sources_that_are_nearly_due_go_along() -> None:
    """Once one is due, those that would be within a thirtieth of their wait are asked too; by itself none is early."""
    world, index = counted()
    sources = [source(f"s{n}", url=f"https://s{n}.example/feed") for n in range(60)]
    world.web.pages = {one.url: b"<rss version='2.0'><channel/></rss>" for one in sources}
    for one in sources:
        poll(world.ports, [one], lease=LEASE)
        world.clock.wait(timedelta(seconds=10))
    began = world.clock.now()
    first = due_at(index)
    until = began + timedelta(minutes=40)
    world.web.asked.clear()
    times: dict[str, float] = {}
    while world.clock.now() < until:
        before = len(world.web.asked)
        ingest(world.ports, sources, shards=range(16), lease=LEASE, until=world.clock.now() + LEASE / 60)
        for wanted in world.web.asked[before:]:
            times.setdefault(wanted.key, (world.clock.now() - first[wanted.key]).total_seconds())
    assert len(times) == 60
    assert min(times.values()) >= -30
    assert max(times.values()) <= 2
    assert sum(at < 0 for at in times.values()) >= 20, times


def test_a_source_that_fails_is_never_asked_early() -> None:
    """Its time may be one that its server named."""
    world, index = counted()
    sources = [source(f"s{n}", url=f"https://s{n}.example/feed") for n in range(2)]
    for one in sources:
        poll(world.ports, [one], lease=LEASE)
        world.clock.wait(timedelta(seconds=20))
    world.clock.wait(due_at(index)["s0"] - world.clock.now())
    world.web.asked.clear()
    assert timedelta(0) < due_at(index)["s1"] - world.clock.now() < timedelta(seconds=30)
    poll(world.ports, sources, lease=LEASE, early=True)
    assert [wanted.key for wanted in world.web.asked] == ["s0"]
