"""The Index port on Elasticsearch 8.19 or newer, the minimal distribution included.

Touches the server. State kinds live in one index each, derived kinds in generations and partitions (see
`layout`). Every trouble of the client comes out as IndexUnavailable.
"""

import random as chance
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta

from copydesk.adapters.elastic import reads
from copydesk.adapters.elastic import setup as elastic_setup
from copydesk.adapters.elastic.client import Patience, Server, open_client
from copydesk.adapters.elastic.points import at_point
from copydesk.adapters.elastic.routing import Routing
from copydesk.adapters.elastic.vitals import vitals
from copydesk.adapters.elastic.writes import batches, write_batch
from copydesk.index import Found, Kind, Order, Probe, Results, Spread, Stored, Where, Write
from copydesk.index.served import Health, Vitals
from copydesk.query.tree import Node

__all__ = ["ElasticIndex", "open_index"]


def open_index(  # noqa: PLR0913 (the last three only tests give)
    url: str,
    *,
    prefix: str = "copydesk-",
    username: str = "",
    password: str = "",
    api_key: str = "",
    ca_certs: str = "",
    patience: timedelta = timedelta(seconds=30),
    sleep: Callable[[float], None] = time.sleep,
    random: Callable[[], float] = chance.random,
    clock: Callable[[], float] = time.monotonic,
) -> "ElasticIndex":
    """The index on a server; nothing is asked of it yet.

    Args:
        url: Address of the server.
        prefix: Begins the name of every index, alias and template.
        username: For basic authentication; "" for none.
        password: Belongs to `username`.
        api_key: In place of both, encoded as the server gave it; "" for none.
        ca_certs: File of the authority that signed the server's certificate; "" for the system's.
        patience: How long a request is repeated while the server is unreachable, overloaded or blocked.
        sleep: Waits a number of seconds.
        random: A number in [0, 1), for the length of pauses.
        clock: Seconds, never going back.

    Raises:
        ConfigError: for an address that is none, two ways to log in, or a missing certificate file.
    """
    client = open_client(url, username=username, password=password, api_key=api_key, ca_certs=ca_certs)
    shown = url.rpartition("@")[2]
    return ElasticIndex(Server(client, shown, Patience(patience, sleep, random, clock)), prefix)


class ElasticIndex:
    """All documents by kind and id, on a server.

    Args:
        server: A client with its patience.
        prefix: Begins the name of every index, alias and template.
        generation: The generation of the derived kinds; 0 for the live one, whichever that is.
        points: Kinds that are read as of a point in time, by the ids of these.
    """

    def __init__(
        self, server: Server, prefix: str, *, generation: int = 0, points: Mapping[Kind, str] | None = None
    ) -> None:
        self.server = server
        self.prefix = prefix
        self._routing = Routing(server, prefix, fixed=generation, points=points or {})

    def close(self) -> None:
        """Close the connections; the generations made from this index share them."""
        self.server.client.close()

    # --- which indices there are ---

    def setup(self) -> None:
        """Make templates, state indices and a first generation, or bring them up to date. Idempotent."""
        elastic_setup.set_up(self.server, self.prefix)
        self._routing.forget()

    def health(self) -> Health:
        """How the server is, asked once."""
        return elastic_setup.health(self.server.hasty(), self.prefix)

    def vitals(self) -> Vitals:
        """What an operator asks about the server, asked once."""
        return vitals(self.server.hasty(), self.prefix)

    def begin_generation(self) -> "ElasticIndex":
        """An empty generation of the derived kinds, as an index of its own; a former attempt is deleted."""
        return self.generation(elastic_setup.open_generation(self.server, self.prefix))

    def generation(self, number: int) -> "ElasticIndex":
        """This index with its derived kinds in a given generation; state kinds are the same."""
        return ElasticIndex(self.server, self.prefix, generation=number)

    @property
    def number(self) -> int:
        """The generation this index reads and writes."""
        return self._routing.generation()

    def swap(self, to: int) -> None:
        """Make a generation live and delete the one before, in one atomic step."""
        elastic_setup.swap(self.server, self.prefix, to)
        self._routing.forget()

    def drop(self, generation: int) -> None:
        """Delete a generation that is not live, such as one whose replay was given up."""
        elastic_setup.drop(self.server, self.prefix, generation)

    def drop_older_than(self, kind: Kind, month: str) -> list[str]:
        """Delete partitions of a kind that end before a month ("2026.01") begins; the names of those deleted."""
        names = elastic_setup.drop_older_than(self.server, self.prefix, kind, month)
        self._routing.forget()
        return names

    def days_older_than(self, kind: Kind, month: str) -> dict[str, int]:
        """As the port says, as far as it is visible to searches."""
        return elastic_setup.days_older_than(self.server, self.prefix, kind, month)

    def compact(self, kind: Kind, day: date) -> list[str]:
        """As the port says: one segment each, though a late write adds one that is merged the next time."""
        return elastic_setup.compact(self.server, self.prefix, kind, day)

    def tear_down(self) -> None:
        """Delete every index and template of the prefix, state included. For tests and for leaving."""
        elastic_setup.tear_down(self.server, self.prefix)
        self._routing.forget()

    # --- the port ---

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """As the port says, from every partition."""
        return reads.get(self._routing, kind, ids)

    @contextmanager
    def frozen(self, *kinds: Kind) -> Iterator["ElasticIndex"]:
        """As the port says: for five minutes from one question to the next."""
        with ExitStack() as opened:
            points = {kind: opened.enter_context(at_point(self._routing, kind)) for kind in kinds}
            yield ElasticIndex(self.server, self.prefix, generation=self._routing.fixed, points=points)

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """As the port says; a document that can never be kept is refused with the server's reason."""
        if self._routing.points:
            raise TypeError("a frozen index is only read")
        return [stored for batch in batches(writes) for stored in write_batch(self._routing, batch)]

    def refresh(self, *kinds: Kind) -> None:
        """As the port says, with partitions that other workers have made meanwhile."""
        self._routing.forget()
        names = [self._routing.all_of(kind) for kind in kinds or Kind]
        reads.refresh(self._routing, names)

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        """As the port says, 10,000 documents at most; what lacks the sorting field comes last."""
        return reads.find(self._routing, kind, where, sort=sort, limit=limit)

    def spread(self, kind: Kind, where: Where, how: Spread) -> list[Found]:
        """As the port says, 100 documents of a value at most."""
        return reads.spread(self._routing, kind, where, how)

    def scan(self, kind: Kind) -> Iterator[Found]:
        """As the port says, as of one moment."""
        return reads.scan(self._routing, kind)

    def count(self, kind: Kind, *by: str) -> dict[tuple[str, ...], int]:
        """As the port says."""
        return reads.count(self._routing, kind, by)

    def candidates(self, probes: Sequence[Probe], *, limit: int = 50) -> list[list[str]]:
        """As the port says; among equals the earliest seen first."""
        return reads.candidates(self._routing, probes, limit=limit)

    def search(
        self, query: Node, *, where: Where | None = None, order: Order = Order.BEST, limit: int = 10
    ) -> Results:
        """As the port says."""
        return reads.search(self._routing, query, where or {}, order=order, limit=limit)

    def tally(self, query: Node, *by: str) -> dict[str, dict[str, int]]:
        """As the port says; exact while no month has more than 10,000 values of a field."""
        return reads.tally(self._routing, query, by)

    def suggest(self, words: Sequence[str]) -> dict[str, str]:
        """As the port says; two letters other at most, the first one alike."""
        return reads.suggest(self._routing, words)
