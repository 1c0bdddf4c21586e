"""Which index answers for a kind just now: the layout, looked up and kept for a moment.

Touches the server: reads the list of indices, and makes a partition when the first document for it comes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from copydesk.adapters.elastic.client import Server
from copydesk.adapters.elastic.layout import Layout, generation_index, read_layout
from copydesk.adapters.elastic.partitions import PARTITIONS
from copydesk.adapters.elastic.setup import create_index
from copydesk.errors import IndexNotSetUp
from copydesk.index import DERIVED, Kind

__all__ = ["Routing"]

BELIEVED = 1.0
"""Seconds for which a list of partitions is believed; whoever misses something in it looks again."""


@dataclass(slots=True)
class Routing:
    """The indices of documents, in the live generation or in a fixed one that is still being built.

    Attributes:
        fixed: The generation to stay in; 0 to follow the live one.
        points: Kinds that are read as of a point in time, by the ids of these.
    """

    server: Server
    prefix: str
    fixed: int = 0
    points: Mapping[Kind, str] = field(default_factory=dict)
    _layout: Layout = field(default_factory=Layout)
    _read_at: float | None = None

    def forget(self) -> None:
        """Look the layout up again next time."""
        self._read_at = None

    def indices(self, kind: Kind) -> list[str]:
        """Every index that may hold a document of a kind."""
        if kind not in DERIVED:
            return [f"{self.prefix}{kind}"]
        labels = self.labels(kind) if kind in PARTITIONS else [""]
        return [self.partition(kind, label) for label in labels]

    def labels(self, kind: Kind) -> list[str]:
        """The partitions of a kind that exist."""
        return sorted(self._current().labels(kind, self.generation()))

    def index_for(self, kind: Kind, label: str) -> str:
        """The index for a document, made first if it is the first of its partition.

        Raises IndexNotSetUp on a server that was emptied: it would make an index by itself, without our mapping.
        """
        if kind not in DERIVED:
            self._current()
            return f"{self.prefix}{kind}"
        if label and label not in self.labels(kind):
            # Anew, for since then another worker may have made it, or a replay may have been swapped in.
            self.forget()
            live = self._current().live == self.generation()
            create_index(
                self.server, self.partition(kind, label), alias=f"{self.prefix}{kind}" if live else ""
            )
            self.forget()
        return self.partition(kind, label)

    def partition(self, kind: Kind, label: str) -> str:
        """Name of a partition, whether it exists or not; with label "" of a kind that is not split."""
        return generation_index(self.prefix, kind, self.generation(), label)

    def all_of(self, kind: Kind) -> str:
        """What to search for all documents of a kind: an index, an alias or a pattern."""
        if kind not in DERIVED or not self.fixed:
            return f"{self.prefix}{kind}"
        return generation_index(self.prefix, kind, self.fixed, "*" if kind in PARTITIONS else "")

    def generation(self) -> int:
        """The generation that derived kinds are read from and written to."""
        return self.fixed or self._current().live

    def _current(self) -> Layout:
        now = self.server.patience.clock()
        if self._read_at is None or now - self._read_at > BELIEVED:
            self._layout = self.server.ask(lambda client: read_layout(client, self.prefix))
            self._read_at = now
            if not self.fixed and not self._layout.live:
                self.forget()
                raise IndexNotSetUp(
                    f"Elasticsearch at {self.server.url} has no indices named {self.prefix}*: set it up first"
                )
        return self._layout
