"""What is between groups that may be joined: shares of linked members, strength of links, pairs that are apart. Pure.

Groups are named by numbers, and keep that of the first of those they were joined from.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.graph import Graph, apart_between
from copydesk.judging.clustering.pairs import Floats, Ints, spans

__all__ = ["Asked", "Beside", "Counted"]

Beside: TypeAlias = tuple[Ints, Floats, Floats, Floats]
"""Groups, not falling; for each the smaller share of members that have a link, of those on either side that are near;
the strength of all links together; and how many pairs are apart, infinite where it must not be joined."""

LEAST_ASKED = 3
"""Members of a side of which the share is taken where fewer are near: of one alone it would say all or nothing."""


class Asked:
    """Groups of which it is asked who is near, and who apart."""

    def __init__(self, graph: Graph, constraint: Constraint, groups: Sequence[Ints]) -> None:
        self._graph, self._constraint = graph, constraint
        self._members = dict(enumerate(groups))
        self._of, self._at = np.zeros(graph.count, np.int64), np.zeros(graph.count, np.int64)
        for number, members in self._members.items():
            self._of[members] = number
        self._apart: dict[int, dict[int, float]] = {number: {} for number in self._members}
        ends = np.concatenate((graph.ones, graph.others))
        order = np.argsort(ends, kind="stable")
        self._linked = np.concatenate((graph.others, graph.ones))[order]
        self._strength = np.concatenate((graph.strength, graph.strength))[order]
        counts = np.bincount(ends, minlength=graph.count)
        self._lengths, self._starts = counts, np.cumsum(counts) - counts

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        gone = self._members.pop(other)
        self._of[gone] = one
        self._members[one] = np.concatenate((self._members[one], gone))
        mine, theirs = self._apart.pop(one), self._apart.pop(other)
        self._apart[one] = {
            number: much + theirs[number] for number, much in mine.items() if number in theirs
        }
        for number in {*mine, *theirs} - {one, other}:
            self._apart[number].pop(other, None)
            self._apart[number].pop(one, None)
            if number in self._apart[one]:
                self._apart[number][one] = self._apart[one][number]

    def beside(self, groups: Sequence[int], share: float) -> list[Beside]:
        """For each the groups that are linked with it by more than this share of members, and what is between."""
        linked = [self._linked_with(group, share) for group in groups]
        self._count_apart(
            {
                (min(group, other), max(group, other))
                for group, (others, _, _) in zip(groups, linked, strict=True)
                for other in others.tolist()
                if other not in self._apart[group]
            }
        )
        return [
            (*some, np.array([self._apart[group][other] for other in some[0].tolist()], np.float32))
            for group, some in zip(groups, linked, strict=True)
        ]

    def _linked_with(self, group: int, share: float) -> tuple[Ints, Floats, Floats]:
        members = self._members[group]
        links, owners = spans(self._starts[members], self._lengths[members])
        outside = self._of[self._linked[links]] != group
        links, owners = links[outside], owners[outside]
        if not len(links):
            return links, np.zeros(0, np.float32), np.zeros(0, np.float32)
        numbers, sides = np.unique(self._of[self._linked[links]], return_inverse=True)
        shares = self._shares(members, links, owners, numbers, sides)
        strength = np.bincount(sides, self._strength[links]).astype(np.float32)
        likely = np.flatnonzero(shares > share)
        return numbers[likely], shares[likely], strength[likely]

    def _shares(self, members: Ints, links: Ints, owners: Ints, numbers: Ints, sides: Ints) -> Floats:
        """For each linked group the smaller share of members.

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

    def _count_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Count how many members of two groups are apart."""
        asked = sorted(pairs)
        members = [(self._members[one], self._members[other]) for one, other in asked]
        sums = apart_between(self._graph, members)
        for (one, other), sides, much in zip(asked, members, sums, strict=True):
            known = np.inf if self._constraint.forbids(*sides) else much
            self._apart[one][other] = self._apart[other][one] = known


class Counted:
    """Groups whose members are all near to each other and none apart, as accounts of one event: sums say all.

    There most are linked with most, so sums have a row and a column for each group, and a joining adds two rows.
    """

    def __init__(self, graph: Graph, groups: Sequence[Ints]) -> None:
        count = len(groups)
        self._sizes = np.array([len(members) for members in groups])
        self._of = np.zeros(graph.count, np.int64)
        for number, members in enumerate(groups):
            self._of[members] = number
        ends = np.concatenate((graph.ones, graph.others))
        beside = self._of[np.concatenate((graph.others, graph.ones))]
        # [group, place]: the strength of the links of a place with members of a group
        self._strength = np.zeros((count, graph.count))
        np.add.at(self._strength, (beside, ends), np.concatenate((graph.strength, graph.strength)))
        # [group, other]: how many members of a group are linked with the other
        self._linked = np.zeros((count, count), np.int32)
        linked, places = np.nonzero(self._strength)
        np.add.at(self._linked, (self._of[places], linked), 1)

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        self._of[self._of == other] = one
        self._sizes[one] += self._sizes[other]
        self._strength[one] += self._strength[other]
        self._linked[one] += self._linked[other]
        self._linked[:, one] = np.bincount(self._of[self._strength[one] > 0], minlength=len(self._sizes))
        self._linked[:, other] = 0

    def beside(self, groups: Sequence[int], share: float) -> list[Beside]:
        """For each the groups that are linked with it by more than this share of members, and what is between."""
        return [self._beside(group, share) for group in groups]

    def _beside(self, group: int, share: float) -> Beside:
        others = np.flatnonzero(self._linked[group])
        others = others[others != group]
        mine = self._linked[group, others] / self._sizes[group]
        shares = np.minimum(mine, self._linked[others, group] / self._sizes[others]).astype(np.float32)
        likely = shares > share
        sums = np.bincount(self._of, self._strength[group], len(self._sizes))[others].astype(np.float32)
        return others[likely], shares[likely], sums[likely], np.zeros(np.count_nonzero(likely), np.float32)
