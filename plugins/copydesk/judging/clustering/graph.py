"""Links between texts as a graph: the pairs that have one, and what can be asked of the others. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from copydesk.judging.clustering.constraints import Places
from copydesk.judging.clustering.pairs import Flags, Floats, Ints

__all__ = ["Apart", "Ask", "Graph", "Links", "always", "apart_between", "never", "told"]

Ask: TypeAlias = Callable[[Ints, Ints], Flags]
"""Something that is so or not of the pairs ones[k] and others[k]; symmetric."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Of pairs of texts how strong their link is, 0 without; whether they are apart; whether near in time or linked."""

    strength: Floats
    apart: Flags
    near: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """Links between the places 0 to `count` - 1.

    Attributes:
        ones, others: Each pair that has a link, once.
        strength: How strong it is, above 0.
        apart: Whether pairs are apart; none that has a link is.
        near: Whether pairs are near in time; what has a link is taken to be.
    """

    count: int
    ones: Ints
    others: Ints
    strength: Floats
    apart: Ask
    near: Ask

    def pairs(self) -> Iterator[tuple[int, int]]:
        """The pairs that have a link."""
        return zip(self.ones.tolist(), self.others.tolist(), strict=True)

    def is_complete(self) -> bool:
        """Whether every place has a link to every other one."""
        between = int(np.count_nonzero(self.ones != self.others))
        return 2 * between == self.count * (self.count - 1)

    def parted(self, components: Sequence[Sequence[int]]) -> Iterator["Graph"]:
        """The graph of each component; no link lies between two."""
        number, at = np.zeros(self.count, np.int64), np.zeros(self.count, np.int64)
        for place, component in enumerate(components):
            number[component] = place
            at[component] = np.arange(len(component))
        order = np.argsort(number[self.ones], kind="stable")
        starts = np.searchsorted(number[self.ones][order], np.arange(len(components) + 1))
        for place, component in enumerate(components):
            links = order[starts[place] : starts[place + 1]]
            yield Graph(
                len(component),
                at[self.ones[links]],
                at[self.others[links]],
                self.strength[links],
                _of_places(self.apart, component),
                _of_places(self.near, component),
            )


def _of_places(ask: Ask, places: Sequence[int]) -> Ask:
    if ask in {always, never}:
        return ask
    known = np.array(places, np.int64)
    return lambda ones, others: ask(known[ones], known[others])


class Apart:
    """Which places are apart, asked at once for all that may come together: those of each component."""

    def __init__(self, graph: Graph, components: Sequence[Sequence[int]]) -> None:
        several = [np.array(one, np.int64) for one in components if len(one) > 1]
        self._number, self._at = np.zeros(graph.count, np.int64), np.zeros(graph.count, np.int64)
        self._flags: list[Flags] = []
        sides = [np.triu_indices(len(one), 1) for one in several]
        pairs = [(one[left], one[right]) for one, (left, right) in zip(several, sides, strict=True)]
        found = _asked(graph.apart, pairs)
        start = 0
        for number, (one, (left, right)) in enumerate(zip(several, sides, strict=True)):
            self._number[one], self._at[one] = number, np.arange(len(one))
            flags = np.zeros((len(one), len(one)), np.bool_)
            flags[left, right] = flags[right, left] = found[start : start + len(left)]
            start += len(left)
            self._flags.append(flags)

    def share(self, left: Sequence[int], right: Sequence[int]) -> float:
        """The share of the pairs between two groups of a component that are apart."""
        flags = self._flags[self._number[left[0]]]
        return float(flags[np.ix_(self._at[left], self._at[right])].mean())


def apart_between(graph: Graph, groups: Sequence[tuple[Places, Places]]) -> list[int]:
    """How many pairs between two groups are apart, for each such two."""
    if not groups:
        return []
    pairs = [(np.repeat(one, len(other)), np.tile(other, len(one))) for one, other in groups]
    found = _asked(graph.apart, pairs)
    ends = np.cumsum([0, *(len(ones) for ones, _ in pairs)])
    total = np.concatenate(([0], np.cumsum(found)))
    counts: list[int] = (total[ends[1:]] - total[ends[:-1]]).tolist()
    return counts


def _asked(ask: Ask, pairs: Sequence[tuple[Ints, Ints]]) -> Flags:
    if not pairs:
        return np.zeros(0, np.bool_)
    ones, others = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return ask(ones, others)


def never(ones: Ints, _: Ints) -> Flags:
    """What is so of no pair."""
    return np.zeros(len(ones), np.bool_)


def always(ones: Ints, _: Ints) -> Flags:
    """What is so of every pair."""
    return np.ones(len(ones), np.bool_)


def told(count: int, ones: Ints, others: Ints, flags: Flags) -> Ask:
    """What is known of these pairs, each named once, and of no other."""
    known = np.zeros((count, count), np.bool_)
    known[ones, others] = known[others, ones] = flags
    return lambda left, right: known[left, right]
