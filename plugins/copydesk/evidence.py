"""What ties texts to one another: all pairs of a set of fingerprints at once. Pure, vectorised.

Everything here is symmetric or comes in both directions, and depends on the two texts of a pair alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from copydesk.fingerprint import FULL, Fingerprint, Section
from copydesk.model import Evidence

__all__ = ["Ties", "evidence_of", "part_of", "tie"]

Floats: TypeAlias = NDArray[np.float32]
Ints: TypeAlias = NDArray[np.int64]

BLOCKS = 8
"""A text is cut into this many parts of equal length to see how widely a tie is spread over it."""
LEAST_PART = 3
"""Sketch hashes of a part, on average, below which there are fewer parts."""
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
class _Table:
    """Which text has which value, for values that several have.

    Attributes:
        table: One row a text, one column a value, ordered by section.
        sizes: How many values each text has, by section.
        at: Places, in all texts' hashes strung together, of the values that have a column; rows, columns: theirs.
        bounds: First column of each section, and the end.
    """

    table: Floats
    sizes: Ints
    at: Ints
    rows: Ints
    columns: Ints
    bounds: Ints

    def of(self, section: Section) -> Floats:
        return self.table[:, self.bounds[section] : self.bounds[section + 1]]

    def common(self, section: Section) -> Floats:
        """How many values of a section each two texts have in common; the diagonal holds their numbers."""
        part = self.of(section)
        out: Floats = part @ part.T
        np.fill_diagonal(out, self.sizes[:, section])
        return out


def tie(texts: Sequence[Fingerprint]) -> Ties:
    """Compare every text with every other; a text is wholly like itself."""
    table = _tabulate(texts)
    shared, cover, spread, lead = _sketches(texts, table)
    names, numbers = table.common(Section.NAMES), table.common(Section.NUMBERS)
    speech = table.common(Section.SPEECH)
    return Ties(
        shared=shared,
        cover=cover,
        spread=spread,
        lead=lead,
        quotes=speech + table.common(Section.WORDS),
        places=_places(texts, table),
        speech=_share(speech, 1),
        facts=_share(names + numbers, LEAST_FACTS),
        numbers=_share(numbers, LEAST_NUMBERS),
        title=_share(table.common(Section.TITLE), 1),
        gist=_share(table.common(Section.GIST), 1),
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
    )


def _rounded(share: float) -> float:
    return round(float(np.nan_to_num(share)), 3)


def _tabulate(texts: Sequence[Fingerprint]) -> _Table:
    hashes = np.concatenate([text.hashes for text in texts])
    lengths = np.array([len(text.hashes) for text in texts])
    rows = np.repeat(np.arange(len(texts)), lengths)
    sections = (hashes >> 24).astype(np.int64)
    sizes = np.bincount(rows * len(Section) + sections, minlength=len(texts) * len(Section))
    order = np.argsort(hashes, kind="stable")
    ranked = hashes[order]
    fresh = np.ones(len(ranked) + 1, np.bool_)
    fresh[1:-1] = ranked[1:] != ranked[:-1]
    several = ~(fresh[:-1] & fresh[1:])
    columns = np.cumsum(fresh[:-1][several]) - 1
    at = order[several]
    firsts = ranked[several][np.flatnonzero(fresh[:-1][several])]
    table = np.zeros((len(texts), len(firsts)), np.float32)
    table[rows[at], columns] = 1
    return _Table(
        table=table,
        sizes=sizes.reshape(len(texts), len(Section)),
        at=at,
        rows=rows[at],
        columns=columns,
        bounds=np.searchsorted(firsts >> 24, np.arange(len(Section) + 1)),
    )


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


def _share(common: Floats, least: int) -> Floats:
    """Common values as a share of the smaller set; NaN where that has fewer than `least`."""
    sizes = np.diagonal(common)
    smaller = np.minimum(sizes[:, None], sizes[None, :])
    return np.where(smaller >= least, common / np.maximum(smaller, 1), np.float32(np.nan))


def _sketches(texts: Sequence[Fingerprint], table: _Table) -> tuple[Floats, Floats, Floats, Floats]:
    """Shared hashes, cover, spread and lead of all pairs."""
    count = len(texts)
    sizes = table.sizes[:, Section.SKETCH]
    parts = np.clip(sizes // LEAST_PART, 1, BLOCKS)
    mine = table.columns < table.bounds[1]
    rows, columns = table.rows[mine], table.columns[mine]
    lengths = table.sizes.sum(axis=1)
    place = table.at[mine] - (np.cumsum(lengths) - lengths)[rows]
    blocks = np.zeros((count * BLOCKS, table.bounds[1]), np.float32)
    blocks[rows * BLOCKS + place * parts[rows] // sizes[rows], columns] = 1
    hits = (blocks @ table.of(Section.SKETCH).T).reshape(count, BLOCKS, count)
    shared: Floats = hits.sum(axis=1)
    np.fill_diagonal(shared, sizes)
    spread: Floats = ((hits > 0).sum(axis=1) / parts[:, None]).astype(np.float32)
    np.fill_diagonal(spread, 1)
    first = np.maximum(sizes // 4, 1)
    table_of_leads = np.zeros((count, table.bounds[1]), np.float32)
    opening = place < first[rows]
    table_of_leads[rows[opening], columns[opening]] = 1
    lead: Floats = (table_of_leads @ table.of(Section.SKETCH).T / first[:, None]).astype(np.float32)
    np.fill_diagonal(lead, 1)
    cover: Floats = np.minimum(shared / np.maximum(_comparable(texts, sizes), 1), 1)
    return shared, cover, spread, lead


def _comparable(texts: Sequence[Fingerprint], sizes: Ints) -> Floats:
    """[i, j]: how many of i's hashes survive the halvings of j's sketch too."""
    halvings = np.array([text.halvings for text in texts])
    out = np.repeat(sizes[:, None], len(texts), axis=1).astype(np.float32)
    for level in set(halvings[halvings > 0].tolist()):
        left = [np.count_nonzero(text.section(Section.SKETCH) < FULL >> level) for text in texts]
        out[:, halvings == level] = np.array(left, np.float32)[:, None]
    return out


def _places(texts: Sequence[Fingerprint], table: _Table) -> Floats:
    """[i, j]: in how many separate quotes of i stands a long sentence that j quotes as well."""
    out = np.zeros((len(texts), len(texts)), np.float32)
    start = table.bounds[Section.SPEECH]
    mine = table.columns >= start
    if not mine.any():
        return out
    spoken = np.concatenate([np.pad(text.places, (len(text.hashes) - len(text.places), 0)) for text in texts])
    rows = table.rows[mine]
    keys, inverse = np.unique(rows * 256 + spoken[table.at[mine]], return_inverse=True)
    quotes = np.zeros((len(keys), table.table.shape[1] - start), np.float32)
    quotes[inverse, table.columns[mine] - start] = 1
    np.add.at(out, keys // 256, (quotes @ table.of(Section.SPEECH).T > 0).astype(np.float32))
    return out
