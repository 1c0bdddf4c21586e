"""Audit: pairs of texts near the threshold, drawn for people to review → precision and recall with their limits.

A pair is drawn from its stratum, more often where judging may err, and weighs as many pairs as it stands for; so
the figures speak of the whole index and not of the hard cases alone. Recall is that among the pairs that the
look-up finds at all.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from math import sqrt

import xxhash

from copydesk.index import Index, Kind
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Evidence
from copydesk.index.unreadable import field_of
from copydesk.judging.candidates import find_candidates, load_texts, read_texts
from copydesk.judging.clustering.features import evidence_of
from copydesk.judging.clustering.rarity import features_of
from copydesk.judging.fingerprint import Fingerprint, is_current

__all__ = ["Figure", "Pair", "draw", "figures", "interval", "stratum_of"]

STRATA: Mapping[str, float] = {
    "joined, weak": 0.35,
    "apart, near": 0.35,
    "joined, clear": 0.15,
    "apart, far": 0.15,
}
"""Strata and the share of the drawn pairs each gets; what a small stratum leaves goes to the others."""

CLEAR = 0.5
"""Containment from which a joined pair is clear; see judging/clustering/families.py."""
NEAR, NEAR_QUOTES = 0.1, 2
"""Containment, or identical quotes, from which a pair that was not joined may have been missed."""

Z = 1.96
"""Of the normal distribution, for limits at 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts to be reviewed.

    Attributes:
        one, other: Ids of articles.
        language: Of the first.
        joined: Whether judging put them into one family.
        stratum: One of STRATA.
        weight: How many pairs of the sampled texts it stands for.
        evidence: What the two have in common.
        same: The reviewer's answer, whether one carries the text of the other; None before.
    """

    one: str
    other: str
    language: str
    joined: bool
    stratum: str
    weight: float
    evidence: Evidence
    same: bool | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A share (0..1) with its 95 % limits, over so many reviewed pairs; the share is None when there are none."""

    language: str
    name: str
    share: float | None
    low: float
    high: float
    pairs: int


def draw(index: Index, *, texts: int, pairs: int, seed: int = 0) -> list[Pair]:
    """Up to `pairs` pairs among `texts` sampled texts and what the look-up finds near them.

    The same index and seed draw the same pairs. An index without near texts draws none, nor does one whose texts all
    wait for a replay.
    """
    rows = (row for row in index.scan(Kind.FINGERPRINTS) if is_current(row.body))
    sampled = nsmallest(texts, rows, key=lambda row: _order(seed, row.id))
    strata: dict[str, list[Pair]] = defaultdict(list)
    for pair in _pairs(index, read_texts(sampled)):
        strata[pair.stratum].append(pair)
    return _drawn(strata, pairs, random.Random(seed))


def _order(seed: int, id_: str) -> int:
    return xxhash.xxh64_intdigest(id_.encode(), seed)


def _pairs(index: Index, texts: Mapping[str, Fingerprint]) -> Iterator[Pair]:
    """Every pair of one of the texts and a judged one near it, once."""
    near = find_candidates(index, texts)
    known = {**load_texts(index, {other for ids in near.values() for other in ids} - set(texts)), **texts}
    judged = judgements_of(index, sorted(known))
    articles = index.get(Kind.ARTICLES, sorted(known))
    for id_, ids in near.items():
        others = [other for other in ids if other in judged and (other not in near or other > id_)]
        if id_ not in judged or id_ not in articles or not others:
            continue
        features = features_of([known[id_], *(known[other] for other in others)])
        for place, other in enumerate(others, 1):
            evidence = evidence_of(features, 0, place, id_=other)
            joined = judged[id_].family == judged[other].family
            yield Pair(
                one=id_,
                other=other,
                language=str(field_of(articles[id_], "language")),
                joined=joined,
                stratum=stratum_of(evidence, joined=joined),
                weight=1.0,
                evidence=evidence,
            )


def stratum_of(evidence: Evidence, *, joined: bool) -> str:
    """Where a pair stands: joined or apart, and how near the threshold."""
    if joined:
        return "joined, clear" if evidence.containment >= CLEAR else "joined, weak"
    is_near = evidence.containment >= NEAR or evidence.quotes >= NEAR_QUOTES
    return "apart, near" if is_near else "apart, far"


def _drawn(strata: Mapping[str, Sequence[Pair]], most: int, rng: random.Random) -> list[Pair]:
    """A sample of each stratum, in an order that does not tell them apart."""
    drawn: list[Pair] = []
    left, shares = most, 1.0
    # the smallest first: what it leaves is shared out among those that follow
    for name in sorted(STRATA, key=lambda name: (len(strata.get(name, ())), name)):
        pairs = strata.get(name, ())
        number = min(len(pairs), round(left * STRATA[name] / shares))
        shares -= STRATA[name]
        left -= number
        drawn += [replace(pair, weight=len(pairs) / number) for pair in rng.sample(list(pairs), number)]
    rng.shuffle(drawn)
    return drawn


def figures(pairs: Iterable[Pair]) -> list[Figure]:
    """Precision and recall of the reviewed pairs, of all languages and then of each; others do not count."""
    reviewed = [pair for pair in pairs if pair.same is not None]
    out = []
    for language in ("all", *sorted({pair.language for pair in reviewed})):
        own = [pair for pair in reviewed if language in {"all", pair.language}]
        joined, same = [pair for pair in own if pair.joined], [pair for pair in own if pair.same]
        out.append(_figure(language, "precision", joined, lambda pair: bool(pair.same)))
        out.append(_figure(language, "recall", same, lambda pair: pair.joined))
    return out


def _figure(language: str, name: str, pairs: Sequence[Pair], is_hit: Callable[[Pair], bool]) -> Figure:
    weights = [pair.weight for pair in pairs]
    if not weights:
        return Figure(language, name, None, 0.0, 1.0, 0)
    share = sum(pair.weight for pair in pairs if is_hit(pair)) / sum(weights)
    # Kish 1965: unequal weights make a sample worth fewer pairs than it has
    low, high = interval(share, sum(weights) ** 2 / sum(weight**2 for weight in weights))
    return Figure(language, name, share, low, high, len(pairs))


def interval(share: float, size: float) -> tuple[float, float]:
    """95 % limits of a share observed on so many pairs (Wilson 1927), which hold for shares of 0 and 1 too."""
    centre = share + Z**2 / (2 * size)
    reach = Z * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    scale = 1 + Z**2 / size
    return max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
