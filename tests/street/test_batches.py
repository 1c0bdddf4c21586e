"""What `process` holds at once is bounded by bytes: large pages are worked on in several goes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
import pytest

from copydesk.index import Kind
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.outcomes import Reason
from copydesk.pipeline import process
from copydesk.views.status import funnel
from made.poison import published, segments
from made.races import LEASE, TOPICS
from made.world import Desk


@dataclass
class Weighing(Desk):
    """A Reader that notes the bytes of what it is given at once."""

    weights: list[int] = field(default_factory=list)

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        given = list(captures)
        self.weights.append(sum(len(one.body) for one in given))
        return super().read(given, profile)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 2.0])
def test_no_more_than_so_many_bytes_and_a_segment_are_worked_on_at_once(share: float) -> None:
    """In one run all of it is indexed once; a segment is never parted, and one is always taken."""
    room, reader = published(7), Weighing()
    sizes = [sum(len(one.body) for one in held) for held in room.archive.closed.values()]
    most = int(share * sum(sizes)) + 1
    ports = replace(room.ports(), reader=reader)
    done = process(ports, TOPICS, lease=LEASE, until=room.clock.now() + LEASE, most=most)
    assert (done["indexed"], done["alerts"]) == (13, 1)
    assert sum(reader.weights) == sum(sizes)
    assert max(reader.weights) < most + max(sizes)
    assert (len(reader.weights) == 1) is (share > 1)
    assert all(record.processed_at for record in segments(room))
    room.index.refresh()
    assert len(list(room.index.scan(Kind.ARTICLES))) == 13
    assert funnel(room.index).imbalance == 0


def test_what_killed_while_it_was_read_rests_once_whichever_go_it_falls_into() -> None:
    """The notes of the dead are read when segments are claimed, and count for all that is claimed then."""
    room = published(4)
    last = max(room.archive.closed)
    room.archive.save(f"working/{last}.json", b"[]")
    room.archive.save(f"killed/{last}.json", orjson.dumps([last]))
    done = process(room.ports(), TOPICS, lease=LEASE, until=room.clock.now() + LEASE, most=1)
    assert (done["indexed"], done["resting"]) == (13 - len(room.archive.closed[last]), 1)
    (resting,) = funnel(room.index).resting
    assert (resting.name, resting.attempts, resting.reason) == (last, 1, Reason.INTERNAL)
    room.clock.wait(timedelta(minutes=1))
    assert process(room.ports(), TOPICS, lease=LEASE, until=room.clock.now() + LEASE, most=1)["indexed"] > 0
