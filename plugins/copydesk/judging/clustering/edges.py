"""Which texts must be decided on together, by the two alone and whatever else there is. Pure, vectorised.

An edge asks for less than a link does, and nothing of other texts: so which component a text is in does not depend on
who came first, and the search finds it (candidates.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.components import components_by
from copydesk.judging.clustering.pairs import (
    Flags,
    Floats,
    Floats64,
    Holders,
    Ints,
    Occurrences,
    blocks,
    comparable,
    count,
    covered,
    holders,
    occurrences,
    sums,
)
from copydesk.judging.fingerprint import (
    LEAST_SEARCHED,
    NAME,
    NUMBER,
    WINDOW,
    Fingerprint,
    Section,
    searched_names,
)

__all__ = ["Edges", "edges_of", "prepare"]

LEAST_COVER = 0.15
"""Share of one of the texts that stands in the other."""
LEAST_FACTS = 0.33
"""Share of names and numbers of the side with fewer that two texts on one event have in common."""
LEAST_ITEM, LEAST_HELD = 0.35, 4
"""Share of a text, or of an item of a digest as long as its others, that stand in both; and runs of words."""
FRONTIER = 64
"""Texts whose edges are looked for together: what they reach needs no other look."""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Some texts, prepared so that one can ask which have an edge.

    Attributes:
        most: For each halving of the other sketch how many runs of each text survive.
        facts: The names and numbers of each text; `sizes` how many they are.
        counts: How many items each has, 0 for a report.
        seen: When each was first seen, in seconds.
    """

    sketch: Occurrences
    halvings: Ints
    most: NDArray[np.float64]
    speech: Occurrences
    names: Occurrences
    facts: Occurrences
    sizes: Ints
    counts: Ints
    seen: NDArray[np.float64]

    def beside(self, columns: Ints) -> "Columns":
        """Some of the texts, with which any others can be compared."""
        parts = (self.sketch, self.speech, self.names, self.facts)
        return Columns(self, columns, [holders(part, columns) for part in parts])

    def components(self, places: Sequence[int], bound: Sequence[tuple[int, int]] = ()) -> list[list[int]]:
        """The components of these places, each sorted; what is bound is connected as by an edge.

        From one of them to all that it has an edge with, and on from there: where most texts of an event have edges
        with each other, each is compared with few.
        """
        brought: dict[int, list[int]] = {}
        for one, other in (*bound, *((other, one) for one, other in bound)):
            brought.setdefault(one, []).append(other)
        left = np.array(sorted(places), np.int64)
        beside = self.beside(left)
        found = []
        while len(left) > FRONTIER:
            component, ahead = [int(left[0])], [int(left[0])]
            left = left[1:]
            while ahead and len(left):
                some, ahead = ahead[:FRONTIER], ahead[FRONTIER:]
                if len(left) < len(beside.columns) // 2:
                    beside = self.beside(left)
                reached = beside.columns[beside.edges(np.array(some)).any(axis=0)]
                more = np.intersect1d(
                    left, [*reached.tolist(), *(other for one in some for other in brought.get(one, ()))]
                )
                left = np.setdiff1d(left, more, assume_unique=True)
                component += more.tolist()
                ahead += more.tolist()
            found.append(sorted(component))
        return [*found, *self._of_few(left, brought)]

    def _of_few(self, places: Ints, brought: Mapping[int, Sequence[int]]) -> list[list[int]]:
        at = {place: number for number, place in enumerate(places.tolist())}
        ones, others = np.nonzero(self.beside(places).edges(places))
        pairs = [*zip(ones.tolist(), others.tolist(), strict=True)]
        pairs += [(at[one], at[other]) for one in at for other in brought.get(one, ()) if other in at]
        return [[int(places[number]) for number in some] for some in components_by(len(at), pairs)]

    def items(self, digests: Sequence[int]) -> list[list[int]]:
        """For each digest the places of those other texts of which it holds a good part, if there is an edge."""
        if not digests:
            return []
        beside = self.beside(np.arange(len(self.seen)))
        items = np.maximum(self.counts, 1)
        found: list[list[int]] = []
        for rows in blocks(np.array(digests, np.int64), len(items)):
            shared, cover, back = beside.common(rows)
            share = np.maximum(cover * items[rows][:, None], back * items[None, :])
            held = (shared >= LEAST_HELD) & (share >= LEAST_ITEM) & beside.edges(rows)
            held[:, digests] = False
            found += [np.flatnonzero(one).tolist() for one in held]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some texts, and who of them holds which run, quote, name and fact."""

    of: Edges
    columns: Ints
    held: Sequence[Holders]

    def edges(self, rows: Ints) -> Flags:
        """[i, j]: whether rows[i] and columns[j] must be decided on together; true where they are one text."""
        of, columns = self.of, self.columns
        shared, cover, back = self.common(rows)
        out: Flags = (shared >= LEAST_SEARCHED["terms"]) & (np.maximum(cover, back) >= LEAST_COVER)
        out |= _shared(of.speech, rows, self.held[1]) >= LEAST_SEARCHED["quotes"]
        smaller = np.maximum(np.minimum(of.sizes[rows][:, None], of.sizes[columns][None, :]), 1)
        out |= (_shared(of.names, rows, self.held[2]) >= LEAST_SEARCHED["names"]) & (
            _shared(of.facts, rows, self.held[3]) >= LEAST_FACTS * smaller
        )
        out &= np.abs(of.seen[rows][:, None] - of.seen[columns][None, :]) <= WINDOW.total_seconds()
        out |= rows[:, None] == columns[None, :]
        return out

    def common(self, rows: Ints) -> tuple[Floats64, Floats, Floats]:
        """How many runs of three words each pair shares, and which share that is of the row, and of the column."""
        of, columns = self.of, self.columns
        shared = _shared(of.sketch, rows, self.held[0])
        cover = covered(shared, of.most, rows[:, None], of.halvings[columns][None, :])
        back = covered(shared, of.most, columns[None, :], of.halvings[rows][:, None])
        return shared, cover, back


def prepare(texts: Sequence[Fingerprint]) -> Edges:
    """Prepare texts, at least one."""
    sketch, terms = occurrences(texts, Section.SKETCH), occurrences(texts, Section.TERMS)
    marks = np.concatenate([text.marks for text in texts])
    facts = (marks & (NAME | NUMBER)) != 0
    halvings = np.array([text.halvings for text in texts])
    return Edges(
        sketch=sketch,
        halvings=halvings,
        most=comparable(sketch, np.ones(len(sketch.values), np.float32), halvings),
        speech=occurrences(texts, Section.SPEECH),
        names=terms.only(np.concatenate([searched_names(text) for text in texts])),
        facts=terms.only(facts),
        sizes=np.bincount(terms.rows[facts], minlength=len(texts)),
        counts=np.array([text.items for text in texts]),
        seen=np.array([text.first_seen_at.timestamp() for text in texts]),
    )


def edges_of(texts: Sequence[Fingerprint]) -> Flags:
    """[i, j]: whether two texts must be decided on together; symmetric, and true where i is j."""
    every = np.arange(len(texts))
    return prepare(texts).beside(every).edges(every)


def _shared(of: Occurrences, rows: Ints, held: Holders) -> Floats64:
    """[i, j]: how many values rows[i] and column j have in common."""
    (out,) = sums(of, [count], rows, held)
    return out
