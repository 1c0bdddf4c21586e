"""What is kept of an article, each in one flat record: as it stands, its earlier states, how it is judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from copydesk.index import FIND_MOST, Body, Index, Json, Kind
from copydesk.index.headline import first_sentence
from copydesk.index.judgement import Judgement
from copydesk.index.records import INLINE, load, to_record
from copydesk.model import Document
from copydesk.query.analysis import word_count

__all__ = [
    "Article",
    "JudgementRecord",
    "Version",
    "articles_beside",
    "articles_of",
    "judgements_of",
    "seconds_between",
    "to_body",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A document and how it is judged."""

    document: Document = field(metadata=INLINE)
    judgement: Judgement = field(metadata=INLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An earlier state of an article, and the article's id."""

    document: Document = field(metadata=INLINE)
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRecord:
    """A judgement, and the checksum of the state of the text that was judged."""

    judgement: Judgement = field(metadata=INLINE)
    checksum: str


def to_body(article: Article) -> Body:
    """The record of an article with what follows from it, for those who count and chart. Pure.

    `first_sentence` is there only when it has no title; `is_original` is false of copies alone; `found_after` are whole
    seconds from when it says it was published until it was first seen, absent when it does not say.
    """
    document = article.document
    body: dict[str, Json] = {
        **to_record(article),
        "word_count": word_count(document.text),
        "is_original": article.judgement.duplicate_of is None,
    }
    if (delay := seconds_between(document.published_at, document.first_seen_at)) is not None:
        body["found_after"] = delay
    return body if document.title else {**body, "first_sentence": first_sentence(document)}


def seconds_between(published_at: datetime | None, later: datetime) -> int | None:
    """Whole seconds from when a page says it was published; None when it does not say, or says a later time. Pure."""
    if published_at is None or published_at > later:
        return None
    return int((later - published_at).total_seconds())


def articles_of(index: Index, ids: Sequence[str]) -> dict[str, Article]:
    """The articles that exist, by id."""
    return load(index, Kind.ARTICLES, Article, ids)


def articles_beside(index: Index, ids: Collection[str]) -> set[str]:
    """These, the articles of their stories, and roundups that hold any of them, all as the articles themselves say.

    A worker that died may have judged them otherwise and brought none of them in line.
    """
    index.refresh(Kind.ARTICLES)
    found = index.get(Kind.ARTICLES, sorted(ids)).values()
    near = {*ids, *_saying(index, "story", {str(row.body["story"]) for row in found if "story" in row.body})}
    return near | _saying(index, "contains", near)


def _saying(index: Index, name: str, values: Collection[str]) -> set[str]:
    rows = index.find(Kind.ARTICLES, {name: sorted(values)}, limit=FIND_MOST) if values else []
    return {row.id for row in rows}


def judgements_of(index: Index, ids: Sequence[str]) -> dict[str, Judgement]:
    """How texts are judged; those that are not are absent."""
    records = load(index, Kind.JUDGEMENTS, JudgementRecord, ids)
    return {id_: record.judgement for id_, record in records.items()}
