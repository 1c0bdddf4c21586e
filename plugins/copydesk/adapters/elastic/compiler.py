"""Compile: a query's tree → Elasticsearch's Query DSL. Pure.

It says of the kept columns what `query.holding` says of a text; drawn contract tests hold the two together. The server
analyzes nothing but spaces, and a person's text reaches it as words to compare alone, never as syntax.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from copydesk.query.analysis import UNSPACED
from copydesk.query.holding import Slot, other_stems, slots_of
from copydesk.query.seen import label, whole_milliseconds
from copydesk.query.tree import And, Dated, Everything, Label, Near, Node, Not, Or, Story, Term

__all__ = ["compiled"]

Query = dict[str, Any]

TITLE_COUNTS: Final = 3
_FIELDS: Final = ("title", "body")


def compiled(tree: Node) -> Query:
    """The query that finds what a tree asks for; words in titles count more."""
    match tree:
        case And():
            unwanted = [compiled(part.part) for part in tree.parts if isinstance(part, Not)]
            must = [compiled(part) for part in tree.parts if not isinstance(part, Not)]
            return {"bool": {"must": must, "must_not": unwanted}}
        case Or():
            return _any([compiled(part) for part in tree.parts])
        case Not():
            return {"bool": {"must_not": [compiled(tree.part)]}}
        case Term():
            return _term(tree)
        case Near():
            return _any([_near(tree, name) for name in _fields(tree.one)])
        case _:
            return {"constant_score": {"filter": _property(tree), "boost": 0}}


def _property(leaf: Everything | Label | Story | Dated) -> Query:
    match leaf:
        case Label():
            asked = label(leaf.name, leaf.value)
            return {"prefix" if leaf.open else "term": {"labels": asked}}
        case Story():
            return {"term": {"story": leaf.id}}
        case Dated():
            bounds = {"gte": leaf.since, "lt": leaf.until}
            given = {name: whole_milliseconds(at) for name, at in bounds.items() if at}
            return {"range": {"dated_at": given}}
        case Everything():
            return {"match_all": {}}


def _any(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _fields(term: Term) -> tuple[str, ...]:
    return _FIELDS[:1] if term.title else _FIELDS


def _boost(name: str) -> float:
    return TITLE_COUNTS if name == "title" else 1


def _term(term: Term) -> Query:
    slots = slots_of(term)
    found = [query for name in _fields(term) for query in _in_field(term, slots, name)]
    return _any(found)


def _in_field(term: Term, slots: Sequence[Slot], name: str) -> list[Query]:
    """What finds a term in the title, or in standfirst and text."""
    words = [slot.word for slot in slots]
    if term.more:
        return [_part(term.more, words[0], f"exact_{name}")]
    if not any(slot.stems for slot in slots):
        found = [_row(words, name, signs=not term.exact and all(map(UNSPACED.match, words)))]
    elif len(slots) == 1:
        found = [_among(sorted(slots[0].stems), f"stem_{name}", _boost(name))]
    else:
        found = [{"intervals": {f"exact_{name}": {**_side_by_side(slots, name), "boost": _boost(name)}}}]
    others = sorted(other_stems(term))
    if others:
        found.append({"terms": {f"loose_{name}": others}})
        if len(slots) > 1:
            found.append(_among(others, f"stem_{name}", _boost(name)))
    return found


def _part(more: str, part: str, field: str) -> Query:
    if more == "after":
        return {"prefix": {field: {"value": part}}}
    value = f"*{part}*" if more == "around" else f"*{part}"
    return {"wildcard": {field: {"value": value}}}


def _row(words: Sequence[str], name: str, *, signs: bool) -> Query:
    """Words as they stand, side by side; signs without spaces by two at a time, which are rarer."""
    if len(words) == 1:
        return {"term": {f"exact_{name}": {"value": words[0], "boost": _boost(name)}}}
    pairs = [one + other for one, other in pairwise(words)]
    field, row = (f"stem_{name}", pairs) if signs else (f"exact_{name}", words)
    return {"match_phrase": {field: {"query": " ".join(row), "boost": _boost(name)}}}


def _among(stems: Sequence[str], field: str, boost: float) -> Query:
    return {"match": {field: {"query": " ".join(stems), "boost": boost}}}


def _near(near: Near, name: str) -> Query:
    one, other = (_side_by_side(slots_of(term), name) for term in (near.one, near.other))
    ways = [
        {"all_of": {"ordered": True, "max_gaps": near.within, "intervals": pair}}
        for pair in ([one, other], [other, one])
    ]
    return {"intervals": {f"exact_{name}": {"any_of": {"intervals": ways}, "boost": _boost(name)}}}


def _side_by_side(slots: Sequence[Slot], name: str) -> Query:
    """Where a term stands, as a source of intervals; words and stems have the same places."""
    places = [_place(slot, name) for slot in slots]
    if len(places) == 1:
        return places[0]
    return {"all_of": {"ordered": True, "max_gaps": 0, "intervals": places}}


def _place(slot: Slot, name: str) -> Query:
    word: Query = {"match": {"query": slot.word}}
    if not slot.stems:
        return word
    stems = [{"match": {"query": stem, "use_field": f"stem_{name}"}} for stem in sorted(slot.stems)]
    return {"any_of": {"intervals": [word, *stems]}}
