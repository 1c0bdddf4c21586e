"""Text → Fingerprint: all that is kept of a text to recognise its copies, about 1 kB. Pure.

A text is compared by what stands outside quotes, on lines that end like sentences: captions, headings, teasers
and widgets that cleaning left do not count. Its content words (see words.py) are hashed three at a time, a
quarter of the hashes is kept in the order of the text (FracMinHash, Irber et al. 2022: unbiased for containment),
so that a comparison sees how much is shared and whether it is spread over the text or stands in one place.
Quoted sentences, names, numbers, title words and the most frequent words are kept beside it.
"""

from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

import numpy as np
import xxhash
from numpy.typing import NDArray

from copydesk.index import Body, Json
from copydesk.judging.quotes import posts, sentences, spans
from copydesk.judging.words import GRAM, Words, fold, mix, read_words
from copydesk.model import Document

__all__ = [
    "FIELDS",
    "FULL",
    "SCHEME",
    "Fingerprint",
    "Section",
    "from_body",
    "make_fingerprint",
    "stamp",
    "to_body",
]

SCHEME = 1
"""Number of the way hashes are made; fingerprints of different schemes are never compared."""

FIELDS = (
    "agency", "checksum", "first_seen_at", "halvings", "hashes", "names", "outlet", "places", "published_at",
    "publisher", "quotes", "scheme", "sections", "size", "terms",
)  # fmt: skip
"""Fields of a fingerprint record. `terms`, `quotes` and `names` are searched, the others only kept."""

Hashes: TypeAlias = NDArray[np.uint32]

RATE = 2
"""The sketch keeps one hash in 2**RATE; a text of 500 words then has about 60, enough for an error of .05."""
MOST_SKETCH = 256
"""A longer sketch is thinned by halves: a text of 100,000 characters stays near 1 kB."""
TERM_RATE, MOST_TERMS = 1, 48
"""Of the sketch one hash in 2**TERM_RATE is searched."""
MOST_NAMES, MOST_NUMBERS, MOST_TITLE, MOST_GIST, MOST_QUOTES = 32, 24, 16, 12, 16
GIST_LETTERS, MOST_LETTERS = 5, 12
SEARCHED_NAMES, SEARCHED_GIST, SEARCHED_TITLE = 8, 6, 8
"""Of names, most frequent words and title words that many are searched."""
SPEECH_LETTERS = 20
"""Letters of a quote from which on it is speech; shorter ones are words in inverted commas and stay in the text."""
FULL_SHARE = 0.5
"""If fewer of a text's words stand on full lines, line ends tell nothing (poems, tables, Thai) and all count."""
FULL = 1 << 24
"""Kept hashes have 24 bits: two sketches of 60 share one by chance once in 4,000 pairs."""

MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


