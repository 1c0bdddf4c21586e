"""A component: its texts, what they have in common, and the links between them. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from copydesk.index.judgement import Evidence
from copydesk.judging.clustering.agencies import sources
from copydesk.judging.clustering.comparing import Pool
from copydesk.judging.clustering.constraints import Constraints
from copydesk.judging.clustering.families import Family
from copydesk.judging.clustering.features import evidence_of
from copydesk.judging.clustering.graph import Ask, Graph, always, never, told
from copydesk.judging.clustering.likely import likely_pairs
from copydesk.judging.clustering.links import (
    APART_FIRST,
    APART_THEN,
    after_flashes,
    apart,
    copies,
    events,
    may_be_apart,
    may_be_copies,
    may_be_versions,
    reports,
    soon,
    versions,
)
from copydesk.judging.clustering.pairs import Flags, Floats, Ints, Linked
from copydesk.judging.clustering.rarity import pool
from copydesk.judging.clustering.stories import SURE
from copydesk.judging.clustering.versions import first_versions, versions_before
from copydesk.judging.fingerprint import Fingerprint

__all__ = ["Beside", "Component", "beside_originals", "component_of"]

FEW = 48
"""Of so few texts it is asked of all pairs at once which are apart: that costs less than to ask again and again."""
TO_BE_COPIES = ("cosine", "title", "quotes")
"""What must be known of pairs beside likely.KNOWN to tell whether they are copies."""
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
    copy, event, of_one = _links(known, constraints)
    known = replace(known, wires=known.wires | sources(known.outlets, known.at, copy))
    return Component(
        texts,
        known,
        Graph(len(texts), *copy, _apart_in(known), lambda left, right: soon(known.gap(left, right))),
        Graph(len(texts), *event, never, always),
        _surest_first(_versions(known, *of_one)),
        _surest_first(_of_wires(copy, known.wires)),
        constraints,
    )


def _links(known: Pool, constraints: Constraints) -> tuple[Linked, Linked, tuple[Ints, Ints]]:
    """The pairs that are linked as copies, as accounts of one event; and those that may be versions."""
    copies_: list[Linked] = []
    events_: list[Linked] = []
    of_one: list[tuple[Ints, Ints]] = []
    for some in likely_pairs(known):
        features = known.features(some.ones, some.others, (), some.known)
        which = np.flatnonzero(may_be_copies(features))
        ones, others = some.ones[which], some.others[which]
        copy = copies(known.features(ones, others, TO_BE_COPIES, features.at(which))).strength
        copies_.append(_linked(ones, others, copy))
        # copies that a person parted still surely tell of one event
        parted = which[constraints.copies.parts(ones, others) & (copy > 0)]
        event = events(features).strength
        event[parted] = SURE
        events_.append(_linked(some.ones, some.others, event))
        again = np.flatnonzero(may_be_versions(features))
        of_one.append((some.ones[again], some.others[again]))
    ones, others = (np.concatenate(side) for side in zip(*of_one, strict=True))
    return _strung(copies_), _strung(events_), (ones, others)


def _versions(known: Pool, ones: Ints, others: Ints) -> Linked:
    """Those of these pairs of one outlet that are versions of one running report."""
    features = known.features(ones, others)
    alike = np.where(versions(features), copies(features).strength, np.float32(0))
    return _strung(
        [
            _linked(ones, others, alike),
            versions_before(known, _linked(ones, others, reports(features))),
            first_versions(known, _linked(ones, others, after_flashes(features))),
        ]
    )


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


def _apart_in(known: Pool) -> Ask:
    """Ask which pairs are apart; of few texts all pairs are compared at once, when it is asked first."""

    def asked(ones: Ints, others: Ints) -> Flags:
        features = known.features(ones, others, APART_FIRST)
        out = may_be_apart(features)
        which = np.flatnonzero(out)
        out[which] = apart(known.features(ones[which], others[which], APART_THEN, features.at(which)))
        return out

    @cache
    def every() -> Ask:
        ones, others = np.triu_indices(known.count, 1)
        return told(known.count, ones, others, asked(ones, others))

    def of_few(ones: Ints, others: Ints) -> Flags:
        return every()(ones, others)

    return asked if known.count > FEW else of_few


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
