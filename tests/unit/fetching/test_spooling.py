"""While the index is away, what was due is fetched into the archive; when it is back, everything is there once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest

from copydesk import urls
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.config.topics import TopicsFile
from copydesk.errors import IndexUnreachable
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.fetching.spooling import fetch_on, load_due
from copydesk.index import Kind, Stored, Write
from copydesk.model import Entry
from copydesk.operating.recovering import recover
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.pipeline import process
from copydesk.views.status import funnel
from made.world import World, page, source

LEASE = timedelta(minutes=1)
BOX = timedelta(minutes=5)
ALL = range(16)
NUMBER = 40
ADDRESSES = [f"https://host{number % 8}.example/{number}" for number in range(NUMBER)]
LIMIT = 10**9


@dataclass
class Leaving(MemoryIndex):
    """An index that is away from a certain write on, until it is told to be back."""

    left: int = 10**9

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        self.left -= 1
        if self.left < 0:
            raise IndexUnreachable("away")
        return super().write(writes)


def announced(left: int) -> tuple[World, Leaving]:
    """A world with forty addresses due, whose index goes away so many writes later."""
    index = Leaving(lag=True)
    world = World(index=index)
    world.archive.per_segment = 5
    entries = [Entry(url=url, source="one") for url in ADDRESSES]
    enter(index, source(), entries, world.clock.now(), quiet=True)
    words = "said on Monday that the gate of number {} would stay shut until engineers had tested every bolt of it."
    for number, url in enumerate(ADDRESSES):
        world.web.pages[url] = page(
            f"Number {number}", *(f"Line {n} {words.format(number)}" for n in range(5))
        )
    world.clock.wait(timedelta(seconds=1))
    index.left = left
    return world, index


def run(world: World) -> Counter[str]:
    return capture(world.ports, shards=ALL, lease=LEASE, until=world.clock.now() + BOX)


def on(world: World, limit: int = LIMIT, shards: Sequence[int] = ALL) -> Counter[str]:
    until = world.clock.now() + BOX
    return fetch_on(world.web, world.archive, shards=shards, until=until, limit=limit)


def asked(world: World) -> Counter[str]:
    return Counter(one.url for one in world.web.asked)


def back(world: World, index: Leaving) -> None:
    """The index comes back; what waits is registered, fetched and worked on."""
    index.left = 10**9
    recover(world.ports)
    world.clock.wait(LEASE)
    run(world)
    process(world.ports, TopicsFile(), lease=LEASE, until=world.clock.now() + BOX)


def everything_is_there_once(world: World) -> bool:
    seen = funnel(world.index)
    held = [made.url for captures in world.archive.closed.values() for made in captures]
    entries, captures = (sum(counts.values(), Counter()) for counts in (seen.entries, seen.captures))
    assert entries == {EntryOutcome.CAPTURED: NUMBER}
    assert captures == {CaptureOutcome.INDEXED: NUMBER}
    assert sorted(held) == sorted(ADDRESSES)
    return seen.imbalance == 0


@pytest.mark.parametrize("left", [1, 2, 3, 4, 6, 8, 11, 15])
def test_whenever_the_index_goes_away_each_page_is_fetched_once(left: int) -> None:
    """What was answered before is not asked again; the rest is spooled, registered later, and indexed."""
    world, index = announced(left)
    with pytest.raises(IndexUnreachable):
        run(world)
    spooled = on(world)["spooled"]
    assert 0 < spooled <= NUMBER
    assert set(asked(world)) == set(ADDRESSES)
    assert on(world) == {}, "nothing is left to be asked for"
    back(world, index)
    assert set(asked(world).values()) == {1}
    assert everything_is_there_once(world)
    assert all(made.quiet for captures in world.archive.closed.values() for made in captures)


def test_the_spool_ends_at_its_limit_and_begins_anew_when_the_index_was_back() -> None:
    """At most a segment more than the limit, over all runs of one outage; nothing of the rest is lost."""
    world, index = announced(1)
    with pytest.raises(IndexUnreachable):
        run(world)
    already = len(world.web.asked)
    size = len(world.web.pages[ADDRESSES[0]])  # type: ignore[arg-type]
    assert on(world, limit=12 * size)["spooled"] == 15
    assert on(world, limit=12 * size) == {}
    assert len(world.web.asked) == already + 15
    back(world, index)
    assert everything_is_there_once(world)
    assert load_due(world.archive, ALL).spooled == 0


def test_a_worker_killed_while_it_spools_asks_again_for_at_most_what_it_had_in_hand() -> None:
    """What it archived is registered once."""
    world, index = announced(1)
    with pytest.raises(IndexUnreachable):
        run(world)
    before = dict(world.archive.files)
    on(world)
    world.archive.files = before  # as if it had never written down what it had done
    world.clock.wait(timedelta(seconds=1))
    on(world)
    back(world, index)
    assert max(asked(world).values()) == 2
    seen = funnel(world.index)
    assert seen.articles == NUMBER
    assert seen.imbalance == 0
    assert sum(seen.entries.values(), Counter()) == {EntryOutcome.CAPTURED: NUMBER}


def test_what_gives_no_page_meanwhile_is_tried_when_the_index_is_back() -> None:
    """The ledger did not hear of it, so it is still due there."""
    world, index = announced(1)
    good, world.web.pages[ADDRESSES[7]] = world.web.pages[ADDRESSES[7]], Reason.TIMEOUT
    with pytest.raises(IndexUnreachable):
        run(world)
    on(world)
    assert on(world) == {}
    world.web.pages[ADDRESSES[7]] = good
    back(world, index)
    assert everything_is_there_once(world)


def test_each_share_of_the_hosts_has_a_list_of_its_own() -> None:
    """Two tasks do not fetch each other's addresses."""
    world, index = announced(10**9)
    shares = [[shard for shard in ALL if shard % 2 == number] for number in range(2)]
    for share in shares:
        index.left = 1
        with pytest.raises(IndexUnreachable):
            capture(world.ports, shards=share, lease=LEASE, until=world.clock.now() + BOX)
    for share in shares:
        on(world, shards=share)
    assert set(asked(world).values()) == {1}
    index.left = 10**9
    recover(world.ports)
    assert everything_is_captured(world)


def everything_is_captured(world: World) -> bool:
    keys = [urls.url_key(url) for url in ADDRESSES]
    return {row.body["outcome"] for row in world.index.get(Kind.LEDGER, keys).values()} == {"captured"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"records": {"a": {}}, "spooled": 1}', b"\xff"])
def test_a_list_that_nobody_can_read_is_none(content: bytes) -> None:
    world, _ = announced(1)
    with pytest.raises(IndexUnreachable):
        run(world)
    world.archive.files = dict.fromkeys(world.archive.files, content)
    assert on(world) == {}
