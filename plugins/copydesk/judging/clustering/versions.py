"""Groups of copies → the same, those joined that hold versions of one running report. Pure.

An agency writes its report anew every few hours, and papers print parts of each version. Of these parts hardly any has
something in common with the next version, the less the longer the hours between them: so it is not asked how many of
two groups are linked, nor how many are apart, as in linkage.py. That its own versions are linked is enough. So it is
for a text that stands alone, made of one version only, and has a link to that on the agency's own page.

Before the first version there is a flash: a sentence or two that no version repeats.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from copydesk.judging.clustering.comparing import Pool
from copydesk.judging.clustering.constraints import Constraint
from copydesk.judging.clustering.links import FLASH
from copydesk.judging.clustering.pairs import Linked

__all__ = ["first_versions", "joined_by_versions", "versions_before"]


def joined_by_versions(
    groups: Sequence[Sequence[int]],
    versions: Iterable[tuple[int, int]],
    constraint: Constraint,
    *,
    alone: bool = False,
) -> list[list[int]]:
    """The groups, each sorted; those in which one of these pairs stands are joined, in this order, if that may be.

    With `alone` only if the first of the pair has no other text beside it.
    """
    parts = {number: list(group) for number, group in enumerate(groups)}
    of = {place: number for number, group in parts.items() for place in group}
    for one, other in versions:
        left, right = of[one], of[other]
        if alone and len(parts[left]) > 1:
            continue
        if left != right and not constraint.forbids(parts[left], parts[right]):
            gone = parts.pop(right)
            parts[left] += gone
            of |= dict.fromkeys(gone, left)
    return [sorted(group) for group in parts.values()]


def first_versions(texts: Pool, pairs: Linked) -> Linked:
    """Of pairs that may be a flash and what came after it, for each flash the one that tells most of the same."""
    ones, others, strength = _by_time(texts, pairs)
    sizes = texts.sketches.most[0]
    which = np.flatnonzero((sizes[ones] <= FLASH) & (sizes[ones] < sizes[others]))
    return _best((ones[which], others[which], strength[which]))


def versions_before(texts: Pool, pairs: Linked) -> Linked:
    """Of pairs that may be versions, for each text the one before it that is most alike: it was written from that."""
    ones, others, strength = _by_time(texts, pairs)
    return _best((others, ones, strength))


def _by_time(texts: Pool, pairs: Linked) -> Linked:
    """The pairs, the earlier text first."""
    ones, others, strength = pairs
    swap = texts.at[ones] > texts.at[others]
    return np.where(swap, others, ones), np.where(swap, ones, others), strength


def _best(pairs: Linked) -> Linked:
    """For each text that is the first of a pair its strongest one."""
    ones, others, strength = pairs
    order = np.lexsort((others, -strength, ones))
    best = order[np.unique(ones[order], return_index=True)[1]]
    return ones[best], others[best], strength[best]
