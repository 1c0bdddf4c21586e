"""What a seed decides, before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from simulation.faults import DRAWN

__all__ = ["WORLDS", "Scene", "draw", "undisturbed"]

WORLDS = 24
"""Seeds share worlds, so that what happens undisturbed is found out once for several of them."""


@dataclass(frozen=True)
class Scene:
    """One run.

    Attributes:
        world: Number of the made world.
        rates: How likely each fault is.
        alone: Whether one worker does everything, one step after the other, so that none meets another.
        switching: How likely a worker gives way at a touch.
        archive: Where it lies: in a folder, or where files are whole or not at all, as in object storage.
        rounds: Rounds of each phase in which faults strike.
        most_rounds: Rounds after which a phase that is not over counts as stuck.
        replays, backups: Phases in which they run beside everything else.
        rot: The phase from which on the archive's disk loses some of what is finished, or None.
        loss: The phase after which the server is lost and restored from the newest backup, or None.
    """

    seed: int
    world: int
    rates: Mapping[str, float] = field(default_factory=dict)
    alone: bool = False
    switching: float = 0.3
    archive: Literal["folder", "memory"] = "folder"
    rounds: int = 4
    most_rounds: int = 150
    replays: frozenset[int] = frozenset()
    backups: frozenset[int] = frozenset()
    rot: int | None = None
    loss: int | None = None


def draw(seed: int) -> Scene:
    """The scene of a seed. Pure."""
    chance = Random(f"scene {seed}")
    favour = {kind: chance.choice((0.0, 0.5, 1.0, 3.0)) for kind in DRAWN}
    return Scene(
        seed=seed,
        world=seed % WORLDS,
        rates={kind: rate * favour[kind] for kind, rate in DRAWN.items()},
        switching=chance.choice((0.02, 0.2, 0.6)),
        archive=chance.choice(("folder", "folder", "memory")),
        rounds=chance.randrange(2, 7),
        replays=frozenset(phase for phase in range(1, 4) if chance.random() < 1 / 4),
        backups=frozenset(phase for phase in range(4) if chance.random() < 1 / 2),
        loss=chance.choice((None, None, 1, 2)),
        rot=chance.choice((None, None, None, 0, 1, 2)),
    )


def undisturbed(scene: Scene) -> Scene:
    """The same world with nothing in its way, but for what the disk loses in it. Pure."""
    same = Scene(seed=scene.world, world=scene.world, rot=scene.rot)
    return replace(same, alone=True, rounds=0, switching=0.0, archive="memory")
