"""Running scenes, and what came of them."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from random import Random

from copydesk.adapters.elastic import open_index
from copydesk.adapters.memory import MemoryIndex
from copydesk.index import Generations
from simulation.faults import Faults, Killer, never
from simulation.laws import Breach, broken
from simulation.made import make
from simulation.scenes import Scene, undisturbed
from simulation.state import State, digest, state_of
from simulation.street import Mutant, Street, archives

__all__ = ["Ended", "expected_of", "play", "stores"]

Store = Callable[[], Generations]


@dataclass(frozen=True)
class Ended:
    """What came of a scene.

    Attributes:
        digest: Of the whole state.
        points: How often a worker could have given way to another.
        faults: How often which fault struck.
        failures: How often which task ended by which error.
    """

    digest: str
    breaches: tuple[Breach, ...]
    points: int
    faults: Counter[str]
    failures: Counter[str]


def play(
    scene: Scene,
    *,
    killer: Killer = never,
    mutant: Mutant = lambda ports: ports,
    store: Store = lambda: MemoryIndex(lag=True),
) -> Ended:
    """Run a scene in a world of its own and hold its end against the laws."""
    expected = expected_of(scene.world)
    with _run(scene, killer=killer, mutant=mutant, store=store) as (street, state):
        breaches = tuple(broken(street, state, expected))
    return Ended(digest(state), breaches, street.turns.points, street.faults.counts, street.failures)


@cache
def expected_of(world: int) -> State:
    """The end of a world in which nothing goes wrong."""
    scene = undisturbed(Scene(seed=0, world=world))
    store = partial(MemoryIndex, lag=True)
    with _run(scene, killer=never, mutant=lambda ports: ports, store=store) as (street, state):
        wrong = broken(street, state, state)
    if wrong:
        raise AssertionError(f"world {world} breaks laws undisturbed: {wrong[:5]}")
    return state


@contextmanager
def _run(scene: Scene, *, killer: Killer, mutant: Mutant, store: Store) -> Iterator[tuple[Street, State]]:
    logging.disable(logging.CRITICAL)
    faults = Faults(Random(f"faults {scene.seed}"), scene.rates, killer)
    with archives(scene.archive) as address:
        street = Street(scene, make(scene.world, undated=False), store(), address, faults, mutant=mutant)
        street.run()
        sent = {street.deliveries[id_] for id_ in street.mails.got}
        yield street, state_of(street.index, street.archive, street.made, rung=street.alerts, sent=sent)


@contextmanager
def stores(url: str) -> Iterator[Generations]:
    """An empty index on a server, under a prefix of its own."""
    index = open_index(url, prefix=f"sim-{secrets.token_hex(4)}-", patience=timedelta(seconds=10))
    index.setup()
    try:
        yield index
    finally:
        index.tear_down()
        index.close()
