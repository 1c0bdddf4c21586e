"""Which pairs of texts are compared: those that links.py may link, for what they share says so. Pure, vectorised.

A text of an event has little in common with most others of it. All that is asked here a link asks too, and more: a pair
that is left out has none, for it shares hardly a run of words, no three quoted sentences, and tells of something
else.
"""

from collections.abc import Iterator

import numpy as np

from copydesk.judging.clustering import links
from copydesk.judging.clustering.comparing import Pool, of_fewer
from copydesk.judging.clustering.pairs import Flags, Ints, blocks, count, covered, holders, sums

__all__ = ["FEW", "likely_pairs"]

FEW = 48
"""Of so few texts all pairs are compared: that costs less than asking."""
PORTION = 100_000
"""Pairs that are compared together."""


def likely_pairs(texts: Pool) -> Iterator[tuple[Ints, Ints]]:
    """The pairs that may be linked, each once, the smaller place first; in portions, one at least."""
    every = np.arange(texts.count)
    if texts.count <= FEW:
        yield np.triu_indices(texts.count, 1)
        return
    asked = _Asked(texts)
    ones: list[Ints] = []
    others: list[Ints] = []
    for rows in blocks(every, len(every)):
        flags = asked.held(rows) | asked.said(rows) | asked.told(rows)
        one, other = np.nonzero(flags & (rows[:, None] < every))
        ones.append(rows[one])
        others.append(other)
        if sum(map(len, ones)) >= PORTION or rows[-1] == every[-1]:
            yield np.concatenate(ones), np.concatenate(others)
            ones, others = [], []


class _Asked:
    """What is asked of pairs: [i, j] is about the text rows[i] and text j."""

    def __init__(self, texts: Pool) -> None:
        every = np.arange(texts.count)
        terms = texts.terms
        self._texts, self._every = texts, every
        self._sketch = holders(texts.sketches.every, every)
        self._quotes = holders(texts.speech, every)
        self._terms = holders(terms.every, every)

    def held(self, rows: Ints) -> Flags:
        """Whether as many runs stand in both, and as much of one of them, as a link asks for."""
        of = self._texts.sketches
        shared, weighed = sums(of.every, [count, lambda left, _: of.weights[left]], rows, self._sketch)
        there = covered(weighed, of.weighed, rows[:, None], of.halvings[None, :])
        back = covered(weighed, of.weighed, self._every[None, :], of.halvings[rows][:, None])
        least = min(links.LEAST_HELD, links.LEAST_OF_LIKE) - links.ROUNDING
        return (shared >= links.LEAST_SHARED) & (np.maximum(there, back) >= least)

    def said(self, rows: Ints) -> Flags:
        """Whether they share as many quoted sentences."""
        (quotes,) = sums(self._texts.speech, [count], rows, self._quotes)
        return quotes >= links.SAID

    def told(self, rows: Ints) -> Flags:
        """Whether what they tell of, and their facts, are as alike as those of accounts of one event."""
        of, every = self._texts.terms, self._every
        facts = of.weights["facts"]
        alike, there, back = sums(
            of.every,
            [of.telling, lambda left, _: facts[left], lambda _, right: facts[right]],
            rows,
            self._terms,
        )
        whole = of.totals["facts"]
        shares = of_fewer(there, back, whole[rows][:, None], whole[None, :])
        shares[of.few[rows][:, None] | of.few[every][None, :]] = np.nan
        return links.may_tell_of_one_event(alike, shares)
