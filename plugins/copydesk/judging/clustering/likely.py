"""Which pairs of texts are compared: those that links.py may link, for what they share says so. Pure, vectorised.

A text of an event has little in common with most others of it. All that is asked here a link asks too, and more: a pair
that is left out has none, for it shares hardly a run of words, no three quoted sentences, and tells of something
else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering import links
from copydesk.judging.clustering.comparing import Pool, Terms, of_fewer
from copydesk.judging.clustering.pairs import (
    Flags,
    Floats,
    Holders,
    Ints,
    count,
    covered,
    holders,
    sums,
    tiles,
)

__all__ = ["FEW", "Likely", "likely_pairs"]

FEW = 48
"""Of so few texts all pairs are compared: that costs less than asking."""
PORTION = 100_000
"""Pairs that are compared together."""
USUAL = 16
"""A term that one text of so many has is looked at by a product of matrices, of any two texts: where many have it, that
costs less than to go through those who do."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likely:
    """Some pairs, each once, the smaller place first; if they are no copies, accounts of one event at most."""

    ones: Ints
    others: Ints
    may_be_copies: bool


def likely_pairs(texts: Pool) -> Iterator[Likely]:
    """The pairs that may be linked, in portions, one at least."""
    if texts.count <= FEW:
        ones, others = np.triu_indices(texts.count, 1)
        yield Likely(ones=ones, others=others, may_be_copies=True)
        return
    asked = _Asked(texts)
    found: dict[bool, list[tuple[Ints, Ints]]] = {True: [], False: []}
    parts = tiles(texts.count)
    for number, columns in enumerate(parts):
        beside = asked.beside(columns)
        for rows in parts[: number + 1]:
            before = rows[:, None] < columns
            same = before & (beside.held(rows) | beside.said(rows))
            for may_be, flags in ((True, same), (False, before & ~same & beside.told(rows))):
                one, other = np.nonzero(flags)
                found[may_be].append((rows[one], columns[other]))
        for may_be, pairs in found.items():
            if columns is parts[-1] or sum(len(ones) for ones, _ in pairs) >= PORTION:
                ones, others = (np.concatenate(side) for side in zip(*pairs, strict=True))
                yield Likely(ones=ones, others=others, may_be_copies=may_be)
                found[may_be] = []


class _Asked:
    """Texts, prepared so that it can be asked which of them may be linked."""

    def __init__(self, texts: Pool) -> None:
        self.texts = texts
        terms = texts.terms
        usual = (np.bincount(terms.every.values) * USUAL >= texts.count)[terms.every.values]
        self.usual = _Usual(_of_terms(terms, usual), texts.count)
        self.terms = _of_terms(terms, ~usual)

    def beside(self, columns: Ints) -> "_Beside":
        """The same, to ask about these texts beside any others."""
        parts = (self.texts.sketches.every, self.texts.speech, self.terms.every)
        return _Beside(self, columns, *(holders(part, columns) for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """What is asked of pairs: [i, j] is about the text rows[i] and the text columns[j]."""

    asked: _Asked
    columns: Ints
    sketch: Holders
    quotes: Holders
    terms: Holders

    def held(self, rows: Ints) -> Flags:
        """Whether as many runs stand in both, and as much of one of them, as a link asks for."""
        of, columns = self.asked.texts.sketches, self.columns
        shared, weighed = sums(of.every, [count, lambda left, _: of.weights[left]], rows, self.sketch)
        there = covered(weighed, of.weighed, rows[:, None], of.halvings[columns][None, :])
        back = covered(weighed, of.weighed, columns[None, :], of.halvings[rows][:, None])
        least = min(links.LEAST_HELD, links.LEAST_OF_LIKE) - links.ROUNDING
        return (shared >= links.LEAST_SHARED) & (np.maximum(there, back) >= least)

    def said(self, rows: Ints) -> Flags:
        """Whether they share as many quoted sentences."""
        (quotes,) = sums(self.asked.texts.speech, [count], rows, self.quotes)
        return quotes >= links.SAID

    def told(self, rows: Ints) -> Flags:
        """Whether what they tell of, and their facts, are as alike as those of accounts of one event."""
        of, columns = self.asked.terms, self.columns
        facts = of.weights["facts"]
        rare = sums(
            of.every,
            [of.telling, lambda left, _: facts[left], lambda _, right: facts[right]],
            rows,
            self.terms,
        )
        usual = self.asked.usual.common(rows, columns)
        alike, there, back = (one + other for one, other in zip(rare, usual, strict=True))
        whole = of.totals["facts"]
        shares = of_fewer(there, back, whole[rows][:, None], whole[columns][None, :])
        shares[of.few[rows][:, None] | of.few[columns][None, :]] = np.nan
        return links.may_tell_of_one_event(alike, shares)


class _Usual:
    """Terms that many texts have, as matrices: a row for each text, a column for each term."""

    def __init__(self, of: Terms, texts: int) -> None:
        at = of.every.rows, of.every.values

        def table(weights: NDArray[np.floating] | float) -> Floats:
            out = np.zeros((texts, of.every.distinct), np.float32)
            out[at] = weights
            return out

        self._there, self._unit = table(1), table(of.weights["unit"])
        self._share, self._facts = table(of.weights["share"] / 2), table(of.weights["facts"])

    def common(self, rows: Ints, columns: Ints) -> tuple[Floats, Floats, Floats]:
        """What these terms add to how alike two texts are, and to the facts of either that the other has too."""
        there, beside = self._there[rows], self._there[columns].T
        alike = self._unit[rows] @ self._unit[columns].T
        alike += self._share[rows] @ beside + there @ self._share[columns].T
        return alike, self._facts[rows] @ beside, there @ self._facts[columns].T


def _of_terms(terms: Terms, which: Flags) -> Terms:
    """Some of the terms; what is summed over all of a text stays."""
    return replace(
        terms,
        every=terms.every.only(which),
        rarity=terms.rarity[which],
        weights={name: weights[which] for name, weights in terms.weights.items()},
    )
