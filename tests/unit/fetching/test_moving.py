"""Pages that send their readers on: the address they name is fetched like an announced one, and bounded in hops."""

import itertools
from datetime import timedelta

import pytest

from copydesk.fetching.moving import MOST_HOPS, follow
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.operating.replaying import replay
from copydesk.outcomes import EntryOutcome
from copydesk.views.status import funnel
from made.published import WIRE, articles, run
from made.world import World, feed, page, source

FIRST = "https://one.example/story"


def to(url: str) -> bytes:
    """A page that sends its readers on."""
    return f'<html><head><meta http-equiv=refresh content="0; url={url}"></head><body>Moved.</body></html>'.encode()


def moving(*addresses: str, last: bytes) -> World:
    """A world in which a source announces the first address, each leads to the next, and the last one answers."""
    world = World()
    world.web.pages["https://one.example/feed"] = feed(addresses[0])
    for here, there in itertools.pairwise(addresses):
        world.web.pages[here] = to(there)
    world.web.pages[addresses[-1]] = last
    return world


def ledger(world: World) -> dict[str, LedgerRecord]:
    """What the ledger holds, by address."""
    world.index.refresh(Kind.LEDGER)
    records = [from_record(LedgerRecord, row.body) for row in world.index.scan(Kind.LEDGER)]
    return {record.url: record for record in records}


def rounds(world: World, number: int) -> None:
    """So many rounds of ingest and process."""
    for _ in range(number):
        run(world, [source("one")])


ARTICLE = page("Harbour closed", *WIRE)


def test_article_behind_moved_pages_is_indexed() -> None:
    """Under its own address, for the source that announced the first; the pages before it stay rejected as moved."""
    addresses = (FIRST, "https://one.example/2031/story", "https://www.one.example/2031/harbour-closed")
    world = moving(*addresses, last=ARTICLE)
    rounds(world, 3)
    assert [body["url"] for body in articles(world).values()] == [addresses[-1]]
    assert {url: (record.hops, record.sources) for url, record in ledger(world).items()} == {
        url: (hops, ("one",)) for hops, url in enumerate(addresses)
    }
    seen = funnel(world.index)
    assert (seen.reasons, seen.imbalance) == ({"moved": 2}, 0)


def test_readers_who_are_sent_on_for_ever_end() -> None:
    """A server that names a new address each time is followed as often as a browser would, and a circle once around."""
    endless = [f"https://one.example/story/{number}" for number in range(20)]
    world = moving(*endless, last=ARTICLE)
    rounds(world, 12)
    assert len(ledger(world)) == MOST_HOPS + 1
    assert all(record.outcome is EntryOutcome.CAPTURED for record in ledger(world).values())
    circle = moving(FIRST, "https://one.example/other", last=to(FIRST))
    rounds(circle, 6)
    assert len(ledger(circle)) == 2


@pytest.mark.parametrize("target", ["mailto:desk@one.example", "/" + "a" * 3000, "#top"])
def test_what_cannot_be_asked_for_is_no_entry(target: str) -> None:
    """Nothing is entered, and nothing fails."""
    world = moving(FIRST, target, last=ARTICLE)
    rounds(world, 2)
    assert list(ledger(world)) == [FIRST]
    assert funnel(world.index).imbalance == 0


def test_known_address_keeps_its_record() -> None:
    """What was announced itself, however it ended, is not asked for again because another page leads there."""
    world = moving(FIRST, "https://one.example/harbour", last=ARTICLE)
    rounds(world, 2)
    before = ledger(world)
    captures = [row.id for row in world.index.scan(Kind.CAPTURES)]
    assert follow(world.index, captures, world.clock.now() + timedelta(hours=1)) == 0
    assert ledger(world) == before


def test_quiet_stays_quiet() -> None:
    """What a first poll announced rings no alert behind a moved page either."""
    world = moving(FIRST, "https://one.example/harbour", last=ARTICLE)
    rounds(world, 2)
    assert {record.quiet for record in ledger(world).values()} == {ledger(world)[FIRST].quiet}


def test_replay_asks_for_nothing() -> None:
    """The archive alone says what there is, and the ledger is not the archive's."""
    world = moving(FIRST, "https://one.example/harbour", last=ARTICLE)
    rounds(world, 2)
    before, asked = ledger(world), len(world.web.asked)
    replay(world.ports)
    assert (ledger(world), len(world.web.asked)) == (before, asked)
    assert len(articles(world)) == 1
