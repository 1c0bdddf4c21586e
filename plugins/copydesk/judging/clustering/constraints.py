"""What people decided about pairs of texts, as constraints on the clusters that the links make. Pure.

Rulings are taken newest first; one that contradicts newer ones gives way. So of join A-B, split A-C, join B-C the
last two hold, and A is parted from B. What is left can always be kept, and is kept whatever the evidence says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Ruling, Verdict

__all__ = ["Constraint", "Constraints", "Places", "between_groups", "constraints_of", "split_for_stories"]

Flags: TypeAlias = NDArray[np.bool_]
Groups: TypeAlias = list[list[int]]
Places: TypeAlias = Sequence[int] | NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Constraint:
    """[i, j]: whether two of `count` texts must be together, and whether they must be apart; both symmetric and closed.

    None where nothing is demanded, as of nearly all components: that costs no memory.
    """

    count: int
    flags: tuple[Flags, Flags] | None = None

    @property
    def must_link(self) -> Flags:
        """Which must be together; a text must with itself."""
        return np.eye(self.count, dtype=np.bool_) if self.flags is None else self.flags[0]

    @property
    def cannot_link(self) -> Flags:
        """Which must be apart."""
        return np.zeros((self.count, self.count), np.bool_) if self.flags is None else self.flags[1]

    def among(self, places: Sequence[int]) -> "Constraint":
        """The constraint on some of the texts."""
        if self.flags is None:
            return Constraint(len(places))
        at = np.ix_(np.array(places, np.int64), np.array(places, np.int64))
        return Constraint(len(places), (self.flags[0][at], self.flags[1][at]))

    def without_must(self) -> "Constraint":
        """The same, with nothing that must be together."""
        return (
            self
            if self.flags is None
            else replace(self, flags=(Constraint(self.count).must_link, self.flags[1]))
        )

    def is_free(self) -> bool:
        """Whether nothing is demanded."""
        return self.flags is None or (
            np.count_nonzero(self.flags[0]) == self.count and not self.flags[1].any()
        )

    def bound(self) -> list[tuple[int, int]]:
        """The pairs that must be together, each once."""
        if self.is_free():
            return []
        ones, others = np.nonzero(np.triu(self.must_link, 1))
        return list(zip(ones.tolist(), others.tolist(), strict=True))

    def firsts(self) -> NDArray[np.int64]:
        """For each text the first of those that it must be together with."""
        return np.arange(self.count) if self.flags is None else self.flags[0].argmax(axis=1)

    def binds(self, one: int, other: int) -> bool:
        """Whether these two must be together."""
        return one == other if self.flags is None else bool(self.flags[0][one, other])

    def parts(self, ones: NDArray[np.int64], others: NDArray[np.int64]) -> Flags:
        """Which of these pairs must be apart."""
        return np.zeros(len(ones), np.bool_) if self.flags is None else self.flags[1][ones, others]

    def forbids(self, one: Places, other: Places) -> bool:
        """Whether something of the one group must be apart from something of the other."""
        if self.flags is None:
            return False
        return bool(self.flags[1][np.ix_(np.asarray(one), np.asarray(other))].any())


@dataclass(frozen=True, slots=True)
class Constraints:
    """Which texts must (not) be copies, and which must (not) be in one story."""

    copies: Constraint
    story: Constraint

    def among(self, places: Sequence[int]) -> "Constraints":
        """The constraints on some of the texts."""
        return Constraints(self.copies.among(places), self.story.among(places))

    def on(self, ruled: Sequence[int], places: Sequence[int]) -> "Constraints":
        """The same on other places: those of the texts `ruled`, which these are about, among ones without any."""
        at = {place: number for number, place in enumerate(ruled)}
        known = [number for number, place in enumerate(places) if place in at]
        of = [at[places[number]] for number in known]
        return Constraints(*(_on(level.among(of), known, len(places)) for level in (self.copies, self.story)))


def constraints_of(ids: Sequence[str], rulings: Iterable[Ruling]) -> Constraints:
    """What rulings, in any order, demand of texts; those about other texts are passed over."""
    places = {id_: place for place, id_ in enumerate(ids)}
    copies, story = _writable(len(ids)), _writable(len(ids))
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
    both = replace(copies, flags=(copies.must_link, copies.cannot_link | story.cannot_link))
    return Constraints(both, story)


def _writable(count: int) -> Constraint:
    free = Constraint(count)
    return Constraint(count, (free.must_link, free.cannot_link))


def _on(constraint: Constraint, places: Sequence[int], count: int) -> Constraint:
    if not places:
        return Constraint(count)
    out, at = _writable(count), np.ix_(places, places)
    out.must_link[at], out.cannot_link[at] = constraint.must_link, constraint.cannot_link
    return out


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
    if constraint.is_free():
        return Constraint(len(groups))
    member = np.zeros((len(groups), len(constraint.cannot_link)), np.float32)
    for number, group in enumerate(groups):
        member[number, group] = 1
    must_link = member @ constraint.must_link @ member.T > 0
    while (wider := must_link.astype(np.float32) @ must_link > 0).sum() > must_link.sum():
        must_link = wider
    reach = must_link.astype(np.float32)
    return Constraint(
        len(groups), (must_link, reach @ (member @ constraint.cannot_link @ member.T) @ reach > 0)
    )


def split_for_stories(groups: Groups, constraints: Constraints) -> Groups:
    """Families, or smaller ones where with them the rulings on stories could not be kept.

    Then the texts with such a ruling leave the families that the links put them into.
    """
    if constraints.story.is_free():
        return groups
    story = between_groups(constraints.story, groups)
    if not (story.must_link & story.cannot_link).any():
        return groups
    own = constraints.story.must_link.sum(axis=1) > 1
    ruled = set(np.flatnonzero(own | constraints.story.cannot_link.any(axis=1)).tolist())
    atoms = {tuple(np.flatnonzero(constraints.copies.must_link[place]).tolist()) for place in ruled}
    taken = {place for atom in atoms for place in atom}
    left = [[place for place in group if place not in taken] for group in groups]
    return [group for group in left if group] + [list(atom) for atom in sorted(atoms)]
