"""Which texts must be decided on together: the search for pairs that may be linked, in the index and in a batch."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import TypeAlias

from copydesk.index import Index, Kind, Probe
from copydesk.index.article import judgements_of
from copydesk.judging.clustering.components import DisjointSets
from copydesk.judging.clustering.decision import adjacency
from copydesk.judging.clustering.features import TOGETHER
from copydesk.judging.clustering.links import FEWEST_SHARED, LEAST_LONG_QUOTES, LEAST_NAMES
from copydesk.judging.fingerprint import Fingerprint, Section, from_body, searched

__all__ = ["Edge", "find_candidates", "find_edges", "load_texts"]

Edge: TypeAlias = tuple[str, str]

Held: TypeAlias = Mapping[Section, frozenset[int]]
"""The hashes of a text by section."""

SIEVED = (Section.SKETCH, Section.SPEECH, Section.NAMES, Section.GIST, Section.TITLE)
WINDOW = timedelta(days=7)
"""Texts first seen further apart than this are not compared (dedupe.md 6)."""
LEAST_FOUND = {"terms": 2, "quotes": 3, "names": LEAST_NAMES}
"""Values two texts must share in one of the searched fields to be compared at all; one may be an accident."""
SEARCHES = ("terms", "quotes"), ("names",)
"""Copies and stories are searched apart, or many texts with the same names would hide a copy."""
LEAST_ABOUT, LEAST_HELD = 0.19, 0.14
"""Shares of words and of a sketch a little below the least that any link asks for: LEAST_WORDS, LEAST_PART."""
MOST_CANDIDATES = 50
"""Texts one is compared with; a member of a larger family finds the rest of it through these."""


def load_texts(index: Index, ids: Iterable[str]) -> dict[str, Fingerprint]:
    """The fingerprints that exist."""
    return {id_: from_body(id_, row.body) for id_, row in index.get(Kind.FINGERPRINTS, sorted(ids)).items()}


def find_edges(index: Index, texts: Mapping[str, Fingerprint]) -> tuple[list[Edge], list[Edge]]:
    """Pairs that connect what must be decided on together: each of the texts with others, or among themselves.

    The index shows only what has been refreshed; the texts themselves need not be there yet. Of several pairs
    that connect the same sets only some are in the first list; the second has all that may do so, for what is in
    one story now may be parted before it is decided on.
    """
    candidates = find_candidates(index, texts)
    missing = {other for others in candidates.values() for other in others} - set(texts)
    known = {**load_texts(index, missing), **texts}
    sets = DisjointSets(known)
    for id_, judgement in judgements_of(index, sorted(missing)).items():
        sets.union(id_, f"story {judgement.story}")
    likely = _likely(known, candidates)
    every = [(id_, other) for id_, others in likely.items() for other in others]
    # one of each set first: where that is linked, the others need no look
    first = {(id_, other): None for id_, others in likely.items() for other in _one_of_each(others, sets)}
    edges: list[Edge] = []
    for pairs in (first, [pair for pair in every if pair not in first]):
        for one, other in _linked(known, [pair for pair in pairs if sets.apart(*pair)]):
            if sets.apart(one, other):
                sets.union(one, other)
                edges.append((one, other))
    return edges, [pair for pair in every if not sets.apart(*pair)]


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


def _likely(
    texts: Mapping[str, Fingerprint], candidates: Mapping[str, Iterable[str]]
) -> dict[str, list[str]]:
    """A cheap look before the exact one: those candidates that may be linked."""
    held = {
        id_: {section: frozenset(text.section(section).tolist()) for section in SIEVED}
        for id_, text in texts.items()
    }
    return {
        id_: [
            other
            for other in others
            if other in texts
            and (
                _may_link(held[id_], held[other])
                # sketches that were thinned differently are not compared by their sizes
                or texts[id_].halvings != texts[other].halvings
            )
        ]
        for id_, others in candidates.items()
    }


def _may_link(one: Held, other: Held) -> bool:
    """False only for texts that are not: no link asks for less, see links.py."""
    shared, speech, names = (
        len(one[section] & other[section]) for section in (Section.SKETCH, Section.SPEECH, Section.NAMES)
    )
    if speech >= LEAST_LONG_QUOTES or (speech and names >= LEAST_NAMES):
        return True
    if _share(one, other, Section.GIST) + _share(one, other, Section.TITLE) / 2 >= LEAST_ABOUT:
        return shared >= FEWEST_SHARED or names >= LEAST_NAMES
    return shared >= FEWEST_SHARED and _share(one, other, Section.SKETCH) >= LEAST_HELD


def _share(one: Held, other: Held, section: Section) -> float:
    return len(one[section] & other[section]) / (min(len(one[section]), len(other[section])) or 1)


def _one_of_each(ids: Sequence[str], sets: "DisjointSets") -> Iterable[str]:
    """The first of each set."""
    return {sets.find(id_): id_ for id_ in reversed(ids)}.values()


def _linked(texts: Mapping[str, Fingerprint], pairs: Sequence[Edge]) -> Iterator[Edge]:
    """Those of the pairs that are linked, see `adjacency`."""
    ahead = iter(pairs)
    while block := _block(ahead):
        places = {id_: place for place, id_ in enumerate(dict.fromkeys(chain.from_iterable(block)))}
        found = adjacency([texts[id_] for id_ in places])
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
    since, until = text.first_seen_at - WINDOW, text.first_seen_at + WINDOW
    return Probe(
        groups={name: (values[name], least) for name, least in LEAST_FOUND.items()},
        since=since.isoformat(),
        until=until.isoformat(),
        without=[text.id],
    )


def _candidates_within(probes: Mapping[str, Probe]) -> dict[str, dict[str, None]]:
    """What the index would find among the texts themselves, in order."""
    candidates: dict[str, dict[str, None]] = {id_: {} for id_ in probes}
    for name, least in LEAST_FOUND.items():
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
