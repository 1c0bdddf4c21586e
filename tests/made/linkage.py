"""Links between all pairs of some texts; and groups of them by looking at all pairs of groups at every step."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.asking import LEAST_ASKED
from copydesk.judging.clustering.comparing import Pool
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.graph import Graph, Links, told
from copydesk.judging.clustering.joining import BY_STRENGTH
from copydesk.judging.clustering.linkage import MOST_APART
from copydesk.judging.clustering.links import copies
from copydesk.judging.clustering.pairs import Floats

__all__ = ["among", "densely_grouped", "graph_of", "links_of"]

Flags: TypeAlias = NDArray[np.bool_]


def links_of(known: Pool) -> Links:
    """The links between all pairs of texts: [i, j] is about two of them."""
    every = np.arange(known.count)
    found = copies(known.features(np.repeat(every, known.count), np.tile(every, known.count)))
    shape = (known.count, known.count)
    return Links(found.strength.reshape(shape), found.apart.reshape(shape), found.near.reshape(shape))


def graph_of(links: Links) -> Graph:
    """The same links as a graph."""
    count = len(links.apart)
    ones, others = np.triu_indices(count, 1)
    strength = links.strength[ones, others]
    return Graph(
        count,
        ones[strength > 0],
        others[strength > 0],
        strength[strength > 0],
        told(count, ones, others, links.apart[ones, others]),
        told(count, ones, others, links.near[ones, others]),
    )


def among(links: Links, places: Sequence[int]) -> Links:
    """The links between some of the texts."""
    at = np.ix_(places, places)
    return Links(links.strength[at], links.apart[at], links.near[at])


def densely_grouped(
    links: Links, constraint: Constraint, *, share: float, same: float = np.inf, alone: float = np.inf
) -> list[list[int]]:
    """What `grouped` finds, looked for as plainly as can be: each step compares all groups with all."""
    out = []
    for places in _components_of(range(len(links.apart)), (links.strength > 0) | constraint.must_link):
        if len(places) > 1:
            groups = _grouped(among(links, places), constraint.among(places), share, same, alone)
            out += [sorted(places[place] for place in group) for group in groups]
        else:
            out.append(places)
    return out


def _grouped(
    links: Links, constraint: Constraint, share: float, same: float, alone: float
) -> list[list[int]]:
    """Groups of a component. What must be together brings its groups along, unless that breaks what must be apart."""
    free = constraint.without_must()
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


def _components_of(places: Sequence[int], adjacent: Flags) -> list[list[int]]:
    """The components of the places, each sorted."""
    left = set(places)
    found = []
    for place in places:
        if place not in left:
            continue
        left.discard(place)
        component, ahead = [place], [place]
        while ahead:
            more = [other for other in np.flatnonzero(adjacent[ahead.pop()]).tolist() if other in left]
            left.difference_update(more)
            component += more
            ahead += more
        found.append(sorted(component))
    return found
