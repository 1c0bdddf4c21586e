"""Digests: whoever dies or sends at once, each story is in one message of a channel, and none comes before its time."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.delivering import deliver
from copydesk.alerting.matching import match
from copydesk.channels import LogChannel
from copydesk.index import Kind, Stored, Write
from copydesk.index.records import from_record, to_record
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.model import Alert
from copydesk.ports import Message, Sent
from copydesk.topic import Topic
from made.alerts import put
from made.world import Shelf

BEGIN = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
"""Hours before the clocks of Berlin go back."""
CHANNELS = {name: LogChannel(kind="log") for name in ("desk", "night")}
KEYS: dict[str, dict[str, object]] = {
    "alpha": {"cadence": "daily", "at": "02:30", "at_once": 2, "channels": ["desk", "night"]},
    "beta": {"channels": ["desk"], "limit": "1/h"},
    "gamma": {"cadence": "hourly", "quiet_hours": "22:00-02:30", "channels": ["desk"]},
    "delta": {"channels": ["night"], "quiet_hours": "23:00-03:30"},
}
TOPICS = [
    Topic.model_validate({"name": name, "any": [name], "time_zone": "Europe/Berlin", **keys})
    for name, keys in KEYS.items()
]
WORDS = [topic.name for topic in TOPICS]


class KilledError(BaseException):
    """The worker is gone."""


@dataclass
class Mortal:
    """An index whose worker dies at one of its writes: before it, or when it is done."""

    index: MemoryIndex
    writes: int

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """As the index does, as long as the worker lives."""
        self.writes -= 1
        if self.writes == 0:
            raise KilledError
        stored = self.index.write(writes)
        if self.writes == 1 and len(writes) > 1:
            raise KilledError
        return stored

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)


@dataclass
class Room:
    """A newsroom with what its channels got: time, id and body."""

    index: MemoryIndex = field(default_factory=lambda: MemoryIndex(lag=True))
    archive: Shelf = field(default_factory=Shelf)
    now: datetime = BEGIN
    got: list[tuple[datetime, str, str]] = field(default_factory=list)
    dies: bool = False
    ids: list[str] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)

    def send(self, message: Message) -> Sent:
        """Take a message; the sender may die before he writes that down."""
        self.got.append((self.now, message.id, message.body.decode()))
        if self.dies:
            self.dies = False
            raise KilledError
        return Sent("sent")

    def put(self, id_: str, story: str, words: Sequence[str]) -> None:
        """An article of a story comes, with the records that judging makes."""
        self.ids.append(id_)
        put(self.index, id_, story=story, text=" ".join(words), title="x", seen=self.now.isoformat())
        self.members.setdefault(story, []).append(id_)
        first, members = BEGIN, tuple(self.members[story])
        family = FamilyRecord(
            id=story,
            story=story,
            original=members[0],
            members=members,
            first_seen_at=first,
            last_seen_at=first,
        )
        record = StoryRecord(id=story, families=(story,), root=story, first_seen_at=first, last_seen_at=first)
        self.index.write([Write(kind=Kind.FAMILIES, id=story, body=to_record(family))])
        self.index.write([Write(kind=Kind.STORIES, id=story, body=to_record(record), create=True)])

    def ring(self, lives: int) -> None:
        """What came is matched, by a worker that may die; another takes up the same."""
        self.index.refresh()
        with suppress(KilledError):
            match(Mortal(self.index, lives), TOPICS, self.ids, self.now, self.archive)
        self.now += timedelta(minutes=1)
        match(self.index, TOPICS, self.ids, self.now, self.archive)

    def deliver(self, lives: int) -> None:
        """What is due is sent, by a sender that may die, and by another."""
        self.dies = lives % 3 == 0
        with suppress(KilledError):
            deliver(Mortal(self.index, lives), self, CHANNELS, self.now)
        self.dies = False
        deliver(self.index, self, CHANNELS, self.now)


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 20, 60, 200, 700]),
        st.lists(st.sampled_from(WORDS), max_size=3, unique=True),
        st.integers(0, 4),
        st.integers(1, 9),
        st.booleans(),
    ),
    max_size=9,
)


@settings(deadline=None, max_examples=150)
@given(STEPS)
def test_each_story_is_in_one_message_of_a_channel(
    steps: list[tuple[int, list[str], int, int, bool]],
) -> None:
    """Of all topics that it meets, and none before its time; a message is never empty, and is never another one."""
    room = Room()
    for number, (minutes, words, story, lives, sends) in enumerate(steps):
        room.now += timedelta(minutes=minutes)
        if words:
            room.put(f"a{number}", f"s{story}", words)
        room.ring(lives)
        if sends:
            room.deliver(lives)
    for _ in range(80):
        room.now += timedelta(minutes=31)
        room.deliver(100)
    room.index.refresh()
    alerts = [from_record(Alert, row.body) for row in room.index.scan(Kind.ALERTS)]
    story_of = {f"https://{id_}.example/1": f"s{step[2]}" for step, id_ in _articles(steps)}
    told: dict[tuple[str, str], set[str]] = defaultdict(set)
    bodies: dict[str, set[str]] = defaultdict(set)
    channel_of = {row.id: str(row.body["channel"]) for row in room.index.scan(Kind.DELIVERIES)}
    for at, id_, body in room.got:
        bodies[id_].add(body)
        for line in body.splitlines():
            name = story_of[line.rpartition(" ")[2]]
            told[channel_of[id_], name].add(id_)
            named = line.partition(":")[0].split(", ")
            mine = [one for one in alerts if one.story == name and one.topic in named]
            assert min(one.created_at for one in mine) <= at
            big = [one for one in mine if one.topic == "alpha"]
            assert big or min(one.digest_at or one.created_at for one in mine) <= at
    wanted = {(channel, one.story) for one in alerts for channel in one.channels}
    assert {key: len(ids) for key, ids in told.items()} == dict.fromkeys(wanted, 1)
    assert all(body for some in bodies.values() for body in some)
    states = {str(row.body["state"]) for row in room.index.scan(Kind.DELIVERIES)}
    assert states <= {"sent", "folded"}


def _articles(steps: Sequence[tuple[int, list[str], int, int, bool]]) -> list[tuple[Any, str]]:
    return [(step, f"a{number}") for number, step in enumerate(steps) if step[1]]
