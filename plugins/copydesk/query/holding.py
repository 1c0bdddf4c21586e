"""Evaluate: an article and a query → whether the one holds what the other asks for. Pure.

The compiler to the server's language says the same of the same tree; drawn contract tests hold them together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from copydesk.query.seen import Field, Seen, label, whole_milliseconds
from copydesk.query.stemming import stems_of
from copydesk.query.tree import And, Dated, Everything, Label, Near, Node, Not, Or, Story, Term, forms_of

__all__ = [
    "cost_of",
    "decide",
    "exact_words",
    "fields_for",
    "first_place",
    "holds",
    "meets",
    "other_stems",
    "places_of",
    "slots_of",
    "starts",
]

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
    words = exact_words(term)
    if words:
        size, stand = len(words), field.words
        yield from (at for at in field.at.get(words[0], ()) if size == 1 or stand[at : at + size] == words)
        return
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


@lru_cache(maxsize=200_000)
def exact_words(term: Term) -> tuple[str, ...]:
    """The words of a term that are all meant as they stand; none when some have other endings."""
    slots = slots_of(term)
    return () if any(slot.stems for slot in slots) else tuple(slot.word for slot in slots)


def cost_of(leaf: Node) -> int:
    """How many words and stems are compared to find a leaf of a tree."""
    if isinstance(leaf, Near):
        return 2 * (_cost(leaf.one) + _cost(leaf.other))
    return _cost(leaf) if isinstance(leaf, Term) else 1


def _cost(term: Term) -> int:
    words = sum(max(len(slot.stems), 1) for slot in slots_of(term)) + len(other_stems(term)) * (
        len(slots_of(term)) > 1
    )
    return words * (1 if term.title else 2)


@lru_cache(maxsize=200_000)
def other_stems(term: Term) -> frozenset[str]:
    """What stands for one word that is as good as the whole term, in any language."""
    if term.exact or term.more:
        return frozenset()
    tokens, others = forms_of(term.text)
    single = [tokens[0].raw] if len(tokens) == 1 and tokens[0].raw else []
    return frozenset(stem for form in (*single, *others) for stem in stems_of(form))


def _holds(field: Field, term: Term) -> bool:
    if term.more:
        return any(True for _ in _parts(field, term))
    if next(starts(field, term), None) is not None:
        return True
    others = other_stems(term)
    return not (others.isdisjoint(field.loose) and others.isdisjoint(field.stem_at))


def first_place(field: Field, term: Term) -> int | None:
    """The number of the first word at which a field holds a term, in whatever form."""
    if term.more:
        return min((place for word in _parts(field, term) for place in field.at[word]), default=None)
    others = other_stems(term)
    found = [*starts(field, term), *(place for stem in others for place in field.stem_at.get(stem, ()))]
    if not found and not others.isdisjoint(field.loose):
        found += (place for place in range(len(field.tokens)) if not others.isdisjoint(field.loose_at(place)))
    return min(found, default=None)


def places_of(field: Field, term: Term) -> set[int]:
    """The numbers of all words of a field that are what a term asks for, in whatever form."""
    if term.more:
        return {place for word in _parts(field, term) for place in field.at[word]}
    others, length = other_stems(term), len(slots_of(term))
    found = {place + number for place in starts(field, term) for number in range(length)}
    found.update(*(field.stem_at.get(stem, ()) for stem in others))
    if not found and not others.isdisjoint(field.loose):
        found = {place for place in range(len(field.tokens)) if not others.isdisjoint(field.loose_at(place))}
    return found


def _parts(field: Field, term: Term) -> Iterator[str]:
    """The words of a field that go on where the term may."""
    part = forms_of(term.text)[0][0].word
    match term.more:
        case "after":
            return (word for word in field.at if word.startswith(part))
        case "before":
            return (word for word in field.at if word.endswith(part))
        case _:
            return (word for word in field.at if part in word)


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
