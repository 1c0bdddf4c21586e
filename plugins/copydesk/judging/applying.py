"""Judge: documents → what they are beside the others: copies, originals, roundups, parts of a story.

The search (candidates.py) finds what makes a component, the decision (clustering/decision.py) sees one alone. It is
written here, under guards, and all is done again when another worker changed a record meanwhile.

A and B are copies, C tells of the same event: their root record lists the component {A, B, C}. D, a copy of C, comes:
first that list grows to {A, B, C, D}, then families are written, then judgements, that of D last. A worker that dies in
between leaves a list too long, never too short, and no judgement of D: judging D again mends the rest.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from copydesk.errors import IndexContended
from copydesk.index import FIND_MOST, Body, Found, Index, Kind, Write
from copydesk.index.article import JudgementRecord, articles_beside, judgements_of
from copydesk.index.guarded import write
from copydesk.index.judgement import Judgement
from copydesk.index.records import from_record, load, to_record
from copydesk.judging.candidates import Edge, find_edges, load_texts
from copydesk.judging.clustering.decision import Decision
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord, find_roots, root_of, trace
from copydesk.judging.fingerprint import Fingerprint, kept, to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.judging.gathering import decide_components, gather
from copydesk.model import Document

__all__ = ["judge", "look_again", "relatives", "withdraw"]

log = logging.getLogger(__name__)

ROUNDS = 50
"""Rounds of optimistic writing before we give up: each round at least one writer of a record succeeds."""


@dataclass(frozen=True)
class State:
    """What the index holds about a set of texts before a decision is written; `judged` is what judgements say."""

    judgements: Mapping[str, Found]
    judged: Mapping[str, JudgementRecord]
    families: Mapping[str, Found]
    stories: Mapping[str, Found]

    def before(self, id_: str) -> Judgement | None:
        """How a text was judged so far."""
        return self.judged[id_].judgement if id_ in self.judged else None

    @cached_property
    def records(self) -> Mapping[str, StoryRecord]:
        """The stories read from their documents."""
        return {id_: from_record(StoryRecord, row.body) for id_, row in self.stories.items()}

    def roots(self) -> set[str]:
        """The roots of all stories the texts are in so far; what their lists hold is decided on too."""
        roots = {root_of(self.records, one.judgement.story) for one in self.judged.values()}
        return {id_ for id_ in roots if id_ is not None}


def judge(index: Index, documents: Sequence[Document]) -> set[str]:
    """Judge documents beside the index and beside each other; ids of all articles whose judgement changed.

    Idempotent: a document that was judged as it is changes nothing. After a crash the same call mends what was
    half written. Raises IndexContended when others keep changing the same stories all the time.
    """
    texts = {text.id: text for text in make_fingerprints(documents)}
    stored = index.get(Kind.FINGERPRINTS, sorted(texts))
    judged = load(index, Kind.JUDGEMENTS, JudgementRecord, sorted(texts))
    fresh = {
        id_: text
        for id_, text in texts.items()
        if id_ not in stored
        or stored[id_].body != kept(text)
        or id_ not in judged
        or judged[id_].checksum != text.checksum
    }
    write(index, [Write(kind=Kind.FINGERPRINTS, id=id_, body=to_body(text)) for id_, text in fresh.items()])
    changed = _apply_decisions(index, fresh, *find_edges(index, fresh))
    log.info("judge documents=%d fresh=%d changed=%d", len(documents), len(fresh), len(changed))
    return changed


def look_again(index: Index, ids: Iterable[str]) -> set[str]:
    """Compare judged texts once more after a refresh, for copies that came at once in several workers."""
    texts = load_texts(index, ids)
    return _apply_decisions(index, texts, *find_edges(index, texts))


def withdraw(index: Index, ids: Iterable[str]) -> set[str]:
    """Take texts out for good; ids of the other articles that are judged differently without them."""
    gone = set(ids)
    index.write([Write(kind=Kind.FINGERPRINTS, id=id_, body=None) for id_ in sorted(gone)])
    alone = [(id_, id_) for id_ in sorted(gone)]
    changed = _apply_decisions(index, {}, alone, [*alone, *_roundups_with(index, gone)], without=gone) - gone
    judged = index.get(Kind.JUDGEMENTS, sorted(gone))
    index.write([Write(kind=Kind.JUDGEMENTS, id=id_, body=None) for id_ in judged])
    return changed


def relatives(index: Index, ids: Iterable[str]) -> set[str]:
    """All texts whose judgement these may have changed: of one story, also as articles say, its roundups and items."""
    together = _component(index, ids)
    beside = {id_ for held in _roundups_with(index, together) for id_ in held}
    beside |= {
        item for judgement in judgements_of(index, sorted(together)).values() for item in judgement.contains
    }
    return together | beside | _component(index, beside) | articles_beside(index, set(ids))


def _component(index: Index, ids: Iterable[str]) -> set[str]:
    judged = judgements_of(index, sorted(ids))
    roots = find_roots(index, {judgement.story for judgement in judged.values()})
    return {id_ for row in roots.values() for id_ in from_record(StoryRecord, row.body).kin}


def _roundups_with(index: Index, ids: Collection[str]) -> list[list[str]]:
    """Of each roundup that holds one of the texts its id and those of its items: no item's record names it."""
    index.refresh(Kind.JUDGEMENTS)
    rows = index.find(Kind.JUDGEMENTS, {"contains": sorted(ids)}, limit=FIND_MOST) if ids else []
    return [[row.id, *from_record(JudgementRecord, row.body).judgement.contains] for row in rows]