class Section(IntEnum):
    """What a hash stands for; kept above its 24 bits, so that hashes of two sections never meet."""

    SKETCH = 0  # runs of three content words, in the order of the text
    NAMES = (
        1  # words with a capital within sentences, most frequent first; scripts without capitals have none
    )
    NUMBERS = 2  # in the order of the text
    TITLE = 3  # content words of the title
    GIST = 4  # most frequent content words outside quotes
    WORDS = 5  # quoted sentences of fewer than four words
    SPEECH = 6  # quoted sentences of four words and more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """What is kept of a text.

    Attributes:
        first_seen_at: When its address was first announced.
        published_at: When it says it was published, or None; see `stamp`.
        size: Runs of three content words outside quotes, before sampling; 0 for a text without words.
        halvings: The sketch holds one in 2**(RATE + halvings) of them, the smallest.
        hashes: All sections one after the other, distinct within each.
        places: For each hash of WORDS and SPEECH the number of the quote it stands in.
    """

    id: str
    outlet: str
    publisher: str
    agency: str | None
    first_seen_at: datetime
    published_at: datetime | None
    checksum: str
    size: int
    halvings: int
    hashes: Hashes
    places: NDArray[np.uint8]

    def section(self, section: Section) -> Hashes:
        """The hashes of a section, in their order."""
        out: Hashes = self.hashes[self.hashes >> 24 == section]
        return out


def stamp(text: Fingerprint) -> tuple[datetime, datetime, str]:
    """The order of texts: published (first seen when nobody says), first seen, id."""
    return (text.published_at or text.first_seen_at, text.first_seen_at, text.id)


def make_fingerprint(document: Document) -> Fingerprint:
    """The fingerprint of a document. A text without words has one too, and it resembles nothing."""
    title = fold(document.title)
    folded = fold(f"{title}\n{document.text}")
    words = read_words(folded)
    quotes = [span for span in spans(folded) if span[0] > len(title)]
    body = words.starts > len(title)
    full = words.full & body
    lines = full if full.sum() >= FULL_SHARE * body.sum() else body
    narrative = _outside(words, folded, quotes) & words.content & lines
    shingles, size = _shingles(words.hashes[narrative])
    sketch, halvings = _thin(shingles)
    short, long = sentences(folded, quotes)
    sections = {
        Section.SKETCH: sketch,
        Section.NAMES: _sampled(words.hashes[_names(words) & lines], MOST_NAMES),
        Section.NUMBERS: _sampled(words.hashes[words.digits & lines], MOST_NUMBERS),
        Section.TITLE: _distinct(words.hashes[words.content & ~body])[:MOST_TITLE],
        Section.GIST: _gist(words, narrative & ~words.digits),
        Section.WORDS: _spoken(short),
        Section.SPEECH: _spoken(long),
    }
    return Fingerprint(
        id=document.id,
        outlet=document.outlet,
        publisher=document.publisher or document.outlet,
        agency=document.agency,
        first_seen_at=document.first_seen_at,
        published_at=document.published_at,
        checksum=document.checksum,
        size=size,
        halvings=halvings,
        hashes=np.concatenate([hashes | (section << 24) for section, hashes in sections.items()]).astype(
            np.uint32
        ),
        places=np.array([*short.values()][:MOST_QUOTES] + [*long.values()][:MOST_QUOTES], np.uint8),
    )


def _spoken(sentences_: Mapping[str, int]) -> Hashes:
    letters = list(sentences_)[:MOST_QUOTES]
    return np.array(
        [xxhash.xxh32_intdigest(one.encode("utf-8", "surrogatepass")) % FULL for one in letters], np.uint32
    )


def _outside(words: Words, folded: str, quotes: list[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which words stand outside quotes and embedded posts."""
    masked = np.zeros(len(folded) + 1, np.bool_)
    for start, end in (*quotes, *posts(folded)):
        if end - start >= SPEECH_LETTERS:
            masked[start:end] = True
    out: NDArray[np.bool_] = ~masked[words.starts]
    return out


def _shingles(content: NDArray[np.uint64]) -> tuple[Hashes, int]:
    """Distinct hashes of three words in a row, in order, one in 2**RATE of them; and how many runs there are."""
    if len(content) < len(MULTIPLIERS):
        return np.zeros(0, np.uint32), 0
    a, b, c = MULTIPLIERS
    shingles = mix(content[:-2] * a + content[1:-1] * b + content[2:] * c)
    return _distinct(shingles[shingles >> np.uint64(64 - RATE) == 0]), len(shingles)


def _thin(sketch: Hashes) -> tuple[Hashes, int]:
    """Halve a sketch by the size of its hashes until it is short enough; and how often that was."""
    halvings = 0
    while len(sketch) > MOST_SKETCH:
        halvings += 1
        sketch = sketch[sketch < FULL >> halvings]
    return sketch, halvings


def _short(hashes: NDArray[np.uint64]) -> Hashes:
    return (hashes & np.uint64(FULL - 1)).astype(np.uint32)


def _distinct(hashes: NDArray[np.uint64]) -> Hashes:
    """Each once, in the order of their first places."""
    return np.array(list(dict.fromkeys(_short(hashes).tolist())), np.uint32)


