"""Fold: a word as it is printed → as it is compared, without case, accents and the marks nobody types. Pure."""

import unicodedata
from functools import lru_cache
from typing import Final

import regex

__all__ = ["LONGEST", "folded", "lowered"]

LONGEST: Final = 100
"""Characters of a word that count; the server splits words of more than 255."""

_LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ς": "σ"}
)
_MARKS: Final = regex.compile(
    # й and ї are letters of their own; vowel signs of other scripts are no accents
    r"(?<![\u0438\u0456])[\u0300-\u036F]|[\u0591-\u05C7\u0640\u064B-\u0655\u0670]"
)
_UNSEEN: Final = regex.compile(r"[\p{Cf}\u00B7]")


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A word in lower case as it is compared: `Élysée` is `elysee`, `Straße` is `strasse`. Folding twice is once."""
    if word.isascii():
        return word.lower()[:LONGEST]
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", lowered(word).translate(_LETTERS)))
    # some ligatures are whole sentences, and the server splits words at spaces
    return unicodedata.normalize("NFC", "".join(bare.lower().translate(_LETTERS).split()))[:LONGEST]


def lowered(word: str) -> str:
    """A word in lower case with its accents, which is what stemmers read."""
    if word.isascii():
        return word.lower()
    # lower() makes two characters of the Turkish I with a dot
    return unicodedata.normalize("NFC", _UNSEEN.sub("", word).replace("\u0130", "i").lower())
