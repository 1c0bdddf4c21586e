"""Representatives of large components: who is compared when a text joins, and how the others follow. Pure.

Comparing all with all costs the square of their number. In a component of more than MOST texts some represent it:
of each family its eldest, its original and a few more, and only of the families that moved last. What is together
in it stays together unless a person parts it; it still takes texts in, elects originals and merges.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from copydesk.index.judgement import Judgement, Ruling, Verdict
from copydesk.judging.clustering.decision import Decision, Prior
from copydesk.judging.clustering.provenance import by_publisher
from copydesk.judging.clustering.stories import FamilyRecord

__all__ = ["MOST", "LargeComponent", "choose_representatives", "large_component_of", "prior_of", "propagate"]

MOST = 600
"""Texts that are compared all with all, which takes a third of a second on one core."""
MOST_FAMILIES, LEAST_EACH = 100, 4
"""Families of a large component that are compared, and texts of each, or more where there are fewer families."""

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""Whatever a person ruled came later, and so counts for more."""


@dataclass(frozen=True, slots=True)
class LargeComponent:
    """A component too large for its texts to be compared all with all.

    Attributes:
        judged: How its texts were judged so far; those that are new are absent.
        families: The families of these.
        members: For each family its texts in the component.
        heads: For each family the text whose way the others go: the original, unless people ruled much about it.
    """

    judged: Mapping[str, Judgement]
    families: Mapping[str, FamilyRecord]
    members: Mapping[str, Sequence[str]]
    heads: Mapping[str, str]


def large_component_of(
    judged: Mapping[str, Judgement], families: Mapping[str, FamilyRecord], rulings: Iterable[Ruling]
) -> LargeComponent:
    """The large component of texts that were judged so, with their families and the rulings about them."""
    about = Counter(id_ for ruling in rulings for id_ in (ruling.one, ruling.other))
    members = defaultdict(list)
    for id_ in sorted(judged):
        members[judged[id_].family].append(id_)
    heads = {
        name: min(ids, key=lambda id_: (about[id_], judged[id_].duplicate_of is not None, id_))
        for name, ids in members.items()
    }
    return LargeComponent(judged, families, members, heads)


def choose_representatives(large: LargeComponent, needed: Collection[str]) -> set[str]:
    """The texts that are compared: the needed, and some each of their families and of the latest ones."""
    names = sorted(large.members, key=lambda name: (large.families[name].last_seen_at, name))
    picked = {*names[-MOST_FAMILIES:], *(large.judged[id_].family for id_ in needed if id_ in large.judged)}
    # the text a story is named after tells what became of the story
    named = {large.judged[large.heads[name]].story for name in picked}
    picked |= {large.judged[id_].family for id_ in named if id_ in large.judged}
    each = max(LEAST_EACH, MOST // len(picked))
    representatives = set(needed)
    for name in picked:
        family = large.families[name]
        some = (name, family.original, large.heads[name], *family.members[:each])
        representatives.update(
            id_ for id_ in some if id_ in large.judged and large.judged[id_].family == name
        )
    return representatives


def prior_of(large: LargeComponent, representatives: Collection[str]) -> Prior:
    """What keeps representatives together that are, unless a person rules otherwise, and originals what they are."""
    found = []
    for id_ in sorted(set(representatives) & set(large.judged)):
        judgement = large.judged[id_]
        found.append((id_, large.heads[judgement.family], Verdict.COPIES))
        if judgement.story in large.judged:
            found.append((id_, judgement.story, Verdict.STORY))
    rulings = [
        Ruling(one=min(one, other), other=max(one, other), verdict=verdict, at=BEFORE_ALL)
        for one, other, verdict in found
        if one != other and other in representatives
    ]
    return Prior(rulings, frozenset(family.original for family in large.families.values()))


def propagate(decided: Decision, large: LargeComponent, representatives: Collection[str]) -> Decision:
    """The decision on the representatives, and the other texts where those of their family or story went."""
    out = Decision(dict(decided.judgements), dict(decided.families), dict(decided.stories))
    for name, ids in large.members.items():
        left = [id_ for id_ in ids if id_ not in representatives]
        if left and large.heads[name] in decided.judgements:
            _follow(out, large, name, left)
        elif left and (before := large.judged[large.heads[name]].story) in decided.judgements:
            _move(out, large, name, decided.judgements[before].story)
    component = tuple(sorted({*representatives, *large.judged}))
    plain = [story for id_, story in out.stories.items() if not out.judgements[id_].contains]
    root = min((story.first_seen_at, story.id) for story in plain)[1]
    for story in plain:
        out.stories[story.id] = replace(story, root=root, kin=component if story.id == root else ())
    return out


def _follow(out: Decision, large: LargeComponent, name: str, ids: Sequence[str]) -> None:
    """Let texts of a family go with its head."""
    lead = out.judgements[large.heads[name]]
    before, after = large.families[name], out.families[lead.family]
    for id_ in ids:
        out.judgements[id_] = replace(
            large.judged[id_], family=lead.family, story=lead.story, duplicate_of=after.original
        )
    known = {carrier.article for carrier in after.carriers}
    carriers = tuple(
        sorted(
            [*after.carriers, *(c for c in before.carriers if c.article in ids and c.article not in known)]
        )
    )
    same = before.elections and before.elections[-1].original == after.original
    out.families[lead.family] = replace(
        after,
        members=tuple(carrier.article for carrier in carriers),
        carriers=carriers,
        publishers=len(by_publisher(carriers)),
        elections=before.elections if same and name == lead.family else after.elections,
        last_seen_at=max(before.last_seen_at, after.last_seen_at),
    )
    _note_family(out, lead.story, out.families[lead.family])


def _move(out: Decision, large: LargeComponent, name: str, story: str) -> None:
    """Let a family of which nobody was compared stay with its story, whatever that is now."""
    family = replace(large.families[name], story=story)
    out.families[name] = family
    out.judgements |= {id_: replace(large.judged[id_], story=story) for id_ in large.members[name]}
    _note_family(out, story, family)


def _note_family(out: Decision, story: str, family: FamilyRecord) -> None:
    """Note in a story that it has the family."""
    record = out.stories[story]
    out.stories[story] = replace(
        record,
        families=(*record.families, *({family.id} - set(record.families))),
        last_seen_at=max(record.last_seen_at, family.last_seen_at),
    )
