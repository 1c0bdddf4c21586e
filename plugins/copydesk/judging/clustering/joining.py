"""Groups of linked texts, joined two by two, the best ones first. Pure.

Only groups between which there is a link are looked at, and after each joining only those that have one to the new
group. So the cost is that of the links, and not of all pairs of groups.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np

from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.graph import Graph, apart_between
from copydesk.judging.clustering.pairs import Floats, Ints, spans

__all__ = ["Joining"]

LEAST_ASKED = 3
"""Members of a side of which the share is taken where fewer are near: of one alone it would say all or nothing."""
BY_STRENGTH = 0.01
"""What the strength of links weighs beside the shares of linked members: it decides between equal ones."""


@dataclass(frozen=True, slots=True, order=True)
class Offer:
    """Two groups that may be joined, the best offer the least; of which joinings of theirs it was made after."""

    rank: float
    one: int
    other: int
    ages: tuple[int, int]


class Joining:
    """Groups on the way to their final form."""

    def __init__(
        self, graph: Graph, constraint: Constraint, groups: Sequence[Sequence[int]], share: float
    ) -> None:
        self._graph, self._constraint, self._share = graph, constraint, share
        self._members: dict[int, Ints] = {
            number: np.array(group, np.int64) for number, group in enumerate(groups)
        }
        self._of, self._at = np.zeros(graph.count, np.int64), np.zeros(graph.count, np.int64)
        for number, members in self._members.items():
            self._of[members] = number
        self._ages = dict.fromkeys(self._members, 0)
        self._apart: dict[int, dict[int, float]] = {number: {} for number in self._members}
        ends = np.concatenate((graph.ones, graph.others))
        order = np.argsort(ends, kind="stable")
        self._linked = np.concatenate((graph.others, graph.ones))[order]
        self._strength = np.concatenate((graph.strength, graph.strength))[order]
        counts = np.bincount(ends, minlength=graph.count)
        self._lengths, self._starts = counts, np.cumsum(counts) - counts

    def groups(self) -> list[list[int]]:
        """The groups when no two more can be joined."""
        if len(self._members) == 1:
            return [members.tolist() for members in self._members.values()]
        offers = [offer for number in self._members for offer in self._offers(number) if offer.one == number]
        heapify(offers)
        while offers:
            offer = heappop(offers)
            if offer.ages == (self._ages.get(offer.one), self._ages.get(offer.other)):
                self._join(offer.one, offer.other)
                for new in self._offers(offer.one):
                    heappush(offers, new)
        return [members.tolist() for members in self._members.values()]

    def _join(self, one: int, other: int) -> None:
        gone = self._members.pop(other)
        self._of[gone] = one
        self._members[one] = np.concatenate((self._members[one], gone))
        self._ages[one] += 1
        del self._ages[other]
        mine, theirs = self._apart.pop(one), self._apart.pop(other)
        self._apart[one] = {
            number: much + theirs[number] for number, much in mine.items() if number in theirs
        }
        for number in {*mine, *theirs} - {one, other}:
            self._apart[number].pop(other, None)
            self._apart[number].pop(one, None)
            if number in self._apart[one]:
                self._apart[number][one] = self._apart[one][number]

    def _offers(self, group: int) -> Iterable[Offer]:
        """What the group could be joined with."""
        members = self._members[group]
        links, owners = spans(self._starts[members], self._lengths[members])
        outside = self._of[self._linked[links]] != group
        links, owners = links[outside], owners[outside]
        if not len(links):
            return
        numbers, sides = np.unique(self._of[self._linked[links]], return_inverse=True)
        shares = self._shares(members, links, owners, numbers, sides)
        strength = np.bincount(sides, self._strength[links]).astype(np.float32)
        likely = np.flatnonzero(shares > self._share)
        others = numbers[likely].tolist()
        self._count_apart(group, others)
        sizes = np.array([len(self._members[other]) for other in others], np.float32)
        pairs = sizes * np.float32(len(members))
        value = shares[likely] - np.array([self._apart[group][other] for other in others], np.float32) / pairs
        ranks = value + BY_STRENGTH * strength[likely] / pairs
        for other, rank, much in zip(others, ranks.tolist(), value.tolist(), strict=True):
            if much > np.float32(self._share):
                one, two = min(group, other), max(group, other)
                yield Offer(-rank, one, two, (self._ages[one], self._ages[two]))

    def _shares(self, members: Ints, links: Ints, owners: Ints, numbers: Ints, sides: Ints) -> Floats:
        """For each linked group the smaller share of members that have a link, of those on either side that are near.

        Links go from the members by their owners to the groups by their sides.
        """
        theirs = [self._members[number] for number in numbers.tolist()]
        sizes = np.array([len(one) for one in theirs])
        starts, others = np.cumsum(sizes) - sizes, np.concatenate(theirs)
        near = self._graph.near(np.repeat(members, len(others)), np.tile(others, len(members)))
        near = near.reshape(len(members), len(others))
        linked = np.zeros((len(members), len(numbers)), np.bool_)
        linked[owners, sides] = True
        mine = linked.sum(axis=0) / np.maximum(
            (np.logical_or.reduceat(near, starts, axis=1) | linked).sum(axis=0),
            min(len(members), LEAST_ASKED),
        )
        self._at[others] = np.arange(len(others))
        back = np.zeros(len(others), np.int64)
        back[self._at[self._linked[links]]] = 1
        asked = np.add.reduceat((near.any(axis=0) | (back > 0)).astype(np.int64), starts)
        other = np.add.reduceat(back, starts) / np.maximum(asked, np.minimum(sizes, LEAST_ASKED))
        out: Floats = np.minimum(mine, other).astype(np.float32)
        return out

    def _count_apart(self, group: int, others: Sequence[int]) -> None:
        """Count which pairs of the group and these others are apart, where that is not known."""
        unknown = [number for number in others if number not in self._apart[group]]
        members = self._members[group]
        sums = apart_between(self._graph, [(members, self._members[number]) for number in unknown])
        for number, much in zip(unknown, sums, strict=True):
            forbidden = self._constraint.forbids(members, self._members[number])
            self._apart[group][number] = self._apart[number][group] = np.inf if forbidden else much