def _apply_decisions(
    index: Index,
    texts: Mapping[str, Fingerprint],
    edges: Sequence[Edge],
    joined: Sequence[Sequence[str]],
    *,
    without: Collection[str] = (),
) -> set[str]:
    """Decide and store until nothing is left to write; `without` are texts that are being withdrawn."""
    seeds = {*texts, *(id_ for edge in edges for id_ in edge)}
    changed: set[str] = set()
    for _ in range(ROUNDS if seeds else 0):
        found = gather(index, seeds, joined)
        components = [[id_ for id_ in component if id_ not in without] for component in found.components]
        wanted, checksums = decide_components(index, components, found.rulings, texts)
        members = {id_ for component in found.components for id_ in component}
        stored = _load_stored(index, wanted, members, found.roots)
        if not stored.roots() <= found.roots.keys():
            joined = [*joined, *found.components]
            continue
        if _changed(found.roots, stored.stories) or _changed(found.judged, stored.judgements):
            continue
        done, written = _apply(index, wanted, stored, checksums, last=texts)
        changed |= written
        if done:
            return changed
    if seeds:
        raise IndexContended(
            f"the stories of {', '.join(sorted(seeds)[:3])} stay contended after {ROUNDS} rounds"
        )
    return changed


def _changed(before: Mapping[str, Found | None], now: Mapping[str, Found]) -> bool:
    """Whether a record is another than the one that was read, or than none."""
    return any(now.get(id_) != row for id_, row in before.items())


def _load_stored(index: Index, wanted: Decision, members: Collection[str], roots: Collection[str]) -> State:
    """Everything that may have to be written. Judgements are read first: see `_apply`."""
    judgements = index.get(Kind.JUDGEMENTS, sorted(members))
    judged = {id_: from_record(JudgementRecord, row.body) for id_, row in judgements.items()}
    families = {record.judgement.family for record in judged.values()}
    stories = {record.judgement.story for record in judged.values()}
    return State(
        judgements=judgements,
        judged=judged,
        families=index.get(Kind.FAMILIES, sorted(families | set(wanted.families))),
        stories=trace(index, stories.union(wanted.stories, roots)),
    )


def _apply(
    index: Index,
    wanted: Decision,
    stored: State,
    checksums: Mapping[str, str],
    *,
    last: Collection[str],
) -> tuple[bool, set[str]]:
    """Write stories, families, then judgements; whether nothing is left to write, and whose judgement changed.

    A worker that decided on an older component cannot overwrite a newer decision: whoever changes the component changes
    a root record, which was read after the judgements, and every write is guarded by what was read. Root lists get
    longer first, and shorter when all else is written: from half a decision the whole component can be found.
    """
    stories = _story_records(wanted, stored)
    longer = _lengthened(stories, stored)
    lists = _writes(Kind.STORIES, [story for story in longer if story.kin], stored.stories)
    pointers = _writes(Kind.STORIES, [story for story in longer if not story.kin], stored.stories)
    families = _writes(Kind.FAMILIES, _family_records(wanted, stored), stored.families)
    if not all(all(write(index, writes)) for writes in (lists, pointers, families)):
        return False, set()
    writes = []
    real = set()
    for id_ in sorted(wanted.judgements, key=lambda id_: id_ in last):
        row, before = stored.judgements.get(id_), stored.before(id_)
        judgement = _revised(wanted.judgements[id_], before)
        body = to_record(JudgementRecord(judgement=judgement, checksum=checksums[id_]))
        if row is None or row.body != body:
            writes.append(_guarded(Kind.JUDGEMENTS, id_, body, row))
            real |= {id_} if judgement != before else set()
    written = {one.id for one, is_stored in zip(writes, write(index, writes), strict=True) if is_stored}
    done = len(written) == len(writes)
    if done and longer != stories:
        done = _shorten(index, stories, longer)
    return done, written & real


