"""Scores of a clustering against the truth: texts → labels, with the same texts in both."""

from collections import Counter
from collections.abc import Mapping
from math import comb
from typing import NamedTuple

__all__ = ["Labels", "Score", "bcubed", "found", "pairwise"]

Labels = Mapping[str, str]


class Score(NamedTuple):
    """Shares from 0 to 1; where nothing was joined, or nothing is to be found, nothing is wrong: 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pairwise(truth: Labels, labels: Labels) -> Score:
    """Of the pairs that stand together how many should, and of those that should how many do."""
    right, joined, wanted = (_pairs(sizes) for sizes in _sizes(truth, labels))
    return Score(right / joined if joined else 1.0, right / wanted if wanted else 1.0)


def bcubed(truth: Labels, labels: Labels) -> Score:
    """The same for each text and those that stand with it, itself among them, as a mean over texts."""
    if not truth:
        return Score(1.0, 1.0)
    both, joined, wanted = _sizes(truth, labels)
    cells = [(size, joined[label], wanted[item]) for (item, label), size in both.items()]
    return Score(
        sum(size * size / found for size, found, _ in cells) / len(truth),
        sum(size * size / item for size, _, item in cells) / len(truth),
    )


def found(truth: Labels, labels: Labels) -> dict[str, bool]:
    """Whether each text that belongs with another stands with at least one such."""
    both, _, wanted = _sizes(truth, labels)
    return {id_: both[item, labels[id_]] > 1 for id_, item in truth.items() if wanted[item] > 1}


def _sizes(truth: Labels, labels: Labels) -> tuple[Counter[tuple[str, str]], Counter[str], Counter[str]]:
    """How many texts share both, the label, the truth."""
    return (
        Counter((item, labels[id_]) for id_, item in truth.items()),
        Counter(labels[id_] for id_ in truth),
        Counter(truth.values()),
    )


def _pairs(sizes: Counter[tuple[str, str]] | Counter[str]) -> int:
    return sum(comb(size, 2) for size in sizes.values())
