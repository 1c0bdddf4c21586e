"""Which index a document lives in. Pure, but for `read_layout`, which asks the server.

State kinds live in `<prefix><kind>`. Derived kinds live in generations: replay fills `<prefix><kind>-g<N+1>`
beside the live `-g<N>`, then the alias `<prefix><kind>` moves over. Some are split further by time:
`-g1-2026.11` by month, `-g1-2026-w47` by ISO week.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from elasticsearch import Elasticsearch

from copydesk.index import DERIVED, Kind

__all__ = ["Layout", "generation_index", "read_layout"]

NAME = re.compile(r"(?P<kind>[a-z]+)-g(?P<generation>[0-9]+)(-(?P<label>[0-9]{4}(\.[0-9]{2}|-w[0-9]{2})))?")


@dataclass(frozen=True, slots=True)
class Layout:
    """The derived indices of a prefix.

    Attributes:
        live: The generation behind the aliases; 0 when there is none yet.
        indices: Generation -> kind -> labels of its partitions ("" for a kind that is not split).
    """

    live: int = 0
    indices: Mapping[int, Mapping[Kind, frozenset[str]]] = field(default_factory=dict)

    def labels(self, kind: Kind, generation: int) -> frozenset[str]:
        """The partitions of a kind in a generation."""
        return self.indices.get(generation, {}).get(kind, frozenset())


def generation_index(prefix: str, kind: Kind, generation: int, label: str = "") -> str:
    """Name of a derived index, or of one of its partitions."""
    return f"{prefix}{kind}-g{generation}" + (f"-{label}" if label else "")


def read_layout(client: Elasticsearch, prefix: str) -> Layout:
    """What exists on the server under a prefix."""
    answer = client.indices.get_alias(index=f"{prefix}*-g*", expand_wildcards="all")
    live, indices = 0, dict[int, dict[Kind, set[str]]]()
    for name, entry in answer.items():
        match = NAME.fullmatch(name.removeprefix(prefix))
        if match is None or match["kind"] not in set(DERIVED):
            continue
        generation = int(match["generation"])
        indices.setdefault(generation, {}).setdefault(Kind(match["kind"]), set()).add(match["label"] or "")
        if match["kind"] == Kind.STORIES and f"{prefix}{Kind.STORIES}" in entry["aliases"]:
            live = generation
    return Layout(
        live,
        {
            number: {kind: frozenset(labels) for kind, labels in kinds.items()}
            for number, kinds in indices.items()
        },
    )
