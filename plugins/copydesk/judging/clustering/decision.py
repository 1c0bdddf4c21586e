"""A set of texts → their judgements and the records of their families and stories. Pure.

This is the whole decision. It depends on the set of texts and on nothing else, neither on the order in which
they came nor on what was decided before. The rulings of people about the texts are part of that set.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Judgement, Ruling
from copydesk.judging.clustering.constraints import Bonds, bonds_of, lift
from copydesk.judging.clustering.families import Family, by_age, find_families, find_roundups
from copydesk.judging.clustering.features import Ties, evidence_of, part_of, tie
from copydesk.judging.clustering.links import briefed, copies, related, taken
from copydesk.judging.clustering.provenance import (
    Election,
    agency_of,
    by_publisher,
    carrier_of,
    carriers_of,
    elections_of,
)
from copydesk.judging.clustering.stories import FamilyRecord, Story, StoryRecord, find_stories
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["NOTHING", "Frozen", "Grouping", "group", "kin"]

Flags: TypeAlias = NDArray[np.bool_]


@dataclass(slots=True)
class Grouping:
    """What was decided, by id; revisions and absorbed ids are left to whoever stores it."""

    judgements: dict[str, Judgement] = field(default_factory=dict)
    families: dict[str, FamilyRecord] = field(default_factory=dict)
    stories: dict[str, StoryRecord] = field(default_factory=dict)

    def update(self, other: "Grouping") -> None:
        """Add what was decided on other texts."""
        self.judgements |= other.judgements
        self.families |= other.families
        self.stories |= other.stories


@dataclass(frozen=True, slots=True)
class Links:
    """The ties of some texts, the two kinds of links they make, and what people decided; all by place in `texts`."""

    texts: Sequence[Fingerprint]
    ties: Ties
    copy: Flags
    event: Flags
    bonds: Bonds
    by_hand: Flags
    originals: Collection[str]

    def among(self, places: Sequence[int]) -> "Links":
        """The links between some of the texts."""
        at = np.ix_(places, places)
        texts = [self.texts[place] for place in places]
        return Links(
            texts,
            part_of(self.ties, places),
            self.copy[at],
            self.event[at],
            self.bonds.among(places),
            self.by_hand[at],
            self.originals,
        )


@dataclass(frozen=True, slots=True)
class Frozen:
    """What shall stay of a former decision: who is together, as rulings that nobody made, and the originals."""

    rulings: Sequence[Ruling] = ()
    originals: frozenset[str] = frozenset()


NOTHING = Frozen()


def kin(texts: Sequence[Fingerprint]) -> Flags:
    """[i, j]: whether two texts must be decided on together; symmetric."""
    ties = tie(texts)
    return _near(ties, copies(ties) | related(ties))


def _near(ties: Ties, linked: Flags) -> Flags:
    """Links, and what may turn out to be the items of a roundup."""
    part = taken(ties) | briefed(ties)
    return linked | part | part.T


def group(
    texts: Sequence[Fingerprint],
    rulings: Iterable[Ruling] = (),
    frozen: Frozen = NOTHING,
    ties: Ties | None = None,
) -> Grouping:
    """Decide on a set of texts, at least one; any order of them, and of the rulings, gives the same answer.

    If their ties are given, the texts are in the order of these.
    """
    if len(texts) == 1:
        return _alone(texts[0])
    ordered = texts if ties else sorted(texts, key=lambda text: text.id)
    ties = ties or tie(ordered)
    copy = copies(ties)
    among = _among(rulings, ordered)
    ids = [text.id for text in ordered]
    by_hand = bonds_of(ids, among)
    bonds = bonds_of(ids, [*among, *frozen.rulings]) if frozen.rulings else by_hand
    links = Links(ordered, ties, copy, copy | related(ties), bonds, by_hand.copies.together, frozen.originals)
    bound = links.bonds.story.together
    roundups = {
        place: items
        for place, items in find_roundups(ordered, ties, copy).items()
        if np.count_nonzero(bound[place]) == 1
    }
    out = Grouping()
    for places in _components(
        [place for place in range(len(ordered)) if place not in roundups], _near(ties, links.event) | bound
    ):
        out.update(_decide(links.among(places)) if len(places) > 1 else _alone(ordered[places[0]]))
    for place, items in roundups.items():
        found = [ordered[item] for item in items if ordered[item].id in out.judgements]
        out.update(_alone(ordered[place], _one_each(found, out)))
    _note_rulings(out, among)
    return out


def _one_each(items: Sequence[Fingerprint], made: Grouping) -> tuple[str, ...]:
    """The first of the items of each family: no copy that has nothing of the roundup changes it."""
    by_family: dict[str, str] = {}
    for place in by_age(range(len(items)), items):
        by_family.setdefault(made.judgements[items[place].id].family, items[place].id)
    return tuple(sorted(by_family.values()))


def _among(rulings: Iterable[Ruling], texts: Sequence[Fingerprint]) -> list[Ruling]:
    ids = {text.id for text in texts}
    return [ruling for ruling in rulings if ruling.one in ids and ruling.other in ids]


def _note_rulings(out: Grouping, rulings: Iterable[Ruling]) -> None:
    """Write into the stories what was told of them under other ids, and into root records that there are rulings."""
    told: dict[str, set[str]] = {}
    seen: dict[str, set[str]] = {}
    for ruling in rulings:
        for id_ in (ruling.one, ruling.other):
            story = out.judgements[id_].story
            told.setdefault(story, set()).update(ruling.told)
            words = f"{ruling.one} {ruling.other} {ruling.verdict} {ruling.at.isoformat()}"
            seen.setdefault(out.stories[story].root, set()).add(words)
    for id_, names in told.items():
        out.stories[id_] = replace(out.stories[id_], absorbed=tuple(sorted(names - {id_})))
    for id_, lines in seen.items():
        ruled = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]
        out.stories[id_] = replace(out.stories[id_], ruled=ruled)


def _components(places: Sequence[int], near: Flags) -> list[list[int]]:
    """Parts of the places that are connected, each sorted."""
    left = set(places)
    found = []
    for place in places:
        if place not in left:
            continue
        left.discard(place)
        part, ahead = [place], [place]
        while ahead:
            more = [other for other in np.flatnonzero(near[ahead.pop()]).tolist() if other in left]
            left.difference_update(more)
            part += more
            ahead += more
        found.append(sorted(part))
    return found


def _decide(links: Links) -> Grouping:
    """Decide on connected texts without roundups."""
    families = find_families(links.texts, links.ties, links.copy, links.bonds, links.originals)
    bond = lift(links.bonds.story, [list(family.members) for family in families])
    stories = find_stories(families, links.texts, links.event, bond)
    root = _earliest(links.texts)
    ids = [_earliest([links.texts[member] for member in family.members]) for family in families]
    story_ids = [_earliest(_texts_of(story, families, links.texts)) for story in stories]
    out = Grouping()
    for story, story_id in zip(stories, story_ids, strict=True):
        follows = story_ids[story.follows] if story.follows is not None else None
        kin_ids = tuple(text.id for text in links.texts) if story_id == root else ()
        texts = _texts_of(story, families, links.texts)
        first, last = _period(texts)
        out.stories[story_id] = StoryRecord(
            id=story_id,
            families=tuple(ids[place] for place in story.families),
            first_seen_at=first,
            last_seen_at=last,
            follows=follows,
            root=root,
            kin=kin_ids,
        )
        for place in story.families:
            out.update(_family(families[place], links, family_id=ids[place], story_id=story_id))
    return out


def _family(family: Family, links: Links, *, family_id: str, story_id: str) -> Grouping:
    texts = [links.texts[member] for member in family.members]
    first, last = _period(texts)
    carriers = carriers_of(family, links.texts, links.ties)
    record = FamilyRecord(
        id=family_id,
        story=story_id,
        original=links.texts[family.original].id,
        members=tuple(text.id for text in texts),
        first_seen_at=first,
        last_seen_at=last,
        carriers=carriers,
        publishers=len(by_publisher(carriers)),
        agency=agency_of(family, links.texts),
        elections=elections_of(family, links.texts),
    )
    judgements = {
        links.texts[member].id: _judgement(member, family, links, record) for member in family.members
    }
    return Grouping(judgements, {family_id: record}, {})


def _judgement(member: int, family: Family, links: Links, record: FamilyRecord) -> Judgement:
    """A member's judgement; its evidence is the tie to the original, else one by hand, else to the closest copy."""
    if member == family.original:
        return Judgement(family=record.id, story=record.story)

    def closeness(other: int) -> tuple[bool, bool, bool, float, str]:
        copy = bool(links.copy[member, other])
        return (
            copy and other == family.original,
            bool(by_hand[other]),
            copy,
            float(links.ties.shared[member, other]),
            links.texts[other].id,
        )

    by_hand = links.by_hand[member]
    closest = max((other for other in family.members if other != member), key=closeness)
    evidence = evidence_of(links.ties, member, closest, id_=links.texts[closest].id)
    return Judgement(
        family=record.id,
        story=record.story,
        duplicate_of=record.original,
        evidence=replace(evidence, by_hand=bool(by_hand[closest])),
    )


