"""Sources that have moved for good, and those that say so: where they are asked, and what stays of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from copydesk.config.listing import readdressed
from copydesk.errors import ConfigError
from copydesk.fetching.cursors import is_closed
from copydesk.fetching.polling import poll
from copydesk.fetching.redirected import STABLE
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.monitoring.stored import index_troubles
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from copydesk.views.sources import moved_sources, source_reports, source_troubles
from made.world import START, World, feed, source

LEASE = timedelta(minutes=1)
OLD, NEW = "https://one.example/feed", "https://new.example/feed"


def redirected(world: World, to: str = NEW) -> Callable[[Wanted], Fetched]:
    """What a server gives that sends us on for good."""
    return lambda wanted: Fetched(
        wanted=wanted,
        final_url=to,
        status=200,
        content_type="application/xml",
        body=feed("https://one.example/a"),
        fetched_at=world.clock.now(),
        moved_to=to,
    )


def cursor(world: World) -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, ["one"])["one"].body)


def polled(world: World, days: float) -> None:
    end = world.clock.now() + timedelta(days=days)
    while world.clock.now() < end:
        poll(world.ports, [source(every="6h")], lease=LEASE)
        world.clock.wait(timedelta(hours=1))


def test_a_move_is_followed_after_stable_days_and_said() -> None:
    """Three days of the same redirect, then the new address is asked, and `sources` says so."""
    world = World()
    world.web.pages = {OLD: redirected(world), NEW: feed("https://one.example/a")}
    polled(world, 2.9)
    assert {one.url for one in world.web.asked} == {OLD}
    assert moved_sources(world.index, [source()], world.clock.now()) == {}
    polled(world, 1)
    assert world.web.asked[-1].url == NEW
    assert moved_sources(world.index, [source()], world.clock.now()) == {"one": NEW}
    (report,) = source_reports(world.index, [source()], world.clock.now())
    assert any("has moved for good" in line for line in report.why)


def test_a_redirect_that_changes_is_not_believed() -> None:
    """Two targets in turn: the old address is asked for good."""
    world, turns = World(), iter(range(1000))

    def served(wanted: Wanted) -> Fetched:
        return redirected(world, f"{NEW}/{next(turns) % 2}")(wanted)

    world.web.pages = {OLD: served}
    polled(world, 10)
    assert {one.url for one in world.web.asked} == {OLD}


def test_a_move_that_was_none_is_taken_back() -> None:
    """When the new address fails, the old one is asked again."""
    world = World()
    world.web.pages = {OLD: redirected(world), NEW: Reason.GONE}
    polled(world, 4)
    before = len(world.web.asked)
    polled(world, 1)
    assert {one.url for one in world.web.asked[before:]} == {OLD}
    assert cursor(world).failures == 0


def test_a_move_that_is_written_down_is_the_same_source() -> None:
    """The cursor stays: nothing is quiet again, and nothing is asked at once."""
    world = World()
    world.web.pages = {OLD: redirected(world), NEW: feed("https://one.example/a")}
    polled(world, 5)
    before = cursor(world)
    poll(world.ports, [source(url=NEW, every="6h")], lease=LEASE, at_once=True)
    after = cursor(world)
    assert (after.url, after.moved_to, after.moved_at) == (NEW, None, None)
    assert (after.fresh, after.quiet, after.asked) == (before.fresh, False, before.asked + 1)


def test_gone_for_good_said_twice_closes_a_source() -> None:
    """Once may be a mistake. Closed, it is asked no more by itself, but when a person has it asked, or mends it."""
    world = World()
    said = Reason.GONE
    world.web.pages[OLD] = lambda wanted: Unfetched(
        wanted=wanted, outcome=EntryOutcome.FAILED, reason=said, detail="status 410"
    )
    polled(world, 60)
    assert len(world.web.asked) == 2
    assert is_closed(cursor(world))
    (told,) = source_troubles([cursor(world)]).told
    assert (told.gone, told.closed) == (True, True)
    (trouble,) = index_troubles(world.index, world.clock.now(), ["one"])
    assert "asked no more" in trouble.text
    poll(world.ports, [source()], lease=LEASE, at_once=True)
    assert len(world.web.asked) == 3
    world.web.pages[NEW] = feed("https://one.example/a")
    poll(world.ports, [source(url=NEW)], lease=LEASE)
    assert cursor(world).failures == 0


def test_gone_for_good_between_other_answers_closes_nothing() -> None:
    """In a row counts."""
    world, turns = World(), iter(range(1000))
    world.web.pages[OLD] = lambda wanted: Unfetched(
        wanted=wanted,
        outcome=EntryOutcome.FAILED,
        reason=Reason.GONE,
        detail="status 404" if next(turns) % 2 else "status 410",
    )
    polled(world, 4)
    assert len(world.web.asked) > 10


FILE = """# Ours.
sources:
  - name: one  # the first
    kind: rss
    url: https://one.example/feed  # since March
    outlet: One
  - {name: two, kind: rss, url: "https://two.example/feed", outlet: Two}
"""


def test_addresses_are_replaced_and_all_else_stays() -> None:
    """Comments, quotes and order, also of a source in one line."""
    made = readdressed(FILE, "f", {"one": NEW, "two": "https://two.example/new"})
    assert made == FILE.replace(OLD, NEW).replace("two.example/feed", "two.example/new")


def test_an_address_that_cannot_be_found_is_told() -> None:
    """Folded over two lines: what to write is said, and nothing is written."""
    folded = FILE.replace("https://one.example/feed  # since March", '"https://one.example/\\\n      feed"')
    with pytest.raises(ConfigError, match=f"put this into it: one: url: {NEW}"):
        readdressed(folded, "f", {"one": NEW})


def test_days_are_days() -> None:
    """The bound that the docs name."""
    assert timedelta(days=3) == STABLE
    assert START.tzinfo is not None
