"""Whether nothing was found because there is nothing, or because nobody looked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from copydesk.fetching.polling import poll
from copydesk.fetching.sight import LATE, Blind, blind_since, sight_of
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.operating.pausing import pause
from copydesk.outcomes import Reason
from copydesk.page.app import make_app
from made.desks import desk_of
from made.world import World, feed, source

ONE, TWO, THREE = (source(name) for name in ("one", "two", "three"))
LEASE = timedelta(minutes=1)


@pytest.fixture
def world() -> World:
    """Two sources that were read, and one that fails."""
    world = World()
    world.web.pages |= {one.url: feed("https://one.example/a") for one in (ONE, TWO)}
    world.web.pages[THREE.url] = Reason.STATUS
    poll(world.ports, [ONE, TWO, THREE], lease=LEASE)
    world.index.refresh()
    return world


def cursor(world: World, name: str = "one") -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, [name])[name].body)


def test_a_source_is_seen_until_it_is_late(world: World) -> None:
    """Not at the moment it is due, for somebody may be asking it; a quarter of an hour later it was not seen."""
    record = cursor(world)
    assert blind_since("one", record, record.next_poll_at + LATE) is None
    late = blind_since("one", record, record.next_poll_at + LATE + timedelta(seconds=1))
    assert late == Blind("one", record.read_at, "not asked in time")


def test_why_a_source_is_not_seen_is_told(world: World) -> None:
    """It was never asked, somebody paused it, or it fails; a pause goes before a failure."""
    now = world.clock.now()
    assert blind_since("new", None, now) == Blind("new", None, "never asked")
    assert blind_since("three", cursor(world, "three"), now) == Blind("three", None, "status")
    failing = replace(cursor(world), failures=2, reason=None, paused_at=now)
    assert blind_since("one", failing, now) == Blind("one", failing.read_at, "paused")
    assert blind_since("one", replace(failing, paused_at=None), now) == Blind(
        "one", failing.read_at, "failed"
    )


def test_one_line_says_who_was_not_seen_and_since_when(world: World) -> None:
    """Who was seen last comes first, of many only some are named, and a source that was taken out counts nowhere."""
    now = world.clock.now()
    assert sight_of(world.index, [ONE, TWO], now).line == "All 2 sources were seen."
    assert sight_of(world.index, [ONE], now).line == "Its one source was seen."
    assert sight_of(world.index, [], now).line == ""
    pause(world.index, [TWO], "me", now)
    more = [ONE, TWO, THREE, *(source(name) for name in ("four", "five"))]
    at = f"{now:%Y-%m-%d %H:%M} UTC"
    assert sight_of(world.index, more, now).line == (
        f"1 of 5 sources were seen; not two (paused, last seen {at}), three (status, never seen),"
        " four (never asked) and 1 more."
    )


def test_a_page_without_results_says_whether_somebody_looked(world: World) -> None:
    """In the page and in its JSON."""
    client = TestClient(make_app(desk_of(world, ONE, TWO, THREE)))
    said = "2 of 3 sources were seen; not three (status, never seen)."
    assert said in client.get("/?q=ferry").text
    assert client.get("/?q=ferry&format=json").json()["seen"] == said
