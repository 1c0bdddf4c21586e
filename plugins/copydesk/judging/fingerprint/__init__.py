"""Fingerprint: all that is kept of a text to recognise its copies, about 1 kB; and its record. Pure."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index import Body, Json

__all__ = [
    "COUNT_AT",
    "FIELDS",
    "FULL",
    "LEAST_NAMES",
    "LEAST_SEARCHED",
    "MOST_COUNT",
    "MOST_NAMES",
    "NAME",
    "NUMBER",
    "TITLE",
    "WINDOW",
    "Fingerprint",
    "Hashes",
    "Section",
    "appeared",
    "from_body",
    "is_current",
    "kept",
    "searched",
    "searched_names",
    "to_body",
    "weights_of",
]

SCHEME = 3
"""Number of the way hashes are made; fingerprints of different schemes are never compared."""

FIELDS = (
    "agency", "checksum", "first_seen_at", "halvings", "hashes", "is_partial", "items", "marks", "names", "outlet",
    "published_at", "publisher", "quotes", "scheme", "sections", "size", "terms",
)  # fmt: skip
"""Fields of a fingerprint record. `terms`, `quotes` and `names` are searched and not given back by the index."""

Hashes: TypeAlias = NDArray[np.uint32]

FULL = 1 << 24
"""Kept hashes have 24 bits: two sketches of 60 share one by chance once in 4,000 pairs."""
NAME, NUMBER, TITLE, COUNT_AT, MOST_COUNT = 1, 2, 4, 3, 31
"""Marks of a term: a word with a capital within a sentence (scripts without capitals have none), a number, a word of
the title; and from bit COUNT_AT on how often it is mentioned, MOST_COUNT at most."""
MOST_NAMES, LEAST_NAMES = 32, 16
"""Names by which a text is looked up and that make an edge: the smallest ones, so that texts that share many share
some of these. One with few names is looked up by its heaviest other terms too: scripts without capitals have none."""
EARLY = 16
"""Terms after which a term weighs three quarters of what the first one does."""
LEAST_SEARCHED = {"terms": 2, "quotes": 3, "names": 4}
"""Values two texts must share in one of the searched fields to be compared at all; one may be an accident."""
WINDOW = timedelta(days=21)
"""Texts first seen further apart than this are not compared. What is a form filled in anew shows where several of them
are seen together, and some come every other week: decision 0026."""
LETTERS = 4
"""Letters of a hash, in base 64."""


class Section(IntEnum):
    """What a hash stands for; kept above its 24 bits, so that hashes of two sections never meet."""

    SKETCH = 0  # runs of three content words, in the order of the text
    TERMS = 1  # beginnings of content words, names and numbers, in the order of their first mention
    SPEECH = 2  # quoted sentences of four words and more


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """What is kept of a text.

    Attributes:
        first_seen_at: When its address was first announced.
        published_at: When it says it was published, or None; see `families.by_age`.
        size: Runs of three content words outside quotes, before sampling; 0 for a text without words.
        halvings: How often the sketch was thinned by half, to the smaller hashes, because the text is long.
        items: How many items a digest has, or entries a live thread; 0 for a report.
        hashes: All sections one after the other, distinct within each.
        bounds: Where each section begins in `hashes`, and where the last one ends.
        marks: For each of TERMS what is known of it, see NAME.
        is_partial: Whether it is a teaser before a paywall; records made before this was kept say no.
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
    items: int
    hashes: Hashes
    bounds: tuple[int, ...]
    marks: NDArray[np.uint8]
    is_partial: bool = False

    def section(self, section: Section) -> Hashes:
        """The hashes of a section, in their order."""
        return self.hashes[self.bounds[section] : self.bounds[section + 1]]


def appeared(published_at: datetime | None, first_seen_at: datetime) -> datetime:
    """When an outlet had an article, as far as one can tell.

    A date without a time of day reads as midnight, before everybody who is more exact, so it is not believed;
    nor is a time after we saw the article.
    """
    exact = published_at is not None and published_at.astimezone(UTC).time() != time()
    return min(published_at, first_seen_at) if published_at is not None and exact else first_seen_at


