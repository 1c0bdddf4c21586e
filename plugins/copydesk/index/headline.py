"""How an article is called that has no title: by its first sentence, which is kept as such beside it. Pure."""

from typing import Final

import regex

from copydesk.model import Document

__all__ = ["first_sentence", "headline_of"]

LONGEST: Final = 120
"""Characters: about two lines of a mail's subject, or of a row of results."""

LOOKED_AT: Final = 600
ENDING: Final = 30
"""Characters in which a sentence's last word is told from an initial."""
FEWEST_WORDS, FEWEST_SIGNS = 4, 10
_END: Final = regex.compile(
    r"""
      [.!?\u2026]+ ["'\p{Pf}\p{Pi}\p{Pe}]* (?= \s+ ["'\p{Pi}\p{Ps}\u00bf\u00a1]* [\p{Lu}\p{Lo}\p{N}] | \s* \Z )
    | [\u3002\uff01\uff1f]+ \p{Pe}*
    | [\u061f\u0964]+
    | \n
    """,
    regex.VERBOSE,
)
"""A sentence's end: a stop before a capital or a sign without case; stops of Chinese, Arabic and Hindi; a line's."""

_SHORT: Final = regex.compile(
    r"(?<! [\p{L}\p{N}.] ) (?: \p{L}\. )* \p{Lu} \p{L}{0,3} \. $ | \d\. $", regex.VERBOSE
)
"""An initial, a title or a number before a full stop, as in "Dr. Roe" and "am 3. Mai": the sentence goes on."""


def headline_of(document: Document) -> str:
    """Its title, or its first sentence."""
    return document.title or first_sentence(document)


def first_sentence(document: Document) -> str:
    """The first sentence of its standfirst or text, on one line, cut between words where it is longer than a title."""
    text = (document.standfirst or document.text)[:LOOKED_AT].strip()
    for end in _END.finditer(text):
        sentence = text[: end.end()].strip()
        long = len(sentence.split()) >= FEWEST_WORDS or (
            not sentence.isascii() and len(sentence) >= FEWEST_SIGNS
        )
        if (long or end[0] == "\n") and (end[0] == "\n" or not _SHORT.search(sentence[-ENDING:])):
            return _cut(sentence)
    return _cut(text)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    if len(flat) <= LONGEST:
        return flat
    begin = flat[:LONGEST]
    return (begin.rpartition(" ")[0] if " " in begin[LONGEST // 2 :] else begin) + " …"
