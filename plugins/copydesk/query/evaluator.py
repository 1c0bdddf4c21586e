"""Match: topics and articles → which article meets which topic, and by which of its words. Pure.

The words of an article are looked up among those of all topics, not the other way round: what a topic costs does not
grow with the number of its words, nor what an article costs with the number of topics that it does not meet.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from copydesk.border import Border, Fault, contained
from copydesk.model import Document
from copydesk.query.analysis import word_count
from copydesk.query.asked import (
    MOST_WORDS,
    TOPIC_LIMITS,
    Asked,
    Entry,
    asked_by,
    is_met_by_all,
    narrowing_of,
    tree_of,
)
from copydesk.query.holding import decide
from copydesk.query.seen import Seen, see_document
from copydesk.query.tree import Label, Term, leaves, wanted
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic met by an article: which of the topic's words and names, and the words as terms."""

    topic: str
    article: str
    matched: tuple[str, ...]
    terms: tuple[Term, ...] = ()


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
    asked = asked_by(tuple(topics))
    found: dict[int, list[Match]] = defaultdict(list)
    for id_, article in articles.items():
        seen = see_document(article)
        held = asked.held(seen)
        for place in asked.places(held):
            entry = asked.entries[place]
            if entry.is_plain:  # that it is looked at says that it is met
                found[place].append(_match_of(entry, id_, held, ()))
                continue
            with contained(Border.TOPIC, entry.topic.name) as caught:
                match = _decide(asked, entry, id_, article, seen, held)
                found[place] += [match] if match is not None else []
            if caught.fault is not None:
                faults[entry.topic.name, id_] = caught.fault
    return [match for place in sorted(found) for match in found[place]], faults


def match_article(topic: Topic, article: Document) -> Match | None:
    """Whether an article meets the topic, and by which of its words, in the topic's order; None when it does not."""
    asked, seen = asked_by((topic,)), see_document(article)
    held = asked.held(seen)
    if not asked.places(held):
        return None
    return _decide(asked, asked.entries[0], article.id, article, seen, held)


def _decide(
    asked: Asked, entry: Entry, id_: str, article: Document, seen: Seen, held: Collection[int]
) -> Match | None:
    """Whether an article that holds some terms meets a topic."""
    if not entry.is_plain and not _is_met(asked, entry, article, seen, held):
        return None
    return _match_of(entry, id_, held, [leaf for leaf in entry.labels if decide(leaf, seen, _none)])


def _match_of(entry: Entry, id_: str, held: Collection[int], labels: Sequence[Label]) -> Match:
    terms = tuple([term for at, term in entry.wanted if at in held])
    words = dict.fromkeys([*(term.text for term in terms), *map(_shown, labels)])
    return Match(topic=entry.topic.name, article=id_, matched=tuple(words), terms=terms)


def _is_met(asked: Asked, entry: Entry, article: Document, seen: Seen, held: Collection[int]) -> bool:
    topic = entry.topic
    if not decide(narrowing_of(topic), seen, _none):
        return False
    if topic.min_words and word_count(article.text) < topic.min_words:
        return False
    return decide(entry.tree, seen, lambda term: asked.numbers[term] in held)


def _none(_: Term) -> bool:
    return False
