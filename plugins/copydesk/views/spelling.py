"""What may have been meant by a query that finds nothing: words that no article has, by the nearest that one has."""

from collections.abc import Mapping
from dataclasses import dataclass

from copydesk.index import Index
from copydesk.query.analysis import tokens_of
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.terms import Clock
from copydesk.query.tree import Term, forms_of, wanted
from copydesk.views.search import search

__all__ = ["Meant", "meant", "respelt"]

MOST_WORDS = 8
"""Words of a query that are looked up: each costs a search of its own."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Another spelling of a query, and how many stories it finds."""

    query: str
    stories: int


def meant(index: Index, query: str, clock: Clock, *, outlet: str = "", language: str = "") -> Meant | None:
    """The query with its unknown words as articles spell them, if that finds something where it was looked for.

    The query has to have a meaning.
    """
    terms = [term for term in wanted(parse(query, clock)) if not term.more]
    asked = dict.fromkeys(token.word for term in terms for token in forms_of(term.text)[0])
    unknown = [word for word in list(asked)[:MOST_WORDS] if not index.search(Term(word), limit=1).articles]
    other = respelt(query, index.suggest(unknown)) if unknown else query
    if other == query:
        return None
    try:
        stories = search(index, other, clock, outlet=outlet, language=language, limit=1).stories
    except QueryError:  # a word may have become an operator
        return None
    return Meant(other, stories) if stories else None


def respelt(query: str, words: Mapping[str, str]) -> str:
    """A query with some of its words, as they are compared, spelt otherwise; all else stays as it is typed. Pure."""
    for token in reversed(tokens_of(query)):
        if token.word in words:
            query = query[: token.start] + words[token.word] + query[token.end :]
    return query
