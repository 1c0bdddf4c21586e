"""Groups of linked texts, joined two by two, the best ones first. Pure.

Only groups between which there is a link are looked at, and after each joining only those that have one to the new
group. So the cost is that of the links, and not of all pairs of groups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TypeAlias

import numpy as np

from copydesk.judging.clustering.asking import Asked, Beside, Counted
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.graph import Graph, always, never
from copydesk.judging.clustering.pairs import Floats, Ints

__all__ = ["Joining"]

BY_STRENGTH = 0.01
"""What the strength of links weighs beside the shares of linked members: it decides between equal ones."""

Head: TypeAlias = tuple[float, int, int, int, int, int]
"""The best offer of a group that may still hold: rank, both groups, whose offer, its place there, age of that group."""


@dataclass(frozen=True, slots=True, eq=False)
class Offers:
    """What a group, so often joined, could be joined with, the best first; `ages` are those of the others then."""

    ranks: Floats
    others: Ints
    ages: Ints
    age: int


class Joining:
    """Groups on the way to their final form."""

    def __init__(
        self, graph: Graph, constraint: Constraint, groups: Sequence[Sequence[int]], share: float
    ) -> None:
        members = [np.array(group, np.int64) for group in groups]
        alike = graph.near is always and graph.apart is never and constraint.is_free()
        self._between: Asked | Counted = (
            Counted(graph, members) if alike else Asked(graph, constraint, members)
        )
        self._members, self._share = members, share
        self._ages = np.zeros(len(groups), np.int64)
        """How often each was joined with another; -1 of one that is a part of another."""

    def groups(self) -> list[list[int]]:
        """The groups when no two more can be joined."""
        count = len(self._members)
        # of two groups the later one has the offer, and of two that were never joined the first
        every = range(count if count > 1 else 0)
        between = self._between.beside(every, self._share)
        offers = [
            self._offers(group, beside, above=group) for group, beside in zip(every, between, strict=True)
        ]
        heads = [head for group, some in enumerate(offers) for head in self._heads(group, some, 0)]
        heapify(heads)
        while heads:
            _, one, two, owner, place, age = heappop(heads)
            if age != self._ages[owner]:
                continue
            if offers[owner].ages[place] == self._ages[offers[owner].others[place]]:
                self._join(one, two)
                owner, place = one, -1
                (beside,) = self._between.beside([one], self._share)
                offers[one] = self._offers(one, beside)
            for head in self._heads(owner, offers[owner], place + 1):
                heappush(heads, head)
        return [self._members[group].tolist() for group in np.flatnonzero(self._ages >= 0).tolist()]

    def _join(self, one: int, two: int) -> None:
        self._between.join(one, two)
        self._members[one] = np.concatenate((self._members[one], self._members[two]))
        self._members[two] = self._members[two][:0]
        self._ages[one] += 1
        self._ages[two] = -1

    def _heads(self, owner: int, offers: Offers, place: int) -> Iterator[Head]:
        """The first of its offers from this place on whose other group is as it was, if there is one."""
        valid = offers.ages[place:] == self._ages[offers.others[place:]]
        if valid.any():
            place += int(valid.argmax())
            other = int(offers.others[place])
            yield (
                float(offers.ranks[place]),
                min(owner, other),
                max(owner, other),
                owner,
                place,
                offers.age,
            )

    def _offers(self, group: int, beside: Beside, above: int = -1) -> Offers:
        """What the group could be joined with, of the groups above that number."""
        others, shares, strength, apart = beside
        sizes = np.array([len(self._members[other]) for other in others.tolist()], np.float32)
        pairs = sizes * np.float32(len(self._members[group]))
        value = shares - apart / pairs
        ranks = -(value + BY_STRENGTH * strength / pairs)
        kept = (value > np.float32(self._share)) & (others > above)
        order = np.argsort(ranks[kept], kind="stable")
        others = others[kept][order]
        return Offers(ranks[kept][order], others, self._ages[others], int(self._ages[group]))
