"""What people decided about pairs of texts, as constraints on what the evidence makes of them. Pure.

Rulings are taken newest first; one that contradicts newer ones gives way. So of join A-B, split A-C, join B-C the
last two hold, and A is parted from B. What is left can always be kept, and is kept whatever the evidence says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Ruling, Verdict

__all__ = ["Bond", "Bonds", "bind", "bonds_of", "lift", "loosen"]

Flags: TypeAlias = NDArray[np.bool_]
Groups: TypeAlias = list[list[int]]


@dataclass(frozen=True, slots=True)
class Bond:
    """[i, j]: whether two texts must be together; whether they must be apart. Symmetric and closed."""

    together: Flags
    apart: Flags

    def among(self, places: Sequence[int]) -> "Bond":
        """The bond of some of the texts."""
        at = np.ix_(places, places)
        return Bond(self.together[at], self.apart[at])


@dataclass(frozen=True, slots=True)
class Bonds:
    """Which texts must (not) be copies, and which must (not) be in one story."""

    copies: Bond
    story: Bond

    def among(self, places: Sequence[int]) -> "Bonds":
        """The bonds of some of the texts."""
        return Bonds(self.copies.among(places), self.story.among(places))


def bonds_of(ids: Sequence[str], rulings: Iterable[Ruling]) -> Bonds:
    """What rulings, in any order, demand of texts; those about other texts are passed over."""
    places = {id_: place for place, id_ in enumerate(ids)}
    copies, story = _free(len(ids)), _free(len(ids))
    for ruling in sorted(
        (ruling for ruling in rulings if ruling.one in places and ruling.other in places),
        key=lambda r: (-r.at.timestamp(), r.verdict.joins, r.one, r.other),
    ):
        one, other = places[ruling.one], places[ruling.other]
        if ruling.verdict.joins:
            levels = (copies, story) if ruling.verdict is Verdict.COPIES else (story,)
            if not any(level.apart[one, other] for level in levels):
                for level in levels:
                    _join(level, one, other)
        elif ruling.verdict is Verdict.NO_COPIES:
            if not copies.together[one, other]:
                _part(copies, one, other)
        elif not story.together[one, other]:
            _part(story, one, other)
    return Bonds(Bond(copies.together, copies.apart | story.apart), story)


def _free(count: int) -> Bond:
    return Bond(np.eye(count, dtype=np.bool_), np.zeros((count, count), np.bool_))


def _join(bond: Bond, one: int, other: int) -> None:
    mine = bond.together[one] | bond.together[other]
    bond.together[np.ix_(mine, mine)] = True
    apart = bond.apart[mine].any(axis=0)
    bond.apart[mine] = apart
    bond.apart[:, mine] = apart[:, None]


def _part(bond: Bond, one: int, other: int) -> None:
    left, right = bond.together[one].copy(), bond.together[other].copy()
    bond.apart[np.ix_(left, right)] = True
    bond.apart[np.ix_(right, left)] = True


def bind(groups: Groups, bond: Bond, links: NDArray[np.float32]) -> Groups:
    """Groups that the evidence made → groups that keep the bond: first joined, then parted by the strength of links."""
    if np.count_nonzero(bond.together) == len(bond.together) and not bond.apart.any():
        return groups
    joined: Groups = []
    for group in groups:
        ties = [known for known in joined if bond.together[np.ix_(known, group)].any()]
        joined = [known for known in joined if known not in ties] + [sum(ties, list(group))]
    return [part for group in joined for part in _parts(sorted(group), bond, links)]


def _parts(group: list[int], bond: Bond, links: NDArray[np.float32]) -> Groups:
    """A group, parted where it must be; who is free goes with the one it has the strongest link with."""
    if not bond.apart[np.ix_(group, group)].any():
        return [group]
    atoms: Groups = []
    for place in group:
        home = next((atom for atom in atoms if bond.together[atom[0], place]), None)
        if home is None:
            atoms.append([place])
        else:
            home.append(place)

    def rank(atom: list[int]) -> tuple[bool, float, int]:
        return (
            not bond.apart[np.ix_(atom, group)].any(),
            -float(links[np.ix_(atom, group)].sum()),
            atom[0],
        )

    parts: Groups = []
    for atom in sorted(atoms, key=rank):
        bound = bool(bond.apart[np.ix_(atom, group)].any())
        shares = [
            -1.0 if bond.apart[np.ix_(atom, part)].any() else float(links[np.ix_(atom, part)].max())
            for part in parts
        ]
        best = int(np.argmax(shares)) if shares else -1
        if best < 0 or shares[best] < 0 or (bound and not shares[best]):
            parts.append(list(atom))
        else:
            parts[best] += atom
    return [sorted(part) for part in parts]


def lift(bond: Bond, groups: Groups) -> Bond:
    """The bond between groups that the bond between their members makes; see `loosen` for one that cannot be kept."""
    member = np.zeros((len(groups), len(bond.apart)), np.float32)
    for number, group in enumerate(groups):
        member[number, group] = 1
    together = member @ bond.together @ member.T > 0
    while (wider := together.astype(np.float32) @ together > 0).sum() > together.sum():
        together = wider
    reach = together.astype(np.float32)
    return Bond(together, reach @ (member @ bond.apart @ member.T) @ reach > 0)


def loosen(groups: Groups, bonds: Bonds) -> Groups:
    """Families, or smaller ones where with them the rulings on stories could not be kept.

    Then the texts with such a ruling leave the families that the evidence put them into.
    """
    story = lift(bonds.story, groups)
    if not (story.together & story.apart).any():
        return groups
    own = bonds.story.together.sum(axis=1) > 1
    ruled = set(np.flatnonzero(own | bonds.story.apart.any(axis=1)).tolist())
    atoms = {tuple(np.flatnonzero(bonds.copies.together[place]).tolist()) for place in ruled}
    taken = {place for atom in atoms for place in atom}
    left = [[place for place in group if place not in taken] for group in groups]
    return [group for group in left if group] + [list(atom) for atom in sorted(atoms)]
