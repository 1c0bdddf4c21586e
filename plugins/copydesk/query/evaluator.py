"""Match: topics and articles → which article meets which topic, and by which of its words. Pure.

Texts and topics are seen as the words that Elasticsearch's standard analyzer makes of them. Two liberties are taken
with whole words:

- an elided article before and anything after an apostrophe are no part of a word, so that `Ankara` is found in
  "Ankara'da", `Europe` in "l'Europe" and "Europe's";
- where a script writes no spaces (Chinese, Japanese, Thai, ...) a word may begin and end inside letters in a row.

The words of an article are looked up among those of all topics, not the other way round: what a topic costs does not
grow with the number of its words, nor what an article costs with the number of topics.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from copydesk.border import Border, Fault, contained
from copydesk.model import Document, Topic
from copydesk.query.analysis import ELISIONS
from copydesk.query.words import SINGLE, UNSPACED, placed_words, words_of

__all__ = ["Match", "find_matches", "match_article", "snippet_around"]

SNIPPET: Final = 200
"""Characters of a snippet, the words that matched in its first third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic met by an article: which of the topic's words, and a plain-text snippet around them."""

    topic: str
    article: str
    matched: tuple[str, ...]
    snippet: str = ""


Term = tuple[str, ...]
"""A word of a topic, or the words of a phrase."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What topics ask for.

    Attributes:
        by_first: The terms by their first word; those without spaces around by "".
        asked: Term -> the places of the topics that ask for it, each with the word as the topic has it.
    """

    by_first: Mapping[str, Sequence[Term]]
    asked: Mapping[Term, Sequence[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Words:
    """A text as its words.

    Attributes:
        places: Where each begins, in characters.
        begin: Word -> the numbers of the words with which a term may begin that begins with it.
        end: The same for terms that are this word alone, or end with it.
        unspaced: The numbers of words in which a term may begin and end anywhere.
    """

    words: Sequence[str]
    places: Sequence[int]
    begin: Mapping[str, Sequence[int]]
    end: Mapping[str, Sequence[int]]
    unspaced: Sequence[int]


def find_matches(
    topics: Sequence[Topic], articles: Mapping[str, Document]
) -> tuple[list[Match], dict[tuple[str, str], Fault]]:
    """Which of the articles meet which topics, in the order of the topics; and what failed, by topic and article."""
    faults: dict[tuple[str, str], Fault] = {}
    terms = _terms(tuple(topics))
    found: dict[int, list[Match]] = defaultdict(list)
    for id_, article in articles.items():
        for number, held in _held(terms, article).items():
            topic = topics[number]
            with contained(Border.TOPIC, topic.name) as caught:
                match = _decide(topic, id_, article, held)
                found[number] += [match] if match is not None else []
            if caught.fault is not None:
                faults[topic.name, id_] = caught.fault
    return [match for number in sorted(found) for match in found[number]], faults


def match_article(topic: Topic, article: Document) -> Match | None:
    """Whether an article meets the topic, and by which of its words, in the topic's order; None when it does not."""
    return _decide(topic, article.id, article, _held(_terms((topic,)), article).get(0, set()))


def snippet_around(texts: Sequence[str], matched: Sequence[str]) -> str:
    """About 200 characters around the first word that matched, in the last of the texts that holds one.

    Of the beginning of the last text when none does, or of the first when that is empty.
    """
    for text in reversed(texts):
        read = _read(text)
        places = [read.places[at] for word in matched if (at := _first(_term(word), read)) is not None]
        if places:
            return _cut(text, min(places))
    return _cut(texts[-1] or texts[0], 0)


def _texts(article: Document) -> tuple[str, str, str]:
    """What is looked at of an article."""
    return article.title, article.standfirst or "", article.text


def _decide(topic: Topic, id_: str, article: Document, held: set[str]) -> Match | None:
    """Whether an article that holds some of a topic's words meets it."""
    if topic.outlets and article.outlet not in topic.outlets:
        return None
    if topic.languages and article.language not in topic.languages:
        return None
    if not held.isdisjoint(topic.none) or not held.issuperset(topic.all):
        return None
    if topic.any and held.isdisjoint(topic.any):
        return None
    matched = tuple(word for word in dict.fromkeys((*topic.any, *topic.all)) if word in held)
    if not matched:
        return None
    snippet = snippet_around(_texts(article), matched)
    return Match(topic=topic.name, article=id_, matched=matched, snippet=snippet)


@lru_cache(maxsize=4)
def _terms(topics: tuple[Topic, ...]) -> Terms:
    asked: dict[Term, list[tuple[int, str]]] = defaultdict(list)
    for number, topic in enumerate(topics):
        for word in dict.fromkeys((*topic.any, *topic.all, *topic.none)):
            asked[_term(word)].append((number, word))
    asked.pop((), None)
    by_first: dict[str, list[Term]] = defaultdict(list)
    for term in asked:
        by_first["" if _is_unspaced(term[0]) else term[0]].append(term)
    return Terms(by_first, asked)


def _held(terms: Terms, article: Document) -> dict[int, set[str]]:
    """By the places of topics which of their words an article holds."""
    reads = [_read(text) for text in _texts(article)]
    held: dict[int, set[str]] = defaultdict(set)
    for term in {term for read in reads for term in _possible(terms, read)}:
        if any(_first(term, read) is not None for read in reads):
            for number, word in terms.asked[term]:
                held[number].add(word)
    return held


def _possible(terms: Terms, read: Words) -> Iterator[Term]:
    """The terms of which a text holds the first word."""
    if read.unspaced:
        yield from terms.by_first.get("", ())
    for words in (read.begin, read.end):
        for word in words:
            yield from terms.by_first.get(word, ())


@lru_cache(maxsize=100_000)
def _term(word: str) -> Term:
    return tuple(map(_straight, words_of(word)))


@lru_cache(maxsize=16)
def _read(text: str) -> Words:
    placed = placed_words(text)
    words = [_straight(word) for word, _ in placed]
    begin: dict[str, list[int]] = defaultdict(list)
    end: dict[str, list[int]] = defaultdict(list)
    for number, word in enumerate(words):
        begin[word].append(number)
        end[word].append(number)
        parts = word.split("'")
        for at in range(1, len(parts)):
            before, after = "'".join(parts[:at]), "'".join(parts[at:])
            end[before].append(number)
            if before in ELISIONS:
                begin[after].append(number)
    unspaced = [number for number, word in enumerate(words) if not word.isascii() and UNSPACED.search(word)]
    return Words(words, [place for _, place in placed], begin, end, unspaced)


def _straight(word: str) -> str:
    return word.replace("\u2019", "'")


def _is_unspaced(word: str) -> bool:
    return bool(UNSPACED.match(word)) and not SINGLE.match(word)


def _first(term: Term, read: Words) -> int | None:
    """The number of the first word at which a text holds a term."""
    return min((at for at in _starts(term, read) if _goes_on(term, read, at)), default=None)


def _starts(term: Term, read: Words) -> Iterator[int]:
    """Where the first word of a term stands; where the whole of it, if it is one word."""
    if not term:
        return
    first, alone = term[0], len(term) == 1
    if _is_unspaced(first):
        yield from (
            at
            for at in read.unspaced
            if (first in read.words[at] if alone else read.words[at].endswith(first))
        )
        return
    yield from read.begin.get(first, ())
    if alone:
        yield from read.end.get(first, ())


def _goes_on(term: Term, read: Words, at: int) -> bool:
    """Whether the other words of a term follow its first one."""
    size = len(term)
    if size == 1:
        return True
    if at + size > len(read.words) or tuple(read.words[at + 1 : at + size - 1]) != term[1:-1]:
        return False
    word, last = read.words[at + size - 1], term[-1]
    return word.startswith(last) if _is_unspaced(last) else word == last or word.startswith(f"{last}'")


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
