"""Sweeps: on the made news world they find nothing; what a worker left unmatched rings, once, and is counted."""

from datetime import timedelta

import pytest

from copydesk.alerting.sweeping import EVERY, Swept, sweep, swept
from copydesk.index import Kind
from made import streets
from made.rooms import WORLDS, Room, made, topics_of


def swept_now(room: Room) -> int:
    """A sweep, some time after the last one."""
    room.street.clock.wait(EVERY)
    return sweep(room.street.index, room.topics, room.street.clock.now(), room.street.archive)


def room_of(name: str) -> Room:
    world, papers = made(name)
    return Room(streets.arrivals(world, papers, "published"), topics_of(world))


@pytest.mark.parametrize("name", WORLDS)
def test_where_all_rang_nothing_is_found(name: str) -> None:
    """Neither from segment to segment nor over all of them at once, which is looked at again."""
    room = room_of(name)
    swept_now(room)
    found = 0
    while room.comes():
        found += swept_now(room) if room.done % 60 == 0 else 0
    before = list(room.street.index.scan(Kind.ALERTS))
    last = swept(room.street.archive)
    assert last is not None
    long_ago = last.model_copy(update={"until": last.until - timedelta(days=30)})
    room.street.archive.save("sweeps/last.json", long_ago.model_dump_json().encode())
    found += swept_now(room)
    room.street.index.refresh()
    assert (found, list(room.street.index.scan(Kind.ALERTS))) == (0, before)


def test_what_was_left_rings_once_and_is_counted() -> None:
    """Just what would have rung had the segments been matched, but for what a first poll brought."""
    whole, part = room_of("small 1"), room_of("small 1")
    whole.live()
    swept_now(part)
    number = 0
    while part.comes(() if number % 3 == 1 else None):
        number += 1
    missed = swept_now(part)
    part.street.index.refresh()
    assert missed > 0
    assert part.told() == whole.told()
    assert swept_now(part) == 0
    last = swept(part.street.archive)
    assert last is not None
    assert (last.missed, last.missed_at) == (missed, last.at - EVERY)


def test_a_new_topic_does_not_ring_for_what_was_there_before() -> None:
    """Nor one that was changed: from the sweep that first sees it so it is held against what comes."""
    room = room_of("small 2")
    swept_now(room)
    room.comes(())
    room.topics = tuple(topic.model_copy(update={"title": "other"}) for topic in room.topics)
    assert swept_now(room) == 0
    room.comes(())
    assert swept_now(room) > 0


def test_it_is_not_swept_more_often_than_every_quarter_of_an_hour() -> None:
    """Whatever calls it; a file of it that is damaged begins anew."""
    room = room_of("small 2")
    swept_now(room)
    at = room.street.clock.now()
    later = at + EVERY - timedelta(seconds=1)
    assert sweep(room.street.index, room.topics, later, room.street.archive) == 0
    assert swept(room.street.archive) == Swept(at=at, until=at, topics=dict.fromkeys(swept_topics(room), at))
    room.street.archive.save("sweeps/last.json", b"{")
    assert swept(room.street.archive) is None
    assert swept_now(room) == 0


def swept_topics(room: Room) -> list[str]:
    last = swept(room.street.archive)
    return list(last.topics) if last else []
