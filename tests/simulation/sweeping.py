"""One scene without other faults, killed once: before, in the middle of and after each of its writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from simulation.faults import PLACES, Place
from simulation.running import Broken, Ended, play, whole
from simulation.scenes import Scene

__all__ = ["points", "sweep"]

SCENE = Scene(seed=7, world=7, alone=True, rounds=0, switching=0.0, archive="folder")


@dataclass(eq=False)
class Nth:
    """Kills the worker at the n-th write, which is counted from the first one on."""

    number: int
    place: Place
    seen: int = 0

    def __call__(self, _what: str) -> Place | None:
        """Whether this is the write."""
        self.seen += 1
        return self.place if self.seen == self.number else None


@cache
def writes() -> int:
    """How many writes the scene has."""
    counting = Nth(0, "before")
    play(SCENE, killer=counting)
    return counting.seen


def points() -> Iterator[str]:
    """Every kill point, as the command line takes it."""
    for number in range(1, writes() + 1):
        for place in PLACES:
            yield f"{number}:{place}"


def sweep(point: str, mutant: Broken = whole) -> Ended:
    """Play the scene with one worker killed at a point."""
    number, _, place = point.partition(":")
    if place not in PLACES:
        raise ValueError(f"{point}: must be such as 17:middle")
    return play(SCENE, killer=Nth(int(number), place), mutant=mutant)
