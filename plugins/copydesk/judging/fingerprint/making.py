"""Texts → Fingerprints. Pure, and vectorised over many texts at once.

A text is compared by what stands outside quotes, on lines that end like sentences or are as long: headings, cut
teasers and widgets that cleaning left do not count. Its content words (see words.py) are hashed three at a time, as
many as MOST_SKETCH in the order of the text, the smallest of a longer one (FracMinHash, Irber et al. 2022: unbiased for
containment). Beside them stand its terms, which tell what it is about: the beginnings of its words, in the order of
their first mention, each with what is known of it; and the sentences it quotes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeAlias

import numpy as np
import xxhash
from numpy.typing import NDArray

from copydesk.judging.fingerprint import (
    COUNT_AT,
    FULL,
    MOST_COUNT,
    NAME,
    NUMBER,
    TITLE,
    Fingerprint,
    Hashes,
    Section,
)
from copydesk.judging.fingerprint.items import shape_of
from copydesk.judging.fingerprint.quotes import posts, sentences, spans
from copydesk.judging.fingerprint.weekdays import are_weekdays
from copydesk.judging.fingerprint.words import TOGETHER, Words, fold, mix, read_words
from copydesk.model import Document

__all__ = ["make_fingerprints"]

Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

MOST_SKETCH = 128
"""A longer sketch is thinned by halves. The containment of half a text is then off by .04 or less; a short text, which
has ten runs, keeps them all: with one in four of them F1 on a real event was .39 less (handbook/review/wire.md 2)."""
MOST_TERMS, MOST_QUOTES = 96, 16
SPEECH_LETTERS = 20
"""Letters of a quote from which on it is speech; shorter ones are words in inverted commas and stay in the text."""
FULL_SHARE = 0.5
"""If fewer of a text's words stand on full lines, line ends tell nothing (poems, tables, Thai) and all count."""
OWN_SHARE = 0.5
"""If fewer of its words stand outside quotes it is a statement, which others print without the marks: all count."""

MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Hashes of several texts, strung together: the number of the text each belongs to, not falling, and the hash."""

    texts: Ints
    hashes: Hashes

    def only(self, which: Flags | Ints) -> "Values":
        """Those that are flagged, or at these places."""
        return Values(self.texts[which], self.hashes[which])


@dataclass(frozen=True, slots=True)
class Speech:
    """What stands between the quotation marks of a text.

    Attributes:
        masked: Spans of the text that do not count as its own words.
        said: Letters of quoted sentences of some length, as in quotes.py.
    """

    masked: list[tuple[int, int]]
    said: list[str]


def make_fingerprints(documents: Iterable[Document]) -> list[Fingerprint]:
    """The fingerprints of documents, in their order; each depends on its document alone.

    A text without words has one too, and it resembles nothing.
    """
    return [made for portion in _portions(documents) for made in _make(*zip(*portion, strict=True))]


def _portions(documents: Iterable[Document]) -> Iterator[list[tuple[Document, str, str]]]:
    """Documents with their folded titles, and these with their folded texts, in portions of a good size."""
    portion: list[tuple[Document, str, str]] = []
    size = 0
    for document in documents:
        title = fold(document.title)
        folded = fold(f"{title}\n{document.text}")
        portion.append((document, title, folded))
        size += len(folded) + 1
        if size >= TOGETHER:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _make(
    documents: Sequence[Document], titles: Sequence[str], folded: Sequence[str]
) -> Iterator[Fingerprint]:
    words = _without_weekdays(read_words(folded))
    speech = [_speech(text, len(title)) for text, title in zip(folded, titles, strict=True)]
    body = words.starts > np.array([len(title) for title in titles])[words.texts]
    lines = _lines(words, body, len(documents))
    own = _own(words, folded, speech, lines & words.content, len(documents))
    narrative = own & words.content & lines
    shingles, sizes = _shingles(words, narrative, len(documents))
    sketch, halvings = _thinned(_distinct(shingles), len(documents))
    terms, marks = _terms(words, body, lines, narrative)
    hashes, bounds = _strung(
        {
            Section.SKETCH: sketch,
            Section.TERMS: terms,
            Section.SPEECH: _spoken([one.said for one in speech]),
        },
        len(documents),
    )
    first = 0
    for document, size, halved, ends in zip(
        documents, sizes.tolist(), halvings.tolist(), bounds, strict=True
    ):
        last = first + ends[Section.TERMS + 1] - ends[Section.TERMS]
        yield Fingerprint(
            id=document.id,
            outlet=document.outlet,
            publisher=document.publisher or document.outlet,
            agency=document.agency,
            first_seen_at=document.first_seen_at,
            published_at=document.published_at,
            checksum=document.checksum,
            size=size,
            halvings=halved,
            items=len(shape_of(document.title, document.text).items),
            hashes=hashes[ends[0] : ends[-1]],
            bounds=tuple(end - ends[0] for end in ends),
            marks=marks[first:last],
            is_partial="partial" in document.form,
        )
        first = last


def _without_weekdays(words: Words) -> Words:
    """The same words, those for days of the week taken for neither content nor names."""
    days = are_weekdays(words.hashes)
    return replace(words, content=words.content & ~days, upper=words.upper & ~days)


def _speech(text: str, title: int) -> Speech:
    """The speech of a folded text that begins with a title of that length, which does not speak."""
    quotes = [span for span in spans(text) if span[0] > title]
    masked = [(start, end) for start, end in (*quotes, *posts(text)) if end - start >= SPEECH_LETTERS]
    return Speech(masked, sentences(text, quotes))


def _lines(words: Words, body: Flags, count: int) -> Flags:
    """Which words below the title stand on lines that count."""
    full = words.full & body
    complete = np.bincount(words.texts[full], minlength=count)
    telling = complete >= FULL_SHARE * np.bincount(words.texts[body], minlength=count)
    return np.where(telling[words.texts], full, body)


def _own(words: Words, folded: Sequence[str], speech: Sequence[Speech], counted: Flags, count: int) -> Flags:
    """Which words are a text's own: those outside quotes and embedded posts, or all where these are most."""
    outside = _outside(words, folded, speech)
    total = np.bincount(words.texts[counted], minlength=count)
    quoted = np.bincount(words.texts[counted & ~outside], minlength=count) > (1 - OWN_SHARE) * total
    return outside | quoted[words.texts]


