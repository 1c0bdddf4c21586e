"""Clocks that go wrong, zones that change, and days that are odd: nothing is lost and nothing told twice."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from copydesk.dates import moment
from copydesk.index import Kind
from copydesk.pipeline import ingest_once, process
from copydesk.views.status import funnel
from made.races import LEASE, TOPICS
from made.world import World, feed, page, source

SOURCE = source()
SKEWS = [timedelta(hours=-2), timedelta(minutes=-1), timedelta(0), timedelta(hours=1), timedelta(days=3)]
LINES = (
    "The bridge at Aldmoor was closed on Monday, officials said.",
    *tuple(
        f"Line {number} tells of the repairs that engineers planned for the northern span."
        for number in range(6)
    ),
)


def work(world: World) -> None:
    """One round of everything."""
    until = world.clock.now() + timedelta(seconds=45)
    ingest_once(world.ports, [SOURCE], shards=range(16), lease=LEASE, until=until)
    process(world.ports, TOPICS, lease=LEASE, until=until + LEASE)


@pytest.mark.parametrize("skew", SKEWS, ids=str)
def test_a_clock_that_jumps_loses_and_doubles_nothing(skew: timedelta) -> None:
    """Set back or forward between two rounds, by a little or by days, it delays at most."""
    world = World()
    for number in (1, 2):
        url = f"https://one.example/{number}"
        shown = [f"https://one.example/{earlier}" for earlier in range(1, number + 1)]
        world.web.pages |= {SOURCE.url: feed(*shown), url: page(LINES[0], *LINES, f"Page {number}.")}
        work(world)
        work(world)
        world.clock.time += skew
    for _ in range(20):
        world.clock.wait(timedelta(minutes=15))
        work(world)
    world.index.refresh()
    assert {str(row.body["url"]) for row in world.index.scan(Kind.ARTICLES)} == {
        "https://one.example/1",
        "https://one.example/2",
    }
    assert funnel(world.index).imbalance == 0
    assert len(world.post.sent) == 1


@pytest.fixture(params=["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The machine's zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Sun, 29 Mar 2026 02:30:00 +0200", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T02:30:00", datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        ("2028-02-29", datetime(2028, 2, 29, tzinfo=UTC)),
    ],
)
def test_the_zone_of_the_machine_means_nothing(said: str, meant: datetime) -> None:
    """Also in hours that a change of clocks leaves out or has twice, and on a leap day."""
    assert moment(said) == meant
