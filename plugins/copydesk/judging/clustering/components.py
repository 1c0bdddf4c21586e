"""Connected components: of a graph of texts the parts that nothing connects. Pure.

A and B are copies, C tells of the same event as B, and D has nothing to do with any of them: {A, B, C} and {D}.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["DisjointSets", "components_of", "connect"]

Flags: TypeAlias = NDArray[np.bool_]


class DisjointSets:
    """Disjoint sets of names, joined one after the other (union-find with path halving)."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        """The name that stands for the set; a new name is a set of its own."""
        parent = self._parent
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def apart(self, one: str, other: str) -> bool:
        """Whether two names are not in one set."""
        return self.find(one) != self.find(other)

    def union(self, one: str, other: str) -> None:
        """Make one set of two."""
        self._parent[self.find(one)] = self.find(other)


def connect(ids: Iterable[str], sets: Iterable[Sequence[str]]) -> list[list[str]]:
    """Cut ids into the components that the sets make of them; other ids in the sets are passed over."""
    own = list(ids)
    known = set(own)
    components = DisjointSets(own)
    for joined in sets:
        present = [id_ for id_ in joined if id_ in known]
        for id_ in present[1:]:
            components.union(id_, present[0])
    found = defaultdict(list)
    for id_ in own:
        found[components.find(id_)].append(id_)
    return list(found.values())


def components_of(places: Sequence[int], adjacent: Flags) -> list[list[int]]:
    """The components of the places, each sorted."""
    left = set(places)
    found = []
    for place in places:
        if place not in left:
            continue
        left.discard(place)
        component, ahead = [place], [place]
        while ahead:
            more = [other for other in np.flatnonzero(adjacent[ahead.pop()]).tolist() if other in left]
            left.difference_update(more)
            component += more
            ahead += more
        found.append(sorted(component))
    return found
