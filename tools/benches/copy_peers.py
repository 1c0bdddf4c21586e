"""Libraries that find near-duplicate texts, each from texts to pairs; evaluation only, see requirements-eval.in."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np

__all__ = ["PEERS", "Pairs", "Peer", "missing", "shingles"]

Pairs = list[tuple[int, int]]
"""Texts by number that a library holds for copies of each other; families are what hangs together by them."""

WORD = re.compile(r"\w+")
NOT_WORD = re.compile(r"\W")
SHINGLE, HASHES, MANY_HASHES, SEED = 5, 128, 256, 42
ROWS = 4
"""Hashes a band of rensa; 2 for thresholds below .4, which bands of 4 would not see."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A library as one uses it.

    Attributes:
        name: How it is called in tables.
        module: What must be importable.
        usual: The setting people use.
        grid: Settings to choose the best from, `usual` among them.
        find: Texts and settings → pairs for each setting.
        setting: What the number means.
    """

    name: str
    module: str
    usual: float
    grid: Sequence[float]
    find: Callable[[Sequence[str], Sequence[float]], list[Pairs]]
    setting: str


def missing(peer: Peer) -> str:
    """Why a library cannot be measured; "" if it can."""
    try:
        import_module(peer.module)
    except ImportError as error:
        return str(error)
    return ""


def shingles(text: str, size: int = SHINGLE) -> set[str]:
    """Runs of lower-case words, the whole text if it is shorter."""
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + size]) for at in range(max(1, len(words) - size + 1))}


def _datasketch(texts: Sequence[str], thresholds: Sequence[float]) -> list[Pairs]:
    return _banded([shingles(text) for text in texts], thresholds, HASHES)


def _text_dedup(texts: Sequence[str], thresholds: Sequence[float]) -> list[Pairs]:
    # its own configuration for news: pairs of words, split at every non-letter, 256 hashes, bands taken unverified
    tokens = [NOT_WORD.split(text.lower()) for text in texts]
    runs = [{" ".join(pair) for pair in pairwise(words)} or set(words) for words in tokens]
    return _banded(runs, thresholds, MANY_HASHES)


def _banded(sets: Sequence[set[str]], thresholds: Sequence[float], hashes: int) -> list[Pairs]:
    from datasketch import MinHash, MinHashLSH  # noqa: PLC0415 (may be missing, as in all functions below)

    sketches = []
    for members in sets:
        sketch = MinHash(num_perm=hashes)
        sketch.update_batch([member.encode() for member in members])
        sketches.append(sketch)

    def pairs(threshold: float) -> Iterator[tuple[int, int]]:
        index = MinHashLSH(threshold=threshold, num_perm=hashes)
        for number, sketch in enumerate(sketches):
            yield from ((number, other) for other in index.query(sketch))
            index.insert(number, sketch)

    return [list(pairs(threshold)) for threshold in thresholds]


def _rensa(texts: Sequence[str], thresholds: Sequence[float]) -> list[Pairs]:
    from rensa import RMinHash, RMinHashLSH  # noqa: PLC0415

    sketches = []
    for text in texts:
        sketch = RMinHash(HASHES, SEED)
        sketch.update(list(shingles(text)))
        sketches.append(sketch)

    def pairs(threshold: float) -> Iterator[tuple[int, int]]:
        index = RMinHashLSH(threshold, HASHES, HASHES // (ROWS if threshold >= 0.4 else 2))  # noqa: PLR2004 (see ROWS)
        for number, sketch in enumerate(sketches):
            for other in index.query(sketch):
                if sketch.jaccard(sketches[other]) >= threshold:
                    yield number, other
            index.insert(number, sketch)

    return [list(pairs(threshold)) for threshold in thresholds]


def _gaoya(texts: Sequence[str], thresholds: Sequence[float]) -> list[Pairs]:
    from gaoya.minhash import MinHashStringIndex  # noqa: PLC0415

    def pairs(threshold: float) -> Iterator[tuple[int, int]]:
        index = MinHashStringIndex(32, threshold, None, None, HASHES, "word", True, (SHINGLE, SHINGLE))  # noqa: FBT003 (by place only)
        for number, text in enumerate(texts):
            yield from ((number, int(other)) for other in index.query(text))
            index.insert_document(number, text)

    return [list(pairs(threshold)) for threshold in thresholds]


def _simhash(texts: Sequence[str], distances: Sequence[float]) -> list[Pairs]:
    from simhash import Simhash  # noqa: PLC0415

    values = np.array([Simhash(text).value for text in texts], np.uint64)
    apart = np.bitwise_count(values[:, None] ^ values[None, :])
    return [_upper(apart <= distance) for distance in distances]


def _tf_idf(texts: Sequence[str], thresholds: Sequence[float]) -> list[Pairs]:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415

    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    cosine: Any = (vectors @ vectors.T).toarray()
    return [_upper(cosine >= threshold) for threshold in thresholds]


def _upper(near: Any) -> Pairs:
    first, second = np.nonzero(np.triu(near, 1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


JACCARDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8)
PEERS = (
    Peer("datasketch", "datasketch", 0.5, JACCARDS, _datasketch, "J >="),
    Peer("rensa", "rensa", 0.5, JACCARDS, _rensa, "J >="),
    Peer("gaoya", "gaoya", 0.5, JACCARDS, _gaoya, "J >="),
    Peer("simhash", "simhash", 3, (3, 6, 9, 12, 15), _simhash, "bits <="),
    Peer("text-dedup", "datasketch", 0.45, (*JACCARDS, 0.45), _text_dedup, "J >="),
    Peer("TF-IDF", "sklearn", 0.5, (0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9), _tf_idf, "cosine >="),
)