def _shorten(index: Index, stories: Sequence[StoryRecord], longer: Sequence[StoryRecord]) -> bool:
    """Give root lists their final length, unless somebody changed a record meanwhile; whether that was done."""
    rows = index.get(Kind.STORIES, [story.id for story in longer])
    if _writes(Kind.STORIES, longer, rows):
        return False
    return all(write(index, _writes(Kind.STORIES, stories, rows)))


def _writes(
    kind: Kind, records: Iterable[StoryRecord | FamilyRecord], rows: Mapping[str, Found]
) -> list[Write]:
    """What must be written for these records to be stored so."""
    bodies = {record.id: to_record(record) for record in records}
    return [
        _guarded(kind, id_, body, rows.get(id_))
        for id_, body in bodies.items()
        if id_ not in rows or rows[id_].body != body
    ]


def _revised(judgement: Judgement, before: Judgement | None) -> Judgement:
    """The judgement with the number of its revision: one more than before when it differs."""
    if before is None:
        return judgement
    same = replace(judgement, revision=before.revision)
    return same if same == before else replace(judgement, revision=before.revision + 1)


def _lengthened(stories: Sequence[StoryRecord], stored: State) -> list[StoryRecord]:
    """The same records, the roots' lists with all that could be found from any story before."""
    before = stored.records
    after = {**before} | {story.id: story for story in stories}
    lists = {story.id: {*story.kin} for story in stories}
    for id_ in before:
        old, new = root_of(before, id_), root_of(after, id_)
        if old is not None and new in lists:
            lists[new].update(before[old].kin)
    return [replace(story, kin=tuple(sorted(lists[story.id]))) for story in stories]


def _story_records(wanted: Decision, stored: State) -> list[StoryRecord]:
    """Story records with ids they absorbed and what was told of them, then pointers from those gone to successors."""
    known = stored.records
    absorbed = {
        id_: {*record.absorbed, *(known[id_].absorbed if id_ in known else ())}
        for id_, record in wanted.stories.items()
    }
    heirs: dict[str, str] = {}
    for id_, judgement in wanted.judgements.items():
        before = stored.before(id_)
        if before is None or before.story == judgement.story:
            continue
        earlier = known[before.story].absorbed if before.story in known else ()
        # what was told of a roundup was told of no item of it
        roundup = before.story in wanted.judgements and wanted.judgements[before.story].contains
        absorbed[judgement.story].update(earlier if roundup else {before.story, *earlier})
        if before.story not in wanted.stories and (
            id_ == before.story or before.story not in wanted.judgements
        ):
            heirs[before.story] = min(judgement.story, heirs.get(before.story, judgement.story))
    told = {
        id_: {alert for name in (id_, *absorbed[id_]) if name in known for alert in known[name].told}
        for id_ in wanted.stories
    }
    records = [
        replace(record, absorbed=tuple(sorted(absorbed[id_] - {id_})), told=tuple(sorted(told[id_])))
        for id_, record in wanted.stories.items()
    ]
    records += [replace(known[id_], merged_into=heir, kin=()) for id_, heir in heirs.items() if id_ in known]
    return records


def _family_records(wanted: Decision, stored: State) -> list[FamilyRecord]:
    """Family records, and pointers from those that were merged into another."""
    records = list(wanted.families.values())
    for id_, judgement in wanted.judgements.items():
        if id_ != judgement.family and id_ in stored.families and id_ not in wanted.families:
            known = from_record(FamilyRecord, stored.families[id_].body)
            records.append(replace(known, merged_into=judgement.family))
    return records


def _guarded(kind: Kind, id_: str, body: Body, row: Found | None) -> Write:
    return Write(kind=kind, id=id_, body=body, create=row is None, seen=row)
