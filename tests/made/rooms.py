"""A street on which the made news world comes in by segments, each worked on and matched as soon as it is closed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import newsworld
from copydesk.config.topics import TopicsFile
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.model import Entry
from copydesk.pipeline import process
from copydesk.ports import Ports
from copydesk.segments import register
from copydesk.topic import Topic
from made import streets
from made.races import Read
from made.world import World, source

MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
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
    done: int = 0

    @property
    def ports(self) -> Ports:
        known = {paper.capture.id: paper.document for paper in self.arriving}
        return replace(self.street.ports, reader=Read(known))

    def live(self) -> None:
        """All pages that are left come in, and ring."""
        while self.comes():
            pass

    def comes(self, topics: Sequence[Topic] | None = None) -> bool:
        """The next segment comes in, and rings for its topics or for those given; False when there is none."""
        street, start = self.street, self.done
        self.done += streets.BATCH
        some = self.arriving[start : self.done]
        if not some:
            return False
        captures = [
            replace(paper.capture, quiet=number % QUIET == 0) for number, paper in enumerate(some, start)
        ]
        street.clock.time = max(street.clock.time, *(capture.fetched_at for capture in captures))
        for capture in captures:
            entries = [Entry(url=capture.url, source=capture.source)]
            enter(street.index, source(capture.outlet), entries, capture.first_seen_at, quiet=capture.quiet)
            street.archive.append(capture)
        register(street.index, street.archive.close(), captures, street.clock.now())
        asked = TopicsFile(topics=self.topics if topics is None else tuple(topics))
        process(self.ports, asked, lease=LEASE, until=street.clock.now() + LEASE)
        street.index.refresh()
        return True

    def told(self) -> Counter[tuple[str, str]]:
        """How often each topic rang for each story, as it is now."""
        alerts = [row.body for row in self.street.index.scan(Kind.ALERTS)]
        return Counter((str(one["topic"]), self.story_of(str(one["article"]))) for one in alerts)

    def story_of(self, article: str) -> str:
        """The story that an article is part of now."""
        return str(self.street.index.get(Kind.ARTICLES, [article])[article].body["story"])