def _alone(text: Fingerprint, contains: tuple[str, ...] = ()) -> Grouping:
    """A text without relatives, or a roundup: a family and a story of its own."""
    seen, own = text.first_seen_at, (text.id,)
    family = FamilyRecord(
        id=text.id,
        story=text.id,
        original=text.id,
        members=own,
        first_seen_at=seen,
        last_seen_at=seen,
        carriers=(carrier_of(text),),
        publishers=1,
        agency=text.agency,
        elections=(Election(text.id, seen),),
    )
    story = StoryRecord(
        id=text.id, families=own, root=text.id, kin=own, first_seen_at=seen, last_seen_at=seen
    )
    judgement = Judgement(family=text.id, story=text.id, contains=contains)
    return Grouping({text.id: judgement}, {text.id: family}, {text.id: story})


def _texts_of(story: Story, families: Sequence[Family], texts: Sequence[Fingerprint]) -> list[Fingerprint]:
    return [texts[member] for place in story.families for member in families[place].members]


def _earliest(texts: Sequence[Fingerprint]) -> str:
    """Id of the first text by (first seen, id): the id of the family or story they make."""
    return min((text.first_seen_at, text.id) for text in texts)[1]


def _period(texts: Sequence[Fingerprint]) -> tuple[datetime, datetime]:
    seen = [text.first_seen_at for text in texts]
    return min(seen), max(seen)
