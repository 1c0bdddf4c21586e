"""Quoted speech in a text: where it stands, and the sentences it is compared by. Pure.

Everybody may quote the same statement or post, so speech says little where it stands in a text and much where
several identical quotes come together. Hence it is taken out of the running text and counted apart.
"""

import re
from collections.abc import Sequence

__all__ = ["posts", "sentences", "spans"]

LONG = 4
"""Words of a quoted sentence from which on two identical ones are no chance."""
LONG_LETTERS = 8
"""The same in letters, for scripts without spaces."""

KINDS = (
    ("\u201c\u201e\u201f", "[^\u201c\u201d\u201e\u201f\n]{1,1500}", ""),
    ("\u00ab", "[^\u00ab\u00bb\n]{1,1500}", ""),
    ("\u300c\u300e", "[^\u300c-\u300f\n]{1,1500}", ""),
    ('"', '[^"\n]{1,1500}', '(?="|$)'),
    ("\u2018", "(?<!\\w\u2018)(?:[^\u2018\u2019\n]|\u2019(?=\\w)){1,1500}", "(?=\u2019)"),
    ("'", "(?<!\\w')(?:[^'\n]|'(?=\\w)){1,1500}", "(?='(?!\\w))"),
)
"""Opening marks, what stands between them and the closing one, and what must follow it.

A quote ends within its line: an unclosed one is a paragraph of a long speech.
"""

QUOTE = re.compile(
    f"[{''.join(marks for marks, _, _ in KINDS)}]"
    f"(?:{'|'.join(f'(?<=[{marks}])({inside}){end}' for marks, inside, end in KINDS)})"
    # the closing mark, which in another language opens quotes
    ".?",
    re.MULTILINE,
)

POST = re.compile(r"^.*(?:pic\.twitter\.com/|\(@\w{2,30}\)|https?://t\.co/).*$", re.MULTILINE)
"""A line that belongs to an embedded post."""

SENTENCE = re.compile(
    "[.!?\u2026;:\u3002\uff01\uff1f\u061f\u06d4\u0964]+(?=\\W|$)|[\u3002\uff01\uff1f]|\\s+[\u2013\u2014-]+\\s+"
)
"""What stands between sentences; a Chinese stop needs no space behind it."""

LETTERS = re.compile(r"[^\W_]+")


def spans(text: str) -> list[tuple[int, int]]:
    """Offsets of what stands between quotation marks of any usual kind, in order, without the marks."""
    return [quote.span(quote.lastindex or 0) for quote in QUOTE.finditer(text)]


def posts(text: str) -> list[tuple[int, int]]:
    """Offsets of lines that belong to embedded posts."""
    if "(@" not in text and "//t.co/" not in text and "pic.twitter.com/" not in text:
        return []
    return [match.span() for match in POST.finditer(text)]


def sentences(text: str, quotes: Sequence[tuple[int, int]]) -> list[str]:
    """The letters of each quoted sentence of some length, in order, each once.

    A copy may drop or rejoin whole sentences of a quote, seldom words.
    """
    said: dict[str, None] = {}
    for start, end in quotes:
        for sentence in SENTENCE.split(text[start:end]):
            letters = "".join(LETTERS.findall(sentence.casefold())) if sentence else ""
            if letters and _is_long(sentence, letters):
                said.setdefault(letters)
    return list(said)


def _is_long(sentence: str, letters: str) -> bool:
    words = len(sentence.split())
    return words >= LONG or (words == 1 and not letters.isascii() and len(letters) >= LONG_LETTERS)
