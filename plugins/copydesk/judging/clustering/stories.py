"""Copy families → stories: the same event in other words.

A story is found in the whole set of families at once. It is open for a while and has an end: later coverage of
the same matter is a story that follows it. The records of families and stories, and how to look them up by ids
they once had, stand here too.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from copydesk.index import Found, Index, Kind
from copydesk.index.records import from_record, load
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.families import Family
from copydesk.judging.clustering.graph import Graph, always, never
from copydesk.judging.clustering.linkage import grouped
from copydesk.judging.clustering.pairs import Ints, blocks
from copydesk.judging.clustering.provenance import Carrier, Election
from copydesk.judging.fingerprint import Fingerprint

__all__ = [
    "SURE",
    "FamilyRecord",
    "Story",
    "StoryRecord",
    "find_heirs",
    "find_roots",
    "find_stories",
    "resolve",
    "root_of",
    "trace",
]

SURE = 1.25
"""Strength of a link that brings two families into one story by itself."""
SUPPORT = 2
"""Families that a weaker link must have in common with: a third and a fourth account tell of both. Within one event
hundreds tell it, each in few words that another has; two texts alone have no such witness."""
LINKED, SHARE = 0.1, 0.1
"""More than that of the texts of two families have a link to the other family, if they are linked; and of the families
of two groups to the other group, if they are one story."""
BITS = 64
"""Families that one number flags."""
QUIET = timedelta(hours=72)
"""A story stays open that long after its last new family."""
LONGEST = timedelta(days=14)
"""And that long at most after its first."""


@dataclass(frozen=True, slots=True)
class Story:
    """Families by their place in the sequence, oldest first; `follows` is the place of an earlier story or None."""

    families: tuple[int, ...]
    follows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRecord:
    """A copy family as it is stored; its id is that of its earliest member by (first seen, id).

    Attributes:
        members: Ids of its texts, in the order of `families.by_age`.
        first_seen_at, last_seen_at: Of its earliest and its latest member.
        carriers: Who carried it when, the first one first; `publishers` how many owners they have.
        agency: Whose text it is, or None when nobody says.
        elections: Its last originals, the present one last.
        merged_into: Family that took it in; all other fields are then as they were.
    """

    id: str
    story: str
    original: str
    members: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    carriers: tuple[Carrier, ...] = ()
    publishers: int = 0
    agency: str | None = None
    elections: tuple[Election, ...] = ()
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """A story as it is stored; its id is that of its earliest member by (first seen, id).

    Attributes:
        families: Ids of its families, oldest first.
        first_seen_at, last_seen_at: Of its earliest and its latest member.
        root: The story whose record lists the texts that are decided on together with these; often itself.
        kin: That list (their connected component), sorted; empty but for a root.
        ruled: For a root a checksum of the rulings among its texts, so that a new ruling changes it; else "".
        follows: The story it continues, or None.
        absorbed: Ids under which its texts were known before: an alert told under one of them is told.
        told: Ids of alerts about it, noted before they ring.
        merged_into: Story that took it in; all other fields are then as they were.
    """

    id: str
    families: tuple[str, ...]
    first_seen_at: datetime
    last_seen_at: datetime
    root: str
    kin: tuple[str, ...] = ()
    ruled: str = ""
    follows: str | None = None
    absorbed: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    merged_into: str | None = None


def find_stories(
    families: Sequence[Family], texts: Sequence[Fingerprint], event: Graph, constraint: Constraint
) -> list[Story]:
    """Partition families into stories, then cut these by time where `constraint`, between families, lets it."""
    births = [
        min((texts[member].first_seen_at, texts[member].id) for member in family.members)
        for family in families
    ]
    found: list[Story] = []
    for group in grouped(_between(families, event), constraint, share=SHARE):
        together = sorted(group, key=lambda place: births[place])
        bound = constraint.among(together).must_link
        found += _cut(together, [births[place][0] for place in together], bound, len(found))
    return found


def _between(families: Sequence[Family], links: Graph) -> Graph:
    """Links between families: as strong as the strongest between their members, if enough of both have one.

    It must be SURE, or both must be linked with as many others as SUPPORT says.
    """
    count = len(families)
    family = np.zeros(links.count, np.int64)
    for number, members in enumerate(families):
        family[list(members.members)] = number
    sizes = np.array([len(one.members) for one in families])
    ones, others = family[links.ones], family[links.others]
    pairs, of = np.unique(np.minimum(ones, others) * count + np.maximum(ones, others), return_inverse=True)
    strongest = np.zeros(len(pairs), np.float32)
    np.maximum.at(strongest, of, links.strength)
    weak, sure = _enough(links, family, sizes, 0), _enough(links, family, sizes, SURE)
    enough = np.union1d(sure, weak[_supported(count, weak // count, weak % count)])
    strength = strongest[np.searchsorted(pairs, enough)]
    return Graph(count, enough // count, enough % count, strength, never, always)


def _supported(count: int, ones: Ints, others: Ints) -> NDArray[np.bool_]:
    """Which of these pairs of so many families are linked with as many of the same, as all of the pairs say."""
    linked = np.zeros((count, -(-count // BITS)), np.uint64)
    for one, other in ((ones, others), (others, ones)):
        np.bitwise_or.at(linked, (one, other // BITS), np.uint64(1) << (other % BITS).astype(np.uint64))
    common = [
        np.bitwise_count(linked[ones[some]] & linked[others[some]]).sum(axis=1, dtype=np.int64)
        for some in blocks(np.arange(len(ones)), linked.shape[1])
    ]
    return np.concatenate([np.zeros(0, np.int64), *common]) >= SUPPORT


def _enough(links: Graph, family: Ints, sizes: Ints, least: float) -> Ints:
    """The pairs of families of which more than LINKED of the texts of either have a link so strong to the other.

    A pair is its first family times their number plus its second one.
    """
    count, which = len(sizes), links.strength >= least
    ones, others = links.ones[which], links.others[which]
    texts, beside = np.concatenate((ones, others)), family[np.concatenate((others, ones))]
    # each text that has a link to another family counts once
    linked = np.unique(texts * count + beside)
    pairs, linking = np.unique(family[linked // count] * count + linked % count, return_counts=True)
    left, right = pairs // count, pairs % count
    shares = linking / sizes[left]
    back = shares[np.searchsorted(pairs, right * count + left)]
    kept = (left < right) & (np.minimum(shares, back) > LINKED)
    out: Ints = pairs[kept]
    return out


def _cut(
    families: Sequence[int], births: Sequence[datetime], bound: NDArray[np.bool_], number: int
) -> list[Story]:
    """The stories of one matter, families oldest first, none cut between families that are bound to each other.

    `number` is the place the first of the stories will have.
    """
    found: list[Story] = []
    start = 0
    for place in range(1, len(families) + 1):
        late = place < len(families) and (
            births[place] - births[place - 1] > QUIET or births[place] - births[start] > LONGEST
        )
        if place == len(families) or (late and not bound[:place, place:].any()):
            found.append(Story(tuple(families[start:place]), number + len(found) - 1 if found else None))
            start = place
    return found


def find_roots(index: Index, ids: Iterable[str]) -> dict[str, Found]:
    """The root records of stories, through mergers."""
    return {
        id_: row
        for id_, row in trace(index, ids).items()
        if (record := from_record(StoryRecord, row.body)).root == id_ and not record.merged_into
    }


def trace(index: Index, ids: Iterable[str]) -> dict[str, Found]:
    """The records of stories, and all that lie between them and their roots."""
    rows: dict[str, Found] = {}
    known: set[str] = set()
    ahead = set(ids)
    while ahead:
        known |= ahead
        found = index.get(Kind.STORIES, sorted(ahead))
        rows |= found
        records = (from_record(StoryRecord, row.body) for row in found.values())
        ahead = {record.merged_into or record.root for record in records} - known
    return rows


def root_of(stories: Mapping[str, StoryRecord], id_: str) -> str | None:
    """The root to which the records lead from a story, or None where they break off. Pure."""
    passed: set[str] = set()
    while id_ in stories and id_ not in passed:
        passed.add(id_)
        before, id_ = id_, stories[id_].merged_into or stories[id_].root
        if id_ == before:
            return id_
    return None


def find_heirs(index: Index, ids: Iterable[str]) -> dict[str, str]:
    """For each story the one it is part of now: itself, or the one that took it in; it may have no record yet."""
    into: dict[str, str] = {}
    stories = set(ids)
    while ahead := (stories | set(into.values())) - set(into):
        known = load(index, Kind.STORIES, StoryRecord, sorted(ahead))
        into |= {id_: (known[id_].merged_into if id_ in known else None) or id_ for id_ in ahead}
    return {id_: _last(id_, into) for id_ in stories}


def _last(story: str, into: Mapping[str, str]) -> str:
    """Where mergers lead; those in a circle, which nobody should have written, lead to the least of their ids."""
    way = [story]
    while into[way[-1]] not in way:
        way.append(into[way[-1]])
    return min(way[way.index(into[way[-1]]) :])


def resolve(index: Index, ids: Iterable[str]) -> dict[str, StoryRecord]:
    """For each story id the record of the story it is now; absent where that has none.

    Whatever was told under the story's id or one of its `absorbed` ids has been told of this story.
    """
    now = find_heirs(index, ids)
    known = load(index, Kind.STORIES, StoryRecord, sorted(set(now.values())))
    return {id_: known[at] for id_, at in now.items() if at in known}
