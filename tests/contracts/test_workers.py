"""That a worker's death between its writes changes nothing."""

import secrets
from datetime import timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations
from fakes import START
from racing import Newsroom, capture, outcome
from wires import paragraphs

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
