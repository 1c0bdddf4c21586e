"""A text as arrays of hashed words, in any script. Pure; the hot part of fingerprinting, hence vectorised.

Words of scripts with spaces are runs of letters, marks and digits. Scripts without spaces (Chinese, Japanese,
Thai, Khmer, Lao, Burmese, Tibetan) give one overlapping run of four characters for each character.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRAM", "LIMIT", "Words", "fold", "mix", "read_words"]

LIMIT = 100_000
"""Characters looked at; what comes after is not compared. Hardly a news text in a thousand is longer."""

WORD, DIGIT, UPPER, DENSE, STOP, END, LINE = 1, 2, 4, 8, 16, 32, 64
"""Bits of a character's class. STOP ends a sentence or opens a quote; END is what a full line ends with."""

STOPS = '.!?:;\u2026\u3002\uff01\uff1f\uff1a\u061f\u06d4\u0964\u0589"\u201c\u201d\u201e\u2018\u00ab\u00bb\u300c\u300e(\u2022\u2013\u2014'
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

PLANE, SYMBOLS, IDEOGRAPHS = 0x10000, 0x1F000, 0x20000
"""Where the second plane of Unicode begins, its symbols (emoji), and the rarer Chinese characters."""

LOWER, WEIGHT_AT, BITS_AT = 0xFFFFFFFF, 32, 40
"""How the table of characters packs its three columns."""

GRAM = 4
"""Characters of a run in scripts without spaces; about two words."""

