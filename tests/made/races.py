"""Two workers whose steps meet exactly where a test wants them to: no threads, no waiting, no chance."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from copydesk.config.topics import TopicsFile
from copydesk.index import Body, Generations, Kind, Stored, Write
from copydesk.model import Capture, Document, Segment
from copydesk.pipeline import process
from copydesk.ports import Ports
from copydesk.segments import register
from copydesk.topic import Topic
from made.world import Clock, Post, Shelf, World, page

TOPICS = TopicsFile(topics=(Topic(name="bridges", any=("bridge",)),))
LEASE = timedelta(minutes=1)

SEEN = (Kind.ARTICLES, Kind.VERSIONS, Kind.JUDGEMENTS, Kind.FINGERPRINTS)
PASSING = {"revision", "absorbed", "told"}
"""Fields that say how things came about."""


@dataclass
class Interrupted:
    """An Index that lets something else happen right before the first write of some kinds.

    Attributes:
        meanwhile: Kind -> what happens then, once; `None` stands for a refresh.
        met: The kinds at which something happened.
    """

    index: Generations
    meanwhile: dict[Kind | None, Callable[[], object]]
    met: list[Kind | None] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.index, name)
        if name not in {"write", "refresh"}:
            return method

        def interrupted(*given: Any) -> Any:
            kinds = {write.kind for write in given[0]} if name == "write" else {None}
            for kind in kinds & self.meanwhile.keys():
                self.met.append(kind)
                self.meanwhile.pop(kind)()
            return method(*given)

        return interrupted


@dataclass
class Beaten:
    """An Index on which somebody else is often faster: half of the records that are written under guard have moved.

    Whoever it was wrote again what was there.
    """

    index: Generations
    chance: Random
    times: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write, after somebody else."""
        guarded = [write for write in writes if write.seen is not None and self.chance.random() < 1 / 2]
        self.times += len(guarded)
        self.index.write([replace(write, body=write.seen.body, seen=None) for write in guarded if write.seen])
        return self.index.write(writes)


@dataclass(frozen=True)
class Read:
    """A Reader of pages that were read before."""

    documents: Mapping[str, Document]

    def read(self, captures: Iterable[Capture], _: object = None) -> Iterator[Document]:
        return (self.documents[capture.id] for capture in captures)


@dataclass
class Newsroom:
    """An archive, a clock and a post office that several workers share; each has its own view of the index."""

    index: Generations
    clock: Clock = field(default_factory=Clock)
    archive: Shelf = field(default_factory=Shelf)
    post: Post = field(default_factory=Post)

    def ports(self, index: Generations | None = None) -> Ports:
        """What a worker works with."""
        world = World(clock=self.clock, archive=self.archive, post=self.post)
        return replace(world.ports, index=index or self.index)

    def publish(self, *captures: Capture) -> Segment:
        """Archive captures in a segment of their own and register it."""
        for capture in captures:
            self.archive.append(capture)
        segment = self.archive.close()
        assert segment is not None
        register(self.index, segment, captures, self.clock.now())
        return segment

    def process(self, index: Generations | None = None) -> None:
        """Work on all that is registered and free, as one worker."""
        process(self.ports(index), TOPICS, lease=LEASE, until=self.clock.now() + LEASE)

    def interrupted(self, **meanwhile: Callable[[], object]) -> None:
        """The same, with interruptions, by the names of kinds; fails when one of them never came."""
        steps = {None if name == "refresh" else Kind(name): step for name, step in meanwhile.items()}
        index = Interrupted(self.index, dict(steps))
        self.process(cast("Generations", index))
        assert set(index.met) == set(steps), f"never written: {set(steps) - set(index.met)}"


def capture(
    address: str, lines: Sequence[str], *, seen: datetime, fetched: datetime | None = None
) -> Capture:
    """A fetched page of the outlet the address begins with."""
    url = f"https://{address}"
    outlet = address.partition("/")[0]
    fetched_at = fetched or seen
    return Capture(
        id=f"{address.replace('/', '-')}-{fetched_at:%d%H%M%S}",
        url=url,
        final_url=url,
        source=outlet,
        outlet=outlet,
        publisher=outlet,
        fetched_at=fetched_at,
        first_seen_at=seen,
        content_type="text/html; charset=utf-8",
        body=page(lines[0][:60], *lines),
    )


def outcome(index: Generations) -> dict[str, Any]:
    """All that is known of the articles, whoever wrote it in whichever order.

    Families and stories count as far as an article is in them, without the ids they had before.
    """
    index.refresh()
    seen: dict[str, Any] = {kind: _bodies(index, kind) for kind in SEEN}
    judged = seen[Kind.JUDGEMENTS].values()
    for kind, name in ((Kind.FAMILIES, "family"), (Kind.STORIES, "story")):
        records = _bodies(index, kind)
        seen[kind] = {body[name]: records[body[name]] for body in judged}
    return seen


def _bodies(index: Generations, kind: Kind) -> dict[str, Body]:
    return {
        row.id: {name: item for name, item in row.body.items() if name not in PASSING}
        for row in index.scan(kind)
    }
