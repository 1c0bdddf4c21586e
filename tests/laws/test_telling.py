"""Nobody is told twice: neither after a replay, nor on a server that was lost and restored."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.alerting.delivering import deliver
from copydesk.channels import LogChannel
from copydesk.config.topics import TopicsFile
from copydesk.index import Kind, Write
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.operating.backup import backup, restore
from copydesk.operating.replaying import replay
from copydesk.pipeline import process
from copydesk.ports import Ports, Sent
from copydesk.segments import register
from copydesk.topic import Topic
from made.texts import document as made
from made.texts import family, paragraphs
from made.world import World

LEASE = timedelta(minutes=1)
TOPICS = TopicsFile(
    topics=(Topic(name="all", any=("said",)), Topic(name="some", any=("northern", "flooded", "regional"))),
    channels={"log": LogChannel(kind="log")},
)
HALVES = paragraphs(5, 4)
BRIDGED = (
    made("f4-left", HALVES[:2], minutes=50),
    made("f4-right", HALVES[2:], minutes=20),
    made("f4-bridge", HALVES, minutes=80),
    made("f4-copy", HALVES[2:], minutes=90),
    made("f4-again", HALVES[:2], minutes=10),
)
"""Two texts that nobody can know to be one story until a third comes; and copies of both."""
EVENTS = {one.id: one for one in (*family(1, minutes=1), *family(2, minutes=2), *BRIDGED)}


@dataclass
class Reader:
    """A Reader that knows the documents of captures by their address."""

    def read(
        self,
        captures: Iterable[Capture],
        profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE,  # noqa: ARG002 (the port's)
    ) -> Iterator[Document | Rejection]:
        """The document of each capture, as it was fetched."""
        for capture in captures:
            document = EVENTS[urlsplit(capture.url).path[1:]]
            yield replace(document, capture_id=capture.id, fetched_at=capture.fetched_at)


@dataclass
class Newsroom:
    """A world in which articles arrive, are worked on, and the index is rebuilt, backed up or lost."""

    world: World = field(default_factory=World)

    @property
    def ports(self) -> Ports:
        return replace(self.world.ports, reader=Reader())

    def arrive(self, ids: Sequence[str]) -> None:
        """Articles are fetched into a segment, which waits."""
        world = self.world
        world.clock.wait(timedelta(minutes=5))
        captures = [
            Capture(
                id=f"c-{id_}",
                url=EVENTS[id_].url,
                final_url=EVENTS[id_].url,
                source="s",
                outlet=EVENTS[id_].outlet,
                publisher=EVENTS[id_].publisher,
                fetched_at=world.clock.now(),
                first_seen_at=EVENTS[id_].first_seen_at,
                body=b"",
            )
            for id_ in ids
        ]
        for capture in captures:
            world.archive.append(capture)
        register(world.index, world.archive.close(), captures, world.clock.now())

    def process(self) -> None:
        """What waits is worked on, and alerts are delivered."""
        until = self.world.clock.now() + timedelta(minutes=1)
        process(self.ports, TOPICS, lease=LEASE, until=until)
        deliver(self.world.index, self.world.post, TOPICS.channels, until, archive=self.world.archive)

    def replay(self) -> None:
        """The index is rebuilt."""
        replay(self.ports)

    def backup(self) -> None:
        """Housekeeping comes by."""
        self.world.clock.wait(timedelta(hours=1))
        backup(self.world.index, self.world.archive, self.world.clock.now())

    def lose(self, which: int = -1) -> None:
        """The server is lost, and all is restored from a backup and the archive."""
        lost = self.world
        names = lost.archive.names("backups")
        self.world = World(clock=lost.clock, archive=lost.archive, post=lost.post)
        restore(self.world.index, self.world.archive, names[which % len(names)])
        replay(self.ports)

    def told(self) -> Counter[str]:
        """How often the channel was told of each event, whichever topics it met."""
        lines = [message.body.decode() for message in self.world.post.sent]
        return Counter(line.rpartition("/")[2].split("-")[0] for line in lines)

    def rung(self) -> Counter[tuple[str, str]]:
        """How often each topic rang for each event."""
        self.world.index.refresh(Kind.ALERTS)
        alerts = [row.body for row in self.world.index.scan(Kind.ALERTS)]
        return Counter((str(one["topic"]), str(one["article"]).split("-", maxsplit=1)[0]) for one in alerts)


STEPS = st.sampled_from(["", "process", "process", "backup", "replay", "lose", "lose-earlier"])


@settings(deadline=None, max_examples=60)
@given(
    order=st.permutations(sorted(EVENTS)),
    sizes=st.lists(st.integers(1, 4), min_size=len(EVENTS), max_size=len(EVENTS)),
    steps=st.lists(STEPS, min_size=len(EVENTS), max_size=len(EVENTS)),
)
def test_whatever_is_rebuilt_or_lost_the_same_is_told_and_nothing_twice(
    order: Sequence[str], sizes: Sequence[int], steps: Sequence[str]
) -> None:
    """With replays, backups and lost servers anywhere, the same events are told as without, no more often.

    And a channel hears of none more often than each of its topics rings for it.
    """
    one, other = Newsroom(), Newsroom()
    at = 0
    for number, (size, step) in enumerate(zip(sizes, steps, strict=True)):
        for room in (one, other):
            room.arrive(order[at : at + size])
            if step == "process" or number == 0:
                room.process()
        at += size
        if number == 0:
            one.backup()
        elif step == "lose-earlier":
            one.lose(number)
        elif step not in {"", "process"}:
            getattr(one, step)()
        if at >= len(order):
            break
    for room in (one, other):
        room.process()
    assert set(one.told()) == set(other.told())
    assert all(times <= other.told()[event] for event, times in one.told().items())
    assert set(one.rung()) == set(other.rung())
    assert all(times <= other.rung()[key] for key, times in one.rung().items())
    assert all(
        room.told()[event] <= max(room.rung()[topic.name, event] for topic in TOPICS.topics)
        for room in (one, other)
        for event in room.told()
    )
    ids = [message.id for message in one.world.post.sent]
    assert len(ids) == len(set(ids))


def test_a_text_that_joined_a_told_story_is_told_wherever_it_goes() -> None:
    """What never met a topic, but was part of a story that was told, rings in no other one after a replay or a loss."""
    for rebuild in (Newsroom.replay, lambda room: (room.backup(), room.lose())):
        room = Newsroom()
        room.arrive(["f1-wire", "f1-cut"])
        room.process()
        room.world.index.refresh()
        rows = room.world.index.scan(Kind.TOLD)
        gone = [row for row in rows if row.body["article"] == "f1-cut"]
        room.world.index.write([Write(kind=Kind.TOLD, id=row.id, body=None) for row in gone])
        rebuild(room)
        room.world.index.refresh()
        told = {(row.body["topic"], row.body["article"]) for row in room.world.index.scan(Kind.TOLD)}
        assert told == {(topic, text) for topic in ("all", "some") for text in ("f1-wire", "f1-cut")}


def test_deliveries_of_stories_that_merged_are_told_once_after_a_replay_too() -> None:
    """Two alerts wait when their stories become one; the replayed story has other ids, and one message goes out."""
    for rebuilt in (False, True):
        room = Newsroom()
        room.world.post.answer = Sent("retry", "down", 3600)
        for ids in (["f4-left"], ["f4-right"], ["f4-bridge"]):
            room.arrive(ids)
            room.process()
        assert room.rung() == {("all", "f4"): 2, ("some", "f4"): 2}
        if rebuilt:
            room.replay()
        room.world.post.answer, room.world.post.sent = Sent("sent"), []
        room.world.clock.wait(timedelta(hours=2))
        room.process()
        assert room.told() == {"f4": 1}
        assert room.world.post.sent[0].body.startswith(b"all, some: ")