MULTIPLIER = 0x9E3779B97F4A7C15
"""Any odd number: it has an inverse modulo 2**64, so a word's hash does not depend on where it stands."""

Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]
Longs: TypeAlias = NDArray[np.uint64]
N = TypeVar("N", np.int64, np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """The words of a text, in order.

    Attributes:
        hashes: Equal for equal words without regard to case.
        starts, ends: Offsets into the folded text.
        content: Whether a word carries meaning by its weight, see CONTENT.
        digits: Whether it is a number (starts with a digit).
        upper: Whether it starts with a capital.
        opening: Whether it opens a sentence, line or quote, where a capital says nothing.
        full: Whether its line ends like a sentence.
    """

    hashes: Longs
    starts: Ints
    ends: Ints
    content: Flags
    digits: Flags
    upper: Flags
    opening: Flags
    full: Flags

    def __len__(self) -> int:
        return len(self.hashes)


def fold(text: str) -> str:
    """The part of a text that is compared, in compatibility form (NFKC): ligatures, full-width forms and the like."""
    cut = text[:LIMIT]
    return cut if cut.isascii() else unicodedata.normalize("NFKC", cut)[:LIMIT]


def read_words(folded: str) -> Words:
    """Cut a folded text into words; any text is fine, an empty one has none."""
    codes = _first_plane(np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), np.uint32))
    known = _table()[codes.astype(np.intp)]
    bits = (known >> np.uint64(BITS_AT)).astype(np.uint8)
    starts, ends = _bounds(codes, bits)
    up, down = _powers()
    sums = _running((known & np.uint64(LOWER)) * up[: len(codes)])
    weights = _running(((known >> np.uint64(WEIGHT_AT)) & np.uint64(0xFF)).astype(np.int64))
    first = bits[starts]
    return Words(
        hashes=mix((sums[ends] - sums[starts]) * down[starts]),
        starts=starts,
        ends=ends,
        content=(weights[ends] - weights[starts] >= CONTENT) | ((first & DENSE) != 0),
        digits=(first & DIGIT) != 0,
        upper=(first & UPPER) != 0,
        opening=_opening(bits, starts, ends),
        full=_full(codes, bits, starts),
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
def _table() -> Longs:
    """Lower case, weight and class bits of every character of the first plane, packed into one number."""
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
    for chars, bit in ((STOPS, STOP), (ENDS, END), ("\n", LINE | STOP)):
        for char in chars:
            bits[ord(char)] |= bit
    lower[ord(",")] = ord(".")  # 1,000 and 1.000 are the same number in two countries
    packed: Longs = (
        lower
        | (weight.astype(np.uint64) << np.uint64(WEIGHT_AT))
        | (bits.astype(np.uint64) << np.uint64(BITS_AT))
    )
    return packed


@cache
def _powers() -> tuple[Longs, Longs]:
    """Powers of the multiplier and of its inverse."""
    up = np.full(LIMIT + 1, MULTIPLIER, np.uint64)
    down = np.full(LIMIT + 1, pow(MULTIPLIER, -1, 2**64), np.uint64)
    up[0] = down[0] = 1
    return np.multiply.accumulate(up), np.multiply.accumulate(down)


def _bounds(codes: NDArray[np.uint32], bits: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Where words start and end."""
    dense = (bits & DENSE) != 0
    spaced = (((bits & WORD) != 0) & ~dense) | _inside_numbers(codes, bits)
    edges = np.flatnonzero(spaced[1:] != spaced[:-1]) + 1
    if len(spaced) and spaced[0]:
        edges = np.concatenate(([0], edges))
    if len(edges) % 2:
        edges = np.append(edges, len(codes))
    starts, ends = edges[::2], edges[1::2]
    if not dense.any():
        return starts, ends
    places = np.flatnonzero(dense)
    starts = np.concatenate((starts, places))
    ends = np.concatenate((ends, np.minimum(places + GRAM, len(codes))))
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order]


def _inside_numbers(codes: NDArray[np.uint32], bits: NDArray[np.uint8]) -> Flags:
    """Points and commas between digits, so that 1,000 and 3.5 are one word each."""
    inside = (codes == ord(",")) | (codes == ord("."))
    digit = (bits & DIGIT) != 0
    inside[:1] = inside[-1:] = False
    inside[1:-1] &= digit[:-2] & digit[2:]
    out: Flags = inside
    return out


def _opening(bits: NDArray[np.uint8], starts: Ints, ends: Ints) -> Flags:
    """Which words have the beginning of the text, a stop or a line break between them and the word before."""
    stops = _running(((bits & STOP) != 0).astype(np.int64))
    out = np.ones(len(starts), np.bool_)
    out[1:] = stops[starts[1:]] > stops[np.minimum(ends[:-1], starts[1:])]
    return out


def _full(codes: NDArray[np.uint32], bits: NDArray[np.uint8], starts: Ints) -> Flags:
    """Which words stand on a line whose last character ends a sentence, not with the three dots of a cut teaser."""
    breaks = np.flatnonzero(bits & LINE)
    visible = np.flatnonzero(codes > ord(" "))
    if not len(visible):
        return np.zeros(len(starts), np.bool_)
    limits = np.append(breaks, len(codes))
    last = visible[np.maximum(np.searchsorted(visible, limits) - 1, 0)]
    dots = (codes[last] == ord(".")) & (codes[np.maximum(last - 1, 0)] == ord("."))
    full = ((bits[last] & END) != 0) & ~dots
    out: Flags = full[np.searchsorted(breaks, starts)]
    return out


def _running(values: NDArray[N]) -> NDArray[N]:
    """Sums of all values before each place, one longer than the input."""
    out = np.zeros(len(values) + 1, values.dtype)
    np.cumsum(values, out=out[1:])
    return out


def _first_plane(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Put letters of other planes where letters are, ideographs among ideographs, emoji where spaces are."""
    far = codes >= PLANE
    if not far.any():
        return codes
    ideographs = 0x3400 + codes % 0x6600
    letters = 0x1400 + codes % 0x200  # a syllabary that news hardly uses
    near = np.where(codes >= IDEOGRAPHS, ideographs, np.where(codes >= SYMBOLS, ord(" "), letters))
    return np.where(far, near, codes).astype(np.uint32)
