"""What ties texts to one another: all pairs of a set of fingerprints at once. Pure, vectorised.

Everything here is symmetric or comes in both directions, and depends on the two texts of a pair alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.fingerprint import FULL, Fingerprint, Section
from copydesk.judging.fingerprinting import MOST_NAMES, MOST_NUMBERS
from copydesk.model import Evidence

__all__ = ["Ties", "evidence_of", "part_of", "tie"]

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

BLOCKS = 8
"""A text is cut into this many parts of equal length to see how widely a tie is spread over it."""
LEAST_PART = 3
"""Sketch hashes of a part, on average, below which there are fewer parts."""
PORTION = 1_000_000
"""Pairs of equal values looked at together."""
LEAST_FACTS, LEAST_NUMBERS = 4, 5
"""With fewer names and numbers (numbers) on one side their overlap says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ties:
    """Measures of all pairs; [i, j] is about text i beside text j.

    Attributes:
        shared: Sketch hashes in common.
        cover: Share of i's sketch that stands in j.
        spread: Share of i's parts that have something in common with j.
        lead: Share of the beginning of i, a quarter of it, that stands in j.
        quotes: Quoted sentences in common.
        places: In how many separate quotes of i stands a sentence of four words or more that j quotes as well.
        speech: Share of such sentences, of the side that has fewer.
        facts, numbers: Share of the names and numbers (numbers alone) of the side that has fewer, found in the
            other; NaN when it has too few to tell.
        title, gist: Share of title words and of most frequent words of the side that has fewer.
        names: How many names are in common.
        home: 1 where both stand on the same outlet, whose furniture they may share.
        rivals: 1 where both name an agency, and not the same.
    """

    shared: Floats
    cover: Floats
    spread: Floats
    lead: Floats
    quotes: Floats
    places: Floats
    speech: Floats
    facts: Floats
    numbers: Floats
    title: Floats
    gist: Floats
    names: Floats
    home: Floats
    rivals: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Entries:
    """All values that several texts have, strung together, equal values side by side.

    Attributes:
        rows: Which text each stands in; places: its place in that text's hashes; sections: its section.
        firsts: Where the run of equal values begins that each belongs to; runs: how long that run is.
        sizes: How many values each text has, by section.
    """

    rows: Ints
    places: Ints
    sections: Ints
    firsts: Ints
    runs: Ints
    sizes: Ints