def searched(text: Fingerprint) -> dict[str, list[str]]:
    """The hashes by which a text is looked up, four letters each, by field; see LEAST_SEARCHED."""
    return {
        "names": _keys(text.section(Section.TERMS)[searched_names(text)]),
        "quotes": _keys(text.section(Section.SPEECH)),
        "terms": _keys(text.section(Section.SKETCH)),
    }


def searched_names(text: Fingerprint) -> NDArray[np.bool_]:
    """Which of the terms are the names by which a text is looked up, or stand in for names."""
    names: NDArray[np.bool_] = (text.marks & NAME) != 0
    count = np.count_nonzero(names)
    if count > MOST_NAMES:
        terms = text.section(Section.TERMS)
        names &= terms <= np.sort(terms[names])[MOST_NAMES - 1]
    elif count < LEAST_NAMES:
        telling = np.where(names, 0, weights_of(text.marks.astype(np.int64), np.arange(len(names))))
        names[np.argsort(-telling, kind="stable")[: LEAST_NAMES - count]] = True
    return names


def weights_of(marks: NDArray[np.int64], places: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much each term, at its place in its text, tells what that is about: the more often and early, the more."""
    often = 1 + np.log(np.maximum(marks >> COUNT_AT, 1))
    out: NDArray[np.float32] = (often * (1 + EARLY / (EARLY + places))).astype(np.float32)
    return out


def to_body(text: Fingerprint) -> Body:
    """The record of a fingerprint; see FIELDS."""
    return {**kept(text), **searched(text)}


def kept(text: Fingerprint) -> Body:
    """What the index gives back of the record: all but the searched fields."""
    body: dict[str, Json] = {
        "agency": text.agency,
        "checksum": text.checksum,
        "first_seen_at": text.first_seen_at.isoformat(),
        "halvings": text.halvings,
        "hashes": _letters(text.hashes),
        "is_partial": text.is_partial or None,
        "items": text.items,
        "marks": _packed(text.marks),
        "outlet": text.outlet,
        "published_at": text.published_at.isoformat() if text.published_at else None,
        "publisher": text.publisher,
        "scheme": SCHEME,
        "sections": [end - start for start, end in pairwise(text.bounds)],
        "size": text.size,
    }
    return {name: item for name, item in body.items() if item is not None}


def is_current(body: Mapping[str, Any]) -> bool:
    """Whether a record was made under this SCHEME; no other can be read, and its hashes mean something else."""
    return body.get("scheme") == SCHEME


def from_body(id_: str, body: Mapping[str, Any]) -> Fingerprint:
    """The fingerprint a record was made of, see `is_current`; the searched fields may be missing."""
    packed = np.frombuffer(b64decode(body["hashes"]), np.uint8).reshape(-1, 3)
    octets = np.zeros((len(packed), 4), np.uint8)
    octets[:, :3] = packed
    bounds = (0, *accumulate(body["sections"]))
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
        items=body["items"],
        hashes=octets.view("<u4").reshape(-1),
        bounds=bounds,
        marks=np.frombuffer(b64decode(body["marks"]), np.uint8),
        is_partial=bool(body.get("is_partial")),
    )


def _packed(octets: NDArray[np.uint8]) -> str:
    return b64encode(octets.tobytes()).decode("ascii")


def _letters(hashes: Hashes) -> str:
    """Three bytes a hash, least first, in base 64."""
    octets = hashes.astype("<u4", copy=False).view(np.uint8).reshape(-1, 4)
    return b64encode(octets[:, :3].tobytes()).decode("ascii")


def _keys(hashes: Hashes) -> list[str]:
    """The letters of each hash."""
    letters = _letters(hashes)
    return [letters[place : place + LETTERS] for place in range(0, len(letters), LETTERS)]
