"""What texts have in common: sums over equal hashes, of all pairs of some rows or of named pairs. Pure, vectorised.

Nothing here has a row and a column for every text: memory grows with the pairs that are asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.fingerprint import FULL, Fingerprint, Section

__all__ = [
    "Flags",
    "Floats",
    "Floats64",
    "Holders",
    "Ints",
    "Linked",
    "Measure",
    "Occurrences",
    "blocks",
    "common",
    "comparable",
    "count",
    "covered",
    "holders",
    "occurrences",
    "spans",
    "sums",
    "tiles",
]

Flags: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float32]
Floats64: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Linked: TypeAlias = tuple[Ints, Ints, Floats]
"""Pairs of places, and how strong their link is."""
Measure: TypeAlias = Callable[[Ints, Ints], NDArray[np.floating]]
"""Places of equal values in the one and in the other text -> what each of them weighs."""

PORTION = 1_000_000
"""Equal values looked at together."""
CELLS = 500_000
"""Pairs of which sums are made together: more leave the cache."""
TILE = 300
"""Texts that are compared with as many others: more leave the cache, for fewer calls cost more."""
TABLE = 1 << 22
"""Cells of the table in which values are looked up."""
TINY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The hashes of a section of some texts, strung together.

    Attributes:
        values: Numbers of the hashes, from 0 to `distinct`; equal for equal ones.
        rows: Which text each stands in, not falling.
        hashes: The hashes themselves.
        starts: Where those of each text begin, and where the last ones end.
    """

    values: Ints
    rows: Ints
    hashes: Ints
    starts: Ints
    distinct: int

    def part(self, which: Flags) -> "Occurrences":
        """Those that are flagged; values keep their numbers."""
        starts = np.concatenate(([0], np.cumsum(which)))[self.starts]
        return Occurrences(self.values[which], self.rows[which], self.hashes[which], starts, self.distinct)

    def only(self, which: Flags) -> "Occurrences":
        """Those that are flagged, the values that are left numbered anew."""
        left = self.part(which)
        known = np.bincount(left.values, minlength=self.distinct) > 0
        numbers = np.cumsum(known) - 1
        return replace(left, values=numbers[left.values], distinct=int(np.count_nonzero(known)))

    def shared(self) -> Flags:
        """Which of them another text has too."""
        return (np.bincount(self.values, minlength=self.distinct) > 1)[self.values]

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """All places of these texts, in their order; and for each which of them it belongs to."""
        return spans(self.starts[rows], self.starts[rows + 1] - self.starts[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """Which of some texts hold each value, and where: strung together by value, those of each from `starts` on."""

    columns: Ints
    places: Ints
    starts: Ints
    count: int


def occurrences(texts: Sequence[Fingerprint], section: Section) -> Occurrences:
    """The hashes of a section of texts."""
    own = [text.section(section) for text in texts]
    lengths = np.array([len(one) for one in own], np.int64)
    hashes = np.concatenate(own).astype(np.int64) & (FULL - 1)
    known, values = np.unique(hashes, return_inverse=True)
    rows = np.repeat(np.arange(len(texts)), lengths)
    return Occurrences(values, rows, hashes, np.concatenate(([0], np.cumsum(lengths))), len(known))


def spans(firsts: Ints, lengths: Ints) -> tuple[Ints, Ints]:
    """The numbers of spans one after the other; and for each which span it belongs to."""
    of = np.repeat(np.arange(len(firsts)), lengths)
    ends = np.cumsum(lengths)
    return np.arange(len(of)) + (firsts - ends + lengths)[of], of


def holders(of: Occurrences, columns: Ints) -> Holders:
    """Who of these texts holds which value; columns are counted as they are given."""
    places, owners = of.places(columns)
    values = of.values[places]
    order = np.argsort(values)
    counts = np.bincount(values, minlength=of.distinct)
    return Holders(owners[order], places[order], np.concatenate(([0], np.cumsum(counts))), len(columns))


def count(left: Ints, _: Ints) -> Floats:
    """The measure that counts."""
    return np.ones(len(left), np.float32)


def sums(of: Occurrences, measures: Sequence[Measure], rows: Ints, held: Holders) -> list[Floats64]:
    """For each measure [i, j]: the sum over the values that the text rows[i] and that of column j both hold."""
    places, owners = of.places(rows)
    values = of.values[places]
    repeats = held.starts[values + 1] - held.starts[values]
    cells = len(rows) * held.count
    out: list[Floats64] = []
    for start, end in _portions(repeats, PORTION):
        found, which = spans(held.starts[values[start:end]], repeats[start:end])
        keys = owners[start:end][which] * held.count + held.columns[found]
        left, right = places[start:end][which], held.places[found]
        more = [
            np.bincount(keys, measure(left, right), cells).astype(float, copy=False) for measure in measures
        ]
        out = [total + part for total, part in zip(out, more, strict=True)] if out else more
    out = out or [np.zeros(cells) for _ in measures]
    return [total.reshape(len(rows), held.count) for total in out]


def comparable(of: Occurrences, weights: Floats, halvings: Ints) -> Floats64:
    """[level, i]: what of text i's values weighs that survives so many halvings of another sketch."""
    levels = range(int(halvings.max(initial=0)) + 1)
    count = len(of.starts) - 1
    return np.array([np.bincount(of.rows, weights * (of.hashes < FULL >> level), count) for level in levels])


def covered(
    shared: NDArray[np.floating], most: Floats64, ones: Ints, halvings: NDArray[np.integer]
) -> Floats:
    """For sketches: which share what is shared is of what of each text could stand in another, thinned so often."""
    out: Floats = np.minimum(shared / np.maximum(most[halvings, ones], TINY), 1).astype(np.float32)
    return out


def common(of: Occurrences, ones: Ints, others: Ints, measures: Sequence[Measure]) -> list[Floats64]:
    """For each measure the sums over what is in common, pair by pair: of text ones[k] and text others[k]."""
    out = [np.zeros(len(ones)) for _ in measures]
    order = np.argsort(others)
    lengths = of.starts[ones[order] + 1] - of.starts[ones[order]]
    for start, end in _table_portions(others[order], lengths, of.distinct):
        which = order[start:end]
        columns, column = np.unique(others[which], return_inverse=True)
        known, owners = of.places(columns)
        # column 0 of the table is for values that none of these texts has
        number = np.zeros(of.distinct, np.int32)
        number[of.values[known]] = 1
        number *= np.cumsum(number, dtype=np.int32)
        width = int(number.max(initial=0)) + 1
        table = np.full(len(columns) * width, -1, np.int32)
        table[owners * width + number[of.values[known]]] = known
        left, pair = of.places(ones[which])
        right = table[(column * width)[pair] + number[of.values[left]]]
        hit = np.flatnonzero(right >= 0)
        left, right, pair = left[hit], right[hit], pair[hit]
        for found, measure in zip(out, measures, strict=True):
            found[which] = np.bincount(pair, measure(left, right), len(which))
    return out


def _table_portions(others: Ints, lengths: Ints, distinct: int) -> Iterator[tuple[int, int]]:
    """Bounds of pairs, sorted by the other text, whose table and whose values fit in memory."""
    fresh = np.append(True, others[1:] != others[:-1])[: len(others)].astype(np.int64)
    return _portions(np.maximum(lengths, fresh * (distinct * PORTION // TABLE)), PORTION)


def blocks(rows: Ints, columns: int) -> Iterator[Ints]:
    """Rows in blocks for which sums with so many columns stay in the cache."""
    most = max(1, CELLS // max(columns, 1))
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def tiles(count: int) -> list[Ints]:
    """All places, in tiles of which any two are compared once: what texts share is mutual."""
    return np.array_split(np.arange(count), -(-count // TILE))


def _portions(sizes: Ints, most: int) -> Iterator[tuple[int, int]]:
    """Bounds of portions of things of these sizes, each as large as `most` or of one thing."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(ends):
        done = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + most, side="right")))
        yield start, end
        start = end
