"""Texts → copy families: who carries the same agency text, and which text is the original. Pure.

A family is found in the whole set of texts at once and not text by text, so the order in which they came cannot
matter.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from copydesk.judging.clustering.agencies import is_own_page
from copydesk.judging.clustering.comparing import Pool
from copydesk.judging.clustering.constraints import Constraints, split_for_stories
from copydesk.judging.clustering.graph import Graph
from copydesk.judging.clustering.linkage import grouped
from copydesk.judging.clustering.versions import joined_by_versions
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["Family", "by_age", "find_families"]

SHARE = 0.34
"""More than that of the members of two groups of copies that came soon after one of the other group have a link to it,
if the groups are one family."""
SAME, ALONE = 1.3, 0.7
"""Strength of a link that makes two texts copies whatever the others are; and of one that takes a single text in."""
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


def find_families(
    texts: Sequence[Fingerprint],
    known: Pool,
    links: Graph,
    constraints: Constraints,
    versions: Iterable[tuple[int, int]] = (),
    of_wires: Iterable[tuple[int, int]] = (),
) -> list[Family]:
    """Partition texts into families, as the constraints demand; a text without copies is a family of its own.

    `versions` are the pairs that are versions of one running report, `of_wires` those of a text and an agency's that it
    may be a copy of, the surest first.
    """
    found = grouped(links, constraints.copies, share=SHARE, same=SAME, alone=ALONE)
    found = joined_by_versions(found, versions, constraints.copies)
    found = joined_by_versions(found, of_wires, constraints.copies, alone=True)
    groups = split_for_stories(found, constraints)
    families = [by_age(group, texts) for group in groups]
    return [Family(tuple(members), elect(members, texts, known)) for members in families]


def by_age(places: Collection[int], texts: Sequence[Fingerprint]) -> list[int]:
    """Texts in the order in which they are taken to have come, the first one first.

    Those that say when they were published by that, then the others: when we saw these depends on which poll failed, so
    it decides nothing. What is equal by its length, the longest first, for papers mostly cut.
    """

    def age(place: int) -> tuple[datetime, int, str]:
        text = texts[place]
        return (text.published_at or UNKNOWN, -text.size, text.id)

    return sorted(places, key=age)


def elect(members: Sequence[int], texts: Sequence[Fingerprint], known: Pool) -> tuple[tuple[int, int], ...]:
    """The originals a family had as its members were seen one after the other, each with whose arrival made it so.

    The agency's own page, else the earliest with an agency byline, else the earliest (see `by_age`) of those that
    hold nearly as much of what the family shares as the widest does. A teaser is none while a whole text is there: who
    opens the original reads on. Members are given in the order of `by_age`.
    """
    if len(members) == 1:
        return ((members[0], members[0]),)
    ranks = {place: number for number, place in enumerate(members)}
    claims = {place: _claim(texts[place]) for place in members}
    shared = known.shared(members)
    breadth = np.zeros(len(members), np.float32)
    here = np.zeros(len(members), np.bool_)
    whole = np.array([not texts[place].is_partial for place in members])
    best: int | None = None
    elections: list[tuple[int, int]] = []
    for new in sorted(members, key=lambda place: (texts[place].first_seen_at, texts[place].id)):
        rank = ranks[new]
        breadth[here] += shared[rank, here]
        breadth[rank] = shared[rank, here].sum()
        here[rank] = True
        if claims[new] and (best is None or (-claims[new], rank) < (-claims[best], ranks[best])):
            best = new
        able = here & whole if (here & whole).any() else here
        widest = able & (breadth >= NEARLY * breadth[able].max())
        original = members[int(widest.argmax())] if best is None else best
        if not elections or elections[-1][0] != original:
            elections.append((original, new))
    return tuple(elections)


def _claim(text: Fingerprint) -> int:
    """How well a text is entitled to be the original whatever it shares; a teaser is not."""
    if text.agency is not None and not text.is_partial:
        return 3 if is_own_page(text) else 2
    return 0
