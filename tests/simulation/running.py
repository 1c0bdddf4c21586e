"""Running scenes, and what came of them."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from random import Random

from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations
from simulation.faults import Faults, Killer, never
from simulation.laws import Breach, broken
from simulation.made import make
from simulation.scenes import Scene, undisturbed
from simulation.state import State, digest, state_of
from simulation.street import Mutant, Street, archives

__all__ = ["Broken", "Ended", "expected_of", "play", "stores", "whole"]

Store = Callable[[], Generations]
Broken = Callable[[str], Mutant]
"""Makes a mutant for a street whose archive has an address."""


def whole(_address: str) -> Mutant:
    """No mutant: every piece as it is."""
    return lambda ports: ports


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
    mutant: Broken = whole,
    store: Store = lambda: MemoryIndex(lag=True),
    street: Callable[..., Street] = Street,
) -> Ended:
    """Run a scene in a world of its own and hold its end against the laws."""
    expected = expected_of(scene.world, scene.rot)
    with _run(scene, killer=killer, mutant=mutant, store=store, street=street) as (played, state):
        breaches = tuple(broken(played, state, expected))
    return Ended(digest(state), breaches, played.turns.points, played.faults.counts, played.failures)


@cache
def expected_of(world: int, rot: int | None = None) -> State:
    """The end of a world in which nothing goes wrong, but for what the disk loses from a phase on."""
    scene = undisturbed(Scene(seed=0, world=world, rot=rot))
    store = partial(MemoryIndex, lag=True)
    with _run(scene, killer=never, mutant=whole, store=store, street=Street) as (street, state):
        wrong = broken(street, state, state)
    if wrong:
        raise AssertionError(f"world {world}, rot {rot} breaks laws undisturbed: {wrong[:5]}")
    return state


@contextmanager
def _run(
    scene: Scene, *, killer: Killer, mutant: Broken, store: Store, street: Callable[..., Street]
) -> Iterator[tuple[Street, State]]:
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with _ended(scene, killer=killer, mutant=mutant, store=store, street=street) as ended:
            sent = {ended.deliveries[id_] for id_ in ended.mails.got}
            yield ended, state_of(ended.index, ended.archive, ended.made, rung=ended.alerts, sent=sent)
    finally:
        logging.disable(before)


@contextmanager
def _ended(
    scene: Scene, *, killer: Killer, mutant: Broken, store: Store, street: Callable[..., Street]
) -> Iterator[Street]:
    """A street that has run to its end."""
    faults = Faults(Random(f"faults {scene.seed}"), scene.rates, killer)
    with archives(scene.archive) as address:
        made = make(scene.world)
        ended = street(scene, made, store, address, faults, mutant=mutant(address))
        ended.run()
        yield ended


@contextmanager
def stores(url: str) -> Iterator[Store]:
    """What makes empty indices on a server, each under a prefix of its own: a scene that loses its server needs two."""
    with ExitStack() as opened:

        def fresh() -> Generations:
            index = open_index(url, prefix=f"sim-{secrets.token_hex(4)}-", patience=timedelta(seconds=10))
            opened.callback(index.close)
            opened.callback(index.tear_down)
            index.setup()
            return index

        yield fresh
