"""Connected components: of a graph of texts the parts that nothing connects. Pure.

A and B are copies, C tells of the same event as B, and D has nothing to do with any of them: {A, B, C} and {D}.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

__all__ = ["DisjointSets", "components_by", "connect"]


class DisjointSets:
    """Disjoint sets of names, joined one after the other (union-find with path halving)."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def find(self, name: str) -> str:
        """The name that stands for the set; a new name is a set of its own."""
        parent = self._parent
        if name not in parent:
            parent[name] = name
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

    def unite(self, names: Sequence[str]) -> None:
        """Make one set of those of all these names."""
        parent = self._parent
        root = self.find(names[0]) if names else ""
        for name in names:
            # most are there already, or next to it
            if parent.get(name) != root and (other := self.find(name)) != root:
                parent[other] = root


def connect(ids: Iterable[str], sets: Iterable[Sequence[str]]) -> list[list[str]]:
    """Cut ids into the components that the sets make of them; other ids in the sets are passed over."""
    own = list(ids)
    known = set(own)
    components = DisjointSets(own)
    for joined in sets:
        components.unite([id_ for id_ in joined if id_ in known])
    found = defaultdict(list)
    for id_ in own:
        found[components.find(id_)].append(id_)
    return list(found.values())


def components_by(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The components that pairs make of the places 0 to count - 1, each sorted, the one with the first place first."""
    parent = list(range(count))

    def find(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    for one, other in pairs:
        left, right = find(one), find(other)
        parent[max(left, right)] = min(left, right)
    found = defaultdict(list)
    for place in range(count):
        found[find(place)].append(place)
    return list(found.values())
