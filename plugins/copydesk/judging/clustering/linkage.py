"""Links between texts → groups of them, as constraints demand. Pure.

First what is surely the same is put together. Then the two groups that are linked best are joined, again and again,
while more than a share of the members on either side have a link to the other side: one text that holds paragraphs of
two wires does not join their families. Only members that are near to the other side in time are asked: versions of a
running report are like those before and after them, and the first flash shares no sentence with the last one. Pairs
that are surely apart count against it. Last, a text that stands alone goes to the group of its best link.

What joins is the smaller of the two shares of members, not the mean of all pairs (average linkage, Sokal and Michener
1958), which finds fewer copies of running reports at the same precision: decision 0026.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from copydesk.judging.clustering.components import components_by
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.graph import Apart, Graph, apart_between
from copydesk.judging.clustering.joining import Joining

__all__ = ["grouped"]

MOST_APART = 0.34
"""Share of the pairs of two groups that may be apart where one sure link joins them, or a text goes to its best one."""


def grouped(
    graph: Graph, constraint: Constraint, *, share: float, same: float = np.inf, alone: float = np.inf
) -> list[list[int]]:
    """Groups of the places 0 to n - 1, each sorted.

    Args:
        graph: The links. One between a place and itself counts nothing.
        constraint: What must be together brings its whole groups together, what must be apart never is.
        share: Of the members of both groups that are near to the other one more than this share must have a link to it.
        same: Strength from which on a link joins by itself.
        alone: Strength of a link by which a text that is left alone goes to a group.
    """
    together = components_by(graph.count, [*graph.pairs(), *constraint.bound()])
    out: list[list[list[int]]] = [[places] for places in together]
    left: list[tuple[int, Graph, list[tuple[int, int]]]] = []
    for number, (places, linked) in enumerate(zip(together, graph.parted(together), strict=True)):
        # where all are linked with all nothing keeps them from being one group
        if len(places) > 1 and not (linked.is_complete() and constraint.is_free()):
            left.append((number, linked, _sure(linked, same)))
    pairs = [
        (together[number][one], together[number][other]) for number, _, sure in left for one, other in sure
    ]
    apart = Apart(graph, components_by(graph.count, [*pairs, *constraint.bound()]))
    for number, linked, sure in left:
        places = together[number]
        groups = _grouped(_Part(linked, places, sure, apart), constraint.among(places), share, alone)
        out[number] = [sorted(places[place] for place in group) for group in groups]
    return [group for groups in out for group in groups]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A component: its links, its places in the whole, its sure links, and what is apart in the whole."""

    graph: Graph
    places: Sequence[int]
    sure: Sequence[tuple[int, int]]
    apart: Apart

    def share(self, left: Sequence[int], right: Sequence[int]) -> float:
        """The share of the pairs between two groups that are apart."""
        return self.apart.share(*([self.places[one] for one in side] for side in (left, right)))


def _sure(graph: Graph, same: float) -> list[tuple[int, int]]:
    """The links that join by themselves, the surest first."""
    sure = np.flatnonzero(graph.strength >= same)
    order = sure[np.lexsort((graph.others[sure], graph.ones[sure], -graph.strength[sure]))]
    return list(zip(graph.ones[order].tolist(), graph.others[order].tolist(), strict=True))


def _grouped(part: _Part, constraint: Constraint, share: float, alone: float) -> list[list[int]]:
    """Groups of a component. What must be together brings its groups along, unless that breaks what must be apart."""
    graph = part.graph
    if constraint.is_free():
        return _attached(_joined(part, constraint, share), graph, constraint, alone)
    free = constraint.without_must()
    for bound in (free, constraint):
        groups = _attached(_joined(part, bound, share), graph, bound, alone)
        groups = _brought_together(groups, constraint)
        if not any(constraint.forbids(group, group) for group in groups):
            break
    return groups


def _brought_together(groups: list[list[int]], constraint: Constraint) -> list[list[int]]:
    """The groups, those joined between which something must be together."""
    out: list[list[int]] = []
    for group in groups:
        touched = [known for known in out if constraint.must_link[np.ix_(known, group)].any()]
        out = [known for known in out if known not in touched] + [sum(touched, list(group))]
    return out


def _joined(part: _Part, constraint: Constraint, share: float) -> list[list[int]]:
    return Joining(part.graph, constraint, _atoms(part, constraint), share).groups()


def _atoms(part: _Part, constraint: Constraint) -> list[list[int]]:
    """What must be together, and what is surely the same where nothing forbids that, the surest first."""
    firsts = constraint.firsts()
    groups = {int(first): np.flatnonzero(firsts == first).tolist() for first in np.unique(firsts)}
    of = firsts.copy()
    for one, other in part.sure:
        left, right = int(of[one]), int(of[other])
        if left == right:
            continue
        if part.share(groups[left], groups[right]) <= MOST_APART and not constraint.forbids(
            groups[left], groups[right]
        ):
            groups[left] += groups.pop(right)
            of[groups[left]] = left
    return list(groups.values())


def _attached(groups: list[list[int]], graph: Graph, constraint: Constraint, least: float) -> list[list[int]]:
    """The groups, and each text that stands alone in that of its best link if it is strong; it brings no other."""
    several = [group for group in groups if len(group) > 1]
    out = [list(group) for group in several]
    single = [group[0] for group in groups if len(group) == 1]
    strengths = _best_links(several, graph, least)
    asked = [(place, number) for place, known in strengths.items() for number in known]
    sums = apart_between(graph, [([place], several[number]) for place, number in asked])
    apart = {pair: much / len(several[pair[1]]) for pair, much in zip(asked, sums, strict=True)}
    for place in single:
        best = [
            (-strength, number)
            for number, strength in strengths.get(place, {}).items()
            if apart[place, number] <= MOST_APART and not constraint.forbids([place], out[number])
        ]
        if best:
            out[min(best)[1]].append(place)
        else:
            out.append([place])
    return out


def _best_links(groups: Sequence[Sequence[int]], graph: Graph, least: float) -> dict[int, dict[int, float]]:
    """For each place outside the groups the strength of its best link to each of them, if it has one so strong."""
    of = {place: number for number, group in enumerate(groups) for place in group}
    found: dict[int, dict[int, float]] = defaultdict(dict)
    strong = np.flatnonzero(graph.strength >= least)
    ones, others = graph.ones[strong].tolist(), graph.others[strong].tolist()
    strengths = graph.strength[strong].tolist()
    for place, beside, strength in zip(ones + others, others + ones, strengths * 2, strict=True):
        if place not in of and beside in of:
            known = found[place].get(of[beside], 0)
            found[place][of[beside]] = max(strength, known)
    return found
