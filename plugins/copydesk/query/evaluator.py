"""Match: topics and articles → which article meets which topic, and by which of its words. Pure.

The words of an article are looked up among those of all topics, not the other way round: what a topic costs does not
grow with the number of its words, nor what an article costs with the number of topics.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from copydesk.border import Border, Fault, contained
from copydesk.model import Document
from copydesk.query.analysis import word_count
from copydesk.query.holding import decide, exact_words, holds, other_stems, slots_of
from copydesk.query.parser import Limits, parse
from copydesk.query.seen import Seen, see, see_document
from copydesk.query.snippets import snippet_around
from copydesk.query.stemming import LANGUAGES
from copydesk.query.tree import (
    And,
    Label,
    Near,
    Node,
    Not,
    Or,
    Term,
    both,
    either,
    leaves,
    phrase,
    terms_of,
    wanted,
)
from copydesk.topic import Topic

__all__ = [
    "MOST_WORDS",
    "TOPIC_LIMITS",
    "Match",
    "asked_words",
    "find_matches",
    "is_met_by_all",
    "match_article",
    "tree_of",
]

MOST_WORDS: Final = 100_000
"""Words and names of one topic: more would take a run of `process` longer to read than to look for."""

TOPIC_LIMITS: Final = Limits(length=2_000_000, terms=MOST_WORDS, clauses=None)
"""What a topic may ask for: nothing of it is sent to a server."""

_NOTHING: Final = see({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic met by an article: which of the topic's words, and a plain-text snippet around them."""

    topic: str
    article: str
    matched: tuple[str, ...]
    snippet: str = ""


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
    only = (
        ("outlet", topic.outlets),
        ("publisher", topic.publishers),
        ("lang", topic.languages),
        ("agency", topic.agencies),
        ("author", topic.authors),
    )
    never = (("outlet", topic.not_outlets), ("publisher", topic.not_publishers))
    return both(
        *(either(*(Label(name, value) for value in values)) for name, values in only if values),
        *(Not(Label(name, value)) for name, values in never for value in values),
    )


@lru_cache(maxsize=20_000)
def is_met_by_all(topic: Topic) -> bool:
    """Whether an article that holds nothing of what a topic names meets it, as where all is unwanted."""
    return decide(tree_of(topic), _NOTHING, _none)


def asked_words(topic: Topic) -> tuple[str, ...]:
    """The words, phrases and names that a topic asks for, as it has them, in its order."""
    tree = tree_of(topic)
    names = (_shown(leaf) for leaf in leaves(tree) if isinstance(leaf, Label))
    return tuple(dict.fromkeys(chain((term.text for term in wanted(tree)), names)))


def _shown(leaf: Label) -> str:
    return f"{leaf.name}:{leaf.value}{'*' * leaf.open}"


def find_matches(
    topics: Sequence[Topic], articles: Mapping[str, Document]
) -> tuple[list[Match], dict[tuple[str, str], Fault]]:
    """Which of the articles meet which topics, in the order of the topics; and what failed, by topic and article."""
    faults: dict[tuple[str, str], Fault] = {}
    asked = _asked(tuple(topics))
    found: dict[int, list[Match]] = defaultdict(list)
    for id_, article in articles.items():
        seen = see_document(article)
        held = _held(asked, seen)
        for number in sorted({*asked.always, *chain.from_iterable(asked.terms[term] for term in held)}):
            topic = topics[number]
            with contained(Border.TOPIC, topic.name) as caught:
                match = _decide(topic, id_, article, seen, held)
                found[number] += [match] if match is not None else []
            if caught.fault is not None:
                faults[topic.name, id_] = caught.fault
    return [match for number in sorted(found) for match in found[number]], faults


def match_article(topic: Topic, article: Document) -> Match | None:
    """Whether an article meets the topic, and by which of its words, in the topic's order; None when it does not."""
    seen = see_document(article)
    return _decide(topic, article.id, article, seen, _held(_asked((topic,)), seen))


