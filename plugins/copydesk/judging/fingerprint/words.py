"""Texts as arrays of hashed words, in any script. Pure; the hot part of fingerprinting, hence vectorised.

Many texts are read at once, because numpy takes as long for ten characters as for a thousand.

Words of scripts with spaces are runs of letters, marks and digits. Scripts without spaces (Chinese, Japanese,
Thai, Khmer, Lao, Burmese, Tibetan) give one overlapping run of four characters for each character.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRAM", "LIMIT", "TOGETHER", "Words", "fold", "mix", "read_words"]

LIMIT = 100_000
"""Characters looked at; what comes after is not compared. Hardly a news text in a thousand is longer."""
TOGETHER = 40_000
"""Characters after which no further text is read with others: more leave the cache and gain nothing."""

WORD, DIGIT, UPPER, DENSE, END, POINT = 1, 2, 4, 8, 16, 32
"""Bits of a character's class. END is what a full line ends with; a POINT may stand inside a number."""

STOPS = (
    '.!?:;\u2026\u3002\uff01\uff1f\uff1a\u061f\u06d4\u0964\u0589"\u201c\u201d\u201e\u2018'
    "\u00ab\u00bb\u300c\u300e(\u2022\u2013\u2014"
)
ENDS = (
    ".!?:;\u3002\uff01\uff1f\uff0e\uff1a\u061f\u06d4\u0964\u0965\u0589\u1362\u17d4\u0f0d\u104b"  # of a sentence
    "\"'\u201c\u201d\u201f\u2019\u00bb\u203a\u300d\u300f)\uff09]"  # of a quote or an aside
)
DENSE_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x0F00, 0x0FFF),  # Tibetan
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Japanese syllables
    (0x31F0, 0x31FF),
    (0x3400, 0x9FFF),  # Chinese characters
    (0xF900, 0xFAFF),
)
HEAVY_RANGES = (
    (0x0590, 0x08FF, 3),  # Hebrew, Arabic and kin write few vowels
    (0x0900, 0x0DFF, 3),  # Indic scripts
    (0x1EA0, 0x1EF9, 4),  # Vietnamese, all short words
    (0xAC00, 0xD7AF, 4),  # Hangul syllables
)
CONTENT = 8
"""Least weight of a content word: four Latin letters (2 each), three Arabic ones, two Hangul syllables, a digit.

Shorter words are mostly articles, prepositions and auxiliaries, the first thing an editor changes.
"""

LONG_LINE = 12
"""Words from which on a line without a stop is text all the same: an item of a list, not a heading or a button. With
nine, captions and teasers joined texts of two agencies on pages of the news world."""

PLANE, SYMBOLS, IDEOGRAPHS = 0x10000, 0x1F000, 0x20000
"""Where the second plane of Unicode begins, its symbols (emoji), and the rarer Chinese characters."""

STOP_AT, LINE_AT = 24, 44
"""How three counts share one number: weight, then stops (ends of sentences, openings of quotes), then lines."""

GRAM = 4
"""Characters of a run in scripts without spaces; about two words."""

STEM = 4
"""Letters of a word that terms are compared by: what follows changes with case, number and tense."""

