"""Topics: what they are in `topics.yml`, and which article meets which. Pure.

A topic is compiled twice with one meaning: `match_article` decides here, `compile_query` lets Elasticsearch
decide over everything it holds. Both see a text as the words that Elasticsearch's standard analyzer makes of
it. Two liberties are taken with whole words, by both:

- an elided article before and anything after an apostrophe are no part of a word, so that `Ankara` is found in
  "Ankara'da", `Europe` in "l'Europe" and "Europe's";
- where a script writes no spaces (Chinese, Japanese, Thai, ...) a word may begin and end inside a run of letters.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Annotated, Final, Literal

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from copydesk.channels import Channel, LogChannel
from copydesk.errors import ConfigError
from copydesk.index import Body, Json, Match
from copydesk.model import Topic
from copydesk.yamlfile import load, place

__all__ = ["TopicsFile", "compile_query", "match_article", "parse_topics", "snippet_around", "words_of"]

FIELDS: Final = ("title", "standfirst", "text")
SNIPPET: Final = 200
"""Characters of a snippet, the words that matched in its first third."""

ELISIONS: Final = (
    "l d j m t s n c qu jusqu lorsqu puisqu quoiqu un gl all dall dell nell sull coll quell quest bell sant"
)
"""French, Italian and Catalan words that lose their vowel before another one."""
APOSTROPHES: Final = "'\u2019"
LONGEST_WORD: Final = 255
"""Elasticsearch cuts longer words into pieces of this length."""
EXPANSION: Final = "top_terms_1000"
"""How many different words one open end of a phrase may stand for; above 1024 Elasticsearch may refuse the query."""

WORD: Final = regex.compile(
    # Unicode Annex 29 as Lucene's StandardTokenizer reads it: the alternatives are tried in this order
    r"""
    (?= \p{Extended_Pictographic} | \p{Emoji_Presentation} | \d\uFE0F\u20E3 ) \X
    | [\p{Han}\p{Hiragana}] {x}*
    | (?: \p{LB=SA} {x}* )+
    | (?<!_) _*+ {unit} (?: _+ {unit} )* _*
    """.replace("{unit}", r"(?: (?: \p{WB=Katakana} {x}* )+ | (?: {number} | {letters} )+ )")
    .replace("{number}", r"\p{WB=Numeric} {x}* (?: [.,;'\u2019\uFF0C\uFF0E]? {x}* \p{WB=Numeric} {x}* )*")
    .replace("{letters}", r"{letter} {x}* (?: (?: {mid} {x}* )? {letter} {x}* )*")
    .replace("{mid}", r"""(?: [:\u00B7\u0387.'\u2019\u2018\u2024] | (?<=\p{Hebrew}) " (?=\p{Hebrew}) )""")
    .replace("{letter}", r"[\p{WB=ALetter}\p{WB=Hebrew_Letter}]")
    .replace("{x}", r"[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]"),
    regex.VERBOSE,
)
UNSPACED: Final = regex.compile(r"[\p{Han}\p{Hiragana}]|\p{WB=Katakana}|\p{LB=SA}")
SINGLE: Final = regex.compile(r"[\p{Han}\p{Hiragana}]")


class TopicsFile(BaseModel):
    """What `topics.yml` says; a channel `log` is always there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    topics: tuple[Topic, ...] = ()
    channels: Annotated[
        Mapping[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")], Channel],
        AfterValidator(lambda channels: {"log": LogChannel(kind="log"), **channels}),
        Field(validate_default=True),
    ] = {}


def parse_topics(text: str, file: str) -> TopicsFile:
    """Topics and channels out of the text of a file, whose name serves errors only.

    Raises ConfigError with one line that names file, line, key and what is allowed, also for a topic that could
    never ring: one without `any` and `all`, or with a word that holds neither letter nor digit.
    """
    read = load(text, file, TopicsFile)
    names = [topic.name for topic in read.topics]
    for number, topic in enumerate(read.topics):
        here = ("topics", number)
        if topic.name in names[:number]:
            at = place(text, file, (*here, "name"))
            raise ConfigError(
                f"{at}: {topic.name!r} is the name of topic {names.index(topic.name) + 1} already"
            )
        if not (topic.any or topic.all):
            raise ConfigError(
                f"{place(text, file, here)}: needs `any` or `all`, or it would be met by everything"
            )
        for key, words in (("any", topic.any), ("all", topic.all), ("none", topic.none)):
            for nth, word in enumerate(words):
                if not words_of(word):
                    raise ConfigError(f"{place(text, file, (*here, key, nth))}: {word!r} holds no word")
        for nth, channel in enumerate(topic.channels):
            if channel not in read.channels:
                at = place(text, file, (*here, "channels", nth))
                raise ConfigError(f"{at}: no channel {channel!r}; there are {', '.join(read.channels)}")
    return read


def match_article(topic: Topic, article_id: str, body: Body) -> Match | None:
    """Whether an article meets the topic, and by which of its words, in the topic's order; None when it does not.

    `body` is an article as stored; fields it lacks count as empty.
    """
    if topic.outlets and body.get("outlet") not in topic.outlets:
        return None
    if topic.languages and body.get("language") not in topic.languages:
        return None
    lines = [_lined(str(body.get(name) or "")) for name in FIELDS]
    held = [
        word
        for word in dict.fromkeys((*topic.any, *topic.all, *topic.none))
        if any(map(_pattern(word).search, lines))
    ]
    if any(word in held for word in topic.none) or not all(word in held for word in topic.all):
        return None
    matched = tuple(word for word in held if word in topic.any or word in topic.all)
    if not matched or (topic.any and not any(word in held for word in topic.any)):
        return None
    return Match(topic=topic.name, article=article_id, matched=matched, snippet=snippet_around(body, matched))


def snippet_around(body: Body, matched: tuple[str, ...]) -> str:
    """About 200 characters of the text around the first word that matched; of its beginning when only the title did."""
    for name in ("text", "standfirst", "title"):
        text = str(body.get(name) or "")
        places = [place for word in matched if (place := _place(word, text)) is not None]
        if places:
            return _cut(text, min(places))
    return _cut(str(body.get("text") or body.get("title") or ""), 0)


def compile_query(topic: Topic) -> dict[str, Json]:
    """The topic as an Elasticsearch query that finds what `match_article` accepts.

    Each sub-query of `any` and `all` carries its word as `_name`, so that a hit's `matched_queries` says which
    words it met by (in no particular order).
    """
    filters: list[Json] = []
    if topic.outlets:
        filters.append({"terms": {"outlet": list(topic.outlets)}})
    if topic.languages:
        filters.append({"terms": {"language": list(topic.languages)}})
    return {
        "bool": {
            "filter": filters,
            "must": [_word_query(word, name=word) for word in topic.all],
            "should": [_word_query(word, name=word) for word in topic.any],
            "must_not": [_word_query(word) for word in topic.none],
            "minimum_should_match": 1 if topic.any else 0,
        },
    }


def words_of(text: str) -> list[str]:
    """The words of a text as Elasticsearch's standard analyzer makes them, in lower case."""
    return [word for match in WORD.finditer(_lower(text)) for word in _pieces(match.group())]


def _lower(text: str) -> str:
    # one character at a time, as Elasticsearch does: str.lower makes two of İ and looks around a Σ
    return text.replace("\u0130", "i").replace("\u03a3", "\u03c3").lower()


def _pieces(word: str) -> Iterator[str]:
    return (word[at : at + LONGEST_WORD] for at in range(0, len(word), LONGEST_WORD))


@lru_cache(maxsize=512)
def _lined(text: str) -> str:
    """The words of a text, each between newlines: what the patterns of words are searched in."""
    return "\n" + "\n".join(words_of(text)) + "\n"


@lru_cache(maxsize=4096)
def _pattern(word: str) -> regex.Pattern[str]:
    words = words_of(word)
    if not words:
        return regex.compile(r"(?!)")
    return regex.compile(
        r"(?<=\n)" + r"\n".join(_word_pattern(part, place) for part, place in _placed(words)) + r"(?=\n)",
    )


def _placed(words: list[str]) -> Iterator[tuple[str, str]]:
    """Each word with where it may be open: "<" to the left, ">" to the right."""
    for number, word in enumerate(words):
        yield word, "<" * (number == 0) + ">" * (number == len(words) - 1)


def _word_pattern(word: str, place: str) -> str:
    exact = _either_apostrophe(regex.escape(word))
    if UNSPACED.match(word):
        if SINGLE.match(word):
            return exact
        return r"[^\n]*" * ("<" in place) + exact + r"[^\n]*" * (">" in place)
    forms = [exact]
    if "<" in place:
        forms.append(rf"(?:{'|'.join(ELISIONS.split())})[{APOSTROPHES}]{exact}")
    if ">" in place:
        forms.append(rf"{exact}[{APOSTROPHES}][^\n]*")
    return f"(?:{'|'.join(forms)})"


def _either_apostrophe(pattern: str) -> str:
    return str(regex.sub(rf"\\?[{APOSTROPHES}]", f"[{APOSTROPHES}]", pattern))


def _place(word: str, text: str) -> int | None:
    """Where a word first stands in a text, in characters; None when it does not."""
    lined = _lined(text)
    found = _pattern(word).search(lined)
    if found is None:
        return None
    number = lined.count("\n", 0, found.start()) - 1
    starts = (match.start() for match in WORD.finditer(_lower(text)) for _ in _pieces(match.group()))
    return next(islice(starts, number, None))


def _cut(text: str, place: int) -> str:
    """A piece of a text around a place, on one line, cut between words where there are spaces."""
    start = max(0, place - SNIPPET // 3)
    end = min(len(text), start + SNIPPET)
    piece = text[start:end]
    if start and " " in text[start:place]:
        piece = piece.partition(" ")[2]
    if end < len(text) and " " in piece[len(piece) // 2 :]:
        piece = piece.rpartition(" ")[0]
    return ("… " if start else "") + " ".join(piece.split()) + (" …" if end < len(text) else "")


def _word_query(word: str, *, name: str = "") -> dict[str, Json]:
    """A word or phrase in any of the three fields of an article; what holds no word at all matches nothing."""
    words = words_of(word)
    if not words:
        return {"match_none": {}}
    clauses = [clause for field in FIELDS for clause in _field_queries(field, words)]
    return {"bool": {"should": clauses, "minimum_should_match": 1, **({"_name": name} if name else {})}}


def _field_queries(field: str, words: list[str]) -> list[Json]:
    first, last = words[0], words[-1]
    if len(words) > 1:
        parts: list[Json] = [_span(field, word, place) for word, place in _placed(words)]
        return [{"span_near": {"clauses": parts, "slop": 0, "in_order": True}}]
    if UNSPACED.match(first) and not SINGLE.match(first):
        return [{"wildcard": {field: {"value": f"*{first}*"}}}]
    terms: Json = {"terms": {field: [*_spellings(first), *_elided(first)]}}
    return [terms, *({"prefix": {field: {"value": prefix}}} for prefix in _before_suffix(last))]


def _span(field: str, word: str, place: str) -> dict[str, Json]:
    """One word of a phrase."""
    if UNSPACED.match(word) and not SINGLE.match(word) and place:
        value = "*" * ("<" in place) + word + "*" * (">" in place)
        return {"span_multi": {"match": {"wildcard": {field: {"value": value, "rewrite": EXPANSION}}}}}
    forms = [*_spellings(word), *(_elided(word) if "<" in place else ())]
    rules: list[Json] = [{"span_term": {field: form}} for form in forms]
    if ">" in place:
        rules += [
            {"span_multi": {"match": {"prefix": {field: {"value": prefix, "rewrite": EXPANSION}}}}}
            for prefix in _before_suffix(word)
        ]
    return {"span_or": {"clauses": rules}}


def _spellings(word: str) -> list[str]:
    """A word with either apostrophe."""
    straight = word.replace("\u2019", "'")
    return list(dict.fromkeys((word, straight, straight.replace("'", "\u2019"))))


def _elided(word: str) -> list[str]:
    """A word behind each elided article."""
    return [
        elision + apostrophe + spelling
        for spelling in _spellings(word)
        for elision in ELISIONS.split()
        for apostrophe in APOSTROPHES
    ]


def _before_suffix(word: str) -> list[str]:
    return [spelling + apostrophe for spelling in _spellings(word) for apostrophe in APOSTROPHES]
