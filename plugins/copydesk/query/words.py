"""Words of a text as Elasticsearch's standard analyzer makes them. Pure."""

from typing import Final

import regex

__all__ = ["SINGLE", "UNSPACED", "placed_words", "words_of"]

LONGEST_WORD: Final = 255
"""Elasticsearch cuts longer words into pieces of this length."""

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


def words_of(text: str) -> list[str]:
    """The words of a text as Elasticsearch's standard analyzer makes them, in lower case."""
    return [word for word, _ in placed_words(text)]


def placed_words(text: str) -> list[tuple[str, int]]:
    """The words of a text, each with where it begins."""
    return [
        (word[at : at + LONGEST_WORD], match.start())
        for match in WORD.finditer(_lower(text))
        for word in (match.group(),)
        for at in range(0, len(word), LONGEST_WORD)
    ]


def _lower(text: str) -> str:
    # one character at a time, as Elasticsearch does: str.lower makes two of İ and looks around a Σ
    return text.replace("\u0130", "i").replace("\u03a3", "\u03c3").lower()
