"""Any pairs of texts that are decided on together → their features. Pure, vectorised."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.features import EVERY, Features
from copydesk.judging.clustering.pairs import (
    Flags,
    Floats,
    Floats64,
    Ints,
    Measure,
    Occurrences,
    common,
    count,
    covered,
    holders,
    sums,
)

__all__ = ["LEAST_NUMBERS", "Pool", "Sketches", "Terms"]

HOUR = 3600
LEAST_NUMBERS = 5
"""With fewer numbers on one side their overlap says nothing."""
OF_SOME = ("facts", "numbers", "title")
"""Features to which only some terms of a text add."""
NONE = np.zeros(0, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sketches:
    """What is needed of runs of words: those that two texts have, their weights, and for each halving what survives."""

    every: Occurrences
    weights: Floats
    halvings: Ints
    most: Floats64
    weighed: Floats64

    def held(self, weighed: Floats64, ones: Ints, others: Ints) -> dict[str, Floats]:
        """Which share by weight of the ones stands in the others, and of the others in the ones."""
        return {
            "weighed": covered(weighed, self.weighed, ones, self.halvings[others]),
            "weighed_back": covered(weighed, self.weighed, others, self.halvings[ones]),
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """Terms that two texts have: what each weighs as what, and by text the sums over all of its terms.

    Attributes:
        rarity: How rare each is.
        weights: By name: vector, facts, numbers, title; unit and share are those of telling.py.
        totals: The same, summed; of the vector its length.
        few: Which texts have too few facts to tell.
        parts: What `that_are` was asked for.
    """

    every: Occurrences
    rarity: Floats
    weights: dict[str, Floats]
    totals: dict[str, Floats64]
    few: Flags
    parts: dict[frozenset[str], "Terms"] = field(default_factory=dict)

    def measures(self) -> dict[str, Measure]:
        """How much what two texts have in common weighs, by name."""
        vector = self.weights["vector"]
        out: dict[str, Measure] = {"cosine": lambda left, right: vector[left] * vector[right]}
        for name in OF_SOME:
            out[name], out[f"{name}_back"] = _both_ways(self.weights[name])
        return out | {"telling": self.telling}

    def only(self, which: Flags) -> "Terms":
        """Some of the terms; what is summed over all of a text stays."""
        return replace(
            self,
            every=self.every.only(which),
            rarity=self.rarity[which],
            weights={name: weights[which] for name, weights in self.weights.items()},
            parts={},
        )

    def that_are(self, names: frozenset[str]) -> "Terms":
        """Those that weigh something in a text by one of these names."""
        if names not in self.parts:
            weighing = np.zeros(self.every.distinct, np.bool_)
            for name in names:
                weighing[self.every.values[self.weights[name] > 0]] = True
            self.parts[names] = self.only(weighing[self.every.values])
        return self.parts[names]

    def facts(self, there: Floats64, back: Floats64, ones: Ints, others: Ints) -> Floats:
        """Of what weighs so much in the one and in the other the share of the side with fewer, NaN where few are."""
        out = _of_fewer(there, back, self.totals["facts"][ones], self.totals["facts"][others])
        out[self.few[ones] | self.few[others]] = np.nan
        return out

    def numbers(self, there: Floats64, back: Floats64, ones: Ints, others: Ints) -> dict[str, Floats]:
        """The same of numbers; and how many of that side the other lacks."""
        whole = self.totals["numbers"][ones], self.totals["numbers"][others]
        fewer, share = np.minimum(*whole), _of_fewer(there, back, *whole)
        share[fewer < LEAST_NUMBERS] = np.nan
        return {"numbers": share, "differing": (fewer - there).astype(np.float32)}

    def telling(self, left: Ints, right: Ints) -> NDArray[np.floating]:
        """What a term that two texts have adds to how alike what they tell of is, see telling.py."""
        unit, share = self.weights["unit"], self.weights["share"]
        return unit[left] * unit[right] + (share[left] + share[right]) / 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pool:
    """Texts that are decided on together, prepared so that any of their pairs can be compared."""

    count: int
    sketches: Sketches
    terms: Terms
    speech: Occurrences
    said: Floats
    said_by: Floats64
    outlets: Ints
    agencies: Ints
    wires: Flags
    at: Floats64

    def features(
        self,
        ones: Ints,
        others: Ints,
        only: Collection[str] = EVERY,
        known: Mapping[str, Floats] = MappingProxyType({}),
    ) -> Features:
        """The features of these pairs, or `only` some of EVERY, the others left empty; a text is wholly like itself.

        What is `known` of them is taken as it is.
        """
        same = ones == others
        found = {one.name: NONE for one in fields(Features)} | {**known}
        found |= self._of_sketches(ones, others, same, only) | self._of_terms(ones, others, same, only)
        if "quotes" in only:
            quotes, said = common(self.speech, ones, others, [count, lambda left, _: self.said[left]])
            quotes[same] = said[same] = 0
            found["quotes"] = quotes.astype(np.float32)
            found["speech"] = np.nan_to_num(_of_fewer(said, said, self.said_by[ones], self.said_by[others]))
        both = (self.agencies[ones] >= 0) & (self.agencies[others] >= 0)
        found["home"] = (self.outlets[ones] == self.outlets[others]).astype(np.float32)
        on_wires = self.wires[ones] & self.wires[others]
        found["wire"] = (on_wires & (found["home"] > 0)).astype(np.float32)
        found["rivals"] = (both & (self.agencies[ones] != self.agencies[others])).astype(np.float32)
        found["gap"] = self.gap(ones, others)
        return Features(**found)

    def gap(self, ones: Ints, others: Ints) -> Floats:
        """Hours between the appearances of these pairs."""
        out: Floats = (np.abs(self.at[ones] - self.at[others]) / HOUR).astype(np.float32)
        return out

    def shared(self, places: Sequence[int]) -> Floats:
        """[i, j]: runs of words that the texts at two of these places have in common."""
        at, of = np.array(places, np.int64), self.sketches.every
        (out,) = sums(of, [count], at, holders(of, at))
        np.fill_diagonal(out, self.sketches.most[0, at])
        return out.astype(np.float32)

    def _of_sketches(self, ones: Ints, others: Ints, same: Flags, only: Collection[str]) -> dict[str, Floats]:
        of = self.sketches
        measures: dict[str, Measure] = {"shared": count, "weighed": lambda left, _: of.weights[left]}
        parts = _measured(of.every, ones, others, measures, only)
        out = {}
        if "shared" in only:
            parts["shared"][same] = of.most[0, ones[same]]
            out["shared"] = parts["shared"].astype(np.float32)
        for name, part, most in (("cover", "shared", of.most), ("weighed", "weighed", of.weighed)):
            if part in only:
                out[name] = covered(parts[part], most, ones, of.halvings[others])
                out[f"{name}_back"] = covered(parts[part], most, others, of.halvings[ones])
                out[name][same] = out[f"{name}_back"][same] = 1
        return out

    def _of_terms(self, ones: Ints, others: Ints, same: Flags, only: Collection[str]) -> dict[str, Floats]:
        of, totals = self.terms, self.terms.totals
        asked = [name for name in OF_SOME if name in only]
        some = of.that_are(frozenset(asked))
        parts = _measured(some.every, ones, others, some.measures(), asked)
        parts |= _measured(of.every, ones, others, of.measures(), {*only} - {*OF_SOME})
        out = {}
        if "cosine" in only:
            lengths = totals["vector"][ones] * totals["vector"][others]
            out["cosine"] = (parts["cosine"] / np.maximum(lengths, 1e-6)).astype(np.float32)
        if "facts" in only:
            out["facts"] = of.facts(parts["facts"], parts["facts_back"], ones, others)
        if "numbers" in only:
            out |= of.numbers(parts["numbers"], parts["numbers_back"], ones, others)
        if "title" in only:
            for side, texts in (("title", ones), ("title_back", others)):
                whole_ = np.where(totals["title"][texts] > 0, totals["title"][texts], np.nan)
                out[side] = (parts[side] / whole_).astype(np.float32)
        for name, shares in out.items():
            shares[same & ~np.isnan(shares)] = 0 if name == "differing" else 1
        if "telling" in only:
            out["telling"] = np.where(same, 2, parts["telling"]).astype(np.float32)
        return out


def _measured(
    of: Occurrences, ones: Ints, others: Ints, measures: Mapping[str, Measure], only: Collection[str]
) -> dict[str, Floats64]:
    """The measures that are asked for, in both directions."""
    wanted = [name for name in measures if name.removesuffix("_back") in only]
    if not wanted:
        return {}
    found = common(of, ones, others, [measures[name] for name in wanted])
    return dict(zip(wanted, found, strict=True))


def _both_ways(weights: Floats) -> tuple[Measure, Measure]:
    """What is common by the weights of the one text, and of the other."""
    return lambda left, _: weights[left], lambda _, right: weights[right]


def _of_fewer(
    there: NDArray[np.floating],
    back: NDArray[np.floating],
    ones: Floats64,
    others: Floats64,
) -> Floats:
    """What is common as a share of the smaller side, from which it is seen; NaN where one side has nothing."""
    smaller = np.minimum(ones, others)
    either = np.where(ones <= others, there, back)
    return np.where(smaller > 0, np.minimum(either / np.maximum(smaller, 1e-6), 1), np.nan).astype(np.float32)
