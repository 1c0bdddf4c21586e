"""Indexes of sitemaps: every part is read in its turn, only when it changed, and a failing one is named."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.fetching.polling import poll
from copydesk.fetching.sitemaps import MOST_DOCUMENTS, MOST_PARTS, due, parts_of
from copydesk.index.state import PollRecord
from copydesk.outcomes import Reason
from copydesk.ports import Wanted
from copydesk.views.status import funnel
from made.sitemaps import INDEX, LEASE, cursor, index_of, known, polls, site, sitemap
from made.world import START, Clock, World, source

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""Now, where parts of an index say by a date when they changed."""
SITE = source(kind="sitemap", url=INDEX)


def asked(world: World, name: str) -> list[Wanted]:
    return [wanted for wanted in world.web.asked if wanted.url == f"https://one.example/{name}"]


@pytest.mark.parametrize("changed", ["", "2026-03-01"])
def test_no_part_is_starved(changed: str) -> None:
    """Of an index with more parts than one poll may read all are read, in a poll no more than that, and it says so."""
    world, parts = World(clock=Clock(MORNING)), [f"{number:03}.xml" for number in range(120)]
    site(world, {"index.xml": index_of(*parts, changed=changed)} | {p: sitemap(p[:3]) for p in parts})
    polls(world, SITE, 1)
    assert len(known(world)) == MOST_DOCUMENTS
    assert (cursor(world).parts, cursor(world).unread) == (120, 70)
    (told,) = funnel(world.index).polls
    assert (told.source, told.parts, told.unread) == ("one", 120, 70)
    polls(world, SITE, 2)
    assert len(known(world)) == 120
    assert cursor(world).unread == 0
    polls(world, SITE, 3)
    times = Counter(wanted.url for wanted in world.web.asked if not wanted.url.endswith("index.xml"))
    assert len(times) == 120
    if changed:
        assert set(times.values()) == {1}
    else:
        assert max(times.values()) - min(times.values()) <= 6


def test_the_first_reading_of_a_large_index_goes_on_soon() -> None:
    """While parts were never read the source is due in minutes, however seldom it is to be polled otherwise."""
    world, daily = World(), source(kind="sitemap", url=INDEX, every="1d")
    parts = [f"{number:03}.xml" for number in range(60)]
    site(world, {"index.xml": index_of(*parts)} | {part: sitemap(part[:3]) for part in parts})
    polls(world, daily, 0)
    poll(world.ports, [daily], lease=LEASE)
    assert cursor(world).next_poll_at == START + timedelta(minutes=5)
    world.clock.wait(timedelta(minutes=5))
    poll(world.ports, [daily], lease=LEASE)
    assert timedelta(hours=21) <= cursor(world).next_poll_at - world.clock.now() <= timedelta(days=1)


def test_indexes_in_indexes_are_read_to_a_depth() -> None:
    """Three deep, each name once even where they name one another; what lies deeper is counted and told."""
    world = World()
    site(
        world,
        {
            "index.xml": index_of("1.xml", "index.xml"),
            "1.xml": index_of("2.xml", "1.xml", "index.xml"),
            "2.xml": index_of("3.xml", "a.xml"),
            "3.xml": index_of("4.xml", "5.xml"),
            "a.xml": sitemap("a"),
            "4.xml": sitemap("b"),
        },
    )
    polls(world, SITE, 1)
    assert list(known(world)) == ["a"]
    assert len(asked(world, "1.xml")) == 1
    told = {one.url: (one.reason, one.left_out, one.detail) for one in funnel(world.index).failing}
    assert told == {
        "https://one.example/3.xml": (
            Reason.TOO_LARGE,
            2,
            "2 left out: parts of indexes nested more than 3 deep",
        )
    }


def test_parts_that_fail_are_named() -> None:
    """Each with its reason and its own next time; the others are read, and a part that is back is told no more."""
    world = World()
    pages = {
        "index.xml": index_of("1.xml", "2.xml", "3.xml"),
        "2.xml": b"<html>log in</html>",
        "3.xml": sitemap("a"),
    }
    site(world, {**pages, "1.xml": Reason.STATUS})
    polls(world, SITE, 2)
    failing = {str(one.url)[-5:]: one for one in funnel(world.index).failing}
    assert {name: one.reason for name, one in failing.items()} == {
        "1.xml": Reason.STATUS,
        "2.xml": Reason.NOT_A_FEED,
    }
    assert len(asked(world, "1.xml")) == 1
    assert list(known(world)) == ["a"]
    site(world, {**pages, "1.xml": sitemap("b"), "2.xml": sitemap("c")})
    polls(world, SITE, 1)
    assert set(known(world)) == {"a", "b", "c"}
    assert funnel(world.index).failing == ()


