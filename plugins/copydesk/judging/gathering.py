"""All that must be decided on together with some texts, and the decision on it. Reads the index, writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from copydesk.index import Found, Index, Kind
from copydesk.index.article import JudgementRecord, judgements_of
from copydesk.index.judgement import Ruling
from copydesk.index.records import from_record, load
from copydesk.index.rulings import find_rulings
from copydesk.judging.candidates import Edge, load_texts, split
from copydesk.judging.clustering.decision import NOTHING, Grouping, group
from copydesk.judging.clustering.features import ties_within
from copydesk.judging.clustering.representatives import MOST, Crowd, carry, choose, crowd_of, freeze
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord, find_roots
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["Gathered", "decide", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What must be decided on: sets of texts, with the root records of their stories and the rulings about them.

    `judged` is how the texts were judged when all this was read: a text that nobody had judged yet has no root record
    that would tell of a change, and an item more in a roundup changes none.
    """

    roots: Mapping[str, Found]
    judged: Mapping[str, Found | None]
    parts: Sequence[Sequence[str]]
    rulings: Sequence[Ruling]


def gather(index: Index, seeds: Collection[str], ties: Sequence[Sequence[str]]) -> Gathered:
    """All that must be decided on together with some texts and what is tied, also because people put texts together."""
    ahead = {*seeds, *(id_ for tied in ties for id_ in tied)}
    while True:
        judged = index.get(Kind.JUDGEMENTS, sorted(ahead))
        roots, items = _roots_of(index, judged)
        kins = [from_record(StoryRecord, row.body).kin for row in roots.values()]
        members = {*ahead, *(id_ for kin in kins for id_ in kin)}
        rulings = find_rulings(index, members)
        joined = [(ruling.one, ruling.other) for ruling in rulings if ruling.verdict.joins]
        more = {id_ for pair in joined for id_ in pair} - members
        if not more:
            parts = split(sorted(members), [*kins, *ties, *items, *joined])
            return Gathered(roots, {id_: judged.get(id_) for id_ in ahead}, parts, rulings)
        ahead |= more


def decide(
    index: Index,
    parts: Sequence[Collection[str]],
    rulings: Sequence[Ruling],
    texts: Mapping[str, Fingerprint],
    needed: Collection[str],
) -> tuple[Grouping, dict[str, str]]:
    """The decision on sets of texts that belong together each, and the states of the texts that were compared.

    `texts` are known and need no reading; `needed` ones are compared even in a crowd.
    """
    crowds = {place: _crowd(index, ids, rulings) for place, ids in enumerate(parts) if len(ids) > MOST}
    chosen = [
        choose(crowds[place], {id_ for id_ in ids if id_ in needed or id_ not in crowds[place].judged})
        if place in crowds
        else ids
        for place, ids in enumerate(parts)
    ]
    wanted = {id_ for ids in chosen for id_ in ids}
    known = load_texts(index, wanted - set(texts)) | {id_: texts[id_] for id_ in wanted & set(texts)}
    sets = {place: [known[id_] for id_ in sorted(ids) if id_ in known] for place, ids in enumerate(chosen)}
    sets = {place: some for place, some in sets.items() if some}
    out = Grouping()
    for (place, some), ties in zip(sets.items(), ties_within(sets.values()), strict=True):
        crowd = crowds.get(place)
        made = group(some, rulings, freeze(crowd, chosen[place]) if crowd else NOTHING, ties)
        out.update(carry(made, crowd, chosen[place]) if crowd else made)
    return out, {id_: text.checksum for id_, text in known.items()}


def _crowd(index: Index, ids: Collection[str], rulings: Sequence[Ruling]) -> Crowd:
    judged = judgements_of(index, sorted(ids))
    ids_of_families = sorted({judgement.family for judgement in judged.values()})
    return crowd_of(judged, load(index, Kind.FAMILIES, FamilyRecord, ids_of_families), rulings)


def _roots_of(index: Index, judged: Mapping[str, Found]) -> tuple[dict[str, Found], list[Edge]]:
    """The root records of the stories of texts, and for roundups those of their items, with what ties them."""
    known = {id_: from_record(JudgementRecord, row.body).judgement for id_, row in judged.items()}
    contained = {id_: judgement.contains for id_, judgement in known.items()}
    items = judgements_of(index, sorted({item for items in contained.values() for item in items}))
    stories = {judgement.story for judgement in (*known.values(), *items.values())}
    return find_roots(index, stories), [(id_, item) for id_, items in contained.items() for item in items]
