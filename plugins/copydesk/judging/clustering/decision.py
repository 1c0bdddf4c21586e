"""A set of texts → their judgements and the records of their families and stories. Pure.

This is the whole decision. It depends on the set of texts and on nothing else, neither on the order in which
they came nor on what was decided before. The rulings of people about the texts are part of that set.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from copydesk.index.judgement import Judgement, Ruling
from copydesk.judging.clustering.component import Beside, Component, beside_originals, component_of
from copydesk.judging.clustering.constraints import between_groups, constraints_of
from copydesk.judging.clustering.edges import prepare
from copydesk.judging.clustering.families import Family, find_families
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

__all__ = ["Decision", "decide"]


@dataclass(slots=True)
class Decision:
    """What was decided, by id; revisions and absorbed ids are left to whoever stores it."""

    judgements: dict[str, Judgement] = field(default_factory=dict)
    families: dict[str, FamilyRecord] = field(default_factory=dict)
    stories: dict[str, StoryRecord] = field(default_factory=dict)

    def update(self, other: "Decision") -> None:
        """Add what was decided on other texts."""
        self.judgements |= other.judgements
        self.families |= other.families
        self.stories |= other.stories


def decide(texts: Sequence[Fingerprint], rulings: Iterable[Ruling] = ()) -> Decision:
    """Decide on a set of texts, at least one; any order of them, and of the rulings, gives the same answer.

    Digests and live threads are taken out, unless a person put them into a story; what is left may fall into several
    components. What a digest contains is said of each text by the two alone: no family changes it.
    """
    if len(texts) == 1:
        return _decide_alone(texts[0])
    ordered = sorted(texts, key=lambda text: text.id)
    relevant = _relevant(rulings, ordered)
    named = {id_ for ruling in relevant for id_ in (ruling.one, ruling.other)}
    ruled = [place for place, text in enumerate(ordered) if text.id in named]
    constraints = constraints_of([ordered[place].id for place in ruled], relevant)
    bound = [(ruled[one], ruled[other]) for one, other in constraints.story.bound()]
    together = {place for pair in bound for place in pair}
    edges = prepare(ordered)
    digests = [place for place, text in enumerate(ordered) if text.items and place not in together]
    out = Decision()
    left = sorted(set(range(len(ordered))) - set(digests))
    for places in edges.components(left, bound):
        some = [ordered[place] for place in places]
        out.update(
            _decide_component(component_of(some, constraints.on(ruled, places)))
            if len(some) > 1
            else _decide_alone(some[0])
        )
    for digest, items in zip(digests, edges.items(digests), strict=True):
        out.update(_decide_alone(ordered[digest], tuple(ordered[item].id for item in items)))
    _note_rulings(out, relevant)
    return out


def _relevant(rulings: Iterable[Ruling], texts: Sequence[Fingerprint]) -> list[Ruling]:
    ids = {text.id for text in texts}
    return [ruling for ruling in rulings if ruling.one in ids and ruling.other in ids]


def _note_rulings(out: Decision, rulings: Iterable[Ruling]) -> None:
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


def _decide_component(links: Component) -> Decision:
    """Decide on a component without its roundups."""
    families = find_families(
        links.texts, links.known, links.copy, links.constraints, links.versions, links.of_wires
    )
    beside = beside_originals(families, links)
    constraint = between_groups(links.constraints.story, [list(family.members) for family in families])
    stories = find_stories(families, links.texts, links.event, constraint)
    root = _earliest(links.texts)
    ids = [_earliest([links.texts[member] for member in family.members]) for family in families]
    story_ids = [_earliest(_texts_of(story, families, links.texts)) for story in stories]
    out = Decision()
    for story, story_id in zip(stories, story_ids, strict=True):
        follows = story_ids[story.follows] if story.follows is not None else None
        component_ids = tuple(text.id for text in links.texts) if story_id == root else ()
        texts = _texts_of(story, families, links.texts)
        first, last = _period(texts)
        out.stories[story_id] = StoryRecord(
            id=story_id,
            families=tuple(ids[place] for place in story.families),
            first_seen_at=first,
            last_seen_at=last,
            follows=follows,
            root=root,
            kin=component_ids,
        )
        for place in story.families:
            out.update(
                _decide_family(families[place], links, beside, family_id=ids[place], story_id=story_id)
            )
    return out


def _decide_family(
    family: Family, links: Component, beside: Mapping[int, Beside], *, family_id: str, story_id: str
) -> Decision:
    texts = [links.texts[member] for member in family.members]
    first, last = _period(texts)
    shares = {member: beside[member].share if member in beside else 1.0 for member in family.members}
    carriers = carriers_of(family, links.texts, shares)
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
    alone = Judgement(family=family_id, story=story_id)
    judgements = {
        links.texts[member].id: replace(alone, duplicate_of=record.original, evidence=beside[member].evidence)
        if member in beside
        else alone
        for member in family.members
    }
    return Decision(judgements, {family_id: record}, {})


def _decide_alone(text: Fingerprint, contains: tuple[str, ...] = ()) -> Decision:
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
    return Decision({text.id: judgement}, {text.id: family}, {text.id: story})


def _texts_of(story: Story, families: Sequence[Family], texts: Sequence[Fingerprint]) -> list[Fingerprint]:
    return [texts[member] for place in story.families for member in families[place].members]


def _earliest(texts: Sequence[Fingerprint]) -> str:
    """Id of the first text by (first seen, id): the id of the family or story they make."""
    return min((text.first_seen_at, text.id) for text in texts)[1]


def _period(texts: Sequence[Fingerprint]) -> tuple[datetime, datetime]:
    seen = [text.first_seen_at for text in texts]
    return min(seen), max(seen)
