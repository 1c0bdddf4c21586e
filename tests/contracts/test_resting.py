"""Segments that are put down, given up and taken up again, on either index."""

import secrets
from dataclasses import replace
from datetime import timedelta

from copydesk.index import Generations, Kind
from copydesk.operating.retrying import retry
from copydesk.outcomes import Reason
from copydesk.pipeline import process
from copydesk.ports import Ports
from copydesk.segments import RESTS
from copydesk.views.status import funnel
from made.poison import Reading
from made.races import LEASE, TOPICS, Newsroom, capture
from made.texts import paragraphs

START = 7


def run(room: Newsroom, ports: Ports) -> dict[str, int]:
    return dict(process(ports, TOPICS, lease=LEASE, until=room.clock.now() + LEASE))


def test_a_poison_and_a_missing_segment_among_good_ones(index: Generations) -> None:
    """Each ends with its reason, the good ones at once; one command takes both up again, and all balances."""
    room, mark = Newsroom(index), secrets.token_hex(3)
    ports = replace(room.ports(), reader=Reading())
    names = []
    for number, name in enumerate(("good", "poison", "lost", "fine")):
        room.clock.wait(timedelta(seconds=1))
        host = "poison.example/news" if name == "poison" else f"{name}-{mark}.example/news"
        made = capture(f"{mark}.{host}", paragraphs(START + number, 4), seen=room.clock.time)
        names.append(room.publish(made).name)
    lost = room.archive.closed.pop(names[2])
    assert run(room, ports) == {"indexed": 2, "rejected": 1, "resting": 1}
    for rest in RESTS:
        assert run(room, ports) == {}
        room.clock.wait(rest)
        run(room, ports)
    seen = funnel(index)
    assert (dict(seen.reasons), seen.imbalance) == ({Reason.INTERNAL: 1, Reason.ARCHIVE_LOST: 1}, 0)
    assert [segment.name for segment in seen.resting] == [names[1]]
    room.archive.closed[names[2]] = lost
    assert retry(room.ports(), lease=LEASE)["captures"] == 2
    assert run(room, room.ports()) == {"indexed": 2}
    seen = funnel(index)
    assert (dict(seen.reasons), seen.imbalance, seen.resting) == ({}, 0, ())
    index.refresh(Kind.ARTICLES)
    assert len(list(index.scan(Kind.ARTICLES))) == 4