@pytest.mark.parametrize(
    ("changed", "times"),
    [
        ("2020-01-01", 1),
        ("2026-03-02T08:30:00Z", 1),
        ("2026-03-02T08:55:00Z", 2),
        ("2026-03-02", 5),
        ("2026-03-03T08:00:00Z", 5),
        ("", 5),
        ("nonsense", 5),
    ],
)
def test_a_part_that_did_not_change_is_not_read_again(changed: str, times: int) -> None:
    """Its own date decides, with regard to days without a time and to clocks; otherwise it is asked conditionally."""
    world = World(clock=Clock(MORNING))
    site(world, {"index.xml": index_of("1.xml", changed=changed), "1.xml": sitemap("a")})
    polls(world, SITE, 5)
    requests = asked(world, "1.xml")
    assert len(requests) == times
    assert [wanted.etag for wanted in requests] == [None, *['"1"'] * (times - 1)]


def test_a_part_that_says_it_changed_is_read_again() -> None:
    """A later date in the index is reason enough."""
    world = World(clock=Clock(MORNING))
    site(world, {"index.xml": index_of("1.xml", changed="2026-03-01"), "1.xml": sitemap("a")})
    polls(world, SITE, 2)
    site(world, {"index.xml": index_of("1.xml", changed="2026-03-02T09:20:00Z"), "1.xml": sitemap("a", "b")})
    polls(world, SITE, 1)
    assert set(known(world)) == {"a", "b"}


def test_a_part_that_is_named_no_more_is_forgotten() -> None:
    """With all that it named in turn; and so are all, when the index becomes a sitemap."""
    world = World()
    pages = {"1.xml": index_of("2.xml"), "2.xml": sitemap("a"), "3.xml": sitemap("b")}
    site(world, {"index.xml": index_of("1.xml", "3.xml"), **pages})
    polls(world, SITE, 1)
    assert len(parts_of(world.index, "one")) == 3
    site(world, {"index.xml": index_of("3.xml"), **pages})
    polls(world, SITE, 2)
    assert [part.url for part in parts_of(world.index, "one").values()] == ["https://one.example/3.xml"]
    site(world, {"index.xml": sitemap("c")})
    polls(world, SITE, 2)
    assert parts_of(world.index, "one") == {}
    assert set(known(world)) == {"a", "b", "c"}


def test_an_index_beyond_all_measure_is_bounded() -> None:
    """As many parts as one search gives are followed; the rest is counted and told."""
    world = World()
    site(world, {"index.xml": index_of(*(f"{number}.xml" for number in range(MOST_PARTS + 7)))})
    polls(world, SITE, 1)
    assert len(parts_of(world.index, "one")) == MOST_PARTS
    told = next(one for one in funnel(world.index).failing if one.parent is None)
    assert (told.reason, told.left_out, told.failures) == (Reason.TOO_LARGE, 7, 0)


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.none() | st.integers(0, 30), st.none() | st.integers(0, 30)),
        max_size=30,
    ),
    st.integers(0, 12),
)
def test_what_is_read_now(drawn: list[tuple[int, int | None, int | None]], most: int) -> None:
    """Never more than asked for, only what is due, and always one of those that wait longest."""

    def hours(number: int | None) -> datetime | None:
        return None if number is None else START + timedelta(hours=number)

    empty = PollRecord(source="one", next_poll_at=START, parent=INDEX)
    parts = {
        str(number): replace(empty, next_poll_at=START + timedelta(hours=due_at), polled_at=hours(read),
            read_at=hours(read),
                             changed_at=hours(changed))
        for number, (due_at, read, changed) in enumerate(drawn)
    }  # fmt: skip
    now = START + timedelta(hours=15)
    everything, chosen = due(parts, now, len(parts)), due(parts, now, most)
    assert all(parts[id_].next_poll_at <= now for id_ in everything)
    assert len(set(chosen)) == len(chosen) == min(most, len(everything))
    assert set(chosen) <= set(everything)
    if most > 10 and everything:
        longest = min(parts[id_].polled_at or START - timedelta(days=1) for id_ in everything)
        assert any((parts[id_].polled_at or START - timedelta(days=1)) == longest for id_ in chosen)


@pytest.mark.parametrize(
    ("hours", "reason"),
    [
        (1, Reason.STATUS),
        (8, Reason.STATUS),
        (48, Reason.STATUS),
        (400, Reason.CONNECTION),
        (400, Reason.TIMEOUT),
    ],
)
def test_an_outage_of_our_own_network_is_over_within_the_hour(hours: int, reason: Reason) -> None:
    """However long nothing could be reached, every source is asked again within an hour after it."""
    world = World()
    site(world, {"index.xml": reason})
    end = START + timedelta(hours=hours)
    while world.clock.now() < end:
        poll(world.ports, [SITE], lease=LEASE)
        world.clock.wait(timedelta(minutes=5))
    assert cursor(world).next_poll_at - end <= timedelta(hours=1)
