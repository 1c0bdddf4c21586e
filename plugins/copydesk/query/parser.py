"""Parse: what a person types → a tree of what is meant, or what is wrong with it, where, and what helps. Pure.

    query = also (OR also)*             also = part (AND? part)*
    part  = (NOT | -)? near             near = one (NEAR/5 one)*
    one   = ( query ) | field:one | "phrase" | word | word* | *word*

AND binds before OR. Nothing is dropped or read as something else without a word: what has no meaning is an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from copydesk.query.holding import cost_of
from copydesk.query.mistakes import QueryError
from copydesk.query.terms import NO_CLOCK, Clock, leaf_of
from copydesk.query.tokenizer import Mark, marks_of
from copydesk.query.tree import EVERYTHING, Near, Node, Not, Or, Term, both, either, leaves, terms_of

__all__ = ["MOST_CLAUSES", "MOST_TERMS", "Limits", "parse"]

NEAR: Final = 5
"""Words between two that are near each other, when nobody says how many."""
FARTHEST: Final = 50
"""Words between, at most: fields that are kept side by side lie a hundred apart."""
DEEPEST: Final = 40
MOST_TERMS: Final = 100
"""Words and phrases of a search: a word may be some 60 clauses, and a small server takes 8,192."""
MOST_CLAUSES: Final = 7_000
"""Comparisons of a search: a server with half a gigabyte of heap takes 8,192 clauses."""
MOST_PARTS: Final = 3
"""Words with a star before them: each is laid beside every word there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a query may ask for."""

    length: int = 10_000
    terms: int = MOST_TERMS
    clauses: int | None = MOST_CLAUSES


_SEARCH: Final = Limits()


def parse(query: str, clock: Clock = NO_CLOCK, limits: Limits = _SEARCH) -> Node:
    """What a query asks for; everything, if it says nothing.

    Args:
        query: As typed.
        clock: What the times of `since:` and `until:` refer to.
        limits: How much may be asked for.

    Raises:
        QueryError: for what has no meaning, or asks for too much.
    """
    if len(query) > limits.length:
        raise QueryError(
            f"it has {len(query)} characters", f"at most {limits.length} are read", limits.length, 1
        )
    marks = marks_of(query)
    if not marks:
        return EVERYTHING
    parser = _Parser(marks, len(query), clock)
    tree = parser.query()
    if (mark := parser.peek()) is not None:  # all else was read
        raise QueryError("this bracket closes none", "leave it out, or write one before", mark.place, 1)
    _check(tree, limits)
    return tree


def _check(tree: Node, limits: Limits) -> None:
    """Whether it is more than may be asked for."""
    found = list(leaves(tree))
    terms = [term for leaf in found for term in terms_of(leaf)]
    names = sum(not isinstance(leaf, Term | Near) for leaf in found)
    if len(terms) + names > limits.terms:
        raise QueryError(
            f"it asks for {len(terms) + names} words and phrases", f"at most {limits.terms} are looked for"
        )
    if sum(term.more in {"around", "before"} for term in terms) > MOST_PARTS:
        raise QueryError("too many words have a star before them", f"at most {MOST_PARTS} are looked for")
    clauses = sum(map(cost_of, found))
    if limits.clauses is not None and clauses > limits.clauses:
        raise QueryError(
            f"it takes {clauses} comparisons, with all endings in all languages",
            f"at most {limits.clauses}: look for fewer words, or put some in quotation marks",
        )


@dataclass(slots=True)
class _Parser:
    """The marks, and how far they are read."""

    marks: Sequence[Mark]
    length: int
    clock: Clock
    at: int = 0
    fields: list[str] = field(default_factory=lambda: [""])
    depth: int = 0

    def peek(self) -> Mark | None:
        return self.marks[self.at] if self.at < len(self.marks) else None

    def take(self, *kinds: str) -> Mark | None:
        mark = self.peek()
        if mark is None or mark.kind not in kinds:
            return None
        self.at += 1
        return mark

    def query(self) -> Node:
        parts = [self.also()]
        while self.take("or"):
            parts.append(self.also())
        return either(*parts)

    def also(self) -> Node:
        parts = [self.part()]
        while self.take("and") or ((mark := self.peek()) is not None and mark.kind not in {"or", "close"}):
            parts.append(self.part())
        return both(*parts)

    def part(self) -> Node:
        unwanted = False
        while self.take("not"):
            unwanted = not unwanted
        found = self.near()
        return Not(found) if unwanted else found

    def near(self) -> Node:
        first = self.peek()
        left = self.one()
        pairs: list[Node] = []
        while mark := self.take("near"):
            right = self.one()
            within = int(mark.text[len("NEAR/") :][-9:] or NEAR)
            if within > FARTHEST:
                raise QueryError(
                    f"{mark.text} is too far", f"at most NEAR/{FARTHEST}", mark.place, mark.length
                )
            pairs.append(_nearby(left, right, within, first or mark))
            left = right
        return both(*pairs) if pairs else left

    def one(self) -> Node:
        mark = self.peek()
        if mark is None or mark.kind not in {"open", "field", "phrase", "word"}:
            raise self._nothing(mark)
        self.at += 1
        if mark.kind == "open":
            return self._group(mark)
        if mark.kind == "field":
            return self._field(mark)
        return leaf_of(mark, self.fields[-1], self.clock)

    def _group(self, mark: Mark) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise QueryError("too many brackets lie in one another", f"at most {DEEPEST}", mark.place, 1)
        if self.take("close"):
            raise QueryError("there is nothing between these brackets", "leave them out", mark.place, 2)
        found = self.query()
        if not self.take("close"):
            raise QueryError("this bracket is not closed", "write ) where its part ends", mark.place, 1)
        self.depth -= 1
        return found

    def _field(self, mark: Mark) -> Node:
        if self.fields[-1]:
            raise QueryError(
                f"{mark.text}: stands in {self.fields[-1]}:", "write them beside each other", mark.place, 1
            )
        following = self.peek()
        if following is None or following.kind not in {"open", "phrase", "word"}:
            raise QueryError(
                f"{mark.text}: has nothing to look for", "write it right behind", mark.place, mark.length
            )
        self.fields.append(mark.text)
        found = self.one()
        self.fields.pop()
        return found

    def _nothing(self, mark: Mark | None) -> QueryError:
        before = self.marks[self.at - 1] if self.at else None
        shown = mark if before is None or (mark is not None and mark.kind != "close") else before
        if shown is None or shown.kind in {"close", "open"}:
            place = shown.place if shown else self.length
            return QueryError("there is nothing to look for here", "write a word, or leave it out", place, 1)
        what = f"{shown.text} stands without a word to look for"
        hint = f'to look for the word {shown.text}, write "{shown.text}"'
        if shown.text in {"-", "\u2212"}:
            hint = "write it right before the word that is not wanted"
        return QueryError(what, hint, shown.place, shown.length)


def _nearby(one: Node, other: Node, within: int, mark: Mark) -> Node:
    """Any of these words near any of those."""
    pairs: list[Node] = []
    for left, right in product(_near_terms(one, mark), _near_terms(other, mark)):
        if left.title != right.title:
            raise QueryError(
                "NEAR stands between words of different fields",
                "write title: before brackets around both",
                mark.place,
                mark.length,
            )
        pairs.append(Near(left, right, within))
    if len(pairs) > MOST_TERMS:
        raise QueryError(
            f"NEAR would have to look for {len(pairs)} pairs",
            f"at most {MOST_TERMS}",
            mark.place,
            mark.length,
        )
    return either(*pairs)


def _near_terms(node: Node, mark: Mark) -> list[Term]:
    parts = node.parts if isinstance(node, Or) else (node,)
    terms = [part for part in parts if isinstance(part, Term) and not part.more]
    if len(terms) < len(parts):
        raise QueryError(
            "NEAR stands between words and phrases alone, or (a OR b)",
            "put all else outside, without stars",
            mark.place,
            mark.length,
        )
    return terms
