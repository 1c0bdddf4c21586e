"""What a topic would have rung for is just what it rang for, on the made news world, also after a replay."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.backtesting import backtest
from copydesk.index import Kind
from copydesk.operating.replaying import replay
from made import streets
from made.rooms import WORLDS, Room, made, topics_of

EVER = datetime(2020, 1, 1, tzinfo=UTC)


def would_ring(room: Room) -> Counter[tuple[str, str]]:
    """How often each topic would have rung for each story, as it is now."""
    until = room.street.clock.now() + timedelta(days=1)
    return Counter(
        (topic.name, room.story_of(alert.article))
        for topic in room.topics
        for alert in backtest(room.street.index, MemoryIndex(), topic, since=EVER, until=until).alerts
    )


@pytest.mark.parametrize("name", WORLDS)
def test_what_would_have_rung_is_what_rang(name: str) -> None:
    """By topic and story, none more and none less, before and after a replay; some pages are of a first poll."""
    world, papers = made(name)
    room = Room(streets.arrivals(world, papers, "published"), topics_of(world))
    room.live()
    assert room.told() == would_ring(room)
    assert len(room.told()) > 30
    replay(room.ports)
    assert room.told() == would_ring(room)


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("name", WORLDS)
def test_in_disorder_it_knows_better(name: str, order: str) -> None:
    """It rings for nothing that did not ring, once each; the rest are roundups and stories that live were two."""
    world, papers = made(name)
    room = Room(streets.arrivals(world, papers, order), topics_of(world))
    room.live()
    told, found = room.told(), would_ring(room)
    assert found <= told
    contains = {
        row.body["story"] for row in room.street.index.scan(Kind.ARTICLES) if row.body.get("contains")
    }
    assert {story for _, story in told.keys() - found.keys()} <= contains
    assert set(found.values()) == {1}
