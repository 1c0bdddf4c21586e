"""Which texts must be decided on together, by the two alone and whatever else there is. Pure, vectorised.

An edge asks for less than a link does, and nothing of other texts: so which component a text is in does not depend on
who came first, and the search finds it (candidates.py).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copydesk.judging.clustering.pairs import Floats, covered, occurrences, products, sums
from copydesk.judging.fingerprint import (
    LEAST_SEARCHED,
    NAME,
    NUMBER,
    WINDOW,
    Fingerprint,
    Section,
    searched_names,
)

__all__ = ["edges_of", "items_of"]

Flags = NDArray[np.bool_]

LEAST_COVER = 0.15
"""Share of one of the texts that stands in the other."""
LEAST_FACTS = 0.33
"""Share of names and numbers of the side with fewer that two texts on one event have in common."""
LEAST_ITEM, LEAST_HELD = 0.35, 4
"""Share of a text, or of an item of a digest as long as its others, that stand in both; and runs of words."""


def edges_of(texts: Sequence[Fingerprint]) -> Flags:
    """[i, j]: whether two texts must be decided on together; symmetric, and true where i is j."""
    count = len(texts)
    shared, cover = _common(texts)
    copy = (shared >= LEAST_SEARCHED["terms"]) & (np.maximum(cover, cover.T) >= LEAST_COVER)
    speech = occurrences(texts, Section.SPEECH)
    said = sums(speech, np.ones(len(speech.values), np.float32), count) >= LEAST_SEARCHED["quotes"]
    terms = occurrences(texts, Section.TERMS)
    marks = np.concatenate([text.marks for text in texts]).astype(np.int64)
    names = np.concatenate([searched_names(text) for text in texts]).astype(np.float32)
    facts = ((marks & (NAME | NUMBER)) != 0).astype(np.float32)
    (common_names,) = products(terms, [names], names, count)
    (common,) = products(terms, [facts], facts, count)
    sizes = np.bincount(terms.rows, facts, count)
    smaller = np.maximum(np.minimum(sizes[:, None], sizes[None, :]), 1)
    event = (common_names >= LEAST_SEARCHED["names"]) & (common >= LEAST_FACTS * smaller)
    seen = np.array([text.first_seen_at.timestamp() for text in texts])
    soon = np.abs(seen[:, None] - seen[None, :]) <= WINDOW.total_seconds()
    out: Flags = (copy | said | event) & soon
    np.fill_diagonal(out, val=True)
    return out


def items_of(texts: Sequence[Fingerprint], digests: Sequence[int], edges: Flags) -> list[list[int]]:
    """For each of the digests the places of those other texts of which it holds a good part, if there is an edge."""
    if not digests:
        return []
    shared, cover = _common(texts)
    share = cover * np.array([max(text.items, 1) for text in texts])[:, None]
    held = (shared >= LEAST_HELD) & (np.maximum(share, share.T) >= LEAST_ITEM) & edges
    held[:, digests] = False
    return [np.flatnonzero(held[digest]).tolist() for digest in digests]


def _common(texts: Sequence[Fingerprint]) -> tuple[Floats, Floats]:
    """For all pairs how many runs of three words they share, and which share of the first text's that is."""
    sketch = occurrences(texts, Section.SKETCH)
    halvings = np.array([text.halvings for text in texts])
    return covered(sketch, np.ones(len(sketch.values), np.float32), halvings)
