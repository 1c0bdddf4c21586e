"""The made world on every day of the week: what is told and what is held for one must not depend on the date."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
import streets

import newsworld

SEEDS = (1, 2, 3)
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOURS = (6, 23)
"""At the later one midnight falls into the world, so that one event has two days."""


@cache
def made(seed: int, day: int, hour: int) -> tuple[newsworld.World, list[streets.Paper]]:
    """A small world that begins then, and its pages, read once for all orders."""
    world = newsworld.build(seed, "small", MONDAY + timedelta(days=day, hours=hour))
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
