"""Hubs: who is asked to tell us, what a source's polls are then, and that nothing hangs on a hub."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from copydesk.fetching.cursors import due_names
from copydesk.fetching.hubs import (
    AGAIN,
    MOST,
    NEXT,
    confirm,
    deny,
    push,
    pushed_again,
    secret_of,
    subscribe,
    token_of,
)
from copydesk.fetching.polling import poll
from copydesk.fetching.rhythm import SPREAD
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.operating.pausing import pause
from copydesk.outcomes import Reason
from copydesk.ports import Callback, Fetched, Unfetched, Wanted
from copydesk.views.sources import source_reports
from made.world import World, feed, source

LEASE, DAY, MINUTE = timedelta(minutes=1), timedelta(days=1), timedelta(minutes=1)
ONE = source(every="15m")
FEED, HUB = "https://one.example/feed", "https://hub.example/"
CALLBACK = Callback("https://desk.example/copydesk", "k" * 32)


def with_hub(document: bytes, hub: str = HUB) -> bytes:
    """A feed that names its hub."""
    return document.replace(b"<title>", f'<atom:link rel="hub" href="{hub}"/><title>'.encode(), 1)


def cursor(world: World, name: str = "one") -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, [name])[name].body)


def asked(world: World) -> Counter[str]:
    """Have the hubs asked that are due, where they can reach us."""
    ports = replace(world.ports, callback=CALLBACK)
    return subscribe(ports, [ONE], until=world.clock.now() + MINUTE)


def polled(world: World) -> None:
    poll(world.ports, [ONE], lease=LEASE, at_once=True)
    world.index.refresh()


@pytest.fixture
def world() -> World:
    """A source that was read, and names its hub."""
    world = World()
    world.web.pages |= {FEED: with_hub(feed("https://one.example/a")), HUB: b""}
    polled(world)
    return world


def test_a_hub_is_asked_once_to_tell_us(world: World) -> None:
    """By a form that names the feed, an address of ours that nobody can guess, and a secret; then it has a day."""
    assert asked(world) == Counter(hubs_asked=1)
    (wanted,) = (one for one in world.web.asked if one.kind == "hub")
    form = dict(wanted.form)
    assert (wanted.url, form["hub.mode"], form["hub.topic"]) == (HUB, "subscribe", FEED)
    assert form["hub.secret"] == secret_of(CALLBACK.key, "one")
    back = urlsplit(form["hub.callback"])
    assert back.geturl().startswith("https://desk.example/copydesk/hub?")
    assert parse_qs(back.query) == {"source": ["one"], "token": [token_of(CALLBACK.key, "one")]}
    assert not asked(world)
    world.clock.wait(AGAIN)
    assert asked(world) == Counter(hubs_asked=1)


def test_no_hub_is_asked_that_cannot_reach_us(world: World) -> None:
    assert not subscribe(world.ports, [ONE], until=world.clock.now() + MINUTE)


def test_a_hub_that_fails_is_asked_again_a_day_later(world: World) -> None:
    """And a person is told why nothing comes by it; the source is polled as ever."""
    world.web.pages[HUB] = Reason.STATUS
    assert asked(world) == Counter(hubs_failed=1)
    (report,) = source_reports(world.index, [ONE], world.clock.now())
    assert report.hub == f"not told of by {HUB}: status"
    assert report.why == ()
    assert not asked(world)
    world.clock.wait(AGAIN)
    assert asked(world) == Counter(hubs_failed=1)


@pytest.mark.parametrize(
    ("said", "lease"),
    [
        ("86400", DAY),
        ("1", timedelta(minutes=10)),
        ("999999999", 30 * DAY),
        ("", 10 * DAY),
        ("soon", 10 * DAY),
    ],
)
def test_a_hub_is_asked_again_at_half_of_the_time_it_gave(world: World, said: str, lease: timedelta) -> None:
    """Within ten minutes and thirty days, whatever it says."""
    asked(world)
    now = world.clock.now()
    assert confirm(world.index, "one", FEED, said, now)
    assert (cursor(world).hub_until, cursor(world).hub_at) == (now + lease, now + lease / 2)


def test_what_was_not_asked_for_is_not_confirmed(world: World) -> None:
    now = world.clock.now()
    assert not confirm(world.index, "one", "https://other.example/feed", "60", now)
    assert not confirm(world.index, "two", FEED, "60", now)
    assert cursor(world).hub_until is None


def test_a_hub_that_refuses_is_believed(world: World) -> None:
    now = world.clock.now()
    confirm(world.index, "one", FEED, "86400", now)
    deny(world.index, "one", FEED, "not yours", now)
    assert (cursor(world).hub_until, cursor(world).hub_at) == (None, now + AGAIN)
    (report,) = source_reports(world.index, [ONE], now)
    assert report.hub == f"not told of by {HUB}: refused not yours"


def test_what_a_hub_tells_of_is_polled_at_once(world: World) -> None:
    """At most every ten seconds, however often it rings."""
    world.clock.wait(MINUTE)
    assert push(world.index, "one", world.clock.now())
    assert "one" in due_names(world.index, world.clock.now() + timedelta(milliseconds=1))
    world.web.pages[FEED] = with_hub(feed("https://one.example/b", "https://one.example/a"))
    assert poll(world.ports, [ONE], lease=LEASE)["new"] == 1
    assert push(world.index, "one", world.clock.now())
    assert cursor(world).next_poll_at == world.clock.now() + NEXT


def test_a_ring_while_the_source_is_asked_is_not_lost(world: World) -> None:
    """The answer may have been made before what it rang for: the source is due again."""
    world.clock.wait(MINUTE)
    before = world.web.pages[FEED]

    def ringing(wanted: Wanted) -> Unfetched | Fetched:
        push(world.index, "one", world.clock.now())
        world.web.pages[FEED] = before
        (answer,) = world.web.fetch([wanted])
        return answer

    world.web.pages[FEED] = ringing
    polled(world)
    assert cursor(world).next_poll_at == world.clock.now() + NEXT
    world.clock.wait(NEXT)
    polled(world)
    assert cursor(world).next_poll_at > world.clock.now() + MINUTE


@pytest.mark.parametrize("state", ["fails", "paused", "forgotten"])
def test_a_ring_wakes_no_source_that_is_to_be_left_alone(world: World, state: str) -> None:
    if state == "fails":
        world.web.pages[FEED] = Reason.STATUS
        polled(world)
    now, name = world.clock.now(), "one" if state != "forgotten" else "two"
    if state == "paused":
        pause(world.index, [ONE], "me", now)
    before = world.index.get(Kind.POLLS, ["one"])["one"].body
    assert not push(world.index, name, now)
    assert world.index.get(Kind.POLLS, ["one"])["one"].body == before


def test_a_source_of_which_a_hub_tells_is_polled_no_oftener_than_it_must() -> None:
    """One that brings much is asked up to eight times as often; once a hub tells of it only each `every`."""
    waits = {}
    for told in (False, True):
        world, number = World(), 0
        for _ in range(30):
            world.web.pages[FEED] = with_hub(feed(*(f"https://one.example/{number + n}" for n in range(4))))
            number += 3
            polled(world)
            if told:
                confirm(world.index, "one", FEED, "86400", world.clock.now())
            world.clock.wait(10 * MINUTE)
        waits[told] = cursor(world).next_poll_at - (world.clock.now() - 10 * MINUTE)
    assert waits[True] >= (1 - SPREAD) * ONE.every > waits[False]


def test_another_hub_is_asked_anew_and_none_is_forgotten(world: World) -> None:
    confirm(world.index, "one", FEED, "86400", world.clock.now())
    world.web.pages |= {
        FEED: with_hub(feed("https://one.example/a"), "https://new.example/"),
        "https://new.example/": b"",
    }
    polled(world)
    assert (cursor(world).hub, cursor(world).hub_until) == ("https://new.example/", None)
    assert asked(world) == Counter(hubs_asked=1)
    world.web.pages[FEED] = feed("https://one.example/a")
    polled(world)
    assert (cursor(world).hub, cursor(world).hub_at) == ("", None)


def test_a_few_hubs_are_asked_in_a_round() -> None:
    """A hub serves many feeds, and its requests wait for one another: pages do not wait for all of them."""
    world, sources = World(), [source(f"s{n}") for n in range(2 * MOST + 1)]
    world.web.pages[HUB] = b""
    world.web.pages |= {one.url: with_hub(feed("https://one.example/a")) for one in sources}
    poll(world.ports, sources, lease=LEASE)
    ports, rounds = replace(world.ports, callback=CALLBACK), []
    while count := subscribe(ports, sources, until=world.clock.now() + MINUTE):
        rounds.append(count["hubs_asked"])
    assert rounds == [MOST, MOST, 1]


def test_what_was_no_ring_moves_no_poll() -> None:
    now = datetime.fromisoformat("2027-01-01T00:00+00:00")
    record = PollRecord(source="one", next_poll_at=now + DAY)
    assert pushed_again(record, now) is record
