"""An archive with something in it, and ways to damage it."""

from datetime import timedelta
from pathlib import Path
from typing import cast

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.model import Capture, Segment
from copydesk.outcomes import CaptureOutcome
from copydesk.pipeline import process
from copydesk.views.status import funnel
from made.races import LEASE, TOPICS, Newsroom, capture
from made.texts import paragraphs
from made.world import START, Clock, Shelf

PER_SEGMENT = 4


def made(number: int) -> Capture:
    return capture(f"n{number}.example/news", paragraphs(number, 4), seen=START)


def stocked(folder: Path, segments: int = 3) -> tuple[Newsroom, list[Segment]]:
    """A real archive with some registered segments."""
    clock = Clock()
    archive = Archive(str(folder), now=clock.now, max_age=timedelta(days=1))
    room = Newsroom(MemoryIndex(lag=True), clock=clock, archive=cast("Shelf", archive))
    names = []
    for number in range(segments):
        clock.wait(timedelta(milliseconds=1))
        names.append(room.publish(*(made(number * PER_SEGMENT + at) for at in range(PER_SEGMENT))))
    return room, names


def run(room: Newsroom) -> dict[str, int]:
    return dict(process(room.ports(), TOPICS, lease=LEASE, until=room.clock.now() + LEASE))


def reasons(room: Newsroom) -> dict[str, int]:
    return dict(funnel(room.index).reasons)


def balanced(room: Newsroom) -> bool:
    """Every capture has an end, and together they are those that were registered."""
    seen = funnel(room.index)
    ends = {outcome for counts in seen.captures.values() for outcome in counts}
    return seen.imbalance == 0 and CaptureOutcome.PENDING not in ends


def damage(path: Path, at: float = 0.5) -> None:
    """Flip all bits of one byte."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(content)
