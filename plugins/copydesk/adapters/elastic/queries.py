"""Questions of the Index port as Elasticsearch request bodies. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from copydesk.adapters.elastic.compiler import compiled
from copydesk.index import TALLIED, Kind, Order, Probe, Range, Spread, Where, Without
from copydesk.index.accepted import is_text
from copydesk.index.fields import DATE
from copydesk.index.mapping import PROPERTIES
from copydesk.query.tree import Node, wanted

__all__ = [
    "INNER",
    "candidates_body",
    "carried_body",
    "count_body",
    "find_body",
    "search_body",
    "spread_body",
    "suggest_body",
    "suggest_names",
    "tally_body",
]

MOST_EXACT = 40_000
"""Stories up to which their number is exact: the most that the server counts so."""

MOST_VALUES = 10_000

SHORTEST_MISSPELT = 4
"""Letters of a word from which on another one can be meant; shorter ones are near to everything."""

MOST_OUTLETS = 200
"""Outlets of a story up to which their number is exact; each story that is counted takes memory by it."""

INNER = "each"
"""Name of what a value's documents are found under."""

Query = dict[str, Any]

BY_ID: Query = {"id": {"order": "asc", "unmapped_type": "keyword"}}
"""The last word among equals: without it the order in which they were written decides."""

GUARDED: Query = {"seq_no_primary_term": True, "version": True}
"""Asks for what guards the next write of a document."""


_STORIES: Query = {"cardinality": {"field": "story", "precision_threshold": MOST_EXACT}}


def conditions(where: Where) -> Query:
    """All conditions, without scores."""
    return {"bool": {"filter": [_condition(name, wanted) for name, wanted in where.items()]}}


def _condition(name: str, wanted: object) -> Query:
    if wanted is None:
        return {"bool": {"must_not": {"exists": {"field": name}}}}
    if isinstance(wanted, Without):
        return {"bool": {"must_not": _condition(name, wanted.values)}}
    if isinstance(wanted, Range):
        bounds = {"gte": wanted.gte, "lt": wanted.lt}
        fits = {"range": {name: {bound: value for bound, value in bounds.items() if value is not None}}}
        return {"bool": {"should": [fits, _condition(name, None)]}} if wanted.or_absent else fits
    several = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return {"terms": {name: [one for one in several if is_text(one)]}}


def find_body(where: Where, *, sort: str, limit: int) -> Query:
    """Documents that fit, with what guards their next write."""
    return {
        "query": conditions(where),
        "sort": _order(sort),
        "size": limit,
        **GUARDED,
        "track_total_hits": False,
    }


def spread_body(where: Where, how: Spread) -> Query:
    """The first documents of each value of a field, as inner hits."""
    return {
        **find_body(where, sort=how.sort, limit=how.values),
        "_source": False,
        "collapse": {
            "field": how.by,
            "inner_hits": {"name": INNER, "size": how.most, "sort": _order(how.within), **GUARDED},
        },
    }


def _order(sort: str) -> list[Any]:
    order = {"order": "desc" if sort.startswith("-") else "asc", "missing": "_last"}
    return [{sort.lstrip("-"): order}, BY_ID] if sort else ["_doc"]


def candidates_body(probe: Probe, *, limit: int) -> Query:
    """Fingerprints that share enough with a probe; the score is the number of values shared.

    Every value is a constant clause of its group, so the server skips what cannot reach the group's least
    number instead of counting it. The id comes from its column, for documents are packed by the hundred.
    """
    groups = [
        {
            "bool": {
                "should": [
                    {"constant_score": {"filter": {"term": {name: value}}}} for value in dict.fromkeys(wanted)
                ],
                "minimum_should_match": least,
            },
        }
        for name, (wanted, least) in probe.groups.items()
        if len(set(wanted)) >= least
    ]
    seen = {"gte": probe.since, "lt": probe.until}
    return {
        "query": {
            "bool": {
                "filter": [{"range": {"first_seen_at": seen}}],
                "must": [{"bool": {"should": groups, "minimum_should_match": 1}}],
                "must_not": [{"ids": {"values": list(probe.without)}}],
            },
        }
        if groups
        else {"match_none": {}},
        "sort": [{"_score": "desc"}, {"first_seen_at": "asc"}],
        "size": limit,
        "stored_fields": "_none_",
        "docvalue_fields": ["id"],
        "track_total_hits": False,
    }


def count_body(by: Sequence[str], *, after: Mapping[str, Any], limit: int) -> Query:
    """One page of the documents per combination of fields, the page behind `after`."""
    sources = [{name: {"terms": {"field": name, "missing_bucket": True}}} for name in by]
    composite = {"sources": sources, "size": limit, **({"after": after} if after else {})}
    return {"size": 0, "aggs": {"groups": {"composite": composite}}}


def search_body(query: Node, where: Where, *, order: Order = Order.BEST, limit: int) -> Query:
    """What a person asks for, one article a story, and how many stories and articles there are."""
    scored = order != Order.NEWEST and any(True for _ in wanted(query))
    by_time = _order("-published_at")
    return {
        "query": _asked(query, where),
        "sort": ["_score", *by_time] if scored else by_time,
        "collapse": {"field": "story", "inner_hits": {"name": "copies", "size": 0}},
        "aggs": {"stories": _STORIES},
        "size": limit,
        "track_total_hits": True,
    }


def carried_body(query: Node, where: Where, *, limit: int) -> Query:
    """The stories of most outlets among what a person asks for, and how many stories and articles there are."""
    most = {"field": "story", "size": limit, "shard_size": MOST_VALUES}
    carried = {
        "terms": {**most, "order": [{"outlets": "desc"}, {"_key": "asc"}]},
        "aggs": {"outlets": {"cardinality": {"field": "outlet", "precision_threshold": MOST_OUTLETS}}},
    }
    return {
        "query": _asked(query, where),
        "size": 0,
        "aggs": {"stories": _STORIES, "carried": carried},
        "track_total_hits": True,
    }


def _asked(query: Node, where: Where) -> Query:
    return {"bool": {"must": [compiled(query)], "filter": [conditions(where)]}}


def tally_body(query: Node, by: Sequence[str]) -> Query:
    """How many articles there are of each value, and of each day."""
    return {"query": compiled(query), "size": 0, "aggs": {name: _tallied(name) for name in by}}


def suggest_body(words: Sequence[str]) -> Query:
    """The nearest word to each that stands in no text."""
    near = {"field": "exact_body", "suggest_mode": "missing", "size": 1, "min_word_length": SHORTEST_MISSPELT}
    each = {name: {"text": word, "term": near} for name, word in suggest_names(words).items()}
    return {"size": 0, "suggest": each}


def suggest_names(words: Sequence[str]) -> dict[str, str]:
    """Words by what they are called in a request: a name of their own may have signs that no name has."""
    return {f"word{number}": word for number, word in enumerate(words)}


def _tallied(name: str) -> Query:
    if PROPERTIES[Kind.ARTICLES][name] == DATE:
        days = {"calendar_interval": "day", "format": "yyyy-MM-dd", "min_doc_count": 1}
        return {"date_histogram": {"field": name, **days}}
    # counts are exact while no month has more values than it is asked for
    return {"terms": {"field": name, "size": TALLIED, "shard_size": MOST_VALUES}}