def _ranked(hashes: NDArray[np.uint64]) -> list[int]:
    """Each once, most frequent first, ties in the order of the text."""
    counts = Counter(_short(hashes).tolist())
    return sorted(counts, key=lambda value: -counts[value])


def _sampled(hashes: NDArray[np.uint64], most: int) -> Hashes:
    """The smallest, most frequent first: texts that share words then share what is kept of them."""
    ranked = _ranked(hashes)
    if len(ranked) > most:
        limit = sorted(ranked)[most]
        ranked = [value for value in ranked if value < limit]
    return np.array(ranked, np.uint32)


def _gist(words: Words, narrative: NDArray[np.bool_]) -> Hashes:
    """The words of five letters and more that the text uses most, longer ones before as frequent shorter ones."""
    lengths = np.minimum(words.ends - words.starts, MOST_LETTERS)
    fit = np.flatnonzero(narrative & ((lengths >= GIST_LETTERS) | (lengths == GRAM)))
    values, first, counts = np.unique(_short(words.hashes[fit]), return_index=True, return_counts=True)
    weights = counts * (lengths[fit[first]] - 2)
    out: Hashes = values[np.lexsort((first, -weights))[:MOST_GIST]]
    return out


def _names(words: Words) -> NDArray[np.bool_]:
    return words.upper & ~words.opening & (words.ends - words.starts > 1)


def to_body(text: Fingerprint) -> Body:
    """The record of a fingerprint; see FIELDS."""
    sketch = text.section(Section.SKETCH)
    names = (
        text.section(Section.NAMES)[:SEARCHED_NAMES],
        text.section(Section.GIST)[:SEARCHED_GIST],
        text.section(Section.TITLE)[:SEARCHED_TITLE],
    )
    body: dict[str, Json] = {
        "agency": text.agency,
        "checksum": text.checksum,
        "first_seen_at": text.first_seen_at.isoformat(),
        "halvings": text.halvings,
        "hashes": b64encode(_packed(text.hashes)).decode("ascii"),
        "names": sorted(set(_keys(np.concatenate(names)))),
        "outlet": text.outlet,
        "places": b64encode(text.places.tobytes()).decode("ascii"),
        "published_at": text.published_at.isoformat() if text.published_at else None,
        "publisher": text.publisher,
        "quotes": _keys(text.section(Section.SPEECH)),
        "scheme": SCHEME,
        "sections": np.bincount(text.hashes >> 24, minlength=len(Section)).tolist(),
        "size": text.size,
        "terms": _keys(np.sort(sketch[sketch < FULL >> TERM_RATE])[:MOST_TERMS]),
    }
    return {name: item for name, item in body.items() if item is not None}


def from_body(id_: str, body: Mapping[str, Any]) -> Fingerprint:
    """The fingerprint a record was made of."""
    packed = np.frombuffer(b64decode(body["hashes"]), np.uint8).reshape(-1, 3)
    octets = np.zeros((len(packed), 4), np.uint8)
    octets[:, :3] = packed
    bounds = [0, *accumulate(body["sections"])]
    for section, (start, end) in enumerate(pairwise(bounds)):
        octets[start:end, 3] = section
    published_at = body.get("published_at")
    return Fingerprint(
        id=id_,
        outlet=body["outlet"],
        publisher=body["publisher"],
        agency=body.get("agency"),
        first_seen_at=datetime.fromisoformat(body["first_seen_at"]),
        published_at=datetime.fromisoformat(published_at) if published_at else None,
        checksum=body["checksum"],
        size=body["size"],
        halvings=body["halvings"],
        hashes=octets.view("<u4").reshape(-1),
        places=np.frombuffer(b64decode(body["places"]), np.uint8),
    )


def _packed(hashes: Hashes) -> bytes:
    """Three bytes a hash, least first."""
    return hashes.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def _keys(hashes: Hashes) -> list[str]:
    """Hashes as the four letters that are searched; the same word gives the same letters as name and in a title."""
    letters = b64encode(_packed(hashes)).decode("ascii")
    return [letters[place : place + 4] for place in range(0, len(letters), 4)]
