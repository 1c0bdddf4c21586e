"""What goes wrong, drawn from the seed; and a worker's hold on the world, which may be cut at any touch."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Literal, TypeAlias

from simulation.turns import Turns

__all__ = ["DRAWN", "PLACES", "Faults", "Hold", "KilledError", "Place", "never"]

Place: TypeAlias = Literal["before", "middle", "after"]
Killer: TypeAlias = Callable[[str], Place | None]
"""Whether a worker dies at a write, and where in it."""

DRAWN: Mapping[str, float] = {
    # of a site's answer
    "status 503": 0.06,
    "status 429": 0.03,
    "timeout": 0.03,
    "cut answer": 0.03,
    "redirect loop": 0.02,
    "html for a feed": 0.10,
    "not begun": 0.03,
    # of the disk
    "disk full": 0.04,
    "disk error": 0.01,
    "sync fails": 0.06,
    "archive away": 0.005,
    # of the index
    "unreachable": 0.004,
    "torn": 0.01,
    "late": 0.01,
    "conflicting": 0.05,
    "refused": 0.02,
    # of the rest
    "no reader": 0.06,
    "receiver down": 0.20,
    "receiver's answer lost": 0.10,
    "inbox away": 0.10,
    # of the worker
    "killed": 0.008,
}
"""How likely each fault is where it can strike, in the middling seed; a seed draws what it favours."""

PLACES: tuple[Place, ...] = ("before", "middle", "after")


class KilledError(BaseException):
    """The end of a worker: no `except Exception` holds it."""


def never(_what: str) -> Place | None:
    """Nobody dies."""
    return None


@dataclass(eq=False)
class Faults:
    """What strikes, while `on`; how often each kind did."""

    chance: Random
    rates: Mapping[str, float]
    killer: Killer = never
    on: bool = False
    counts: Counter[str] = field(default_factory=Counter)

    def strike(self, *kinds: str) -> str:
        """The fault that strikes now, of some kinds; "" for none."""
        if not self.on:
            return ""
        for kind in kinds:
            if self.chance.random() < self.rates.get(kind, 0.0):
                self.counts[kind] += 1
                return kind
        return ""

    def kill(self, what: str) -> Place | None:
        """Where in a write its worker dies, if it does."""
        place = self.killer(what)
        if place is None and self.on and self.chance.random() < self.rates.get("killed", 0.0):
            place = self.chance.choice(PLACES)
        if place:
            self.counts[f"killed {place} {what}"] += 1
        return place


@dataclass(eq=False)
class Hold:
    """One worker's hold on the world: gives way to others at every touch, and may be cut there for good.

    Attributes:
        over: Whether its step ended by an exception, so that what it had begun is for others to end.
        ended: Called once when it is cut, to let go of what a dead process would let go of.
    """

    name: str
    turns: Turns
    faults: Faults
    cut: bool = False
    over: bool = False
    ended: list[Callable[[], None]] = field(default_factory=list)

    def touch(self, *kinds: str) -> str:
        """Come to a touch that changes nothing: give way; the fault that strikes, or ""."""
        self._alive()
        self.turns.give_way()
        return self.faults.strike(*kinds)

    def write(self, what: str, *kinds: str) -> str:
        """Come to a write: give way, perhaps die; the fault that strikes, "middle", "after", or ""."""
        self._alive()
        self.turns.give_way()
        place = self.faults.kill(what)
        if place == "before":
            self.die()
        return place or self.faults.strike(*kinds)

    def survive(self, how: str) -> None:
        """End a write that was begun; die here if that was drawn."""
        if how in {"middle", "after"}:
            self.die()

    def die(self) -> None:
        """Be cut: from now on no touch reaches the world, as `finally` blocks of the dying would want."""
        self.cut = True
        for let_go in self.ended:
            let_go()
        raise KilledError(self.name)

    def _alive(self) -> None:
        if self.cut:
            raise KilledError(self.name)
