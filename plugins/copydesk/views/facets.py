"""What a query finds by outlet, publisher, agency, language and time, and the query that asks for one of them only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from copydesk.index import Index
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.terms import Clock
from copydesk.query.tree import Label, Node, Or

__all__ = ["Facet", "Facets", "Span", "bracketed", "facets_of", "narrowed", "spans_of"]

FACETS = {"outlet": "outlet", "publisher": "publisher", "agency": "agency", "language": "lang"}
"""Fields of an article, and how a query names them."""

TIME = "dated_at"

SOME = Clock(datetime(2026, 1, 1, tzinfo=UTC))
"""Which time it is does not change how a query is built."""

MOST_SPANS = 60
"""Bars that are side by side on a narrow screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A value: how many articles have it, and the query that finds these; "" if no query can name it."""

    value: str
    articles: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A day, month or year as a query names it ("2026-11-20", "2026-11", "2026"), with its articles and its query."""

    name: str
    articles: int
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a query finds, cut up.

    Attributes:
        query: It, in brackets where what is written behind it would otherwise belong to a part of it alone.
        values: By field; those of most articles first. Fields with one value alone are absent.
        spans: From the first to the last that has articles, without gaps, of one length; the last MOST_SPANS.
    """

    query: str
    values: Mapping[str, tuple[Facet, ...]]
    spans: tuple[Span, ...]


def facets_of(index: Index, tree: Node, query: str) -> Facets:
    """What a tree finds, by value and time; the query is what a person wrote of it."""
    counts = index.tally(tree, *FACETS, TIME)
    asked = bracketed(query)
    values = {
        field: tuple(
            Facet(value=value, articles=number, query=narrowed(asked, name, value))
            for value, number in counts[field].items()
        )
        for field, name in FACETS.items()
        if len(counts[field]) > 1
    }
    spans = tuple(
        Span(name=name, articles=number, query=f"{asked} since:{name} until:{name}".strip())
        for name, number in spans_of(counts[TIME]).items()
    )
    return Facets(query=asked, values=values, spans=spans if len(spans) > 1 else ())


def bracketed(query: str) -> str:
    """A query such that what is written behind it holds for all of it; it has to have a meaning. Pure."""
    return f"({query.strip()})" if isinstance(parse(query, SOME), Or) else query.strip()


def narrowed(query: str, name: str, value: str) -> str:
    """A query, in brackets if it needs them, with a label more; "" if no query can name the value. Pure."""
    more = f'{name}:"{value}"'
    try:
        is_named = parse(more) == Label(name, value)
    except QueryError:
        is_named = False
    return f"{query} {more}".strip() if is_named else ""


def spans_of(days: Mapping[str, int]) -> dict[str, int]:
    """Days as they are, or added up to months or years if there are too many from the first to the last. Pure.

    Spans between two others are there also without an article; of more than MOST_SPANS years the last ones are given.
    """
    if not days:
        return {}
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    length = next((length for length in (10, 7) if len(_names(first, last, length)) <= MOST_SPANS), 4)
    spans = dict.fromkeys(_names(first, last, length)[-MOST_SPANS:], 0)
    for day, number in days.items():
        if day[:length] in spans:
            spans[day[:length]] += number
    return spans


def _names(first: date, last: date, length: int) -> list[str]:
    """The spans from one day to another, by the letters of a day that they share."""
    if length == len("2026-11-20"):
        number = min((last - first).days, MOST_SPANS) + 1
        return [f"{first + timedelta(days=day)}" for day in range(number)]
    if length == len("2026-11"):
        months = range(12 * first.year + first.month - 1, 12 * last.year + last.month)
        return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]
    return [f"{year:04}" for year in range(first.year, last.year + 1)]
