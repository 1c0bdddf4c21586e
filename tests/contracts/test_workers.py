"""That a worker's death between its writes changes nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations, Kind, Stored, Write
from made.races import Newsroom, capture, outcome
from made.texts import paragraphs
from made.world import START

WIRES = [
    lines for seed in range(3) for lines in (paragraphs(seed), paragraphs(seed)[:5], paragraphs(seed)[2:])
]
"""Three agency texts, each with two copies."""


class DiedError(BaseException):
    """What ends a worker in a test."""


@pytest.mark.parametrize("place", ["judgements", "articles"])
def test_a_worker_that_died_is_made_good(index: Generations, place: str) -> None:
    """Others find its texts; whoever takes up its segment stores what it judged but did not store, theirs included."""
    made = [
        capture(f"{secrets.token_hex(3)}-{n}.example/1", lines, seen=START) for n, lines in enumerate(WIRES)
    ]
    room, alone = Newsroom(index), Newsroom(MemoryIndex(lag=True))

    def die() -> None:
        raise DiedError

    room.publish(*made[::3])
    room.process()
    room.publish(*made[1::3])
    with pytest.raises(DiedError):
        room.interrupted(**{place: die})
    room.publish(*made[2::3])
    room.process()
    room.clock.wait(timedelta(hours=1))
    room.process()
    alone.publish(*made)
    alone.process()
    assert outcome(index) == outcome(alone.index)


@dataclass
class Mortal:
    """An index whose worker dies as it comes to its so-many-th write."""

    index: Generations
    left: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.index, name)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write, or die."""
        self.left -= 1
        if self.left < 0:
            raise DiedError
        return self.index.write(writes)


def rewritten(which: int, text: int, left: int) -> tuple[Newsroom, bool]:
    """A room in which one of three copies of a text became another, and whether its worker died of that.

    A roundup holds the beginnings of the text and of two others.
    """
    room = Newsroom(MemoryIndex(lag=True))
    brief = [line for seed in range(3) for line in paragraphs(seed)[:3]]
    pages = {f"{n}.example/1": lines for n, lines in enumerate(WIRES[:4])} | {"brief.example/1": brief}
    for minutes, (address, lines) in enumerate(pages.items()):
        room.publish(capture(address, lines, seen=START + timedelta(minutes=minutes)))
    room.process()
    seen = START + timedelta(minutes=which)
    room.publish(
        capture(f"{which}.example/1", paragraphs(text), seen=seen, fetched=seen + timedelta(hours=1))
    )
    try:
        room.process(cast("Generations", Mortal(room.index, left)))
    except DiedError:
        room.clock.wait(timedelta(hours=1))
        room.process()
        return room, True
    return room, False


@pytest.mark.parametrize(("which", "text"), [(0, 77), (2, 77), (0, 1)])
def test_a_changed_text_leaves_nobody_behind(which: int, text: int) -> None:
    """Wherever its worker dies, the articles it was with before are brought in line as well.

    Only a list of kin may stay longer than it must be, until the next decision on any of them.
    """
    alone, _ = rewritten(which, text, left=10**9)
    expected, left, died = known(alone), 0, True
    while died:
        room, died = rewritten(which, text, left)
        assert known(room) == expected, left
        left += 1
    assert left > 1


def known(room: Newsroom) -> dict[str, Any]:
    found = outcome(room.index)
    stories = found[Kind.STORIES].items()
    return found | {
        Kind.STORIES: {
            id_: {name: item for name, item in body.items() if name != "kin"} for id_, body in stories
        }
    }
