"""Texts → Fingerprints. Pure, and vectorised over many texts at once.

A text is compared by what stands outside quotes, on lines that end like sentences or are as long: headings, cut
teasers and widgets that cleaning left do not count. Its content words (see words.py) are hashed three at a time, a
quarter of the hashes is kept in the order of the text (FracMinHash, Irber et al. 2022: unbiased for containment),
so that a comparison sees how much is shared and whether it is spread over the text or stands in one place.
Quoted sentences, names, numbers, title words and the most frequent words are kept beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeAlias

import numpy as np
import xxhash
from numpy.typing import NDArray

from copydesk.judging.fingerprint import FULL, Fingerprint, Hashes, Section
from copydesk.judging.fingerprint.quotes import posts, sentences, spans
from copydesk.judging.fingerprint.weekdays import are_weekdays
from copydesk.judging.fingerprint.words import GRAM, TOGETHER, Words, fold, mix, read_words
from copydesk.model import Document

__all__ = ["MOST_NAMES", "MOST_NUMBERS", "make_fingerprints"]

Flags: TypeAlias = NDArray[np.bool_]
Ints: TypeAlias = NDArray[np.int64]

RATE = 2
"""The sketch keeps one hash in 2**RATE; a text of 500 words then has about 60, enough for an error of .05."""
MOST_SKETCH = 256
"""A longer sketch is thinned by halves: a text of 100,000 characters stays near 1 kB."""
MOST_NAMES, MOST_NUMBERS, MOST_TITLE, MOST_GIST, MOST_QUOTES = 32, 24, 16, 12, 16
GIST_LETTERS, MOST_LETTERS = 5, 12
SPEECH_LETTERS = 20
"""Letters of a quote from which on it is speech; shorter ones are words in inverted commas and stay in the text."""
FULL_SHARE = 0.5
"""If fewer of a text's words stand on full lines, line ends tell nothing (poems, tables, Thai) and all count."""

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
        short, long: Letters of quoted sentences → number of the quote, as in quotes.py.
    """

    masked: list[tuple[int, int]]
    short: dict[str, int]
    long: dict[str, int]


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
    said = [_speech(text, len(title)) for text, title in zip(folded, titles, strict=True)]
    body = words.starts > np.array([len(title) for title in titles])[words.texts]
    lines = _lines(words, body, len(documents))
    narrative = _outside(words, folded, said) & words.content & lines
    shingles, sizes = _shingles(words, narrative, len(documents))
    sketch, halvings = _thinned(_distinct(shingles), len(documents))
    hashes, bounds = _strung(
        {
            Section.SKETCH: sketch,
            Section.NAMES: _sampled(words, _names(words) & lines, MOST_NAMES),
            Section.NUMBERS: _sampled(words, words.digits & lines, MOST_NUMBERS),
            Section.TITLE: _first(_distinct(_values(words, words.content & ~body)), MOST_TITLE),
            Section.GIST: _gist(words, narrative & ~words.digits),
            Section.WORDS: _spoken([one.short for one in said]),
            Section.SPEECH: _spoken([one.long for one in said]),
        },
        len(documents),
    )
    for document, one, size, halved, ends in zip(
        documents, said, sizes.tolist(), halvings.tolist(), bounds, strict=True
    ):
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
            hashes=hashes[ends[0] : ends[-1]],
            bounds=tuple(end - ends[0] for end in ends),
            places=np.array(
                [*one.short.values()][:MOST_QUOTES] + [*one.long.values()][:MOST_QUOTES], np.uint8
            ),
        )


def _without_weekdays(words: Words) -> Words:
    """The same words, those for days of the week taken for neither content nor names."""
    days = are_weekdays(words.hashes)
    return replace(words, content=words.content & ~days, upper=words.upper & ~days)


def _speech(text: str, title: int) -> Speech:
    """The speech of a folded text that begins with a title of that length, which does not speak."""
    quotes = [span for span in spans(text) if span[0] > title]
    masked = [(start, end) for start, end in (*quotes, *posts(text)) if end - start >= SPEECH_LETTERS]
    return Speech(masked, *sentences(text, quotes))


def _lines(words: Words, body: Flags, count: int) -> Flags:
    """Which words below the title stand on lines that count."""
    full = words.full & body
    complete = np.bincount(words.texts[full], minlength=count)
    telling = complete >= FULL_SHARE * np.bincount(words.texts[body], minlength=count)
    return np.where(telling[words.texts], full, body)


def _outside(words: Words, folded: Sequence[str], said: Sequence[Speech]) -> Flags:
    """Which words stand outside quotes and embedded posts."""
    begins = np.array([0, *accumulate(map(len, folded))])
    masked = np.zeros(begins[-1], np.bool_)
    for begin, one in zip(begins.tolist(), said, strict=False):
        for start, end in one.masked:
            masked[begin + start : begin + end] = True
    out: Flags = ~masked[begins[words.texts] + words.starts]
    return out


def _shingles(words: Words, narrative: Flags, count: int) -> tuple[Values, Ints]:
    """Hashes of three words in a row, in order, one in 2**RATE of them; and how many runs each text has."""
    texts, content = words.texts[narrative], words.hashes[narrative]
    a, b, c = MULTIPLIERS
    shingles = mix(content[:-2] * a + content[1:-1] * b + content[2:] * c)
    within = texts[:-2] == texts[2:]
    kept = within & (shingles >> np.uint64(64 - RATE) == 0)
    return Values(texts[:-2][kept], _short(shingles[kept])), np.bincount(texts[:-2][within], minlength=count)


def _thinned(sketch: Values, count: int) -> tuple[Values, Ints]:
    """Halve sketches by the size of their hashes until they are short enough; and how often that was."""
    halvings = np.zeros(count, np.int64)
    while (long := np.bincount(sketch.texts, minlength=count) > MOST_SKETCH).any():
        halvings += long
        sketch = sketch.only(sketch.hashes < FULL >> halvings[sketch.texts])
    return sketch, halvings


def _sampled(words: Words, which: Flags, most: int) -> Values:
    """The smallest, most frequent first: texts that share words then share what is kept of them."""
    values = _values(words, which)
    ranked = values.only(_ranked(values, np.ones(len(values.texts), np.int64)))
    small = np.zeros(len(ranked.texts), np.bool_)
    order = np.lexsort((ranked.hashes, ranked.texts))
    small[order] = _ranks(ranked.texts) < most
    return ranked.only(small)


def _gist(words: Words, which: Flags) -> Values:
    """The words of five letters and more that a text uses most, longer ones before as frequent shorter ones."""
    lengths = np.minimum(words.ends - words.starts, MOST_LETTERS)
    which = which & ((lengths >= GIST_LETTERS) | (lengths == GRAM))
    values = _values(words, which)
    return _first(values.only(_ranked(values, lengths[which] - 2)), MOST_GIST)


def _names(words: Words) -> Flags:
    return words.upper & ~words.opening & (words.ends - words.starts > 1)


def _spoken(texts: Sequence[Iterable[str]]) -> Values:
    """The first quoted sentences of each text."""
    found = [
        (number, xxhash.xxh32_intdigest(one.encode("utf-8", "surrogatepass")) % FULL)
        for number, sentences_ in enumerate(texts)
        for one in list(sentences_)[:MOST_QUOTES]
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


def _values(words: Words, which: Flags) -> Values:
    return Values(words.texts[which], _short(words.hashes[which]))


def _short(hashes: NDArray[np.uint64]) -> Hashes:
    return (hashes & np.uint64(FULL - 1)).astype(np.uint32)


def _distinct(values: Values) -> Values:
    """Each once a text, in the order of their first places."""
    return values.only(_ranked(values, np.zeros(len(values.texts), np.int64)))


def _first(values: Values, most: int) -> Values:
    """That many of each text."""
    return values.only(_ranks(values.texts) < most)


def _ranks(texts: Ints) -> Ints:
    """The place of each among those of its text."""
    return np.arange(len(texts)) - np.searchsorted(texts, texts)


def _ranked(values: Values, weights: Ints) -> Ints:
    """First places of each text's distinct hashes, those of the most weight in all first, else in order."""
    places = np.arange(len(weights))
    # what is sorted by, and the place, share one number: sorting it is several times as fast as sorting by keys
    keys = np.sort(values.texts << 48 | values.hashes.astype(np.int64) << 24 | places)
    fresh = np.flatnonzero(keys[1:] >> 24 != keys[:-1] >> 24) + 1
    starts = np.concatenate((places[:1], fresh))
    counts = np.concatenate((fresh, places[-1:] + 1)) - starts
    firsts = keys[starts] & (FULL - 1)
    return np.sort(values.texts[firsts] << 48 | FULL - 1 - counts * weights[firsts] << 24 | firsts) & (
        FULL - 1
    )
