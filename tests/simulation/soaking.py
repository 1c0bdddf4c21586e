"""The street with its index on a real Elasticsearch, over connections that are cut at random.

Its sites and its archive are those of the simulation. Each worker has a client of its own, as each task has, and may be
killed; the end is looked at over a whole connection. When all connections are whole again the street is run to its end,
and the simulation's laws are asked.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random
from typing import TypeAlias, cast

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.errors import IndexUnreachable
from copydesk.index import Generations, Kind, Stored, Write
from simulation.changed import Changed
from simulation.cutting import CUTS, Proxy, cutting
from simulation.faults import Hold
from simulation.running import Ended, expected_of, play
from simulation.scenes import WORLDS, Scene
from simulation.state import digest
from simulation.street import Street

__all__ = ["Soaked", "counts_as_done", "drawn", "soak", "soaking"]

RATE = 0.012
"""How likely each kind of cut is at a request, in the middling seed."""
OTHERS = {"killed": 0.008, "timeout": 0.03, "cut answer": 0.03}
"""Of the workers, and of the connections to sites."""
Client: TypeAlias = Callable[[ElasticIndex], Generations]
PATIENCES = (0, 1, 5)
"""Seconds for which a client asks again; 0 for one that never does."""


@dataclass(frozen=True)
class Soaked:
    """What came of a soak.

    Attributes:
        is_same: Whether the whole state is that of the undisturbed run.
        counts: Requests and documents that reached the server.
    """

    ended: Ended
    is_same: bool
    counts: Counter[str]


@dataclass(eq=False)
class Wired(Street):
    """A street whose workers reach the index through a proxy, each with connections of its own.

    Attributes:
        prefix: Begins the names of its indices.
        patience: How long a client asks again, by the street's clock; while it pauses others go on.
    """

    prefix: str = ""
    patience: timedelta = timedelta(0)
    client: Client = lambda index: index
    proxy: Proxy = field(default_factory=lambda: Proxy("", Random()))

    def __post_init__(self) -> None:
        super().__post_init__()
        self.jitter = Random(f"pauses {self.scene.seed}").random
        self.opened: list[ElasticIndex] = []
        self.proxy.strike = self.faults.strike

    def phase(self, phase: int) -> None:
        """A phase; its workers are gone afterwards, and with them their connections."""
        super().phase(phase)
        self.proxy.settle()
        while self.opened:
            self.opened.pop().close()

    def view(self, hold: Hold) -> Generations:
        """The index of one worker."""
        index = open_index(
            self.proxy.url,
            prefix=self.prefix,
            patience=self.patience,
            sleep=lambda seconds: self._wait(hold, timedelta(seconds=seconds)),
            random=self.jitter,
            clock=self._seconds,
        )
        self.opened.append(index)
        return self.client(index)

    def _seconds(self) -> float:
        return self.clock.time.timestamp()


def drawn(seed: int) -> tuple[Scene, timedelta]:
    """The scene of a seed, and how patient its clients are. Pure."""
    chance = Random(f"soak {seed}")
    rates = {kind: RATE * chance.choice((0.5, 1.0, 2.0)) for kind in CUTS}
    scene = Scene(
        seed=seed,
        world=seed % WORLDS,
        rates=rates | OTHERS,
        switching=chance.choice((0.02, 0.2, 0.6)),
        rounds=chance.randrange(1, 4),
    )
    return scene, timedelta(seconds=chance.choice(PATIENCES))


def soak(
    scene: Scene,
    patience: timedelta,
    index: ElasticIndex,
    server: str,
    *,
    client: Client = lambda index: index,
) -> Soaked:
    """Run a scene on an index, which is emptied first; `client` may break what workers have in hand."""
    empty(index)
    with cutting(server, Random(f"proxy {scene.seed}")) as proxy:
        street = partial(Wired, prefix=index.prefix, patience=patience, client=client, proxy=proxy)
        ended = play(scene, store=lambda: index, street=street)
    return Soaked(ended, ended.digest == digest(expected_of(scene.world)), proxy.counts)


def counts_as_done(index: ElasticIndex) -> Generations:
    """A client that sends a write once, and takes no answer for done."""
    once = ElasticIndex(index.server.hasty(), index.prefix)

    def write(_: object, writes: Sequence[Write]) -> list[Stored]:
        try:
            return once.write(writes)
        except IndexUnreachable:
            return [Stored("stored")] * len(writes)

    return cast("Generations", Changed(index, "write", write))


@contextmanager
def soaking(server: str) -> Iterator[ElasticIndex]:
    """An index under a prefix of its own, of which nothing is left afterwards."""
    index = open_index(server, prefix=f"soak-{secrets.token_hex(4)}-", patience=timedelta(seconds=30))
    try:
        index.setup()
        yield index
    finally:
        index.tear_down()
        index.close()


def empty(index: ElasticIndex) -> None:
    """Make an index as it was when it was set up."""
    for kind in PARTITIONS:
        index.drop_older_than(kind, "9999.01")
    index.refresh(*Kind)
    index.write([Write(kind=kind, id=row.id, body=None) for kind in Kind for row in index.scan(kind)])
    index.refresh(*Kind)