def _outside(words: Words, folded: Sequence[str], speech: Sequence[Speech]) -> Flags:
    """Which words stand outside quotes and embedded posts."""
    begins = np.array([0, *accumulate(map(len, folded))])
    masked = np.zeros(begins[-1], np.bool_)
    for begin, one in zip(begins.tolist(), speech, strict=False):
        for start, end in one.masked:
            masked[begin + start : begin + end] = True
    out: Flags = ~masked[begins[words.texts] + words.starts]
    return out


def _shingles(words: Words, narrative: Flags, count: int) -> tuple[Values, Ints]:
    """Hashes of three words in a row, in order; and how many runs each text has. Three numbers are no run: a table."""
    texts, content = words.texts[narrative], words.hashes[narrative]
    a, b, c = MULTIPLIERS
    shingles = mix(content[:-2] * a + content[1:-1] * b + content[2:] * c)
    numbers = words.digits[narrative]
    within = (texts[:-2] == texts[2:]) & ~(numbers[:-2] & numbers[1:-1] & numbers[2:])
    return Values(texts[:-2][within], _short(shingles[within])), np.bincount(
        texts[:-2][within], minlength=count
    )


def _thinned(sketch: Values, count: int) -> tuple[Values, Ints]:
    """Halve sketches by the size of their hashes until they are short enough; and how often that was."""
    halvings = np.zeros(count, np.int64)
    while (long := np.bincount(sketch.texts, minlength=count) > MOST_SKETCH).any():
        halvings += long
        sketch = sketch.only(sketch.hashes < FULL >> halvings[sketch.texts])
    return sketch, halvings


def _terms(words: Words, body: Flags, lines: Flags, narrative: Flags) -> tuple[Values, NDArray[np.uint8]]:
    """The terms of each text in the order of their first mention, and their marks; names and numbers go first.

    If there are too many, the most frequent stay, and of these the first ones.
    """
    title = words.content & ~body
    names, numbers = _names(words) & lines, words.digits & lines
    which = title | names | numbers | narrative
    texts, stems = words.texts[which], _short(words.stems[which])
    bits = (title * TITLE + names * NAME + (words.digits & (lines | ~body)) * NUMBER)[which].astype(np.int64)
    keys = texts << 24 | stems.astype(np.int64)
    distinct, firsts, inverse, counts = np.unique(
        keys, return_index=True, return_inverse=True, return_counts=True
    )
    marks = np.zeros(len(distinct), np.int64)
    for bit in (TITLE, NAME, NUMBER):
        marks |= bit * (np.bincount(inverse, (bits & bit) != 0, minlength=len(distinct)) > 0)
    telling = (marks & (NAME | NUMBER)) != 0
    ranks = np.lexsort((firsts, -counts, ~telling, distinct >> 24))
    kept = np.sort(firsts[ranks[_ranks(distinct[ranks] >> 24) < MOST_TERMS]])
    of = inverse[kept]
    marks |= np.minimum(counts, MOST_COUNT) << COUNT_AT
    return Values(texts[kept], stems[kept]), marks[of].astype(np.uint8)


def _names(words: Words) -> Flags:
    return words.upper & ~words.opening & (words.ends - words.starts > 1)


def _spoken(texts: Sequence[Sequence[str]]) -> Values:
    """The first quoted sentences of each text."""
    found = [
        (number, xxhash.xxh32_intdigest(one.encode("utf-8", "surrogatepass")) % FULL)
        for number, said in enumerate(texts)
        for one in said[:MOST_QUOTES]
    ]
    numbers, hashes = zip(*found, strict=True) if found else ((), ())
    return Values(np.array(numbers, np.int64), np.array(hashes, np.uint32))


def _strung(sections: dict[Section, Values], count: int) -> tuple[Hashes, list[list[int]]]:
    """All hashes by text and section, each with its section above its 24 bits; and the bounds for each text."""
    keys = np.concatenate([values.texts * len(sections) + section for section, values in sections.items()])
    hashes = np.concatenate([values.hashes | (section << 24) for section, values in sections.items()])
    sizes = np.bincount(keys, minlength=count * len(sections)).reshape(count, -1)
    ends = np.cumsum(sizes).reshape(count, -1)
    bounds = np.concatenate((ends[:, :1] - sizes[:, :1], ends), axis=1)
    return hashes[np.argsort(keys, kind="stable")].astype(np.uint32), bounds.tolist()


def _short(hashes: NDArray[np.uint64]) -> Hashes:
    return (hashes & np.uint64(FULL - 1)).astype(np.uint32)


def _distinct(values: Values) -> Values:
    """Each once a text, in the order of their first places."""
    places = np.arange(len(values.texts))
    # what is sorted by, and the place, share one number: sorting it is several times as fast as sorting by keys
    keys = np.sort(values.texts << 48 | values.hashes.astype(np.int64) << 24 | places)
    fresh = np.append(True, keys[1:] >> 24 != keys[:-1] >> 24)[: len(keys)]
    return values.only(np.sort(keys[fresh] & (FULL - 1)))


def _ranks(texts: Ints) -> Ints:
    """The place of each among those of its text."""
    return np.arange(len(texts)) - np.searchsorted(texts, texts)
