"""Two generations of the index beside one another: how many documents, and whether they are the same."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field

import orjson

from copydesk.index import Index, Kind
from copydesk.index.unreadable import field_of

__all__ = ["COMPARED", "Comparison", "compare", "digest"]

VOLATILE = frozenset({"absorbed", "fetched_at", "revision", "segment", "told"})
"""Left out of checksums: they say when, how often and by which way, not what, or what a replay never does."""

COMPARED = (Kind.ARTICLES, Kind.VERSIONS, Kind.FAMILIES, Kind.STORIES)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The live generation beside the rebuilt one.

    Attributes:
        counts: Kind -> documents before and after.
        equal: The kinds whose checksums agree (times and revisions left out).
        lost: Captures that could not be worked on, by reason: archive-lost, damaged, internal.
    """

    counts: dict[str, tuple[int, int]]
    equal: tuple[str, ...]
    lost: Counter[str] = field(default_factory=Counter)


def compare(live: Index, rebuilt: Index) -> Comparison:
    """Counts and checksums of two generations."""
    before = {kind: digest(live, kind) for kind in COMPARED}
    after = {kind: digest(rebuilt, kind) for kind in COMPARED}
    return Comparison(
        counts={kind.value: (before[kind][0], after[kind][0]) for kind in COMPARED},
        equal=tuple(kind.value for kind in COMPARED if before[kind] == after[kind]),
    )


def digest(index: Index, kind: Kind) -> tuple[int, str]:
    """How many documents, and a checksum that does not depend on their order, their times or their revisions.

    Records of what was merged into another do not count: they tell which way the outcome was reached.
    """
    index.refresh(kind)
    total, count = 0, 0
    for row in index.scan(kind):
        if field_of(row, "merged_into") is not None:
            continue
        lasting = {name: item for name, item in row.body.items() if name not in VOLATILE}
        line = orjson.dumps([row.id, lasting], option=orjson.OPT_SORT_KEYS)
        total = (total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256
        count += 1
    return count, f"sha256:{total:064x}"
