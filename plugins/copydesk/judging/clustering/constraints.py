"""What people decided about pairs of texts, as constraints on the clusters that the links make. Pure.

Rulings are taken newest first; one that contradicts newer ones gives way. So of join A-B, split A-C, join B-C the
last two hold, and A is parted from B. What is left can always be kept, and is kept whatever the evidence says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Ruling, Verdict

__all__ = ["Constraint", "Constraints", "between_groups", "constraints_of", "split_for_stories"]

Flags: TypeAlias = NDArray[np.bool_]
Groups: TypeAlias = list[list[int]]


@dataclass(frozen=True, slots=True)
class Constraint:
    """[i, j]: whether two texts must be together; whether they must be apart. Both symmetric and closed."""

    must_link: Flags
    cannot_link: Flags

    def among(self, places: Sequence[int]) -> "Constraint":
        """The constraint on some of the texts."""
        at = np.ix_(places, places)
        return Constraint(self.must_link[at], self.cannot_link[at])


@dataclass(frozen=True, slots=True)
class Constraints:
    """Which texts must (not) be copies, and which must (not) be in one story."""

    copies: Constraint
    story: Constraint

    def among(self, places: Sequence[int]) -> "Constraints":
        """The constraints on some of the texts."""
        return Constraints(self.copies.among(places), self.story.among(places))


def constraints_of(ids: Sequence[str], rulings: Iterable[Ruling]) -> Constraints:
    """What rulings, in any order, demand of texts; those about other texts are passed over."""
    places = {id_: place for place, id_ in enumerate(ids)}
    copies, story = _unconstrained(len(ids)), _unconstrained(len(ids))
    for ruling in sorted(
        (ruling for ruling in rulings if ruling.one in places and ruling.other in places),
        key=lambda r: (-r.at.timestamp(), r.verdict.joins, r.one, r.other),
    ):
        one, other = places[ruling.one], places[ruling.other]
        if ruling.verdict.joins:
            levels = (copies, story) if ruling.verdict is Verdict.COPIES else (story,)
            if not any(level.cannot_link[one, other] for level in levels):
                for level in levels:
                    _require(level, one, other)
        elif ruling.verdict is Verdict.NO_COPIES:
            if not copies.must_link[one, other]:
                _forbid(copies, one, other)
        elif not story.must_link[one, other]:
            _forbid(story, one, other)
    return Constraints(Constraint(copies.must_link, copies.cannot_link | story.cannot_link), story)


def _unconstrained(count: int) -> Constraint:
    return Constraint(np.eye(count, dtype=np.bool_), np.zeros((count, count), np.bool_))


def _require(constraint: Constraint, one: int, other: int) -> None:
    mine = constraint.must_link[one] | constraint.must_link[other]
    constraint.must_link[np.ix_(mine, mine)] = True
    cannot_link = constraint.cannot_link[mine].any(axis=0)
    constraint.cannot_link[mine] = cannot_link
    constraint.cannot_link[:, mine] = cannot_link[:, None]


def _forbid(constraint: Constraint, one: int, other: int) -> None:
    left, right = constraint.must_link[one].copy(), constraint.must_link[other].copy()
    constraint.cannot_link[np.ix_(left, right)] = True
    constraint.cannot_link[np.ix_(right, left)] = True


def between_groups(constraint: Constraint, groups: Groups) -> Constraint:
    """The constraint between groups that their members' makes; see `split_for_stories` if it cannot be kept."""
    member = np.zeros((len(groups), len(constraint.cannot_link)), np.float32)
    for number, group in enumerate(groups):
        member[number, group] = 1
    must_link = member @ constraint.must_link @ member.T > 0
    while (wider := must_link.astype(np.float32) @ must_link > 0).sum() > must_link.sum():
        must_link = wider
    reach = must_link.astype(np.float32)
    return Constraint(must_link, reach @ (member @ constraint.cannot_link @ member.T) @ reach > 0)


def split_for_stories(groups: Groups, constraints: Constraints) -> Groups:
    """Families, or smaller ones where with them the rulings on stories could not be kept.

    Then the texts with such a ruling leave the families that the links put them into.
    """
    story = between_groups(constraints.story, groups)
    if not (story.must_link & story.cannot_link).any():
        return groups
    own = constraints.story.must_link.sum(axis=1) > 1
    ruled = set(np.flatnonzero(own | constraints.story.cannot_link.any(axis=1)).tolist())
    atoms = {tuple(np.flatnonzero(constraints.copies.must_link[place]).tolist()) for place in ruled}
    taken = {place for atom in atoms for place in atom}
    left = [[place for place in group if place not in taken] for group in groups]
    return [group for group in left if group] + [list(atom) for atom in sorted(atoms)]
