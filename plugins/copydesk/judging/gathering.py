"""All that must be decided on together with some texts, and the decision on it. Reads the index, writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from copydesk.index import Found, Index, Kind
from copydesk.index.article import JudgementRecord, judgements_of
from copydesk.index.judgement import Ruling
from copydesk.index.records import from_record
from copydesk.index.rulings import find_rulings
from copydesk.judging.candidates import Edge, load_texts
from copydesk.judging.clustering.components import connect
from copydesk.judging.clustering.decision import Decision
from copydesk.judging.clustering.keeping import decided
from copydesk.judging.clustering.stories import StoryRecord, find_roots
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["Gathered", "decide_components", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What must be decided on: components of texts, with the root records of their stories and the rulings about them.

    `judged` is how the texts were judged when all this was read: a text that nobody had judged yet has no root record
    that would tell of a change, and an item more in a roundup changes none.
    """

    roots: Mapping[str, Found]
    judged: Mapping[str, Found | None]
    components: Sequence[Sequence[str]]
    rulings: Sequence[Ruling]


def gather(index: Index, seeds: Collection[str], joined: Sequence[Sequence[str]]) -> Gathered:
    """All that must be decided on together with some texts and what is joined with them, also by people."""
    ahead = {*seeds, *(id_ for some in joined for id_ in some)}
    while True:
        judged = index.get(Kind.JUDGEMENTS, sorted(ahead))
        roots, items = _roots_of(index, judged)
        lists = [from_record(StoryRecord, row.body).kin for row in roots.values()]
        members = {*ahead, *(id_ for component in lists for id_ in component)}
        rulings = find_rulings(index, members)
        ruled = [(ruling.one, ruling.other) for ruling in rulings if ruling.verdict.joins]
        more = {id_ for pair in ruled for id_ in pair} - members
        if not more:
            components = connect(sorted(members), [*lists, *joined, *items, *ruled])
            return Gathered(roots, {id_: judged.get(id_) for id_ in ahead}, components, rulings)
        ahead |= more


def decide_components(
    index: Index,
    components: Sequence[Collection[str]],
    rulings: Sequence[Ruling],
    texts: Mapping[str, Fingerprint],
) -> tuple[Decision, dict[str, str]]:
    """The decision on each of the components, and the states of the texts; `texts` are known and need no reading."""
    wanted = {id_ for ids in components for id_ in ids}
    known = load_texts(index, wanted - set(texts)) | {id_: texts[id_] for id_ in wanted & set(texts)}
    out = Decision()
    for ids in components:
        if some := [known[id_] for id_ in sorted(ids) if id_ in known]:
            out.update(decided(some, rulings))
    return out, {id_: text.checksum for id_, text in known.items()}


def _roots_of(index: Index, judged: Mapping[str, Found]) -> tuple[dict[str, Found], list[Edge]]:
    """The root records of the stories of texts, and for roundups those of their items, with the edges between."""
    known = {id_: from_record(JudgementRecord, row.body).judgement for id_, row in judged.items()}
    contained = {id_: judgement.contains for id_, judgement in known.items()}
    items = judgements_of(index, sorted({item for items in contained.values() for item in items}))
    stories = {judgement.story for judgement in (*known.values(), *items.values())}
    return find_roots(index, stories), [(id_, item) for id_, items in contained.items() for item in items]
