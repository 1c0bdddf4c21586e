"""A component: its texts, what they have in common, and the links between them. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np

from copydesk.index.judgement import Evidence
from copydesk.judging.clustering.comparing import Pool
from copydesk.judging.clustering.constraints import Constraints
from copydesk.judging.clustering.families import Family
from copydesk.judging.clustering.features import EVERY, evidence_of
from copydesk.judging.clustering.graph import Ask, Graph, always, never, told
from copydesk.judging.clustering.likely import FEW, likely_pairs
from copydesk.judging.clustering.links import APART_BY, EVENTS_BY, apart, copies, events, soon, versions
from copydesk.judging.clustering.pairs import Flags, Floats, Ints
from copydesk.judging.clustering.rarity import pool
from copydesk.judging.clustering.stories import SURE
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["Beside", "Component", "beside_originals", "component_of"]

Linked: TypeAlias = tuple[Ints, Ints, Floats]
"""Pairs of places, and how strong their link is."""
IN_EVIDENCE = ("shared", "facts", "title", "quotes")
"""The features that evidence tells."""


@dataclass(frozen=True, slots=True)
class Component:
    """Its texts, what they have in common, links between them, what people decided; all by place in `texts`.

    Attributes:
        versions: The pairs that are versions of one running report, the surest first.
        of_wires: The pairs of a text and one that an agency has on its own page, and that it is a copy of; also so.
    """

    texts: Sequence[Fingerprint]
    known: Pool
    copy: Graph
    event: Graph
    versions: Sequence[tuple[int, int]]
    of_wires: Sequence[tuple[int, int]]
    constraints: Constraints


@dataclass(frozen=True, slots=True)
class Beside:
    """What a member of a family has of the original, as a share of its words; and what links it to its closest copy."""

    share: float
    evidence: Evidence


def component_of(texts: Sequence[Fingerprint], constraints: Constraints) -> Component:
    """Compare texts, at least one, as far as they may be linked."""
    known = pool(texts)
    copy, event, version, ask = _links(known, constraints)
    return Component(
        texts,
        known,
        Graph(len(texts), *copy, ask, lambda left, right: soon(known.gap(left, right))),
        Graph(len(texts), *event, never, always),
        _surest_first(version),
        _surest_first(_of_wires(copy, known.wires)),
        constraints,
    )


def _links(known: Pool, constraints: Constraints) -> tuple[Linked, Linked, Linked, Ask]:
    """The pairs that are linked as copies, as accounts of one event, as versions; and how to ask which are apart."""
    copies_: list[Linked] = []
    events_: list[Linked] = []
    versions_: list[Linked] = []
    ask: Ask = partial(_apart, known)
    for some in likely_pairs(known):
        ones, others = some.ones, some.others
        features = known.features(ones, others, EVERY if some.may_be_copies else EVENTS_BY)
        event = events(features).strength
        if some.may_be_copies:
            found = copies(features)
            copies_.append(_linked(ones, others, found.strength))
            version = np.where(versions(features), found.strength, np.float32(0))
            versions_.append(_linked(ones, others, version))
            # copies that a person parted still surely tell of one event
            parted = constraints.copies.parts(ones, others) & (found.strength > 0)
            event = np.where(parted, np.float32(SURE), event)
            if known.count <= FEW:
                ask = told(known.count, ones, others, found.apart)
        events_.append(_linked(ones, others, event))
    return _strung(copies_), _strung(events_), _strung(versions_), ask


def _linked(ones: Ints, others: Ints, strength: Floats) -> Linked:
    which = np.flatnonzero(strength)
    return ones[which], others[which], strength[which]


def _strung(portions: Sequence[Linked]) -> Linked:
    ones, others, strength = (np.concatenate(part) for part in zip(*portions, strict=True))
    return ones, others, strength


def _of_wires(linked: Linked, wires: Flags) -> Linked:
    ones, others, strength = linked
    which = np.flatnonzero(wires[ones] != wires[others])
    ones, others = ones[which], others[which]
    swap = wires[ones]
    return np.where(swap, others, ones), np.where(swap, ones, others), strength[which]


def _surest_first(linked: Linked) -> list[tuple[int, int]]:
    ones, others, strength = linked
    order = np.lexsort((others, ones, -strength))
    return list(zip(ones[order].tolist(), others[order].tolist(), strict=True))


def _apart(known: Pool, ones: Ints, others: Ints) -> Flags:
    return apart(known.features(ones, others, APART_BY))


def beside_originals(families: Sequence[Family], links: Component) -> dict[int, Beside]:
    """For each member that is no original what it has of it, and the evidence: the link to it, if there is one.

    Else a link by hand, else that to the closest copy.
    """
    linked = {*links.copy.pairs()}
    members, closest, originals = [], [], []
    for family in families:
        others = [member for member in family.members if member != family.original]
        members += others
        originals += [family.original] * len(others)
        near = [
            member
            for member in others
            if (min(member, family.original), max(member, family.original)) in linked
        ]
        far = _closest(family, sorted({*others} - {*near}), links, linked)
        closest += [far.get(member, family.original) for member in others]
    at = np.array(members, np.int64)
    beside = np.array(closest, np.int64)
    features = links.known.features(at, beside, IN_EVIDENCE)
    cover = features.cover
    if closest != originals:
        cover = links.known.features(at, np.array(originals, np.int64), ("shared",)).cover
    by_hand = links.constraints.copies.binds
    return {
        member: Beside(
            float(cover[number]),
            replace(
                evidence_of(features, number, id_=links.texts[other].id),
                by_hand=by_hand(member, other),
            ),
        )
        for number, (member, other) in enumerate(zip(members, closest, strict=True))
    }


def _closest(
    family: Family, members: Sequence[int], links: Component, linked: Collection[tuple[int, int]]
) -> dict[int, int]:
    """For members that have no link to the original those that are closest to them."""
    if not members:
        return {}
    places = {place: number for number, place in enumerate(family.members)}
    shared, by_hand = links.known.shared(family.members), links.constraints.copies.binds

    def closeness(member: int, other: int) -> tuple[bool, bool, float, str]:
        pair = (min(member, other), max(member, other))
        much = float(shared[places[member], places[other]])
        return by_hand(member, other), pair in linked, much, links.texts[other].id

    return {
        member: max((other for other in family.members if other != member), key=partial(closeness, member))
        for member in members
    }
