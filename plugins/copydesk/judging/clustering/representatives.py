"""Very large sets of texts: who of them is compared when a text joins, and how the others follow. Pure.

Comparing all with all costs the square of their number. In a set of more than MOST texts some stand for the others:
of each family its eldest, its original and a few more, and only of the families that moved last. What is together
in such a crowd stays together unless a person parts it; it still takes texts in, elects originals and merges.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from copydesk.index.judgement import Judgement, Ruling, Verdict
from copydesk.judging.clustering.decision import Frozen, Grouping
from copydesk.judging.clustering.provenance import by_publisher
from copydesk.judging.clustering.stories import FamilyRecord

__all__ = ["MOST", "Crowd", "carry", "choose", "crowd_of", "freeze"]

MOST = 600
"""Texts that are compared all with all, which takes a third of a second on one core."""
MOST_FAMILIES, LEAST_EACH = 100, 4
"""Families of a crowd that are compared, and texts of each, or more where there are fewer families."""

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""Whatever a person ruled came later, and so counts for more."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """A set of texts too large to be compared all with all.

    Attributes:
        judged: How its texts were judged so far; those that are new are absent.
        families: The families of these.
        members: For each family its texts in the set.
        anchors: For each family the text whose way the others go: the original, unless people ruled much about it.
    """

    judged: Mapping[str, Judgement]
    families: Mapping[str, FamilyRecord]
    members: Mapping[str, Sequence[str]]
    anchors: Mapping[str, str]


def crowd_of(
    judged: Mapping[str, Judgement], families: Mapping[str, FamilyRecord], rulings: Iterable[Ruling]
) -> Crowd:
    """The crowd of texts that were judged so, with their families and the rulings about them."""
    about = Counter(id_ for ruling in rulings for id_ in (ruling.one, ruling.other))
    members = defaultdict(list)
    for id_ in sorted(judged):
        members[judged[id_].family].append(id_)
    anchors = {
        name: min(ids, key=lambda id_: (about[id_], judged[id_].duplicate_of is not None, id_))
        for name, ids in members.items()
    }
    return Crowd(judged, families, members, anchors)


def choose(crowd: Crowd, needed: Collection[str]) -> set[str]:
    """The texts that are compared: the needed, and some each of their families and of the latest ones."""
    names = sorted(crowd.members, key=lambda name: (crowd.families[name].last_seen_at, name))
    picked = {*names[-MOST_FAMILIES:], *(crowd.judged[id_].family for id_ in needed if id_ in crowd.judged)}
    # the text a story is named after tells what became of the story
    named = {crowd.judged[crowd.anchors[name]].story for name in picked}
    picked |= {crowd.judged[id_].family for id_ in named if id_ in crowd.judged}
    each = max(LEAST_EACH, MOST // len(picked))
    chosen = set(needed)
    for name in picked:
        family = crowd.families[name]
        some = (name, family.original, crowd.anchors[name], *family.members[:each])
        chosen.update(id_ for id_ in some if id_ in crowd.judged and crowd.judged[id_].family == name)
    return chosen


def freeze(crowd: Crowd, chosen: Collection[str]) -> Frozen:
    """What keeps chosen texts together that are, unless a person rules otherwise, and originals what they are."""
    found = []
    for id_ in sorted(set(chosen) & set(crowd.judged)):
        judgement = crowd.judged[id_]
        found.append((id_, crowd.anchors[judgement.family], Verdict.COPIES))
        if judgement.story in crowd.judged:
            found.append((id_, judgement.story, Verdict.STORY))
    rulings = [
        Ruling(one=min(one, other), other=max(one, other), verdict=verdict, at=BEFORE_ALL)
        for one, other, verdict in found
        if one != other and other in chosen
    ]
    return Frozen(rulings, frozenset(family.original for family in crowd.families.values()))


def carry(decided: Grouping, crowd: Crowd, chosen: Collection[str]) -> Grouping:
    """The decision on the chosen texts, with the others of the crowd where those of their family or story went."""
    out = Grouping(dict(decided.judgements), dict(decided.families), dict(decided.stories))
    for name, ids in crowd.members.items():
        left = [id_ for id_ in ids if id_ not in chosen]
        if left and crowd.anchors[name] in decided.judgements:
            _follow(out, crowd, name, left)
        elif left and (told := crowd.judged[crowd.anchors[name]].story) in decided.judgements:
            _move(out, crowd, name, decided.judgements[told].story)
    kin = tuple(sorted({*chosen, *crowd.judged}))
    plain = [story for id_, story in out.stories.items() if not out.judgements[id_].contains]
    root = min((story.first_seen_at, story.id) for story in plain)[1]
    for story in plain:
        out.stories[story.id] = replace(story, root=root, kin=kin if story.id == root else ())
    return out


def _follow(out: Grouping, crowd: Crowd, name: str, ids: Sequence[str]) -> None:
    """Let texts of a family go with its anchor."""
    lead = out.judgements[crowd.anchors[name]]
    before, after = crowd.families[name], out.families[lead.family]
    for id_ in ids:
        out.judgements[id_] = replace(
            crowd.judged[id_], family=lead.family, story=lead.story, duplicate_of=after.original
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
    _reach(out, lead.story, out.families[lead.family])


def _move(out: Grouping, crowd: Crowd, name: str, story: str) -> None:
    """Let a family of which nobody was compared stay with its story, whatever that is now."""
    family = replace(crowd.families[name], story=story)
    out.families[name] = family
    out.judgements |= {id_: replace(crowd.judged[id_], story=story) for id_ in crowd.members[name]}
    _reach(out, story, family)


def _reach(out: Grouping, story: str, family: FamilyRecord) -> None:
    """Note in a story that it has the family."""
    record = out.stories[story]
    out.stories[story] = replace(
        record,
        families=(*record.families, *({family.id} - set(record.families))),
        last_seen_at=max(record.last_seen_at, family.last_seen_at),
    )
