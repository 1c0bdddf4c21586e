"""What some texts have in common: for each pair of them sums over equal hashes. Pure, vectorised."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.fingerprint import FULL, Fingerprint, Section

__all__ = ["Floats", "Ints", "Occurrences", "comparable", "covered", "occurrences", "products", "sums"]

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

PLACE_BITS = 32
PORTION = 1_000_000
"""Pairs of equal values looked at together."""
TINY = 1e-6
COLUMNS = 2048
"""Values whose products are summed together: more leave the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Occurrences:
    """The hashes of a section of some texts, strung together.

    Attributes:
        values: Numbers of the hashes, from 0 to `distinct`; equal for equal ones.
        rows: Which text each stands in, not falling.
        hashes: The hashes themselves.
        starts: Where those of each text begin.
    """

    values: Ints
    rows: Ints
    hashes: Ints
    starts: Ints
    distinct: int


def occurrences(texts: Sequence[Fingerprint], section: Section) -> Occurrences:
    """The hashes of a section of texts."""
    own = [text.section(section) for text in texts]
    lengths = np.array([len(one) for one in own])
    hashes = np.concatenate(own).astype(np.int64) & (FULL - 1)
    known, values = np.unique(hashes, return_inverse=True)
    rows = np.repeat(np.arange(len(texts)), lengths)
    return Occurrences(values, rows, hashes, np.cumsum(lengths) - lengths, len(known))


def sums(of: Occurrences, weights: Floats, count: int) -> Floats:
    """[i, j]: sum of the weights of the values of text i that stand in text j too; 0 where i is j."""
    out = np.zeros(count * count)
    for left, right in _equal(of.values):
        keys = of.rows[left] * count + of.rows[right]
        out += np.bincount(keys, weights[left], minlength=len(out))
    return out.reshape(count, count).astype(np.float32)


def covered(of: Occurrences, weights: Floats, halvings: Ints) -> tuple[Floats, Floats]:
    """For sketches: `sums`, and which share that is of what of text i could stand in j, whose sketch may be thinned."""
    common = sums(of, weights, len(halvings))
    most = np.maximum(comparable(of, weights, halvings), TINY)
    shares = np.minimum(common / most, 1).astype(np.float32)
    np.fill_diagonal(shares, 1)
    return common, shares


def comparable(of: Occurrences, weights: Floats, halvings: Ints) -> Floats:
    """[i, j]: what of text i's values weighs that survives the halvings of text j's sketch too."""
    count = len(halvings)
    out = np.repeat(np.bincount(of.rows, weights, count)[:, None], count, axis=1)
    for level in set(halvings.tolist()) - {0}:
        left = weights * (of.hashes < FULL >> level)
        out[:, halvings == level] = np.bincount(of.rows, left, count)[:, None]
    return out.astype(np.float32)


def products(of: Occurrences, left: Sequence[Floats], right: Floats, count: int) -> list[Floats]:
    """[i, j]: sum over the values that stand in both texts of the product of their two weights, for each left side."""
    shared = np.bincount(of.values, minlength=of.distinct) > 1
    column = np.cumsum(shared) - 1
    out = [np.zeros((count, count), np.float32) for _ in left]
    order = np.flatnonzero(shared[of.values])
    columns = column[of.values[order]]
    total_columns = int(shared.sum())
    for start in range(0, total_columns, COLUMNS):
        width = min(COLUMNS, total_columns - start)
        which = order[(columns >= start) & (columns < start + width)]
        at = of.rows[which], column[of.values[which]] - start
        other = np.zeros((count, width), np.float32)
        other[at] = right[which]
        for number, weights in enumerate(left):
            one = np.zeros((count, width), np.float32)
            one[at] = weights[which]
            out[number] += one @ other.T
    return out


def _equal(values: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of different places with equal values, in portions that fit in memory."""
    # value and place share one number: sorting it is several times as fast as sorting places by values
    keys = np.sort(values << PLACE_BITS | np.arange(len(values)))
    ranked, order = keys >> PLACE_BITS, keys & ((1 << PLACE_BITS) - 1)
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))[: len(ranked)]
    repeats = np.diff(starts, append=len(ranked))
    several = np.repeat(repeats > 1, repeats)
    firsts, repeats = np.repeat(starts, repeats)[several], np.repeat(repeats, repeats)[several]
    places = np.flatnonzero(several)
    ends = np.cumsum(repeats)
    start = 0
    while start < len(ends):
        done = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + PORTION, side="right")))
        times = repeats[start:end]
        left = np.repeat(places[start:end], times)
        right = np.repeat(firsts[start:end] - ends[start:end] + times + done, times) + np.arange(len(left))
        apart = left != right
        yield order[left[apart]], order[right[apart]]
        start = end
