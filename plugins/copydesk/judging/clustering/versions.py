"""Groups of copies → the same, those joined that hold versions of one running report. Pure.

An agency writes its report anew every few hours, and papers print parts of each version. Of these parts hardly any has
something in common with the next version, the less the longer the hours between them: so it is not asked how many of
two groups are linked, nor how many are apart, as in linkage.py. That its own versions are linked is enough. So it is
for a text that stands alone, made of one version only, and has a link to that on the agency's own page.
"""

from collections.abc import Iterable, Sequence

from copydesk.judging.clustering.constraints import Constraint

__all__ = ["joined_by_versions"]


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
