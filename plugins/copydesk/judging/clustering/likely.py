"""Which pairs of texts are compared: those that links.py may link, for what they share says so. Pure, vectorised.

A text of an event has little in common with most others of it. All that is asked here a link asks too, and more: a pair
that is left out has none, for it shares hardly a run of words, no three quoted sentences, and tells of something
else. What was summed up to ask that are features already, and are not summed up again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering import links
from copydesk.judging.clustering.comparing import Pool, Terms
from copydesk.judging.clustering.pairs import (
    Floats,
    Floats64,
    Holders,
    Ints,
    count,
    holders,
    sums,
    tiles,
)

__all__ = ["Likely", "likely_pairs"]

PORTION = 10_000
"""Pairs that are compared together."""
USUAL = 16
"""A term that one text of so many has is looked at by a product of matrices, of any two texts: where many have it, that
costs less than to go through those who do."""
KNOWN = ("shared", "weighed", "weighed_back", "quotes", "telling", "facts", "numbers", "differing")
"""The features of likely pairs that are known by then."""
TOLD, NUMBERS = ("telling", "facts", "facts_back"), ("numbers", "numbers_back")
LEAST = min(links.LEAST_HELD, links.LEAST_OF_LIKE) - links.ROUNDING
"""Share of one of two texts without which they are no copies."""
ALL = np.ones(1, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likely:
    """Some pairs, each once, the smaller place first, and those of their features that are KNOWN."""

    ones: Ints
    others: Ints
    known: dict[str, Floats]


def likely_pairs(texts: Pool) -> Iterator[Likely]:
    """The pairs that may be linked, in portions, one at least."""
    asked = _Asked(texts)
    found: list[tuple[NDArray[np.generic], ...]] = []
    parts = tiles(texts.count)
    for number, columns in enumerate(parts):
        beside = asked.beside(columns)
        found += [beside.likely(rows) for rows in parts[: number + 1]]
        if columns is parts[-1] or sum(len(ones) for ones, *_ in found) >= PORTION:
            ones, others, *known = (np.concatenate(part) for part in zip(*found, strict=True))
            yield Likely(ones=ones, others=others, known=dict(zip(KNOWN, known, strict=True)))
            found = []


class _Asked:
    """Texts, prepared so that it can be asked which of them may be linked."""

    def __init__(self, texts: Pool) -> None:
        self.texts = texts
        terms = texts.terms
        usual = (np.bincount(terms.every.values) * USUAL >= texts.count)[terms.every.values]
        self.usual = _Usual(terms.only(usual), texts.count)
        self.terms = terms.only(~usual)
        self.numbers = terms.that_are(frozenset({"numbers"}))

    def beside(self, columns: Ints) -> "_Beside":
        """The same, to ask about these texts beside any others."""
        parts = (self.texts.sketches.every, self.texts.speech, self.terms.every, self.numbers.every)
        return _Beside(self, columns, *(holders(part, columns) for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """What is asked of pairs: [i, j] is about the text rows[i] and the text columns[j]."""

    asked: _Asked
    columns: Ints
    sketch: Holders
    quotes: Holders
    terms: Holders
    numbers: Holders

    def likely(self, rows: Ints) -> tuple[NDArray[np.generic], ...]:
        """The pairs that may be linked, both places of each, and what is KNOWN of them.

        Shares are taken of those pairs alone that have as much in common: they are few.
        """
        of = self.asked
        (shared, weighed), (quotes,), (telling, facts, facts_back), (numbers, back) = self._common(rows)
        some = (shared >= links.LEAST_SHARED) | (quotes >= links.SAID)
        some |= links.may_tell_of_one_event(telling, ALL)
        at = one, other = np.nonzero(some & (rows[:, None] < self.columns))
        ones, others = rows[one], self.columns[other]
        found: dict[str, NDArray[np.floating]] = {
            "shared": shared[at],
            "quotes": quotes[at],
            "telling": telling[at],
            "facts": of.terms.facts(facts[at], facts_back[at], ones, others),
        }
        found |= of.texts.sketches.held(weighed[at], ones, others)
        found |= of.terms.numbers(numbers[at], back[at], ones, others)
        most_held = np.maximum(found["weighed"], found["weighed_back"])
        kept = (found["shared"] >= links.LEAST_SHARED) & (most_held >= LEAST)
        kept |= found["quotes"] >= links.SAID
        kept |= links.may_tell_of_one_event(found["telling"], found["facts"])
        return ones[kept], others[kept], *(found[name][kept].astype(np.float32) for name in KNOWN)

    def _common(self, rows: Ints) -> tuple[Sequence[Floats64], ...]:
        """What is in common: runs, also by weight; quoted sentences; what is told of, facts; numbers."""
        of, weights = self.asked, self.asked.texts.sketches.weights
        terms, numbers = of.terms.measures(), of.numbers.measures()
        sketch = sums(of.texts.sketches.every, [count, lambda left, _: weights[left]], rows, self.sketch)
        quotes = sums(of.texts.speech, [count], rows, self.quotes)
        rare = sums(of.terms.every, [terms[name] for name in TOLD], rows, self.terms)
        told = [one + other for one, other in zip(rare, of.usual.common(rows, self.columns), strict=True)]
        counted = sums(of.numbers.every, [numbers[name] for name in NUMBERS], rows, self.numbers)
        return sketch, quotes, told, counted


class _Usual:
    """Terms that many texts have, as matrices: a row for each text, a column for each term."""

    def __init__(self, of: Terms, texts: int) -> None:
        at = of.every.rows, of.every.values

        def table(weights: NDArray[np.floating] | float) -> Floats64:
            out = np.zeros((texts, of.every.distinct))
            out[at] = weights
            return out

        self._there, self._unit = table(1), table(of.weights["unit"])
        self._share, self._facts = table(of.weights["share"] / 2), table(of.weights["facts"])
        some = self._facts.any(axis=0)
        self._of_facts = self._facts[:, some], self._there[:, some]

    def common(self, rows: Ints, columns: Ints) -> tuple[Floats64, Floats64, Floats64]:
        """What these terms add to how alike two texts are, and to the facts of either that the other has too."""
        there, beside = self._there[rows], self._there[columns].T
        alike = self._unit[rows] @ self._unit[columns].T
        alike += self._share[rows] @ beside + there @ self._share[columns].T
        facts, held = self._of_facts
        return alike, facts[rows] @ held[columns].T, held[rows] @ facts[columns].T
