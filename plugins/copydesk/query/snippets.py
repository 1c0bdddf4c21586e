"""Snippets: the words of an article around what was asked for, as plain text on one line. Pure."""

from collections.abc import Sequence
from typing import Final

from copydesk.query.holding import fields_for, first_place, places_of
from copydesk.query.seen import Seen, see
from copydesk.query.tree import Term

__all__ = ["marks_in", "snippet_around"]

SNIPPET: Final = 200
"""Characters of a snippet, the words that matched in its first third."""


def snippet_around(seen: Seen, terms: Sequence[Term]) -> str:
    """About 200 characters around the first of the terms, in the last of the fields that hold one.

    Of the beginning of the text when none does, or of the title when that is empty.
    """
    for field in reversed(seen.fields):
        asked = [term for term in terms if any(one is field for one in fields_for(term, seen))]
        places = [place for term in asked if (place := first_place(field, term)) is not None]
        if places:
            return _cut(field.text, field.tokens[min(places)].start)
    return _cut(seen.fields[-1].text or seen.title.text, 0)


def marks_in(text: str, language: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Where in a title or snippet the words stand that terms ask for, in characters; apart, and in order."""
    if not terms:  # seeing a text is what costs
        return []
    field = see({"title": text, "language": language}).title
    places = sorted(set().union(*(places_of(field, term) for term in terms)))
    return [(field.tokens[place].start, field.tokens[place].end) for place in places]


def _cut(text: str, place: int) -> str:
    """A snippet of a text around a place, on one line, cut between words where there are spaces."""
    start = max(0, place - SNIPPET // 3)
    end = min(len(text), start + SNIPPET)
    snippet = text[start:end]
    if start and " " in text[start:place]:
        snippet = snippet.partition(" ")[2]
    if end < len(text) and " " in snippet[len(snippet) // 2 :]:
        snippet = snippet.rpartition(" ")[0]
    return ("… " if start else "") + " ".join(snippet.split()) + (" …" if end < len(text) else "")
