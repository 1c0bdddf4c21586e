"""Which texts must be decided on together: the search for pairs with a tie, in the index and in a batch."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TypeAlias

from copydesk.fingerprint import Fingerprint, from_body, to_body
from copydesk.grouping import kin
from copydesk.ports import Index, Kind, Probe

__all__ = ["Edge", "find_edges", "load_texts", "split"]

Edge: TypeAlias = tuple[str, str]

WINDOW = timedelta(days=7)
"""Texts first seen further apart than this are not compared (dedupe.md 6)."""
LEAST_SHARED = {"terms": 2, "quotes": 3, "names": 5}
"""Values two texts must share in one of the searched fields to be compared at all."""
MOST_CANDIDATES = 50
"""Texts one is compared with; a member of a larger family finds the rest of it through these."""


def load_texts(index: Index, ids: Iterable[str]) -> dict[str, Fingerprint]:
    """The fingerprints that exist."""
    return {id_: from_body(id_, row.body) for id_, row in index.get(Kind.FINGERPRINTS, sorted(ids)).items()}


def find_edges(index: Index, texts: Mapping[str, Fingerprint]) -> list[Edge]:
    """Pairs that must be decided on together: each of the texts with others, of the index or among themselves.

    The index shows only what has been refreshed; the texts themselves need not be there yet.
    """
    probes = {id_: _probe(text) for id_, text in texts.items()}
    if not probes:
        return []
    near = _among(probes)
    for id_, found in zip(
        probes, index.candidates(list(probes.values()), limit=MOST_CANDIDATES), strict=True
    ):
        near[id_].update(found)
    missing = {other for others in near.values() for other in others} - set(texts)
    known = {**load_texts(index, missing), **texts}
    edges = []
    for id_, others in near.items():
        there = [other for other in sorted(others) if other in known]
        if there:
            tied = kin([texts[id_], *(known[other] for other in there)])[0, 1:]
            edges += [(id_, other) for other, is_kin in zip(there, tied, strict=True) if is_kin]
    return edges


def _probe(text: Fingerprint) -> Probe:
    body = to_body(text)
    groups = {
        name: ([str(value) for value in _values(body[name])], least) for name, least in LEAST_SHARED.items()
    }
    since, until = text.first_seen_at - WINDOW, text.first_seen_at + WINDOW
    return Probe(groups=groups, since=since.isoformat(), until=until.isoformat(), without=[text.id])


def _values(item: object) -> Sequence[object]:
    return item if isinstance(item, list | tuple) else ()


def _among(probes: Mapping[str, Probe]) -> dict[str, set[str]]:
    """What the index would find among the texts themselves."""
    near: dict[str, set[str]] = {id_: set() for id_ in probes}
    for name, least in LEAST_SHARED.items():
        holders = defaultdict(list)
        for id_, probe in probes.items():
            for value in probe.groups[name][0]:
                holders[value].append(id_)
        for id_, probe in probes.items():
            shared = Counter(other for value in probe.groups[name][0] for other in holders[value])
            near[id_].update(other for other, times in shared.items() if times >= least and other != id_)
    return near


def split(ids: Iterable[str], sets: Iterable[Sequence[str]]) -> list[list[str]]:
    """Cut ids into parts that no set joins; ids in the sets that are not among them are passed over."""
    parent = {id_: id_ for id_ in ids}

    def top(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for joined in sets:
        present = [top(id_) for id_ in joined if id_ in parent]
        for id_ in present[1:]:
            parent[top(id_)] = top(present[0])
    parts = defaultdict(list)
    for id_ in parent:
        parts[top(id_)].append(id_)
    return list(parts.values())
