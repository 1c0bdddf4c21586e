"""What is kept of an article, each in one flat record: as it stands, its earlier states, how it is judged."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from copydesk.index import Index, Kind
from copydesk.index.judgement import Judgement
from copydesk.index.records import INLINE, load
from copydesk.model import Document

__all__ = ["Article", "JudgementRecord", "Version", "articles_of", "judgements_of"]


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


def articles_of(index: Index, ids: Sequence[str]) -> dict[str, Article]:
    """The articles that exist, by id."""
    return load(index, Kind.ARTICLES, Article, ids)


def judgements_of(index: Index, ids: Sequence[str]) -> dict[str, Judgement]:
    """How texts are judged; those that are not are absent."""
    records = load(index, Kind.JUDGEMENTS, JudgementRecord, ids)
    return {id_: record.judgement for id_, record in records.items()}
