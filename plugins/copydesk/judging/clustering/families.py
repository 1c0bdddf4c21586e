"""Texts → copy families: who carries the same agency text, which text is the original, which are roundups. Pure.

A family is found in the whole set of texts at once and not text by text, so the order in which they came cannot
matter: the text with the most copies leads, what is a copy of it follows, and what is left is led by the next.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.agencies import is_own_page
from copydesk.judging.clustering.constraints import Constraints, constraints_of, enforce, split_for_stories
from copydesk.judging.clustering.features import Features
from copydesk.judging.clustering.links import LEAST_LEAD, briefed, taken
from copydesk.judging.fingerprint import Fingerprint, Section

__all__ = ["Family", "by_age", "find_families", "find_roundups"]

Flags = NDArray[np.bool_]

STRANGE, STRANGE_FACTS, STRANGE_TOPIC = 0.1, 0.25, 0.25
"""Shares two texts about different things may have in common: turns of phrase, names, frequent words."""
PART, OVERLAP = 0.12, 0.2
"""A roundup's items cover that much of it each, and share less than that of the smaller one's part."""
FEWEST_ITEMS, LOPSIDED = 2, 4.0
"""Items a roundup has at least; and times by which one outdoes the other when that is but a teaser left on the page."""
MADE_OF = 0.5
"""Share of a roundup that two of its items make up, if one of them is but briefed in it, see links.py."""
UNKNOWN = datetime.max.replace(tzinfo=UTC)
"""When a text came that does not say: behind all that do."""
NEARLY = 0.9
"""Share of the widest text's breadth from which on a text is as wide."""


@dataclass(frozen=True, slots=True)
class Family:
    """Members by their place in the sequence of texts.

    Attributes:
        members: In the order of `by_age`.
        elections: Originals one after the other, each with the member whose arrival made it the original.
    """

    members: tuple[int, ...]
    elections: tuple[tuple[int, int], ...]

    @property
    def original(self) -> int:
        """The member the others point to."""
        return self.elections[-1][0]


def find_roundups(texts: Sequence[Fingerprint], features: Features, linked: Flags) -> dict[int, list[int]]:
    """Texts that hold several items: for each the texts it took them from.

    A text is a roundup when it shares different parts of itself with two texts that have nothing to do with
    each other. A text that shares a part with a roundup, and another with a cut copy of itself, looks the same:
    so the one with the most such pairs is taken out first, and the others are looked at again without it.
    """
    if len(texts) <= FEWEST_ITEMS:
        return {}
    surely = (linked & (features.lead.T >= LEAST_LEAD)) | taken(features).T
    holds = surely | briefed(features).T
    strange = (
        ~(linked | holds | holds.T)
        & (np.fmax(features.facts, 0) < STRANGE_FACTS)
        & (features.gist < STRANGE_TOPIC)
        & (np.fmax(features.title, 0) < STRANGE_TOPIC)
        & (np.maximum(features.cover, features.cover.T) < STRANGE)
    )
    left = set(range(len(texts)))
    found: dict[int, list[int]] = {}
    open_ = left
    while open_:
        apart = {place: _apart(place, texts, surely, holds, strange, left) for place in sorted(open_)}
        pairs = {place: int(matrix.sum()) for place, (_, matrix) in apart.items()}
        most = max(pairs, key=lambda place: pairs[place])
        if not pairs[most]:
            break
        others, matrix = apart[most]
        found[most] = [others[item] for item in np.flatnonzero(matrix.any(axis=0)).tolist()]
        left = left - {most}
        open_ = {place for place in open_ - {most} if pairs[place]}
    return found


def _apart(
    place: int,
    texts: Sequence[Fingerprint],
    surely: Flags,
    holds: Flags,
    strange: Flags,
    left: set[int],
) -> tuple[list[int], Flags]:
    """The texts one holds a part of, and which two of them are strange to each other and fill different parts."""
    others = [other for other in np.flatnonzero(holds[place]).tolist() if other != place and other in left]
    apart: Flags = strange[np.ix_(others, others)]
    if not apart.any():
        return others, apart
    own = texts[place].section(Section.SKETCH)
    masks = np.array([np.isin(own, texts[other].section(Section.SKETCH)) for other in others], np.float32)
    both = masks @ masks.T
    sizes = np.diagonal(both)
    smaller, larger = np.minimum(sizes[:, None], sizes[None, :]), np.maximum(sizes[:, None], sizes[None, :])
    apart &= (
        (both <= OVERLAP * smaller) & (smaller >= PART * max(len(own), 1)) & (larger <= LOPSIDED * smaller)
    )
    sure = np.array([surely[place, other] for other in others])
    apart &= (sure[:, None] & sure[None, :]) | (smaller + larger >= MADE_OF * len(own))
    return others, apart


