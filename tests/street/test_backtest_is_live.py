"""What a topic would have rung for is just what it rang for, on the made news world, also after a replay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

import newsworld
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.backtesting import backtest
from copydesk.config.topics import TopicsFile
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.model import Entry
from copydesk.operating.replaying import replay
from copydesk.pipeline import process
from copydesk.ports import Ports
from copydesk.segments import register
from copydesk.topic import Topic
from made import streets
from made.races import Read
from made.world import World, source

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
EVER = datetime(2020, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=1)
QUIET = 7
"""Each so many pages is one that a first poll brought."""

WORLDS = {"small 1": (1, "small", 0), "small 2": (2, "small", 6), "demo": (7, "demo", 3)}


@cache
def made(name: str) -> tuple[newsworld.World, list[streets.Paper]]:
    """A world on a day of the week, and its pages, read once."""
    seed, size, day = WORLDS[name]
    start = MONDAY + timedelta(days=day)
    world = newsworld.build(seed, size, start, days=start)
    return world, streets.papers(world)


def topics_of(world: newsworld.World) -> tuple[Topic, ...]:
    """The world's own topics, one that every page meets, the same of single outlets, and a query."""
    own = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(world)]
    outlets = sorted(outlet.name for outlet in world.outlets)
    narrow = [
        streets.EVERYTHING.model_copy(update={"name": f"of-{outlet}", "outlets": (outlet,)})
        for outlet in outlets[:3]
    ]
    return (*own, streets.EVERYTHING, *narrow, Topic(name="asked", query="(train OR zug OR поезд) -museum"))


@dataclass
class Room:
    """A street whose pages come in segments of some, each worked on and matched as soon as it is closed."""

    arriving: Sequence[streets.Paper]
    topics: tuple[Topic, ...]
    street: World = field(default_factory=World)

    @property
    def ports(self) -> Ports:
        known = {paper.capture.id: paper.document for paper in self.arriving}
        return replace(self.street.ports, reader=Read(known))

    def live(self) -> None:
        """All pages come in, and ring."""
        street = self.street
        for start in range(0, len(self.arriving), streets.BATCH):
            captures = [
                replace(paper.capture, quiet=number % QUIET == 0)
                for number, paper in enumerate(self.arriving[start : start + streets.BATCH], start)
            ]
            street.clock.time = max(capture.fetched_at for capture in captures)
            for capture in captures:
                entries = [Entry(url=capture.url, source=capture.source)]
                paper = source(capture.outlet)
                enter(street.index, paper, entries, capture.first_seen_at, quiet=capture.quiet)
                street.archive.append(capture)
            register(street.index, street.archive.close(), captures, street.clock.now())
            process(self.ports, TopicsFile(topics=self.topics), lease=LEASE, until=street.clock.now() + LEASE)

    def told(self) -> Counter[tuple[str, str]]:
        """How often each topic rang for each story, as it is now."""
        alerts = [row.body for row in self.street.index.scan(Kind.ALERTS)]
        return Counter((str(one["topic"]), self.story_of(str(one["article"]))) for one in alerts)

    def tested(self) -> Counter[tuple[str, str]]:
        """How often each would have."""
        index, until = self.street.index, self.street.clock.now() + timedelta(days=1)
        return Counter(
            (topic.name, self.story_of(alert.article))
            for topic in self.topics
            for alert in backtest(index, MemoryIndex(), topic, since=EVER, until=until).alerts
        )

    def story_of(self, article: str) -> str:
        """The story that an article is part of now."""
        return str(self.street.index.get(Kind.ARTICLES, [article])[article].body["story"])


@pytest.mark.parametrize("name", WORLDS)
def test_what_would_have_rung_is_what_rang(name: str) -> None:
    """By topic and story, none more and none less, before and after a replay; some pages are of a first poll."""
    world, papers = made(name)
    room = Room(streets.arrivals(world, papers, "published"), topics_of(world))
    room.live()
    room.street.index.refresh()
    assert room.told() == room.tested()
    assert len(room.told()) > 30
    replay(room.ports)
    assert room.told() == room.tested()


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("name", WORLDS)
def test_in_disorder_it_knows_better(name: str, order: str) -> None:
    """It rings for nothing that did not ring, once each; the rest are roundups and stories that live were two."""
    world, papers = made(name)
    room = Room(streets.arrivals(world, papers, order), topics_of(world))
    room.live()
    room.street.index.refresh()
    told, tested = room.told(), room.tested()
    assert tested <= told
    contains = {
        row.body["story"] for row in room.street.index.scan(Kind.ARTICLES) if row.body.get("contains")
    }
    assert {story for _, story in told.keys() - tested.keys()} <= contains
    assert set(tested.values()) == {1}
