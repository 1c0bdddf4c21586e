"""The features of pairs of texts: all pairs of a set of fingerprints at once, by their texts. Pure, vectorised."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from math import isnan
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Evidence
from copydesk.judging.fingerprint import FULL, Fingerprint, Section, appeared
from copydesk.judging.fingerprint.making import MOST_NAMES, MOST_NUMBERS

__all__ = ["TOGETHER", "Features", "evidence_of", "features_of", "features_within", "part_of"]

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

BLOCKS = 8
"""A text is cut into this many parts of equal length to see how widely what is common is spread over it."""
LEAST_PART = 3
"""Sketch hashes of a part, on average, below which there are fewer parts."""
QUOTES = 256
"""Quotes of a text that are kept apart."""
TOGETHER = 64
"""Texts compared at once: for fewer numpy's calls cost more than the work, for more the pairs nobody asked for do."""
PLACE_BITS = 32
HOUR = 3600
PORTION = 1_000_000
"""Pairs of equal values looked at together."""
LEAST_FACTS, LEAST_NUMBERS = 4, 5
"""With fewer names and numbers (numbers) on one side their overlap says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """The features of all pairs; [i, j] is about text i beside text j.

    Attributes:
        shared: Sketch hashes in common.
        cover: Share of i's sketch that stands in j.
        spread: Share of i's parts that have something in common with j.
        lead: Share of the beginning of i, a quarter of it, that stands in j.
        quotes: Quoted sentences in common.
        statements: In how many separate quotes of i stands a sentence of four words or more that j quotes as well.
        speech: Share of such sentences, of the side that has fewer.
        facts, numbers: Share of names and numbers (numbers alone) of the side with fewer; NaN when too few to tell.
        title, gist: Share of title words and of most frequent words of the side that has fewer.
        names: How many names are in common.
        home: 1 where both stand on the same outlet, whose furniture they may share.
        rivals: 1 where both name an agency, and not the same.
        gap: Hours between their appearances.
    """

    shared: Floats
    cover: Floats
    spread: Floats
    lead: Floats
    quotes: Floats
    statements: Floats
    speech: Floats
    facts: Floats
    numbers: Floats
    title: Floats
    gist: Floats
    names: Floats
    home: Floats
    rivals: Floats
    gap: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Hashes:
    """The hashes of some texts, strung together.

    Attributes:
        values: The hashes, section and all.
        rows: Which text each stands in; places: its place in that text's hashes; quotes: the quote it stands in.
        sizes: How many each text has, by section.
    """

    values: Ints
    rows: Ints
    places: Ints
    quotes: Ints
    sizes: Ints

    def of(self, section: Section) -> tuple[Ints, Ints]:
        """The texts of the hashes of a section, not falling, and the hashes without their section."""
        which = self.values >> 24 == section
        return self.rows[which], self.values[which] & (FULL - 1)


def features_of(texts: Sequence[Fingerprint]) -> Features:
    """Compare every text with every other; a text is wholly like itself."""
    hashes = _string(texts)
    sizes = hashes.sizes[:, Section.SKETCH]
    parts = np.clip(sizes // LEAST_PART, 1, BLOCKS)
    first = np.maximum(sizes // 4, 1)
    common, hits, lead, statements = _count(hashes, parts, first)
    shared, names, numbers, title, gist, words, speech = common
    cover = _filled(np.minimum(shared / np.maximum(_comparable(texts, hashes), 1), 1))
    known_names = _known(hashes, Section.NAMES, MOST_NAMES)
    known_numbers = _known(hashes, Section.NUMBERS, MOST_NUMBERS)
    return Features(
        shared=shared,
        cover=cover,
        spread=_filled(hits / parts[:, None]),
        lead=_filled(lead / first[:, None]),
        quotes=speech + words,
        statements=statements,
        speech=_share(speech, 1),
        facts=_share(names + numbers, LEAST_FACTS, of=known_names + known_numbers),
        numbers=_share(numbers, LEAST_NUMBERS, of=known_numbers),
        title=_share(title, 1),
        gist=_share(gist, 1),
        names=names,
        home=_equal([text.outlet for text in texts]),
        rivals=_rivals(texts),
        gap=_gap(texts),
    )


def features_within(sets: Iterable[Sequence[Fingerprint]]) -> Iterator[Features]:
    """The features within each set, none of them empty; small ones are compared in one go, see TOGETHER."""
    for portion in _portions(sets):
        features = features_of(list(chain.from_iterable(portion)))
        start = 0
        for some in portion:
            yield part_of(features, slice(start, start + len(some)))
            start += len(some)


def _portions(sets: Iterable[Sequence[Fingerprint]]) -> Iterator[list[Sequence[Fingerprint]]]:
    portion: list[Sequence[Fingerprint]] = []
    for some in sets:
        portion.append(some)
        if sum(map(len, portion)) >= TOGETHER:
            yield portion
            portion = []
    if portion:
        yield portion


def part_of(features: Features, places: Sequence[int] | slice) -> Features:
    """The features of some of the texts."""
    at = (places, places) if isinstance(places, slice) else np.ix_(places, places)
    return Features(**{field.name: getattr(features, field.name)[at] for field in fields(features)})


def evidence_of(features: Features, one: int, other: int, *, id_: str) -> Evidence:
    """What links text `one` to text `other`, whose id is given."""
    return Evidence(
        other=id_,
        containment=_rounded(max(features.cover[one, other], features.cover[other, one])),
        quotes=int(features.quotes[one, other]),
        facts=_rounded(features.facts[one, other]),
        title=_rounded(features.title[one, other]),
        kept=_rounded(features.cover[other, one]),
        added=_rounded(1 - features.cover[one, other]),
    )


def _rounded(share: float) -> float:
    return 0.0 if isnan(share) else round(float(share), 3)


def _string(texts: Sequence[Fingerprint]) -> _Hashes:
    lengths = np.array([len(text.hashes) for text in texts])
    sizes = np.diff(np.array([text.bounds for text in texts]), axis=1)
    values = np.concatenate([text.hashes for text in texts]).astype(np.int64)
    quotes = np.zeros(len(values), np.int64)
    quotes[values >= Section.WORDS << 24] = np.concatenate([text.places for text in texts])
    return _Hashes(
        values=values,
        rows=np.repeat(np.arange(len(texts)), lengths),
        places=np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths),
        quotes=quotes,
        sizes=sizes,
    )


def _count(hashes: _Hashes, parts: Ints, first: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """For all pairs: common values by section, parts hit, values of the beginning in common, quotes in common."""
    count = len(hashes.sizes)
    common = np.zeros(len(Section) * count * count)
    lead = np.zeros(count * count)
    hit = np.zeros(count * BLOCKS * count, np.bool_)
    said: list[Ints] = []
    for left, right in _pairs(hashes.values):
        section, one, other = hashes.values[left] >> 24, hashes.rows[left], hashes.rows[right]
        place, quote = hashes.places[left], hashes.quotes[left]
        common += np.bincount((section * count + one) * count + other, minlength=len(common))
        speech = section == Section.SPEECH
        said.append((one[speech] * QUOTES + quote[speech]) * count + other[speech])
        sketch = section == Section.SKETCH
        one, other, place = one[sketch], other[sketch], place[sketch]
        block = place * parts[one] // hashes.sizes[one, Section.SKETCH]
        hit[(one * BLOCKS + block) * count + other] = True
        opening = place < first[one]
        lead += np.bincount(one[opening] * count + other[opening], minlength=len(lead))
    keys = np.unique(np.concatenate([np.zeros(0, np.int64), *said]))
    statements = np.bincount(keys // (QUOTES * count) * count + keys % count, minlength=count * count)
    table = common.reshape(len(Section), count, count).astype(np.float32)
    for kind in Section:
        np.fill_diagonal(table[kind], hashes.sizes[:, kind])
    return (
        table,
        hit.reshape(count, BLOCKS, count).sum(axis=1).astype(np.float32),
        lead.reshape(count, count).astype(np.float32),
        statements.reshape(count, count).astype(np.float32),
    )


def _pairs(values: Ints) -> Iterator[tuple[Ints, Ints]]:
    """All pairs of different places with equal values, in portions that fit in memory."""
    # value and place share one number: sorting it is several times as fast as sorting places by values
    keys = np.sort(values << PLACE_BITS | np.arange(len(values)))
    ranked, order = keys >> PLACE_BITS, keys & ((1 << PLACE_BITS) - 1)
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    repeats = np.diff(starts, append=len(ranked))
    several = np.repeat(repeats > 1, repeats)
    firsts, repeats = np.repeat(starts, repeats)[several], np.repeat(repeats, repeats)[several]
    places = np.flatnonzero(several)
    ends = np.cumsum(repeats)
    start = 0
    while start < len(ends):
        done = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + PORTION, side="right")))
        times = repeats[start:end]
        left = np.repeat(places[start:end], times)
        right = np.repeat(firsts[start:end] - ends[start:end] + times + done, times) + np.arange(len(left))
        apart = left != right
        yield order[left[apart]], order[right[apart]]
        start = end


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


def _gap(texts: Sequence[Fingerprint]) -> Floats:
    at = np.array([appeared(text.published_at, text.first_seen_at).timestamp() for text in texts])
    out: Floats = (np.abs(at[:, None] - at[None, :]) / HOUR).astype(np.float32)
    return out


def _share(common: Floats, least: int, *, of: Floats | None = None) -> Floats:
    """Common values as a share of the smaller set; NaN where that has fewer than `least`."""
    sizes = np.repeat(np.diagonal(common)[:, None], len(common), axis=1) if of is None else of
    smaller = np.minimum(sizes, sizes.T)
    return np.where(smaller >= least, common / np.maximum(smaller, 1), np.float32(np.nan))


def _known(hashes: _Hashes, section: Section, most: int) -> Floats:
    """[i, j]: how many of i's values j would have kept: where it had too many, it kept the smallest alone."""
    sizes = hashes.sizes[:, section]
    out = np.repeat(sizes[:, None], len(sizes), axis=1).astype(np.float32)
    full = np.flatnonzero(sizes == most)
    if not len(full):
        return out
    rows, values = hashes.of(section)
    limits = values[(np.cumsum(sizes) - most)[full, None] + np.arange(most)].max(axis=1)
    order = np.argsort(limits)
    within = np.searchsorted(limits[order], values)  # the first limit that a value does not pass
    counts = np.bincount(rows * (len(full) + 1) + within, minlength=len(sizes) * (len(full) + 1))
    out[:, full[order]] = np.cumsum(counts.reshape(len(sizes), -1), axis=1)[:, :-1]
    return out


def _comparable(texts: Sequence[Fingerprint], hashes: _Hashes) -> Floats:
    """[i, j]: how many of i's hashes survive the halvings of j's sketch too."""
    halvings = np.array([text.halvings for text in texts])
    out = np.repeat(hashes.sizes[:, [Section.SKETCH]], len(texts), axis=1).astype(np.float32)
    if halvings.any():
        rows, values = hashes.of(Section.SKETCH)
        for level in set(halvings.tolist()):
            left = np.bincount(rows[values < FULL >> level], minlength=len(texts))
            out[:, halvings == level] = left[:, None]
    return out
