"""What a text tells of, by the text alone: how much each of its terms weighs, and how alike two texts are by that.

Within one event its names stand in every text, so rarity among the texts at hand would say that they mean nothing, and
a story would fall apart as it grows. What is mentioned early and often is what a text is about, whatever stands beside
it: a report on a strike opens with the port and the union, and its last paragraph recalls other strikes. Pure,
vectorised.
"""

import numpy as np

from copydesk.judging.clustering.pairs import Floats, Ints, Occurrences
from copydesk.judging.fingerprint import weights_of

__all__ = ["telling"]

HEAVIEST = 12
"""Terms of a text that tell most of what it is about."""


def telling(of: Occurrences, marks: Ints) -> tuple[Floats, Floats]:
    """Of each term its weight in the unit vector of its text; and its share of the heaviest terms, 0 for others.

    Two texts are as alike as the cosine of these vectors and the share of the heaviest ones of each in the other say
    together, from 0 to 2.
    """
    count = len(of.starts) - 1
    places = np.arange(len(of.rows)) - of.starts[of.rows]
    vector = weights_of(marks, places)
    heavy = _heaviest(vector, of.rows, places)
    unit = vector / np.sqrt(np.maximum(np.bincount(of.rows, vector**2, count), 1))[of.rows]
    share = heavy / np.maximum(np.bincount(of.rows, heavy, count), 1)[of.rows]
    return unit.astype(np.float32), share.astype(np.float32)


def _heaviest(vector: Floats, rows: Ints, places: Ints) -> Ints:
    """1 for the terms of each text that weigh most, the first ones of as heavy ones."""
    order = np.lexsort((places, -vector, rows))
    ranks = np.empty(len(order), np.int64)
    ranks[order] = places
    return (ranks < HEAVIEST).astype(np.int64)
