"""Peers of `wire` at their best: what they call alike, cut by threshold into families, each setting tried.

TF-IDF has sublinear frequencies and the set's own idf, of words or of runs of four characters, which scripts without
spaces need. MinHash has its Jaccard counted exactly, as endless signatures would, of runs of three and of five words.
SimHash is the package's, 64 bits. Families are what hangs together by pairs, or groups of average linkage; the best of
all that is taken for each set and each figure by itself, in their favour.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benches.copy_peers import shingles
from benches.scoring import Labels

__all__ = ["PEERS", "Alike", "Setting", "WirePeer", "alike", "families_by_setting", "missing"]

Alike = NDArray[np.float64]
"""How alike texts are, from 0 to 1: a row and a column each."""

WORD = re.compile(r"\b\w\w+\b")
"""A word as scikit-learn has it."""
CHARACTERS, BITS = 4, 64


@dataclass(frozen=True, slots=True)
class WirePeer:
    """A way to compare texts, with its variants and the thresholds to try."""

    name: str
    module: str
    variants: Mapping[str, Callable[[Sequence[str]], Alike]]
    grid: Sequence[float]


@dataclass(frozen=True, slots=True, order=True)
class Setting:
    """What was tried: the variant ("" if there is one), the threshold, and how pairs became families."""

    variant: str
    threshold: float
    linkage: str

    def __str__(self) -> str:
        """As shown: "5 words .35 average"."""
        return " ".join(part for part in (self.variant, f"{self.threshold:.3g}", self.linkage) if part)


def alike(peer: WirePeer, texts: Sequence[str]) -> dict[str, Alike]:
    """How alike the texts are by each variant of a peer."""
    return {name: compare(texts) for name, compare in peer.variants.items()}


def families_by_setting(
    peer: WirePeer, ids: Sequence[str], compared: Mapping[str, Alike]
) -> Iterator[tuple[Setting, Labels]]:
    """The families of every setting."""
    hierarchy, distance, graph = map(
        import_module, ("scipy.cluster.hierarchy", "scipy.spatial.distance", "scipy.sparse.csgraph")
    )
    for variant, pairs in compared.items():
        apart = np.maximum(1 - (pairs + pairs.T) / 2, 0)
        np.fill_diagonal(apart, 0)
        tree = hierarchy.linkage(distance.squareform(apart, checks=False), "average")
        for threshold in peer.grid:
            groups = graph.connected_components(pairs >= threshold, directed=False)[1]
            yield Setting(variant, threshold, "linked"), _labels(ids, groups)
            groups = hierarchy.fcluster(tree, 1 - threshold, "distance")
            yield Setting(variant, threshold, "average"), _labels(ids, groups)


def missing(peer: WirePeer) -> str:
    """Why a peer cannot be measured; "" if it can."""
    try:
        for module in ("scipy", peer.module):
            import_module(module)
    except ImportError as error:
        return str(error)
    return ""


def _labels(ids: Sequence[str], groups: Any) -> dict[str, str]:
    return dict(zip(ids, map(str, groups.tolist()), strict=True))


def _tf_idf(terms: Callable[[str], list[str]], texts: Sequence[str]) -> Alike:
    made = import_module("sklearn.feature_extraction.text").TfidfVectorizer(sublinear_tf=True, analyzer=terms)
    vectors = made.fit_transform(texts)
    return np.asarray((vectors @ vectors.T).toarray())


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def _characters(text: str) -> list[str]:
    return [text[at : at + CHARACTERS] for at in range(len(text) - CHARACTERS + 1)]


def _jaccard(size: int, texts: Sequence[str]) -> Alike:
    made = import_module("sklearn.feature_extraction.text").CountVectorizer(
        analyzer=partial(shingles, size=size), binary=True, dtype=np.float32
    )
    vectors = made.fit_transform(texts)
    both = np.asarray((vectors @ vectors.T).toarray(), np.float64)
    sizes = both.diagonal()
    return np.asarray(both / np.maximum(sizes[:, None] + sizes[None, :] - both, 1))


def _simhash(texts: Sequence[str]) -> Alike:
    made = import_module("simhash").Simhash
    values = np.array([made(text).value for text in texts], np.uint64)
    return np.asarray(1 - np.bitwise_count(values[:, None] ^ values[None, :]) / BITS)


PEERS = (
    WirePeer(
        "TF-IDF",
        "sklearn",
        {"words": partial(_tf_idf, _words), "4 characters": partial(_tf_idf, _characters)},
        tuple(n / 40 for n in range(6, 38)),
    ),
    WirePeer(
        "MinHash",
        "sklearn",
        {f"{size} words": partial(_jaccard, size) for size in (3, 5)},
        tuple(n / 40 for n in range(2, 33)),
    ),
    WirePeer("SimHash", "simhash", {"": _simhash}, tuple(1 - bits / BITS for bits in range(24))),
)