def find_families(
    texts: Sequence[Fingerprint],
    features: Features,
    linked: Flags,
    constraints: Constraints | None = None,
    originals: Collection[str] = (),
) -> list[Family]:
    """Partition texts into families, as the constraints demand; a text without copies is a family of its own.

    Texts whose ids are among `originals` stay it, unless one comes that says more of itself.
    """
    constraints = constraints or constraints_of([text.id for text in texts], ())
    linked = linked & ~constraints.copies.cannot_link
    left = set(range(len(texts)))
    ranks = {place: rank for rank, place in enumerate(by_age(sorted(left), texts))}
    order = sorted(left, key=lambda place: (-int(linked[place].sum()), ranks[place]))
    groups: list[list[int]] = []
    closest = np.where(linked & ~np.eye(len(texts), dtype=np.bool_), features.shared, -1).argmax(axis=1)
    for leader in order:
        if leader in left:
            group = [
                place
                for place in left
                if place == leader or (linked[leader, place] and linked[leader, closest[place]])
            ]
            left.difference_update(group)
            groups.append(group)
    joined = split_for_stories(
        enforce(_join(groups, linked), constraints.copies, np.where(linked, features.shared, 0)), constraints
    )
    families = [by_age(group, texts) for group in joined]
    return [Family(tuple(members), elect(members, texts, features, originals)) for members in families]


def by_age(places: Collection[int], texts: Sequence[Fingerprint]) -> list[int]:
    """Texts in the order in which they are taken to have come, the first one first.

    Those that say when they were published by that, then the others: when we saw these depends on which poll failed, so
    it decides nothing. What is equal by its length, the longest first, for papers mostly cut.
    """

    def age(place: int) -> tuple[datetime, int, str]:
        text = texts[place]
        return (text.published_at or UNKNOWN, -text.size, text.id)

    return sorted(places, key=age)


def _join(groups: list[list[int]], linked: Flags) -> list[list[int]]:
    """Join groups, the closest two first, while at least half of the pairs between them are linked."""
    while len(groups) > 1:
        member = np.zeros((len(groups), len(linked)), np.float32)
        for number, group in enumerate(groups):
            member[number, group] = 1
        sizes = member.sum(axis=1)
        share = np.triu(member @ linked @ member.T / np.outer(sizes, sizes), 1)
        one, other = np.unravel_index(int(share.argmax()), share.shape)
        if share[one, other] < 0.5:  # noqa: PLR2004 (as the docstring says)
            break
        groups[int(one)] += groups.pop(int(other))
    return groups


def elect(
    members: Sequence[int], texts: Sequence[Fingerprint], features: Features, originals: Collection[str] = ()
) -> tuple[tuple[int, int], ...]:
    """The originals a family had as its members were seen one after the other, each with whose arrival made it so.

    The agency's own page, else the earliest with an agency byline, else the earliest (see `by_age`) of those that
    hold nearly as much of what the family shares as the widest does. Members are given in the order of `by_age`.
    """
    ranks = {place: number for number, place in enumerate(members)}
    claims = {place: _claim(texts[place], originals) for place in members}
    shared = features.shared[np.ix_(members, members)]
    breadth = np.zeros(len(members), np.float32)
    here = np.zeros(len(members), np.bool_)
    best: int | None = None
    elections: list[tuple[int, int]] = []
    for new in sorted(members, key=lambda place: (texts[place].first_seen_at, texts[place].id)):
        rank = ranks[new]
        breadth[here] += shared[rank, here]
        breadth[rank] = shared[rank, here].sum()
        here[rank] = True
        if claims[new] and (best is None or (-claims[new], rank) < (-claims[best], ranks[best])):
            best = new
        widest = here & (breadth >= NEARLY * breadth[here].max())
        original = members[int(widest.argmax())] if best is None else best
        if not elections or elections[-1][0] != original:
            elections.append((original, new))
    return tuple(elections)


def _claim(text: Fingerprint, originals: Collection[str]) -> int:
    """How well a text is entitled to be the original whatever it shares."""
    if text.agency is not None:
        return 3 if is_own_page(text) else 2
    return int(text.id in originals)
