"""A word or phrase of a query → what it asks for, with what its stars say and the field it stands in. Pure."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

import regex

from copydesk.query.analysis import UNSPACED
from copydesk.query.mistakes import QueryError
from copydesk.query.moments import EXAMPLES, span_of
from copydesk.query.tokenizer import Mark
from copydesk.query.tree import Dated, Label, Node, Story, Term, forms_of

__all__ = ["NO_CLOCK", "Clock", "leaf_of"]

LONGEST_PHRASE: Final = 50
SHORTEST_BEGINNING: Final = 2
SHORTEST_PART: Final = 3
_LANGUAGE: Final = regex.compile(r"(?P<code>[a-zA-Z]{2,3})(?:[-_].*)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """What `since:7d` counts from, and the zone of the days of `since:2026-11-28`; without `now` there are no dates."""

    now: datetime | None = None
    zone: tzinfo = UTC


NO_CLOCK: Final = Clock()


def leaf_of(mark: Mark, name: str, clock: Clock) -> Node:
    """A word or phrase, in a field if one is named."""
    if name in {"since", "until"}:
        return _dated(mark, name, clock)
    if name == "story":
        return Story(mark.text)
    if name in {"", "title"}:
        term = _term(mark)
        return replace(term, title=True) if name else term
    text = mark.text.strip()
    if name == "lang":
        code = _LANGUAGE.fullmatch(text)
        if code is None:
            raise QueryError(
                f"{text[:40]} is no code of a language", "write lang:de", mark.place, mark.length
            )
        return Label("lang", code["code"].lower())
    goes_on = mark.kind == "word" and text.endswith("*")
    value = text.rstrip("*") if goes_on else text
    if not forms_of(value)[0]:
        raise _wordless(mark)
    if "*" in value:
        raise QueryError(
            "a star stands at the end of a name alone", f"write {name}:begin*", mark.place, mark.length
        )
    return Label(name, value, goes_on)


def _dated(mark: Mark, name: str, clock: Clock) -> Node:
    if clock.now is None:
        raise QueryError(
            f"a topic has no {name}:", "max_age says how old what rings may be", mark.place, mark.length
        )
    span = span_of(mark.text.strip(), clock.now, clock.zone)
    if span is None:
        raise QueryError(f"{mark.text[:40]} is no time", EXAMPLES, mark.place, mark.length)
    return Dated(since=span[0]) if name == "since" else Dated(until=span[1])


def _term(mark: Mark) -> Term:
    """A word or phrase as a term, with what its stars say."""
    quoted = mark.kind == "phrase"
    bare = mark.text.replace("*", " ") if quoted else mark.text.strip("*")
    tokens = forms_of(bare)[0]
    if not tokens:
        raise _wordless(mark)
    if len(tokens) > LONGEST_PHRASE:
        raise QueryError(
            f"this phrase has {len(tokens)} words", f"at most {LONGEST_PHRASE}", mark.place, mark.length
        )
    if quoted:
        if regex.search(r"\w\*|\*\w", mark.text):
            raise QueryError(
                "in quotation marks a star has no meaning",
                "write word* without them",
                mark.place,
                mark.length,
            )
        return Term(mark.text.strip(), exact=True)
    if mark.text[0] in "-\u2212":
        raise QueryError("a minus stands too much here", "write one, right before the word", mark.place, 1)
    if "*" in bare and not regex.search(r"^\W*\*|\*\W*$", bare):
        raise QueryError("a star stands within a word", "write it before or behind", mark.place, mark.length)
    return _starred(mark, bare, len(tokens) == 1 and not UNSPACED.match(tokens[0].word))


def _starred(mark: Mark, bare: str, one: bool) -> Term:  # noqa: FBT001 (whether the term is one word with spaces around)
    before, after = mark.text.startswith("*"), mark.text.endswith("*")
    tokens = forms_of(bare)[0]
    if not (before or after) or all(UNSPACED.match(token.word) for token in tokens):
        return Term(bare)
    size = len(tokens[0].word)
    if not one:
        raise QueryError(
            f"a star goes with one word, and {bare} is {len(tokens)}",
            "write the last of them alone, with a star",
            mark.place,
            mark.length,
        )
    if before and size < SHORTEST_PART:
        raise QueryError(
            "a star before so few letters would find nearly every word",
            f"write at least {SHORTEST_PART} letters",
            mark.place,
            mark.length,
        )
    if size < SHORTEST_BEGINNING:
        raise QueryError(
            "a star behind so few letters would find nearly every word",
            f"write at least {SHORTEST_BEGINNING} letters",
            mark.place,
            mark.length,
        )
    return Term(bare, more="around" if before and after else "before" if before else "after")


def _wordless(mark: Mark) -> QueryError:
    shown = mark.text.strip() or "this"
    hint = "write a word, or leave it out"
    if set(shown) <= {"*"}:
        hint = "search for nothing to see the newest"
    if shown in {"-", "\u2212", "\u2013", "\u2014"}:
        hint = "to leave out what holds a word, write - right before it"
    if shown == "&":
        hint = "write AND, or leave it out"
    return QueryError(f"{shown[:40]} holds neither letter nor digit", hint, mark.place, mark.length)
