"""Links between texts → groups of them, as constraints demand. Pure.

First what is surely the same is put together. Then the two groups that are linked best are joined, again and again,
while more than a share of the members on either side have a link to the other side: one text that holds paragraphs of
two wires does not join their families. Only members that are near to the other side in time are asked: versions of a
running report are like those before and after them, and the first flash shares no sentence with the last one. Pairs
that are surely apart count against it. Last, a text that stands alone goes to the group of its best link.

What joins is the smaller of the two shares of members, not the mean of all pairs (average linkage, Sokal and Michener
1958), which finds fewer copies of running reports at the same precision: decision 0026.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.components import components_of
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.pairs import Floats

__all__ = ["Links", "grouped"]

Flags: TypeAlias = NDArray[np.bool_]

MOST_APART = 0.34
"""Share of the pairs of two groups that may be apart where one sure link joins them, or a text goes to its best one."""
LEAST_ASKED = 3
"""Members of a side of which the share is taken where fewer are near: of one alone it would say all or nothing."""
BY_STRENGTH = 0.01
"""What the strength of links weighs beside the shares of linked members: it decides between equal ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """Of texts i and j how strong their link is, 0 without; whether they are apart; whether near in time, or linked.

    Symmetric.
    """

    strength: Floats
    apart: Flags
    near: Flags

    def among(self, places: Sequence[int]) -> "Links":
        """The links between some of the texts."""
        at = np.ix_(places, places)
        return Links(self.strength[at], self.apart[at], self.near[at])


def grouped(
    links: Links, constraint: Constraint, *, share: float, same: float = np.inf, alone: float = np.inf
) -> list[list[int]]:
    """Groups of the places 0 to n - 1, each sorted.

    Args:
        links: A link between a place and itself counts nothing.
        constraint: What must be together brings its whole groups together, what must be apart never is.
        share: Of the members of both groups that are near to the other one more than this share must have a link to it.
        same: Strength from which on a link joins by itself.
        alone: Strength of a link by which a text that is left alone goes to a group.
    """
    out = []
    for places in components_of(range(len(links.apart)), (links.strength > 0) | constraint.must_link):
        if len(places) > 1:
            groups = _grouped(links.among(places), constraint.among(places), share, same, alone)
            out += [sorted(places[place] for place in group) for group in groups]
        else:
            out.append(places)
    return out


def _grouped(
    links: Links, constraint: Constraint, share: float, same: float, alone: float
) -> list[list[int]]:
    """Groups of a component. What must be together brings its groups along, unless that breaks what must be apart."""
    free = Constraint(np.eye(len(links.apart), dtype=np.bool_), constraint.cannot_link)
    for bound in (free, constraint):
        groups = _attached(_joined(links, bound, share, same), links, bound, alone)
        groups = _brought_together(groups, constraint)
        if not any(constraint.cannot_link[np.ix_(group, group)].any() for group in groups):
            break
    return groups


def _brought_together(groups: list[list[int]], constraint: Constraint) -> list[list[int]]:
    """The groups, those joined between which something must be together."""
    if np.count_nonzero(constraint.must_link) == len(constraint.must_link):
        return groups
    out: list[list[int]] = []
    for group in groups:
        touched = [known for known in out if constraint.must_link[np.ix_(known, group)].any()]
        out = [known for known in out if known not in touched] + [sum(touched, list(group))]
    return out


def _joined(links: Links, constraint: Constraint, share: float, same: float) -> list[list[int]]:
    groups = _atoms(links, constraint, same)
    member = np.zeros((len(groups), len(links.apart)), np.float32)
    for number, group in enumerate(groups):
        member[number, group] = 1
    sizes = member.sum(axis=1)
    strength, apart = (member @ one.astype(np.float32) @ member.T for one in (links.strength, links.apart))
    apart[member @ constraint.cannot_link.astype(np.float32) @ member.T > 0] = np.inf
    linked, near = (
        (one.astype(np.float32) @ member.T > 0).astype(np.float32) for one in (links.strength > 0, links.near)
    )
    shares = _shares(member, linked, near)
    alive = np.arange(len(groups))
    while len(alive) > 1:
        at = np.ix_(alive, alive)
        pairs = np.outer(sizes[alive], sizes[alive])
        value = np.minimum(shares[at], shares[at].T) - apart[at] / pairs
        np.fill_diagonal(value, -np.inf)
        if value.max() <= share:
            break
        place = int(np.where(value > share, value + BY_STRENGTH * strength[at] / pairs, -np.inf).argmax())
        one, other = int(alive[place // len(alive)]), int(alive[place % len(alive)])
        groups[one] = groups[one] + groups[other]
        alive = alive[alive != other]
        sizes[one] += sizes[other]
        member[one] += member[other]
        for flags in (linked, near):
            flags[:, one] = np.maximum(flags[:, one], flags[:, other])
        for sums in (strength, apart):
            sums[one] += sums[other]
            sums[:, one] = sums[one]
        shares[one] = _shares(member[[one]], linked, near)[0]
        shares[:, one] = _shares(member, linked[:, [one]], near[:, [one]])[:, 0]
    return [groups[number] for number in alive.tolist()]


def _shares(member: Floats, linked: Floats, near: Floats) -> Floats:
    """[i, j]: the share of those members of group i that are near to group j which have a link to it."""
    least = np.minimum(member.sum(axis=1, keepdims=True), LEAST_ASKED)
    shares: Floats = member @ linked / np.maximum(member @ near, least)
    return shares


def _atoms(links: Links, constraint: Constraint, same: float) -> list[list[int]]:
    """What must be together, and what is surely the same where nothing forbids that, the surest first."""
    firsts = constraint.must_link.argmax(axis=1)
    groups = {int(first): np.flatnonzero(firsts == first).tolist() for first in np.unique(firsts)}
    of = firsts.copy()
    ones, others = np.nonzero(np.triu((links.strength >= same) & ~links.apart, 1))
    order = np.lexsort((others, ones, -links.strength[ones, others]))
    for one, other in zip(ones[order].tolist(), others[order].tolist(), strict=True):
        left, right = int(of[one]), int(of[other])
        if left == right:
            continue
        at = np.ix_(groups[left], groups[right])
        if links.apart[at].mean() <= MOST_APART and not constraint.cannot_link[at].any():
            groups[left] += groups.pop(right)
            of[groups[left]] = left
    return list(groups.values())


def _attached(groups: list[list[int]], links: Links, constraint: Constraint, least: float) -> list[list[int]]:
    """The groups, and each text that stands alone in that of its best link if it is strong; it brings no other."""
    several = [group for group in groups if len(group) > 1]
    out = [list(group) for group in several]
    for (place,) in (group for group in groups if len(group) == 1):
        strengths = [
            float(links.strength[place, group].max())
            if links.apart[place, group].mean() <= MOST_APART and not constraint.cannot_link[place, now].any()
            else 0.0
            for group, now in zip(several, out, strict=False)
        ]
        best = int(np.argmax(strengths)) if strengths else -1
        if best >= 0 and strengths[best] >= least:
            out[best].append(place)
        else:
            out.append([place])
    return out
