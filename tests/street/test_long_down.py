"""Copydesk is down for longer than a topic reaches back: what was not matched is matched, or named as not told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.telling import TOO_OLD
from copydesk.errors import IndexUnavailable
from copydesk.index import Generations, Kind, Stored, Write
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord
from copydesk.outcomes import CaptureOutcome
from copydesk.views.status import funnel
from made.races import TOPICS, Newsroom, capture
from made.texts import paragraphs

MAX_AGE = TOPICS.topics[0].max_age
YOUNG = [f"young{number}.example/news" for number in range(3)]
OLD = "old.example/news"
ALIEN = "alien.example/news"
"""Meets no topic."""
MOST_WRITES = 200


@dataclass
class Stopping:
    """An Index whose worker dies with the machine in the middle of a write, after so many documents."""

    index: Generations
    left: int

    def __getattr__(self, name: str) -> object:
        return getattr(self.index, name)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write what is left to be written, then die."""
        answers = self.index.write(writes[: self.left])
        self.left -= len(answers)
        if len(answers) < len(writes):
            raise IndexUnavailable("gone with the machine")
        return answers


def published() -> Newsroom:
    """Three new texts that meet the topic, one that was too old when it was fetched, one about something else."""
    room = Newsroom(MemoryIndex(lag=True))
    now = room.clock.now()
    lines = {
        url: [f"The bridge of {url} is closed.", *paragraphs(n, 4)] for n, url in enumerate([*YOUNG, OLD])
    }
    made = [capture(url, lines[url], seen=now) for url in YOUNG]
    made.append(capture(OLD, lines[OLD], seen=now - MAX_AGE - timedelta(days=1), fetched=now))
    made.append(capture(ALIEN, paragraphs(9, 4), seen=now))
    room.publish(*made[::2])
    room.clock.wait(timedelta(milliseconds=1))
    room.publish(*made[1::2])
    return room


def down_and_up(room: Newsroom, left: int) -> bool:
    """Work until the worker dies, stay away for longer than any topic reaches back, and go on; whether it died."""
    died = False
    try:
        room.process(cast("Generations", Stopping(room.index, left)))
    except IndexUnavailable:
        died = True
    room.clock.wait(4 * MAX_AGE)
    room.process()
    return died


def told(room: Newsroom) -> dict[str, object]:
    """By outlet what became of the articles that met the topic: "rung", or why it was not told."""
    room.index.refresh()
    outlets = {row.id: str(row.body["outlet"]) for row in room.index.scan(Kind.ARTICLES)}
    notes = (row.body for row in room.index.scan(Kind.TOLD))
    return {outlets[str(body["article"])]: body.get("reason", "rung") for body in notes}


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_wherever_it_went_down_what_was_not_matched_is_matched_or_named(first: int) -> None:
    """Stopped before any write, or anywhere among them, and back after four times `max_age`: nothing is dropped.

    New texts ring once each; what was too old when it was fetched is named in `status`; the counts balance.
    """
    for left in range(first, MOST_WRITES, 4):  # four tests, each a quarter of all places
        room = published()
        died = down_and_up(room, left)
        expected = {url.partition("/")[0]: "rung" for url in YOUNG} | {"old.example": TOO_OLD}
        assert told(room) == expected, f"stopped after {left} documents"
        seen = funnel(room.index)
        assert (seen.alerts, seen.unrung, seen.imbalance) == (3, {("bridges", TOO_OLD): 1}, 0)
        records = (from_record(CaptureRecord, row.body) for row in room.index.scan(Kind.CAPTURES))
        assert {record.outcome for record in records} == {CaptureOutcome.INDEXED}
        if not died:
            return
    pytest.fail("the run never came to its end")
