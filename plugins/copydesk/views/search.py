"""What words, or a topic, find among the articles."""

from collections.abc import Iterator
from dataclasses import dataclass

from copydesk.index import Index, Kind
from copydesk.index.article import Article
from copydesk.index.records import from_record
from copydesk.model import Topic
from copydesk.query.evaluator import find_matches

__all__ = ["Met", "Result", "articles_meeting", "search"]

NEWEST = 1000
"""Originals that a topic is held against, the newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A story that was found: its best article, a plain-text snippet of it, and how many of its articles were found."""

    article: Article
    snippet: str
    copies: int


@dataclass(frozen=True, slots=True)
class Met:
    """An article that meets a topic, and which of the topic's words it holds."""

    article: Article
    matched: tuple[str, ...]


def search(
    index: Index, words: str = "", *, outlet: str = "", language: str = "", limit: int = 10
) -> list[Result]:
    """Stories that hold the words, best first, or the newest; only those of an outlet, or in a language, if given."""
    where = {name: value for name, value in (("outlet", outlet), ("language", language)) if value}
    return [
        Result(article=from_record(Article, hit.body), snippet=hit.snippet, copies=hit.copies)
        for hit in index.search(words, where=where, limit=limit)
    ]


def articles_meeting(index: Index, topic: Topic) -> Iterator[Met]:
    """The newest originals that meet a topic now."""
    newest = index.find(Kind.ARTICLES, {"duplicate_of": None}, sort="-published_at", limit=NEWEST)
    found = {row.id: from_record(Article, row.body) for row in newest}
    documents = {id_: article.document for id_, article in found.items()}
    for match in find_matches([topic], documents)[0]:
        yield Met(found[match.article], match.matched)
