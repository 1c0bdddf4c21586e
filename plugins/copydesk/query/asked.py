"""Asked: what many topics ask for, so that the words of an article lead to the terms it holds, these to few topics.

A topic is looked at where the article holds one of its keys: the fewest and rarest terms of which every article that
meets the topic has one. "minister Marnhaven" is looked at where Marnhaven stands, whatever else has a minister. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise

from copydesk.border import Border, contained
from copydesk.query.holding import decide, exact_words, holds, other_stems, slots_of
from copydesk.query.keys import keys_of
from copydesk.query.parser import Limits, parse
from copydesk.query.seen import Field, Seen, see
from copydesk.query.stemming import code_of
from copydesk.query.tree import (
    Label,
    Node,
    Not,
    Or,
    Term,
    both,
    either,
    forms_of,
    leaves,
    phrase,
    terms_of,
)
from copydesk.query.tree import wanted as wanted_of
from copydesk.topic import Topic

__all__ = [
    "MOST_WORDS",
    "TOPIC_LIMITS",
    "Asked",
    "Entry",
    "asked_by",
    "is_met_by_all",
    "narrowing_of",
    "tree_of",
]

MOST_WORDS = 100_000
"""Words and names of one topic: more would take a run of `process` longer to read than to look for."""

TOPIC_LIMITS = Limits(length=2_000_000, terms=MOST_WORDS, clauses=None)
"""What a topic may ask for: nothing of it is sent to a server."""

SURE = 2
"""Words of a term as it stands that lead to it: of longer ones what follows is looked at."""

NARROWING = (
    ("outlet", "outlets"),
    ("publisher", "publishers"),
    ("lang", "languages"),
    ("agency", "agencies"),
    ("author", "authors"),
)
NEVER = (("outlet", "not_outlets"), ("publisher", "not_publishers"))

_NOTHING = see({})
_NO_ROW: frozenset[str] = frozenset()


@lru_cache(maxsize=20_000)
def tree_of(topic: Topic) -> Node:
    """What a topic asks for: its query, and any, all and none of its words, each as it stands.

    Raises QueryError when its query has no meaning.
    """
    parts = [parse(topic.query, limits=TOPIC_LIMITS)] if topic.query else []
    parts += [either(*map(phrase, topic.any))] if topic.any else []
    parts += map(phrase, topic.all)
    parts += [Not(phrase(word)) for word in topic.none]
    return both(*parts)


@lru_cache(maxsize=20_000)
def narrowing_of(topic: Topic) -> Node:
    """Which articles a topic looks at, as its keys say; beside `min_words`, for which queries have no word."""
    only = ((name, getattr(topic, key)) for name, key in NARROWING)
    never = ((name, getattr(topic, key)) for name, key in NEVER)
    return both(
        *(either(*(Label(name, value) for value in values)) for name, values in only if values),
        *(Not(Label(name, value)) for name, values in never for value in values),
    )


@lru_cache(maxsize=20_000)
def is_met_by_all(topic: Topic) -> bool:
    """Whether an article that holds nothing of what a topic names meets it, as where all is unwanted."""
    return decide(tree_of(topic), _NOTHING, lambda _: False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic, ready to be decided on.

    Attributes:
        wanted: The terms that it asks for, in order, each with its number.
        labels: The properties that it asks for.
        is_plain: Whether any of these terms is enough.
    """

    topic: Topic
    tree: Node
    wanted: Sequence[tuple[int, Term]]
    labels: Sequence[Label]
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What topics ask for.

    Attributes:
        entries: The topics by their places; those that nobody understands, or that all articles meet, are absent.
        terms: All terms; in the other fields their numbers.
        keyed: Each key, and the places of the topics that it leads to.
        always: The places of topics that may be met without any term, by properties alone.
        by_word: The terms by their first word as it stands, and by the second too where both are meant so.
        sure: Those that are held wherever these words stand.
        rows: Of longer ones all words that stand side by side in them, two by two.
        stemmed: Those whose words have endings.
        numbers: Of the terms.
        parts: Those of which a part of a word is enough: where letters may go on, by length and part.
    """

    entries: Mapping[int, Entry]
    terms: Sequence[Term]
    numbers: Mapping[Term, int]
    keyed: Mapping[int, Sequence[int]]
    always: tuple[int, ...]
    by_word: Mapping[str, Sequence[int]]
    sure: frozenset[int]
    rows: Mapping[int, frozenset[str]]
    stemmed: tuple[int, ...]
    parts: Mapping[str, Mapping[int, Mapping[str, Sequence[int]]]]
    _by_stem: dict[str, Mapping[str, Sequence[int]]] = field(default_factory=dict)

    def held(self, seen: Seen) -> set[int]:
        """The terms that an article holds."""
        held: set[int] = set()
        possible: set[int] = set()
        by_stem = self._stems(seen.title.language) if self.stemmed else {}
        for one in seen.fields:
            beginnings = one.beginnings
            for word in beginnings & self.by_word.keys():
                possible.update(at for at in self.by_word[word] if self.rows.get(at, _NO_ROW) <= beginnings)
            if by_stem:
                stems = chain(one.stem_at.keys() & by_stem.keys(), one.loose & by_stem.keys())
                possible.update(*(by_stem[stem] for stem in stems))
            if self.parts:
                found = self._with_parts(one)
                held.update(found if one is seen.title else (at for at in found if not self.terms[at].title))
        held |= possible & self.sure
        held.update(at for at in possible - held if holds(seen, self.terms[at]))
        return held

    def places(self, held: Collection[int]) -> list[int]:
        """The places of the topics that an article may meet which holds these terms, in order."""
        return sorted({*self.always, *chain.from_iterable(self.keyed[at] for at in held & self.keyed.keys())})

    def _stems(self, language: str) -> Mapping[str, Sequence[int]]:
        """The terms by what a text of a language may keep of their beginning."""
        code = code_of(language)
        if code not in self._by_stem:
            by_stem: dict[str, list[int]] = defaultdict(list)
            for at in self.stemmed:
                term = self.terms[at]
                for stem in slots_of(term)[0].stems | other_stems(term):
                    before, colon, _ = stem.partition(":")
                    if not colon or before == code:
                        by_stem[stem].append(at)
            self._by_stem[code] = by_stem
        return self._by_stem[code]

    def _with_parts(self, one: Field) -> Iterator[int]:
        """The terms of which a word of a field has the part."""
        for more, by_length in self.parts.items():
            for length, by_part in by_length.items():
                for word in one.at:
                    for part in _parts_of(word, length, more):
                        yield from by_part.get(part, ())


def _parts_of(word: str, length: int, more: str) -> Iterable[str]:
    """The parts of a word that are so long, and behind or before which letters may go on."""
    if len(word) < length:
        return ()
    if more == "after":
        return (word[:length],)
    if more == "before":
        return (word[-length:],)
    return (word[at : at + length] for at in range(len(word) - length + 1))


@lru_cache(maxsize=4)
def asked_by(topics: tuple[Topic, ...]) -> Asked:
    """What topics ask for."""
    trees: dict[int, Node] = {}
    for place, topic in enumerate(topics):
        with contained(Border.TOPIC, topic.name):
            if not is_met_by_all(topic):
                trees[place] = tree_of(topic)
    named = {
        place: dict.fromkeys(chain.from_iterable(map(terms_of, leaves(tree))))
        for place, tree in trees.items()
    }
    spread = Counter(chain.from_iterable(named.values()))
    terms = tuple(spread)
    numbers = {term: at for at, term in enumerate(terms)}
    keyed: dict[int, list[int]] = defaultdict(list)
    always = []
    for place, tree in trees.items():
        keys = keys_of(tree, spread)
        if keys is None:
            always.append(place)
        for key in keys or ():
            keyed[numbers[key]].append(place)
    return Asked(
        entries={place: _entry(topics[place], tree, numbers) for place, tree in trees.items()},
        terms=terms,
        numbers=numbers,
        keyed=keyed,
        always=tuple(always),
        by_word=_by_word(terms),
        sure=frozenset(at for at, term in enumerate(terms) if _is_sure(term)),
        rows={
            at: frozenset(map(" ".join, pairwise(exact_words(term))))
            for at, term in enumerate(terms)
            if len(exact_words(term)) > SURE
        },
        stemmed=tuple(at for at, term in enumerate(terms) if _is_stemmed(term)),
        parts=_by_part(terms),
    )


def _entry(topic: Topic, tree: Node, numbers: Mapping[Term, int]) -> Entry:
    terms = dict.fromkeys(wanted_of(tree))
    narrowed = topic.min_words or any(getattr(topic, key) for _, key in (*NARROWING, *NEVER))
    options = tree.parts if isinstance(tree, Or) else (tree,)
    return Entry(
        topic,
        tree,
        tuple((numbers[term], term) for term in terms),
        tuple(leaf for leaf in leaves(tree) if isinstance(leaf, Label)),
        is_plain=not narrowed and all(isinstance(one, Term) for one in options),
    )


def _is_sure(term: Term) -> bool:
    return not term.more and not term.title and 0 < len(exact_words(term)) <= SURE


def _is_stemmed(term: Term) -> bool:
    return not term.more and bool(other_stems(term) or any(slot.stems for slot in slots_of(term)[:1]))


def _by_word(terms: Sequence[Term]) -> Mapping[str, Sequence[int]]:
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, term in enumerate(terms):
        if slots_of(term) and not term.more:
            by_word[" ".join(exact_words(term)[:SURE]) or slots_of(term)[0].word].append(at)
    return by_word


def _by_part(terms: Sequence[Term]) -> Mapping[str, Mapping[int, Mapping[str, Sequence[int]]]]:
    parts: dict[str, dict[int, dict[str, list[int]]]] = {}
    for at, term in enumerate(terms):
        if term.more:
            part = forms_of(term.text)[0][0].word
            parts.setdefault(term.more, {}).setdefault(len(part), {}).setdefault(part, []).append(at)
    return parts
