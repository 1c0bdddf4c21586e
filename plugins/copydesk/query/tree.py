"""What a query asks for, as a tree of plain values: made by the parser, read by evaluator and compiler. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from copydesk.query.analysis import Token, other_forms, tokens_of

__all__ = [
    "EVERYTHING",
    "And",
    "Dated",
    "Everything",
    "Label",
    "Near",
    "Node",
    "Not",
    "Or",
    "Story",
    "Term",
    "both",
    "either",
    "forms_of",
    "leaves",
    "phrase",
    "terms_of",
    "wanted",
]


@dataclass(frozen=True, slots=True)
class Everything:
    """Any article."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that stand side by side.

    Attributes:
        text: As it was typed, without quotation marks and stars.
        exact: Whether the words are meant as they stand, without their other endings.
        title: Whether only the title is looked at.
        more: Where letters may go on, of a term of one word: "after" it as in `ferr*`, "around" as in `*speicher*`,
            "before" as in `*speicher`.
    """

    text: str
    exact: bool = False
    title: bool = False
    more: Literal["", "after", "around", "before"] = ""


@dataclass(frozen=True, slots=True)
class Near:
    """Two terms in the same field in any order, with at most some words between."""

    one: Term
    other: Term
    within: int


@dataclass(frozen=True, slots=True)
class Label:
    """A property of the article, such as its outlet, without regard to case and accents; with `open` its beginning."""

    name: str
    value: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of a story."""

    id: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Published, or if nobody says when, first seen, at a time or later, and before another."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """What the part does not find."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What all parts find."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What at least one part finds."""

    parts: tuple["Node", ...]


Node: TypeAlias = Everything | Term | Near | Label | Story | Dated | Not | And | Or

EVERYTHING = Everything()


def both(*parts: Node) -> Node:
    """All parts, each once; what asks for everything adds nothing."""
    flat = dict.fromkeys(
        one
        for part in parts
        for one in (part.parts if isinstance(part, And) else (part,))
        if one != EVERYTHING
    )
    return next(iter(flat)) if len(flat) == 1 else And(tuple(flat)) if flat else EVERYTHING


def either(*parts: Node) -> Node:
    """Any of the parts, each once."""
    flat = dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, Or) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else Or(tuple(flat))


def phrase(text: str) -> Term:
    """Words as they stand, as in quotation marks."""
    return Term(text, exact=True)


def leaves(tree: Node) -> Iterator[Node]:
    """All that is asked for, what is unwanted among it, in order."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        yield tree


def terms_of(leaf: Node) -> tuple[Term, ...]:
    """The terms of a leaf: itself, both that are to be near each other, or none."""
    if isinstance(leaf, Near):
        return (leaf.one, leaf.other)
    return (leaf,) if isinstance(leaf, Term) else ()


def wanted(tree: Node) -> Iterator[Term]:
    """The terms that are asked for, not those that are unwanted, in order."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from wanted(part)
    elif isinstance(tree, Near):
        yield from (tree.one, tree.other)
    elif isinstance(tree, Term):
        yield tree


@lru_cache(maxsize=100_000)
def forms_of(text: str) -> tuple[tuple[Token, ...], tuple[str, ...]]:
    """The words of a term, and further words each of which is as good as all of them: `email` for `e-mail`."""
    tokens = tokens_of(text)
    others = other_forms([token for token in tokens if token.raw], text)
    return tuple(tokens), tuple(dict.fromkeys(others)) if len(tokens) == 1 or _is_one_word(text) else ()


def _is_one_word(text: str) -> bool:
    return not any(sign.isspace() for sign in text)