MULTIPLIER = 0x9E3779B97F4A7C15
"""Any odd number: it has an inverse modulo 2**64, so a word's hash does not depend on where it stands."""

Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Longs: TypeAlias = NDArray[np.uint64]
N = TypeVar("N", np.int64, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of some texts, in order, strung together.

    Attributes:
        texts: Number of the text each stands in.
        hashes: Equal for equal words without regard to case.
        stems: The same of their first STEM letters; of a number and in scripts without spaces of the whole.
        starts, ends: Offsets into the folded text.
        content: Whether a word carries meaning by its weight, see CONTENT.
        digits: Whether it is a number (starts with a digit).
        upper: Whether it starts with a capital.
        opening: Whether it opens a sentence, line or quote, where a capital says nothing.
        full: Whether its line ends like a sentence or is as long as a short one.
    """

    texts: Ints
    hashes: Longs
    stems: Longs
    starts: Ints
    ends: Ints
    content: Flags
    digits: Flags
    upper: Flags
    opening: Flags
    full: Flags


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """What is known of each character of the first plane: class bits, lower case, and the counts it adds to."""

    bits: NDArray[np.uint8]
    lower: Longs
    counts: Ints


def fold(text: str) -> str:
    """The part of a text that is compared, in compatibility form (NFKC): ligatures, full-width forms and the like."""
    cut = text[:LIMIT]
    return cut if cut.isascii() else unicodedata.normalize("NFKC", cut)[:LIMIT]


def read_words(folded: Sequence[str]) -> Words:
    """Cut folded texts, TOGETHER + LIMIT characters at most, into words; any text is fine, an empty one has none."""
    codes = _codes("\n".join(["", *folded, ""]))
    limits = np.cumsum([1 + len(text) for text in folded], dtype=np.int64)
    table = _table()
    bits = table.bits[codes]
    starts, ends = _bounds(bits, limits)
    texts = np.searchsorted(limits, starts)
    up, down = _powers()
    sums = _running(table.lower[codes] * up[: len(codes)])
    counts = _running(table.counts[codes])
    before = counts[starts]
    weights = (counts[ends] - before) & ((1 << STOP_AT) - 1)
    first = bits[starts]
    stemmed = np.where(first & DIGIT, ends, np.minimum(starts + STEM, ends))
    begins = np.append(1, limits[:-1] + 1)[texts] if len(limits) else texts
    return Words(
        texts=texts,
        hashes=mix((sums[ends] - sums[starts]) * down[starts]),
        stems=mix((sums[stemmed] - sums[starts]) * down[starts]),
        starts=starts - begins,
        ends=ends - begins,
        content=(weights >= CONTENT) | ((first & DENSE) != 0),
        digits=(first & DIGIT) != 0,
        upper=(first & UPPER) != 0,
        opening=_opening(counts >> STOP_AT, starts, ends),
        full=_full(codes, bits, before >> LINE_AT),
    )


def mix(values: Longs) -> Longs:
    """Scramble 64-bit values so that every bit depends on every other (the finaliser of splitmix64)."""
    out = values ^ (values >> np.uint64(30))
    out *= np.uint64(0xBF58476D1CE4E5B9)
    out ^= out >> np.uint64(27)
    out *= np.uint64(0x94D049BB133111EB)
    out ^= out >> np.uint64(31)
    return out


@cache
def _table() -> _Table:
    bits = np.zeros(PLANE, np.uint8)
    weight = np.zeros(PLANE, np.int64)
    lower = np.arange(PLANE, dtype=np.uint64)
    for code in range(PLANE):
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] in "LM":
            bits[code] = WORD | (UPPER if category in {"Lu", "Lt"} else 0)
            weight[code] = 2
            low = char.lower()
            lower[code] = ord(low) if len(low) == 1 else code
        elif category == "Nd":
            bits[code] = WORD | DIGIT
            weight[code] = CONTENT
    for start, end, heavy in HEAVY_RANGES:
        span = weight[start : end + 1]
        span[span == 2] = heavy  # noqa: PLR2004 (the weight of any other letter)
    for start, end in DENSE_RANGES:
        letters = bits[start : end + 1]
        letters[(letters & WORD) != 0] |= DENSE
    for chars, bit in ((ENDS, END), (".,", POINT)):
        bits[[ord(char) for char in chars]] |= bit
    lower[ord(",")] = ord(".")  # 1,000 and 1.000 are the same number in two countries
    counts = weight
    counts[[ord(char) for char in f"{STOPS}\n"]] += 1 << STOP_AT
    counts[ord("\n")] += 1 << LINE_AT
    return _Table(bits, lower, counts)


@cache
def _powers() -> tuple[Longs, Longs]:
    """Powers of the multiplier and of its inverse."""
    up = np.full(TOGETHER + 2 * LIMIT, MULTIPLIER, np.uint64)
    down = np.full(len(up), pow(MULTIPLIER, -1, 2**64), np.uint64)
    up[0] = down[0] = 1
    return np.multiply.accumulate(up), np.multiply.accumulate(down)


def _bounds(bits: NDArray[np.uint8], limits: Ints) -> tuple[Ints, Ints]:
    """Where words start and end, given where texts end; neither the first nor the last character is in a word."""
    dense = (bits & DENSE) != 0
    spaced = (bits & (WORD | DENSE)) == WORD
    points = np.flatnonzero(bits & POINT)
    # so that 1,000 and 3.5 are one word each
    spaced[points[(bits[points - 1] & bits[points + 1] & DIGIT) != 0]] = True
    edges = np.flatnonzero(spaced[1:] != spaced[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if not dense.any():
        return starts, ends
    places = np.flatnonzero(dense)
    starts = np.concatenate((starts, places))
    ends = np.concatenate((ends, np.minimum(places + GRAM, limits[np.searchsorted(limits, places)])))
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order]


def _opening(stops: Ints, starts: Ints, ends: Ints) -> Flags:
    """Which words have the beginning of a text, a stop or a line break between them and the word before."""
    out = np.ones(len(starts), np.bool_)
    out[1:] = stops[starts[1:]] > stops[np.minimum(ends[:-1], starts[1:])]
    return out


def _full(codes: Ints, bits: NDArray[np.uint8], lines: Ints) -> Flags:
    """Whether the line of each word is full: its last visible character ends a sentence, or it is as long as one.

    What ends with the three dots of a cut teaser is neither.
    """
    visible = np.flatnonzero(codes > ord(" "))
    breaks = np.flatnonzero(codes == ord("\n"))
    last = np.append(0, visible)[np.searchsorted(visible, breaks)]
    dots = (codes[last] == ord(".")) & (codes[last - 1] == ord("."))
    long = np.bincount(lines, minlength=len(breaks)) >= LONG_LINE
    out: Flags = (((bits[last] & END) != 0) | long) & ~dots
    return out[lines]


def _running(values: NDArray[N]) -> NDArray[N]:
    """Sums of all values before each place, one longer than the input."""
    out = np.zeros(len(values) + 1, values.dtype)
    np.cumsum(values, out=out[1:])
    return out


def _codes(text: str) -> Ints:
    """The characters' numbers in the first plane.

    Letters of other planes are put where letters are, ideographs among ideographs, emoji where spaces are.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    far = codes >= PLANE
    if not far.any():
        return codes
    ideographs = 0x3400 + codes % 0x6600
    letters = 0x1400 + codes % 0x200  # a syllabary that news hardly uses
    near = np.where(codes >= IDEOGRAPHS, ideographs, np.where(codes >= SYMBOLS, ord(" "), letters))
    return np.where(far, near, codes)
