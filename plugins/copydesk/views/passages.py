"""Passages that two texts have in common, word for word, for people to see. Pure.

Judging compares samples of hashes (fingerprint.py); this compares the texts themselves, word by word.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TypeAlias

__all__ = ["LEAST", "Row", "Span", "common_passages", "rows_of", "share_of"]

Span: TypeAlias = tuple[int, int]
"""Where a passage begins in a text and where it ends, in characters."""

Row: TypeAlias = tuple[str, ...]
"""LEAST words, one behind the other, as they are compared."""

LEAST = 5
"""Words in a row from which on they count as common: five-grams tell copies from turns of phrase (dedupe.md 4a)."""

WORDS = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\\W_]+"
)
"""Letters and digits in a row; in scripts without spaces a character."""


def common_passages(one: str, other: str, least: int = LEAST) -> tuple[list[Span], list[Span]]:
    """The longest passages of at least `least` words that stand in both texts, as spans of the one and of the other.

    Case and punctuation do not count, and a passage may stand elsewhere in the other text. Swapping the texts
    swaps the answer; a text beside itself is one passage, if it has that many words.
    """
    words = _words(one), _words(other)
    grams = [[tuple(word for word, _ in part) for part in _windows(side, least)] for side in words]
    common = set(grams[0]) & set(grams[1])
    first, second = (
        _spans(side, [gram in common for gram in own], least) for side, own in zip(words, grams, strict=True)
    )
    return first, second


def rows_of(text: str) -> set[Row]:
    """The rows of words of each line of a text; none goes from a line into the next, for lines are left out."""
    lines = (_words(line) for line in text.split("\n"))
    return {tuple(word for word, _ in part) for line in lines for part in _windows(line, LEAST)}


def share_of(text: str, spans: Sequence[Span]) -> float:
    """Share (0..1) of a text's words that stand in the spans; 0 for a text without words."""
    words = _words(text)
    held = sum(any(start <= place < end for start, end in spans) for _, (place, _) in words)
    return held / max(len(words), 1)


def _words(text: str) -> list[tuple[str, Span]]:
    return [
        (unicodedata.normalize("NFKC", found[0]).casefold(), found.span()) for found in WORDS.finditer(text)
    ]


def _windows(words: Sequence[tuple[str, Span]], size: int) -> Iterator[Sequence[tuple[str, Span]]]:
    return (words[place : place + size] for place in range(len(words) - size + 1))


def _spans(words: Sequence[tuple[str, Span]], common: Sequence[bool], size: int) -> list[Span]:
    """Passages of common windows, overlapping and adjoining ones as one span."""
    spans: list[Span] = []
    reached = -1
    for place, is_common in enumerate(common):
        if not is_common:
            continue
        end = words[place + size - 1][1][1]
        if place <= reached:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((words[place][1][0], end))
        reached = place + size
    return spans