@dataclass(frozen=True, slots=True)
class Asked:
    """What topics ask for.

    Attributes:
        terms: Each term, and the places of the topics that ask for it.
        by_word: The terms by their first word as it stands, and by the second too where both are meant so.
        by_stem: The others whose words have endings; by stem for a language, see `_stemmed`.
        parts: Those of which a part of a word is enough.
        always: The places of topics that may be met without any term, by properties alone.
    """

    terms: Mapping[Term, Sequence[int]]
    by_word: Mapping[str, Sequence[Term]]
    by_stem: tuple[Term, ...]
    parts: tuple[Term, ...]
    always: tuple[int, ...]


@lru_cache(maxsize=4)
def _asked(topics: tuple[Topic, ...]) -> Asked:
    terms: dict[Term, list[int]] = defaultdict(list)
    always = []
    for number, topic in enumerate(topics):
        with contained(Border.TOPIC, topic.name):
            tree = tree_of(topic)
            found = dict.fromkeys(term for leaf in leaves(tree) for term in terms_of(leaf))
            for term in found:
                terms[term].append(number)
            if _is_met_by_properties(tree):
                always.append(number)
    by_word: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        if slots_of(term) and not term.more:
            by_word[" ".join(exact_words(term)[:2]) or slots_of(term)[0].word].append(term)
    return Asked(
        terms,
        by_word,
        tuple(term for term in terms if other_stems(term) or any(slot.stems for slot in slots_of(term)[:1])),
        tuple(term for term in terms if term.more),
        tuple(always),
    )


@lru_cache(maxsize=64)
def _stemmed(terms: tuple[Term, ...], language: str) -> Mapping[str, Sequence[Term]]:
    """The terms by what a text of a language may keep of their beginning."""
    by_stem: dict[str, list[Term]] = defaultdict(list)
    for term in terms:
        first = slots_of(term)[0].stems if not term.more else frozenset()
        for stem in first | other_stems(term):
            before, colon, _ = stem.partition(":")
            if not colon or before == language or before not in LANGUAGES:
                by_stem[stem].append(term)
    return by_stem


def _is_met_by_properties(tree: Node) -> bool:
    """Whether some article that holds no term at all may be what is asked for."""
    match tree:
        case And():
            return all(map(_is_met_by_properties, tree.parts))
        case Or():
            return any(map(_is_met_by_properties, tree.parts))
        case Term() | Near():
            return False
        case _:
            return True


def _held(asked: Asked, seen: Seen) -> set[Term]:
    """The terms that an article holds."""
    possible: set[Term] = set(asked.parts)
    by_stem = _stemmed(asked.by_stem, seen.title.language) if asked.by_stem else {}
    for field in seen.fields:
        possible.update(*(asked.by_word[word] for word in field.beginnings & asked.by_word.keys()))
        if by_stem:
            stems = chain(field.stem_at.keys() & by_stem.keys(), field.loose & by_stem.keys())
            possible.update(*(by_stem[stem] for stem in stems))
    return {term for term in possible if holds(seen, term)}


def _decide(topic: Topic, id_: str, article: Document, seen: Seen, held: set[Term]) -> Match | None:
    """Whether an article that holds some terms meets a topic."""
    if not decide(narrowing_of(topic), seen, _none):
        return None
    if topic.min_words and word_count(article.text) < topic.min_words:
        return None
    tree = tree_of(topic)
    if is_met_by_all(topic) or not decide(tree, seen, held.__contains__):
        return None
    terms = tuple(term for term in dict.fromkeys(wanted(tree)) if term in held)
    named = (_shown(leaf) for leaf in leaves(tree) if isinstance(leaf, Label) and decide(leaf, seen, _none))
    return Match(
        topic=topic.name,
        article=id_,
        matched=tuple(dict.fromkeys((*(term.text for term in terms), *named))),
        snippet=snippet_around(seen, terms),
    )


def _none(_: Term) -> bool:
    return False
