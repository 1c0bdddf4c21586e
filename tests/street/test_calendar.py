"""The made world on every day of the week: what is told and what is held for one must not depend on the date."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

import newsworld
from copydesk.topic import Topic
from made import streets

SEEDS = (1, 2, 3)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = (6, 23)
"""At the later one midnight falls into the world, so that one event has two days."""


@cache
def made(seed: int, day: int, hour: int) -> tuple[newsworld.World, list[streets.Paper]]:
    """A small world that begins then, and its pages, read once for all orders."""
    start = MONDAY + timedelta(days=day, hours=hour)
    world = newsworld.build(seed, "small", start, days=start)
    return world, streets.papers(world)


@pytest.mark.parametrize("order", streets.ORDERS)
@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("day", range(7), ids=("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
@pytest.mark.parametrize("seed", SEEDS)
def test_every_event_rings_once_and_is_one_story(seed: int, day: int, hour: int, order: str) -> None:
    """Alerts, families and stories equal the truth, whatever the day and in whichever order the pages come.

    A roundup rings only where it comes before what it sums up; then it is news.
    """
    world, papers = made(seed, day, hour)
    outcome = streets.run(streets.arrivals(world, papers, order))
    rung = outcome.rung()
    roundups = {event: rung.pop(event, 0) for event in outcome.events(roundups=True)}
    assert rung == dict.fromkeys(outcome.events(roundups=False), 1)
    assert max(roundups.values()) <= (order != "published")
    assert outcome.parted("family") == outcome.truth("item")
    assert outcome.parted("story") == outcome.truth("event")


def test_the_world_has_what_may_be_told_twice() -> None:
    """In the worlds above events are told by two agencies, and roundups hold them; else the law would say little."""
    for seed in SEEDS:
        _, papers = made(seed, 0, HOURS[0])
        items = {(paper.page.event, paper.page.item) for paper in papers}
        assert len(items) - len({event for event, _ in items}) == 5
        assert sum(paper.page.kind is newsworld.Kind.ROUNDUP for paper in papers) == 5


@pytest.mark.parametrize("order", streets.ORDERS)
def test_the_demo_rings_what_it_should_in_any_order(order: str) -> None:
    """Its own topics on its own world: alerts for just the events that the truth expects, whichever page came first.

    But for alerts that show a roundup which came before what it sums up: that depends on the order and is right.
    """
    world = newsworld.build(7, "demo")
    topics = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(world)]
    outcome = streets.run(streets.arrivals(world, streets.papers(world), order), topics)
    rung = Counter(
        (str(alert["topic"]), outcome.pages[str(alert["article"])].event) for alert in outcome.alerts
    )
    early = outcome.events(roundups=True) if order != "published" else set()
    expected = newsworld.expectations(world)
    assert {key: times for key, times in rung.items() if key[1] not in early} == {
        (topic, event): 1 for topic, events in expected.items() for event in events
    }
