"""Texts that are decided on together → a pool in which any of their pairs can be compared. Pure, vectorised.

What two texts have in common weighs by how rare it is among the texts that are decided on together: a name of the event
stands in half of them and says nothing, a turn of phrase in two says all. Texts that are the same word for word count
once, or a text printed by a hundred papers would look as common as the event.
"""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.agencies import on_wires
from copydesk.judging.clustering.comparing import Pool, Sketches, Terms
from copydesk.judging.clustering.features import Features
from copydesk.judging.clustering.pairs import (
    Floats,
    Ints,
    Occurrences,
    comparable,
    count,
    covered,
    holders,
    occurrences,
    sums,
    tiles,
)
from copydesk.judging.clustering.telling import telling
from copydesk.judging.fingerprint import COUNT_AT, NAME, NUMBER, TITLE, Fingerprint, Section, appeared

__all__ = ["features_of", "pool"]

VERBATIM = 0.9
"""Share of both texts that stands in the other from which on they are the same word for word."""
OUTSIDE = 100
"""Texts that are thought to stand beside those decided on, with nothing in common: rarity in a set of two."""
LEAST_FACTS = 4
"""With fewer names and numbers on one side their overlap says nothing."""


def pool(texts: Sequence[Fingerprint]) -> Pool:
    """Prepare texts, at least one."""
    sketch, terms, speech = (occurrences(texts, section) for section in Section)
    halvings = np.array([text.halvings for text in texts])
    most = comparable(sketch, np.ones(len(sketch.values), np.float32), halvings)
    alike = _alike(sketch, most, halvings)
    rarity = _rarity(sketch, alike)
    said = _rarity(speech, alike)
    twice, quoted = sketch.shared(), speech.shared()
    marks = np.concatenate([text.marks for text in texts]).astype(np.int64)
    return Pool(
        count=len(texts),
        sketches=Sketches(
            every=sketch.only(twice),
            weights=rarity[twice],
            halvings=halvings,
            most=most,
            weighed=comparable(sketch, rarity, halvings),
        ),
        terms=_terms(terms, marks, _rarity(terms, alike)),
        speech=speech.only(quoted),
        said=said[quoted],
        said_by=np.bincount(speech.rows, said, len(texts)).astype(np.float64),
        outlets=_numbered([text.outlet for text in texts]),
        agencies=np.where(
            [text.agency is not None for text in texts],
            _numbered([(text.agency or "").casefold() for text in texts]),
            -1,
        ),
        wires=np.array(on_wires(texts), np.bool_),
        at=np.array([appeared(text.published_at, text.first_seen_at).timestamp() for text in texts]),
    )


def features_of(texts: Sequence[Fingerprint]) -> Features:
    """Compare every text with every other: [i, j] is about text i beside text j. For few texts."""
    size = len(texts)
    every = np.arange(size)
    found = pool(texts).features(np.repeat(every, size), np.tile(every, size))
    return Features(
        **{field.name: getattr(found, field.name).reshape(size, size) for field in fields(Features)}
    )


def _rarity(of: Occurrences, alike: Floats) -> Floats:
    """The weight of each occurrence: the logarithm of how many texts, and others OUTSIDE, there are for one with it."""
    holders = np.bincount(of.values, alike[of.rows], of.distinct)
    weights: Floats = np.log((alike.sum() + OUTSIDE) / np.maximum(holders, 1)).astype(np.float32)
    return weights[of.values]


def _alike(sketch: Occurrences, most: NDArray[np.float64], halvings: Ints) -> Floats:
    """For each text one part of as many as there are texts that are the same word for word."""
    twice = sketch.only(sketch.shared())
    same = np.ones(len(halvings))
    parts = tiles(len(halvings))
    for number, columns in enumerate(parts):
        held = holders(twice, columns)
        for rows in parts[: number + 1]:
            (shared,) = sums(twice, [count], rows, held)
            there = covered(shared, most, rows[:, None], halvings[columns][None, :])
            back = covered(shared, most, columns[None, :], halvings[rows][:, None])
            near = (np.minimum(there, back) >= VERBATIM) & (rows[:, None] < columns)
            same[rows] += near.sum(axis=1)
            same[columns] += near.sum(axis=0)
    return (1 / same).astype(np.float32)


def _terms(of: Occurrences, marks: Ints, weights: Floats) -> Terms:
    texts = len(of.starts) - 1
    vector = weights * (1 + np.log(np.maximum(marks >> COUNT_AT, 1))).astype(np.float32)
    every = {
        "vector": vector,
        "facts": weights * ((marks & (NAME | NUMBER)) != 0),
        "numbers": ((marks & NUMBER) != 0).astype(np.float32),
        "title": weights * ((marks & TITLE) != 0),
    }
    unit, share = telling(of, marks)
    totals = {name: np.bincount(of.rows, one, texts).astype(np.float64) for name, one in every.items()}
    totals["vector"] = np.sqrt(np.bincount(of.rows, vector**2, texts))
    twice = of.shared()
    return Terms(
        every=of.only(twice),
        rarity=weights[twice],
        weights={name: one[twice] for name, one in (every | {"unit": unit, "share": share}).items()},
        totals=totals,
        few=np.bincount(of.rows, every["facts"] > 0, texts) < LEAST_FACTS,
    )


def _numbered(names: Sequence[str]) -> Ints:
    """A number for each name, the same for the same."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], np.int64)
