"""Write: what was decided of documents → articles and versions in the index.

An article's version is `fetched_at in ms x 1000 + revision of its judgement`, so that a later capture beats every
judgement of an earlier one, and a replayed write never wins against what is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from copydesk.index import Index, Kind, Write
from copydesk.index.article import Article, JudgementRecord, Version, judgements_of, to_body
from copydesk.index.guarded import change
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.model import Document, Rejection
from copydesk.storing.refused import Refused, keep
from copydesk.storing.versions import Plan, plan

__all__ = ["article_write", "milliseconds", "store", "version_id"]

REVISIONS = 1000
"""Revisions of a judgement that fit between two captures a millisecond apart."""

Meant: TypeAlias = "tuple[Document, Write]"
"""A document, and the write that would store it."""


def store(index: Index, plans: Sequence[Plan], now: datetime) -> dict[str, Rejection]:
    """Write articles and versions; what Elasticsearch refused, by capture id, is kept and can be sent again.

    Of several states of one article in a batch only the last becomes the article. Where another worker stored an
    earlier capture meanwhile, that becomes a version; where a later one, ours does. Needs the judgements of all
    current documents.
    """
    last = {made.document.id: made for made in plans if made.current}
    _count_revisions(index, last)
    articles = _articles(last, judgements_of(index, list(last)))
    meant = [*_versions([*plans, *plan(index, [made.document for made in last.values()])]), *articles]
    answers = index.write([write for _, write in meant])
    refused = [
        Refused(document=document, write=write, reason=answer.reason)
        for (document, write), answer in zip(meant, answers, strict=True)
        if answer.status == "refused"
    ]
    keep(index, refused, now)
    _keep_beaten(
        index, [one for one, answer in zip(meant, answers, strict=True) if answer.status == "conflict"]
    )
    return {one.document.capture_id: one.rejection for one in refused}


def _count_revisions(index: Index, last: Mapping[str, Plan]) -> None:
    """An article that is written anew with the same capture needs a higher version."""
    rewritten = [id_ for id_, made in last.items() if made.rewritten]
    change(index, Kind.JUDGEMENTS, JudgementRecord, dict.fromkeys(rewritten, _counted))


def _counted(old: JudgementRecord | None) -> JudgementRecord | None:
    """The judgement under its next revision. Pure."""
    if old is None:
        return None
    return replace(old, judgement=replace(old.judgement, revision=old.judgement.revision + 1))


def _versions(plans: Iterable[Plan]) -> list[Meant]:
    """The earlier states that go to the versions, each once."""
    writes = [(made.earlier, _version_write(made.earlier)) for made in plans if made.earlier is not None]
    return list({write.id: (document, write) for document, write in writes}.values())


def _articles(last: Mapping[str, Plan], judgements: Mapping[str, Judgement]) -> list[Meant]:
    return [(made.document, article_write(made.document, judgements[id_])) for id_, made in last.items()]


def _keep_beaten(index: Index, conflicts: Iterable[Meant]) -> None:
    """Let a document become a version that was to be the article, where a later one has become it meanwhile."""
    beaten = [document for document, write in conflicts if write.kind is Kind.ARTICLES]
    late = _versions(made for made in plan(index, beaten) if not made.current)
    index.write([write for _, write in late])


def article_write(document: Document, judgement: Judgement) -> Write:
    """The write that makes a document, judged so, the article, unless a later state is. Pure."""
    version = milliseconds(document.fetched_at) * REVISIONS + judgement.revision
    body = to_body(Article(document=document, judgement=judgement))
    return Write(kind=Kind.ARTICLES, id=document.id, body=body, version=version)


def _version_write(document: Document) -> Write:
    body = to_record(Version(document=document, article=document.id))
    return Write(kind=Kind.VERSIONS, id=version_id(document.id, document.capture_id), body=body, create=True)


def version_id(article: str, capture_id: str) -> str:
    """Id of an earlier state of an article: that of a capture. Pure."""
    return f"{article}-{capture_id}"


def milliseconds(time: datetime) -> int:
    """Whole milliseconds since 1970."""
    return round(time.timestamp() * 1000)
