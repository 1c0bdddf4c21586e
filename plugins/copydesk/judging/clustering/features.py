"""The features of pairs of texts: all pairs of a set of fingerprints at once. Pure, vectorised.

What two texts have in common weighs by how rare it is among the texts that are decided on together: a name of the event
stands in half of them and says nothing, a turn of phrase in two says all. Texts that are the same word for word count
once, or a text printed by a hundred papers would look as common as the event.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from numpy.typing import NDArray

from copydesk.index.judgement import Evidence
from copydesk.judging.clustering.pairs import Floats, Ints, Occurrences, covered, occurrences, products, sums
from copydesk.judging.clustering.telling import telling
from copydesk.judging.fingerprint import COUNT_AT, NAME, NUMBER, TITLE, Fingerprint, Section, appeared

__all__ = ["Features", "evidence_of", "features_of"]

HOUR = 3600
VERBATIM = 0.9
"""Share of both texts that stands in the other from which on they are the same word for word."""
OUTSIDE = 100
"""Texts that are thought to stand beside those decided on, with nothing in common: rarity in a set of two."""
LEAST_FACTS, LEAST_NUMBERS = 4, 5
"""With fewer names and numbers (numbers) on one side their overlap says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """The features of all pairs; [i, j] is about text i beside text j.

    Attributes:
        shared: Runs of three content words in common.
        cover: Share of i's runs that stand in j; `weighed` the same with each by its rarity.
        cosine: Of the terms, each weighed by its rarity and its frequency in the text.
        facts, numbers: Share of names and numbers, by rarity (numbers alone, plain) of the side with fewer; NaN when
            too few to tell.
        differing: How many numbers of the side with fewer do not stand in the other.
        title: Share of i's title words, by rarity, that are terms of j; NaN without a title.
        telling: See `telling.telling`.
        quotes: Quoted sentences in common; 0 where i is j.
        speech: Share of quoted sentences, by rarity, of the side that has fewer; 0 without quotes.
        home: 1 where both stand on the same outlet, whose furniture they may share.
        rivals: 1 where both name an agency, and not the same.
        gap: Hours between their appearances.
    """

    shared: Floats
    cover: Floats
    weighed: Floats
    cosine: Floats
    facts: Floats
    numbers: Floats
    differing: Floats
    title: Floats
    telling: Floats
    quotes: Floats
    speech: Floats
    home: Floats
    rivals: Floats
    gap: Floats


def features_of(texts: Sequence[Fingerprint]) -> Features:
    """Compare every text with every other; a text is wholly like itself."""
    count = len(texts)
    sketch, terms, speech = (occurrences(texts, section) for section in Section)
    halvings = np.array([text.halvings for text in texts])
    ones = np.ones(len(sketch.values), np.float32)
    shared, cover = covered(sketch, ones, halvings)
    near = np.minimum(cover, cover.T) >= VERBATIM
    alike = (1 / near.sum(axis=1)).astype(np.float32)
    _, weighed = covered(sketch, _rarity(sketch, alike), halvings)
    marks = np.concatenate([text.marks for text in texts]).astype(np.int64)
    said = _rarity(speech, alike)
    return Features(
        shared=_own(shared, sketch),
        cover=cover,
        weighed=weighed,
        **_of_terms(terms, marks, _rarity(terms, alike), count),
        quotes=sums(speech, np.ones(len(speech.values), np.float32), count),
        speech=np.nan_to_num(
            _of_fewer(sums(speech, said, count), np.bincount(speech.rows, said, count).astype(np.float64))
        ),
        home=_equal([text.outlet for text in texts]),
        rivals=_rivals(texts),
        gap=_gap(texts),
    )


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


def _rarity(of: Occurrences, alike: Floats) -> Floats:
    """The weight of each occurrence: the logarithm of how many texts, and others OUTSIDE, there are for one with it."""
    holders = np.bincount(of.values, alike[of.rows], of.distinct)
    weights: Floats = np.log((alike.sum() + OUTSIDE) / np.maximum(holders, 1)).astype(np.float32)
    return weights[of.values]


def _of_terms(of: Occurrences, marks: Ints, weights: Floats, count: int) -> dict[str, Floats]:
    """The features that terms make."""
    here = np.ones(len(weights), np.float32)
    vector = weights * (1 + np.log(np.maximum(marks >> COUNT_AT, 1))).astype(np.float32)
    lengths = np.sqrt(np.bincount(of.rows, vector**2, count)).astype(np.float32)
    (dot,) = products(of, [vector], vector, count)
    facts = weights * ((marks & (NAME | NUMBER)) != 0)
    numbers = here * ((marks & NUMBER) != 0)
    titles = weights * ((marks & TITLE) != 0)
    common = products(of, [facts, numbers, titles], here, count)
    totals = [np.bincount(of.rows, one, count).astype(np.float64) for one in (facts, numbers, titles)]
    few = np.bincount(of.rows, facts > 0, count) < LEAST_FACTS
    shared_facts = _of_fewer(common[0], totals[0])
    shared_facts[few] = shared_facts[:, few] = np.nan
    shared_numbers = _of_fewer(common[1], totals[1])
    few = totals[1] < LEAST_NUMBERS
    shared_numbers[few] = shared_numbers[:, few] = np.nan
    with np.errstate(invalid="ignore"):
        title = common[2] / np.where(totals[2] > 0, totals[2], np.nan)[:, None]
    return {
        "cosine": _filled(dot / np.maximum(np.outer(lengths, lengths), 1e-6)),
        "facts": shared_facts,
        "numbers": shared_numbers,
        "differing": np.minimum(totals[1][:, None], totals[1][None, :]).astype(np.float32) - common[1],
        "title": title.astype(np.float32),
        "telling": telling(of, marks, count),
    }


def _of_fewer(common: Floats, totals: NDArray[np.floating]) -> Floats:
    """What is common as a share of the smaller side; symmetric. NaN where one side has nothing."""
    smaller = np.minimum(totals[:, None], totals[None, :])
    either = np.where(totals[:, None] <= totals[None, :], common, common.T)
    out: Floats = np.where(smaller > 0, np.minimum(either / np.maximum(smaller, 1e-6), 1), np.nan).astype(
        np.float32
    )
    return out


def _own(shared: Floats, sketch: Occurrences) -> Floats:
    np.fill_diagonal(shared, np.bincount(sketch.rows, minlength=len(shared)))
    return shared


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