def tie(texts: Sequence[Fingerprint]) -> Ties:
    """Compare every text with every other; a text is wholly like itself."""
    entries = _string(texts)
    sizes = entries.sizes[:, Section.SKETCH]
    parts = np.clip(sizes // LEAST_PART, 1, BLOCKS)
    first = np.maximum(sizes // 4, 1)
    common, hits, lead, places = _count(texts, entries, parts, first)
    shared, names, numbers, title, gist, words, speech = common
    cover = _filled(np.minimum(shared / np.maximum(_comparable(texts, sizes), 1), 1))
    known_names = _known(texts, entries.sizes, Section.NAMES, MOST_NAMES)
    known_numbers = _known(texts, entries.sizes, Section.NUMBERS, MOST_NUMBERS)
    return Ties(
        shared=shared,
        cover=cover,
        spread=_filled(hits / parts[:, None]),
        lead=_filled(lead / first[:, None]),
        quotes=speech + words,
        places=places,
        speech=_share(speech, 1),
        facts=_share(names + numbers, LEAST_FACTS, of=known_names + known_numbers),
        numbers=_share(numbers, LEAST_NUMBERS, of=known_numbers),
        title=_share(title, 1),
        gist=_share(gist, 1),
        names=names,
        home=_equal([text.outlet for text in texts]),
        rivals=_rivals(texts),
    )


def part_of(ties: Ties, places: Sequence[int]) -> Ties:
    """The ties among some of the texts."""
    at = np.ix_(places, places)
    return Ties(**{field.name: getattr(ties, field.name)[at] for field in fields(ties)})


def evidence_of(ties: Ties, one: int, other: int, *, id_: str) -> Evidence:
    """What the tie of text `one` to text `other`, whose id is given, rests on."""
    return Evidence(
        other=id_,
        containment=_rounded(max(ties.cover[one, other], ties.cover[other, one])),
        quotes=int(ties.quotes[one, other]),
        facts=_rounded(ties.facts[one, other]),
        title=_rounded(ties.title[one, other]),
        kept=_rounded(ties.cover[other, one]),
        added=_rounded(1 - ties.cover[one, other]),
    )


def _rounded(share: float) -> float:
    return round(float(np.nan_to_num(share)), 3)


def _string(texts: Sequence[Fingerprint]) -> _Entries:
    hashes = np.concatenate([text.hashes for text in texts])
    lengths = np.array([len(text.hashes) for text in texts])
    rows = np.repeat(np.arange(len(texts)), lengths)
    places = np.arange(len(hashes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    kinds = len(Section)
    sizes = np.bincount(rows * kinds + (hashes >> 24), minlength=len(texts) * kinds).reshape(-1, kinds)
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    fresh = np.ones(len(ranked) + 1, np.bool_)
    fresh[1:-1] = ranked[1:] != ranked[:-1]
    several = ~(fresh[:-1] & fresh[1:])
    at = order[several]
    starts = np.flatnonzero(fresh[:-1][several])
    runs = np.diff(np.append(starts, len(at)))
    return _Entries(
        rows=rows[at],
        places=places[at],
        sections=(hashes[at] >> 24).astype(np.int64),
        firsts=np.repeat(starts, runs),
        runs=np.repeat(runs, runs),
        sizes=sizes,
    )


def _count(
    texts: Sequence[Fingerprint], entries: _Entries, parts: Ints, first: Ints
) -> tuple[Floats, Floats, Floats, Floats]:
    """For all pairs: common values by section, parts hit, values of the beginning in common, quotes in common."""
    count = len(texts)
    sizes = entries.sizes[:, Section.SKETCH]
    common = np.zeros(len(Section) * count * count)
    lead = np.zeros(count * count)
    hit = np.zeros(count * BLOCKS * count, np.bool_)
    spoken: list[Ints] = []
    for left, right in _pairs(entries):
        one, other, section, place = (
            entries.rows[left],
            entries.rows[right],
            entries.sections[left],
            entries.places[left],
        )
        common += np.bincount((section * count + one) * count + other, minlength=len(common))
        sketch = section == Section.SKETCH
        one_, other_, place_ = one[sketch], other[sketch], place[sketch]
        block = place_ * parts[one_] // sizes[one_]
        hit[(one_ * BLOCKS + block) * count + other_] = True
        opening = place_ < first[one_]
        lead += np.bincount(one_[opening] * count + other_[opening], minlength=len(lead))
        said = section == Section.SPEECH
        spoken.append(_quoted(texts, one[said], place[said]) * count + other[said])
    table = common.reshape(len(Section), count, count).astype(np.float32)
    for kind in Section:
        np.fill_diagonal(table[kind], entries.sizes[:, kind])
    keys = np.unique(np.concatenate(spoken)) if spoken else np.zeros(0, np.int64)
    places = np.bincount(keys // (256 * count) * count + keys % count, minlength=count * count)
    return (
        table,
        hit.reshape(count, BLOCKS, count).sum(axis=1).astype(np.float32),
        lead.reshape(count, count).astype(np.float32),
        places.reshape(count, count).astype(np.float32),
    )


def _pairs(entries: _Entries) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of different entries with equal values, in portions that fit in memory."""
    ends = np.cumsum(entries.runs)
    start = 0
    while start < len(ends):
        done = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + PORTION, side="right")))
        runs = entries.runs[start:end]
        left = np.repeat(np.arange(start, end), runs)
        right = entries.firsts[left] + np.arange(len(left)) - np.repeat(ends[start:end] - runs - done, runs)
        apart = left != right
        yield left[apart], right[apart]
        start = end


def _quoted(texts: Sequence[Fingerprint], rows: Ints, places: Ints) -> Ints:
    """A number for the quote, of all texts, in which a hash stands."""
    numbers = [
        texts[row].places[place - len(texts[row].hashes)] for row, place in zip(rows, places, strict=True)
    ]
    return rows * 256 + np.array(numbers, np.int64)


def _filled(shares: NDArray[np.floating]) -> Floats:
    out = shares.astype(np.float32)
    np.fill_diagonal(out, 1)
    return out


def _equal(names: Sequence[str]) -> Floats:
    """[i, j]: 1 where two names are the same."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    places = np.array([numbers[name] for name in names])
    out: Floats = (places[:, None] == places[None, :]).astype(np.float32)
    return out


def _rivals(texts: Sequence[Fingerprint]) -> Floats:
    named = np.array([text.agency is not None for text in texts])
    both = named[:, None] & named[None, :]
    return np.where(both, 1 - _equal([(text.agency or "").casefold() for text in texts]), np.float32(0))


def _share(common: Floats, least: int, *, of: Floats | None = None) -> Floats:
    """Common values as a share of the smaller set; NaN where that has fewer than `least`."""
    sizes = np.repeat(np.diagonal(common)[:, None], len(common), axis=1) if of is None else of
    smaller = np.minimum(sizes, sizes.T)
    return np.where(smaller >= least, common / np.maximum(smaller, 1), np.float32(np.nan))


def _known(texts: Sequence[Fingerprint], sizes: Ints, section: Section, most: int) -> Floats:
    """[i, j]: how many of i's values j would have kept: where it had too many, it kept the smallest alone."""
    out = np.repeat(sizes[:, [section]], len(texts), axis=1).astype(np.float32)
    for full in np.flatnonzero(sizes[:, section] == most).tolist():
        limit = texts[full].section(section).max()
        out[:, full] = [np.count_nonzero(text.section(section) <= limit) for text in texts]
    return out


def _comparable(texts: Sequence[Fingerprint], sizes: Ints) -> Floats:
    """[i, j]: how many of i's hashes survive the halvings of j's sketch too."""
    halvings = np.array([text.halvings for text in texts])
    out = np.repeat(sizes[:, None], len(texts), axis=1).astype(np.float32)
    for level in set(halvings[halvings > 0].tolist()):
        left = [np.count_nonzero(text.section(Section.SKETCH) < FULL >> level) for text in texts]
        out[:, halvings == level] = np.array(left, np.float32)[:, None]
    return out
