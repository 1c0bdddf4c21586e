"""Store: documents → articles and their earlier states, under external versions.

`plan` decides what becomes of each document, `store` acts, `settle` brings articles in line with their
judgement. An article's version is `fetched_at in ms x 1000 + revision of its judgement`, so that a later capture
beats every judgement of an earlier one, and a replayed write never wins against what is stored.
"""

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from copydesk.border import Border, contained
from copydesk.index import Body, Found, Generations, Index, Kind, Write
from copydesk.index.article import Article, JudgementRecord, Version, articles_of, judgements_of
from copydesk.index.guarded import change
from copydesk.index.judgement import Judgement
from copydesk.index.records import load, to_record
from copydesk.index.state import CaptureRecord
from copydesk.judging.candidates import load_texts
from copydesk.model import Document, Rejection
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.storing.versions import is_kept_beside, versions_of

__all__ = [
    "Plan",
    "outdated",
    "plan",
    "resend",
    "retain",
    "settle",
    "store",
    "version_id",
]

log = logging.getLogger(__name__)

REVISIONS = 1000
"""Revisions of a judgement that fit between two captures a millisecond apart."""

ROUNDS = 20
"""How often an article is brought in line anew because somebody else wrote it meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of a document.

    Attributes:
        capture_id: The capture the document was read from.
        document: As it will be stored: with all sources, and the first-seen time the article has had from the first.
        outcome: indexed, version or unchanged.
        earlier: The state of the article that goes to the versions, or None.
        current: Whether the document is (or stays) what the article says now.
        rewritten: Whether an unchanged article must be written anew, for a further source announced it.
    """

    capture_id: str
    document: Document
    outcome: CaptureOutcome
    earlier: Document | None = None
    current: bool = True
    rewritten: bool = False

    @property
    def changed(self) -> bool:
        """Whether the text is new to the index."""
        return self.outcome is not CaptureOutcome.UNCHANGED


def plan(index: Index, documents: Sequence[Document]) -> list[Plan]:
    """Decide for each document, oldest capture first, what becomes of it. Writes nothing."""
    known = {
        id_: article.document
        for id_, article in articles_of(index, [document.id for document in documents]).items()
    }
    plans = []
    earlier: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda document: (document.fetched_at, document.capture_id)):
        made = decide(document, known.get(document.id))
        if made.outcome is CaptureOutcome.VERSION and not made.current:
            if document.id not in earlier:
                earlier[document.id] = versions_of(index, document.id)
            if is_kept_beside(made.document, earlier[document.id]):
                made = replace(made, outcome=CaptureOutcome.UNCHANGED, earlier=None)
            earlier[document.id].append(made.document)
        plans.append(made)
        if made.current:
            known[document.id] = made.document
    return plans


def decide(document: Document, known: Document | None) -> Plan:
    """What becomes of a document beside the article that is known under its id. Pure."""
    made = partial(Plan, capture_id=document.capture_id)
    if known is None:
        return made(document=document, outcome=CaptureOutcome.INDEXED)
    sources = tuple(sorted({*known.sources, *document.sources}))
    merged = replace(document, sources=sources, first_seen_at=known.first_seen_at)
    if known.capture_id == document.capture_id:
        return made(document=merged, outcome=CaptureOutcome.INDEXED)
    if known.checksum == document.checksum:
        kept = replace(known, sources=sources)
        return made(document=kept, outcome=CaptureOutcome.UNCHANGED, rewritten=sources != known.sources)
    if document.fetched_at < known.fetched_at:
        return made(document=merged, outcome=CaptureOutcome.VERSION, earlier=merged, current=False)
    return made(document=merged, outcome=CaptureOutcome.VERSION, earlier=known)


def store(index: Index, plans: Sequence[Plan], now: datetime) -> dict[str, Rejection]:
    """Write articles and versions; what Elasticsearch refused, by capture id, is kept and can be sent again.

    Of several states of one article in a batch only the last becomes the article. Where another worker stored an
    earlier capture meanwhile, that becomes a version; where a later one, ours does. Needs the judgements of all
    current documents.
    """
    last = {made.document.id: made for made in plans if made.current}
    _count_revision(index, [id_ for id_, made in last.items() if made.rewritten])
    judgements = judgements_of(index, list(last))
    anew = plan(index, [made.document for made in last.values()])
    earlier = [made.earlier for made in (*plans, *anew) if made.earlier is not None]
    writes = list({write.id: write for write in map(_version_write, earlier)}.values())
    writes += [_article_write(made.document, judgements[id_]) for id_, made in last.items()]
    answers = index.write(writes)
    refused = [
        (w, answer.reason) for w, answer in zip(writes, answers, strict=True) if answer.status == "refused"
    ]
    index.write([_refused_write(write, reason, now) for write, reason in refused])
    beaten = [
        last[w.id].document
        for w, answer in zip(writes, answers, strict=True)
        if answer.status == "conflict" and w.kind is Kind.ARTICLES
    ]
    late = [made.earlier for made in plan(index, beaten) if made.earlier is not None and not made.current]
    index.write([_version_write(earlier) for earlier in late])
    rejections = (_rejection(write, reason) for write, reason in refused)
    return {str(rejection.capture_id): rejection for rejection in rejections}


def _count_revision(index: Index, ids: Sequence[str]) -> None:
    change(index, Kind.JUDGEMENTS, JudgementRecord, dict.fromkeys(ids, _counted))


