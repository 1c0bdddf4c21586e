"""Questions of the Index port as Elasticsearch request bodies. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from copydesk.adapters.elastic.template import LANGUAGE_ANALYZERS
from copydesk.index import Probe, Range, Spread, Where, Without
from copydesk.index.accepted import is_text

__all__ = [
    "INNER",
    "candidates_body",
    "count_body",
    "find_body",
    "search_body",
    "snippet_of",
    "spread_body",
]

QUERY_LENGTH = 512
"""Characters of a person's query that are looked at."""

STEMMED_LENGTH = 64
"""Characters up to which all languages' stemmed fields are searched: 64 words in 70 fields stay below the
8,192 clauses that a server with half a gigabyte of heap allows."""

FRAGMENT = 160

INNER = "each"
"""Name of what a value's documents are found under."""

Query = dict[str, Any]

GUARDED: Query = {"seq_no_primary_term": True, "version": True}
"""Asks for what guards the next write of a document."""


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
    return [{sort.lstrip("-"): order}] if sort else ["_doc"]


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


def search_body(query: str, where: Where, *, limit: int, languages: bool) -> Query:
    """A person's query: words and "phrases", all of them wanted, those after `-` unwanted.

    Nothing a person types is a syntax error. Copies fold into their story; the fold counts what was found.
    """
    typed = query.encode("utf-8", "ignore").decode()[:QUERY_LENGTH].strip()
    asked: Query = {
        "simple_query_string": {
            "query": typed,
            "fields": [
                "title^3",
                "standfirst^2",
                "text",
                *(_stemmed_fields(typed, where) if languages else ()),
            ],
            "default_operator": "and",
            "flags": "NOT|PHRASE|WHITESPACE",
        },
    }
    newest = [{"published_at": {"order": "desc", "missing": "_last"}}]
    return {
        "query": {"bool": {"must": [asked] if typed else [], "filter": [conditions(where)]}},
        "sort": ["_score", *newest] if typed else newest,
        "collapse": {"field": "story", "inner_hits": {"name": "copies", "size": 0}},
        "highlight": {
            "type": "unified",
            "pre_tags": [""],
            "post_tags": [""],
            "number_of_fragments": 1,
            "fragment_size": FRAGMENT,
            "max_analyzed_offset": 999_999,
            "fields": {"text": {"matched_fields": ["text"]}, "i18n.*.text": {}}
            if languages
            else {"text": {}},
        },
        "size": limit,
        "track_total_hits": False,
    }


def _stemmed_fields(typed: str, where: Where) -> Iterable[str]:
    wanted = where.get("language")
    named = (
        list(wanted)
        if isinstance(wanted, Sequence) and not isinstance(wanted, str)
        else [wanted] * isinstance(wanted, str)
    )
    codes = named or (list(LANGUAGE_ANALYZERS) if len(typed) <= STEMMED_LENGTH else [])
    for code in codes:
        if code in LANGUAGE_ANALYZERS:
            yield f"i18n.{code}.title^3"
            yield f"i18n.{code}.text"


def snippet_of(hit: Mapping[str, Any]) -> str:
    """Plain text around what was found, or the beginning of the article."""
    fragments = next(iter((hit.get("highlight") or {}).values()), None)
    text = fragments[0] if fragments else str(hit["_source"].get("text") or "")[:FRAGMENT]
    return " ".join(text.split())
