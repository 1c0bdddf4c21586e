"""Which texts must be decided on together: the search for pairs that may be linked, in the index and in a batch."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import TypeAlias

from copydesk.index import Found, Index, Kind, Probe
from copydesk.index.article import judgements_of
from copydesk.judging.clustering.components import DisjointSets
from copydesk.judging.clustering.edges import edges_of
from copydesk.judging.fingerprint import (
    LEAST_SEARCHED,
    WINDOW,
    Fingerprint,
    from_body,
    is_current,
    searched,
)

__all__ = ["Edge", "find_candidates", "find_edges", "load_texts", "read_texts"]

log = logging.getLogger(__name__)

Edge: TypeAlias = tuple[str, str]

SEARCHES = ("terms", "quotes"), ("names",)
"""Copies and stories are searched apart, or many texts with the same names would hide a copy."""
TOGETHER = 64
"""Texts compared at once: for fewer numpy's calls cost more than the work, for more the pairs nobody asked for do."""
BEYOND = timedelta(seconds=1)
"""Until how far behind the window texts are looked for: the index ends before the end, and counts milliseconds."""
MOST_CANDIDATES = 500
"""Texts one is compared with; a member of a larger family finds the rest of it through these."""


def load_texts(index: Index, ids: Iterable[str]) -> dict[str, Fingerprint]:
    """The fingerprints that exist; see `read_texts` for those of an older version."""
    return read_texts(index.get(Kind.FINGERPRINTS, sorted(ids)).values())


def read_texts(rows: Iterable[Found]) -> dict[str, Fingerprint]:
    """The fingerprints in records; those that an older version made wait for a replay: told, and passed over."""
    known: dict[str, Fingerprint] = {}
    older: list[str] = []
    for row in rows:
        if is_current(row.body):
            known[row.id] = from_body(row.id, row.body)
        else:
            older.append(row.id)
    if older:
        log.warning(
            "%d fingerprints of an older version are compared with nothing until `copydesk replay`: %s",
            len(older),
            ", ".join(older[:3]),
        )
    return known


def find_edges(index: Index, texts: Mapping[str, Fingerprint]) -> tuple[list[Edge], list[list[str]]]:
    """Pairs that connect what must be decided on together: each of the texts with others, or among themselves.

    The index shows only what has been refreshed; the texts themselves need not be there yet. Of several pairs
    that connect the same sets only some are in the first list; the second has for each text all that it may be
    connected with, for what is in one story now may be parted before it is decided on.
    """
    candidates = find_candidates(index, texts)
    missing = {other for others in candidates.values() for other in others} - set(texts)
    known = {**load_texts(index, missing), **texts}
    sets = DisjointSets(known)
    for id_, judgement in judgements_of(index, sorted(missing)).items():
        sets.union(id_, f"story {judgement.story}")
    likely = {id_: [other for other in others if other in known] for id_, others in candidates.items()}
    # one of each set first: where that is linked, the others need no look
    first = {(id_, other): None for id_, others in likely.items() for other in _one_of_each(others, sets)}
    rest = ((id_, other) for id_, others in likely.items() for other in others if (id_, other) not in first)
    edges = [*_joining(known, first, sets), *_joining(known, rest, sets)]
    of = {id_: sets.find(id_) for id_ in known}
    return edges, [[id_, *(other for other in likely[id_] if of[other] == of[id_])] for id_ in texts]


def _joining(texts: Mapping[str, Fingerprint], pairs: Iterable[Edge], sets: DisjointSets) -> Iterator[Edge]:
    """Those of the pairs that are linked and join two sets, which are one then."""
    before = {id_: sets.find(id_) for id_ in texts}
    apart = (pair for pair in pairs if before[pair[0]] != before[pair[1]])
    for one, other in _linked(texts, (pair for pair in apart if sets.apart(*pair))):
        if sets.apart(one, other):
            sets.union(one, other)
            yield one, other


def find_candidates(index: Index, texts: Mapping[str, Fingerprint]) -> dict[str, dict[str, None]]:
    """For each text the ids of those that share enough values with it to be compared, in order."""
    probes = {id_: _probe(text) for id_, text in texts.items()}
    if not probes:
        return {}
    candidates = _candidates_within(probes)
    asked = [
        (id_, replace(probe, groups={name: probe.groups[name] for name in names}))
        for names in SEARCHES
        for id_, probe in probes.items()
    ]
    found = index.candidates([probe for _, probe in asked], limit=MOST_CANDIDATES)
    for (id_, _), others in zip(asked, found, strict=True):
        candidates[id_].update(dict.fromkeys(others))
    return candidates


def _one_of_each(ids: Sequence[str], sets: "DisjointSets") -> Iterable[str]:
    """The first of each set."""
    return {sets.find(id_): id_ for id_ in reversed(ids)}.values()


def _linked(texts: Mapping[str, Fingerprint], pairs: Iterator[Edge]) -> Iterator[Edge]:
    """Those of the pairs that are linked, see `edges_of`; taken as needed, for what is found makes others needless."""
    while block := _block(pairs):
        places = {id_: place for place, id_ in enumerate(dict.fromkeys(chain.from_iterable(block)))}
        found = edges_of([texts[id_] for id_ in places])
        yield from (pair for pair in block if found[places[pair[0]], places[pair[1]]])


def _block(pairs: Iterator[Edge]) -> list[Edge]:
    """The next pairs, of TOGETHER texts or little more."""
    block: list[Edge] = []
    ids: set[str] = set()
    for pair in pairs:
        block.append(pair)
        ids.update(pair)
        if len(ids) >= TOGETHER:
            break
    return block


def _probe(text: Fingerprint) -> Probe:
    values = searched(text)
    since, until = text.first_seen_at - WINDOW, text.first_seen_at + WINDOW + BEYOND
    return Probe(
        groups={name: (values[name], least) for name, least in LEAST_SEARCHED.items()},
        since=since.isoformat(),
        until=until.isoformat(),
        without=[text.id],
    )


def _candidates_within(probes: Mapping[str, Probe]) -> dict[str, dict[str, None]]:
    """What the index would find among the texts themselves, in order."""
    candidates: dict[str, dict[str, None]] = {id_: {} for id_ in probes}
    for name, least in LEAST_SEARCHED.items():
        holders = defaultdict(list)
        for id_, probe in probes.items():
            for value in probe.groups[name][0]:
                holders[value].append(id_)
        for id_, probe in probes.items():
            several = (ids for value in probe.groups[name][0] if len(ids := holders[value]) > 1)
            shared = Counter(chain.from_iterable(several))
            candidates[id_].update(
                {other: None for other, times in shared.items() if times >= least and other != id_}
            )
    return candidates