def _counted(old: JudgementRecord | None) -> JudgementRecord | None:
    """The judgement under its next revision. Pure."""
    if old is None:
        return None
    return replace(old, judgement=replace(old.judgement, revision=old.judgement.revision + 1))


def _article_write(document: Document, judgement: Judgement) -> Write:
    version = milliseconds(document.fetched_at) * REVISIONS + judgement.revision
    body = to_record(Article(document=document, judgement=judgement))
    return Write(kind=Kind.ARTICLES, id=document.id, body=body, version=version)


def _version_write(document: Document) -> Write:
    body = to_record(Version(document=document, article=document.id))
    return Write(kind=Kind.VERSIONS, id=version_id(document.id, document.capture_id), body=body, create=True)


def version_id(article: str, capture_id: str) -> str:
    """Id of an earlier state of an article: that of a capture. Pure."""
    return f"{article}-{capture_id}"


def _refused_write(write: Write, reason: str, now: datetime) -> Write:
    body: Body = {
        "kind": write.kind,
        "document": write.id,
        **({} if write.version is None else {"version": write.version}),
        "body": json.dumps(write.body),  # whose escapes hold any text, also one that no UTF-8 can
        "reason": reason,
        "at": now.isoformat(),
    }
    return Write(kind=Kind.REFUSED, id=f"{write.kind}-{write.id}", body=body)


def _rejection(write: Write, reason: str) -> Rejection:
    body = write.body or {}
    return Rejection(
        url=str(body.get("url", "")),
        capture_id=str(body.get("capture_id", "")),
        step="store",
        reason=Reason.INDEX_REFUSED,
        detail=reason,
    )


def resend(index: Index) -> tuple[int, int]:
    """Write again what Elasticsearch had refused, oldest first; how many were taken now, and how many not.

    The captures of what was taken are rejected no longer.
    """
    found = index.find(Kind.REFUSED, {}, sort="at", limit=10_000)
    kept: list[tuple[Found, Write]] = []
    for row in found:
        with contained(Border.RECORD, row.id):
            kept.append((row, _kept_write(row.body)))
    answers = index.write([write for _, write in kept])
    # a conflict means that something newer stands there by now: as good as taken
    taken = [pair for pair, answer in zip(kept, answers, strict=True) if answer.status != "refused"]
    ends = {str((w.body or {})["capture_id"]): partial(_accepted, w.kind) for _, w in taken}
    change(index, Kind.CAPTURES, CaptureRecord, ends)
    index.write([Write(kind=Kind.REFUSED, id=row.id, body=None, seen=row) for row, _ in taken])
    return len(taken), len(found) - len(taken)


def _kept_write(body: Body) -> Write:
    """A write as it was refused. Pure."""
    document = json.loads(str(body["body"]))
    return Write(
        kind=Kind(str(body["kind"])),
        id=str(body["document"]),
        body={**document, "capture_id": str(document["capture_id"])},
        version=int(str(body["version"])) if "version" in body else None,
        create="version" not in body,
    )


def _accepted(kind: Kind, old: CaptureRecord | None) -> CaptureRecord | None:
    """A capture whose document Elasticsearch has taken after all."""
    if old is None or old.step != "store":
        return None
    outcome = CaptureOutcome.INDEXED if kind is Kind.ARTICLES else CaptureOutcome.VERSION
    return replace(old, outcome=outcome, step=None, reason=None, detail="")


def settle(index: Index, ids: Iterable[str]) -> None:
    """Bring articles in line with their judgements. Idempotent; articles that do not exist are left alone.

    One that Elasticsearch refuses stays as it was until its family is settled again, and is named in the log.
    """
    waiting = sorted(set(ids))
    for _ in range(ROUNDS):
        judgements = judgements_of(index, waiting)
        writes = [
            _article_write(article.document, judgements[id_])
            for id_, article in articles_of(index, waiting).items()
            if id_ in judgements and article.judgement != judgements[id_]
        ]
        answers = list(zip(writes, index.write(writes), strict=True))
        for write, answer in answers:
            if answer.status == "refused":
                log.error("settle article=%s is refused: %s", write.id, answer.reason)
        waiting = [write.id for write, answer in answers if answer.status == "conflict"]
        if not waiting:
            return


def outdated(index: Index, ids: Iterable[str]) -> list[Document]:
    """What the articles say of which another state was fingerprinted or judged.

    That happens when two workers have two captures of an article in hand. Each of them asks this last of all, so
    whoever wrote last mends it.
    """
    articles = articles_of(index, sorted(ids))
    texts = load_texts(index, articles)
    judged = load(index, Kind.JUDGEMENTS, JudgementRecord, sorted(articles))
    return [
        article.document
        for id_, article in articles.items()
        if any(id_ in state and state[id_].checksum != article.document.checksum for state in (texts, judged))
    ]


def retain(index: Generations, kept_since: datetime) -> list[str]:
    """Drop the months of articles that ended before a time; the names of the indices deleted.

    The ledger outlives the articles, so that old entries of a sitemap do not come back as new.
    """
    month = f"{kept_since:%Y.%m}"
    kinds = (Kind.ARTICLES, Kind.VERSIONS, Kind.FINGERPRINTS)
    return [name for kind in kinds for name in index.drop_older_than(kind, month)]


def milliseconds(time: datetime) -> int:
    """Whole milliseconds since 1970."""
    return round(time.timestamp() * 1000)
