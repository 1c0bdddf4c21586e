"""Evaluate: an article and a query → whether the one holds what the other asks for. Pure.

The compiler to the server's language says the same of the same tree; drawn contract tests hold them together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from copydesk.query.seen import Field, Seen, label
from copydesk.query.stemming import stems_of
from copydesk.query.tree import And, Dated, Everything, Label, Near, Node, Not, Or, Story, Term, forms_of

__all__ = ["decide", "fields_for", "holds", "meets", "slots_of", "starts", "whole_milliseconds"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Holds = Callable[[Term], bool]


def meets(tree: Node, seen: Seen) -> bool:
    """Whether an article is what a query asks for."""
    return decide(tree, seen, partial(holds, seen))


def decide(tree: Node, seen: Seen, held: Holds) -> bool:
    """The same, where somebody knows which terms the article holds."""
    match tree:
        case And():
            return all(decide(part, seen, held) for part in tree.parts)
        case Or():
            return any(decide(part, seen, held) for part in tree.parts)
        case Not():
            return not decide(tree.part, seen, held)
        case Term():
            return held(tree)
        case Near():
            return held(tree.one) and held(tree.other) and _is_near(tree, seen)
        case _:
            return _fits(tree, seen)


def _fits(leaf: Everything | Label | Story | Dated, seen: Seen) -> bool:
    """Whether an article has a property."""
    match leaf:
        case Label():
            return _is_labelled(leaf, seen)
        case Story():
            return bool(seen.story) and seen.story == leaf.id
        case Dated():
            return _is_dated(leaf, seen.dated_at)
        case Everything():
            return True


def holds(seen: Seen, term: Term) -> bool:
    """Whether an article holds a term, in any of the fields it is looked for in."""
    return any(_holds(field, term) for field in fields_for(term, seen))


def fields_for(term: Term, seen: Seen) -> tuple[Field, ...]:
    """The fields that a term is looked for in."""
    return (seen.title,) if term.title else seen.fields


def starts(field: Field, term: Term) -> Iterator[int]:
    """The numbers of the words at which a term of whole words stands in a field."""
    slots = slots_of(term)
    if not slots:
        return
    first, *others = slots
    for at in sorted(first.places(field)):
        if all(slot.stands(field, at + number) for number, slot in enumerate(others, 1)):
            yield at


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand at one place of a term: a word, or one of the stems of its other forms."""

    word: str
    stems: frozenset[str] = frozenset()

    def places(self, field: Field) -> set[int]:
        """The numbers of the words of a field at which it stands."""
        places = set(field.at.get(self.word, ()))
        return places.union(*(field.stem_at.get(stem, ()) for stem in self.stems))

    def stands(self, field: Field, at: int) -> bool:
        """Whether it stands at a place."""
        if at >= len(field.tokens):
            return False
        return field.tokens[at].word == self.word or (bool(self.stems) and field.stems[at] in self.stems)


@lru_cache(maxsize=200_000)
def slots_of(term: Term) -> tuple[Slot, ...]:
    """What a term asks for, place by place."""
    return tuple(
        Slot(token.word, frozenset() if term.exact or not token.raw else frozenset(stems_of(token.raw)))
        for token in forms_of(term.text)[0]
    )


def _holds(field: Field, term: Term) -> bool:
    if term.more:
        return _holds_part(field, term)
    if next(starts(field, term), None) is not None:
        return True
    tokens, others = forms_of(term.text)
    if term.exact:
        return False
    single = tokens[0].raw if len(tokens) == 1 else ""
    return any(_holds_loosely(field, form) for form in (single, *others) if form)


def _holds_loosely(field: Field, form: str) -> bool:
    return any(stem in field.loose or stem in field.stem_at for stem in stems_of(form))


def _holds_part(field: Field, term: Term) -> bool:
    part = forms_of(term.text)[0][0].word
    match term.more:
        case "after":
            return any(word.startswith(part) for word in field.at)
        case "before":
            return any(word.endswith(part) for word in field.at)
        case _:
            return any(part in word for word in field.at)


def _is_near(near: Near, seen: Seen) -> bool:
    sizes = len(slots_of(near.one)), len(slots_of(near.other))
    for field in fields_for(near.one, seen):
        others = list(starts(field, near.other))
        for one in starts(field, near.one):
            for other in others:
                gap = other - one - sizes[0] if other > one else one - other - sizes[1]
                if 0 <= gap <= near.within:
                    return True
    return False


def _is_labelled(wanted: Label, seen: Seen) -> bool:
    asked = label(wanted.name, wanted.value)
    if wanted.open:
        return any(one.startswith(asked) for one in seen.labels)
    return asked in seen.labels


def _is_dated(wanted: Dated, dated_at: datetime | None) -> bool:
    if dated_at is None:
        return False
    at = whole_milliseconds(dated_at)
    return (wanted.since is None or at >= whole_milliseconds(wanted.since)) and (
        wanted.until is None or at < whole_milliseconds(wanted.until)
    )


def whole_milliseconds(moment: datetime) -> int:
    """A moment as the server keeps it: milliseconds since 1970, cut."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)
