"""Groups of what is linked, on links drawn at random: what they keep, and what they do not depend on."""

import random
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.index.judgement import Ruling, Verdict
from copydesk.judging.clustering import families, stories
from copydesk.judging.clustering.constraints import Constraint, constraints_of
from copydesk.judging.clustering.families import find_families
from copydesk.judging.clustering.graph import Links, always, never
from copydesk.judging.clustering.linkage import grouped
from copydesk.judging.clustering.rarity import pool
from copydesk.judging.fingerprint.making import make_fingerprints
from made.linkage import among, densely_grouped, graph_of, links_of
from made.texts import START, document, paragraphs

SEEDS = st.integers(0, 10**9)
COUNTS = st.integers(1, 12)
SHARES = st.sampled_from((0.0, 0.15, 0.25, 0.5, 0.9))
SAMES = st.sampled_from((0.5, 1.3, np.inf))


def drawn(rng: random.Random, count: int) -> Links:
    """Links between some of the pairs, no two equally strong; some of the pairs that have none are apart."""
    strength, apart = np.zeros((count, count), np.float32), np.zeros((count, count), np.bool_)
    linked, parted, soon = rng.random(), rng.random() / 2, rng.random()
    for one in range(count):
        for other in range(one):
            if rng.random() < linked:
                strength[one, other] = strength[other, one] = 2 * rng.random()
            elif rng.random() < parted:
                apart[one, other] = apart[other, one] = True
    near = np.array([[rng.random() < soon for _ in range(count)] for _ in range(count)], np.bool_)
    return Links(strength, apart, near | near.T | (strength > 0))


def ruled(rng: random.Random, count: int, rulings: int) -> Constraint:
    """What so many rulings on pairs of texts demand."""
    if count < 2:
        return constraints_of(["0"], []).copies
    made = []
    for number in range(rulings):
        one, other = sorted(map(str, rng.sample(range(count), 2)))
        verdict = rng.choice(list(Verdict))
        made.append(Ruling(one=one, other=other, verdict=verdict, at=START + timedelta(number)))
    return constraints_of([str(place) for place in range(count)], made).copies


@settings(max_examples=200)
@given(SEEDS, COUNTS, st.integers(0, 8), SHARES, SAMES)
def test_every_place_is_in_one_group_as_the_constraint_demands(
    seed: int, count: int, rulings: int, share: float, same: float
) -> None:
    """What must be together is, what must be apart is, whatever the links are."""
    rng = random.Random(seed)
    links, constraint = drawn(rng, count), ruled(rng, count, rulings)
    groups = grouped(graph_of(links), constraint, share=share, same=same, alone=0.5)
    assert sorted(place for group in groups for place in group) == list(range(count))
    assert all(group == sorted(group) for group in groups)
    of = np.zeros(count, int)
    for number, group in enumerate(groups):
        of[group] = number
    together = of[:, None] == of[None, :]
    assert together[constraint.must_link].all()
    assert not together[constraint.cannot_link].any()


@settings(max_examples=200)
@given(SEEDS, COUNTS, st.integers(0, 8), SHARES, SAMES)
def test_groups_do_not_depend_on_the_order_of_places(
    seed: int, count: int, rulings: int, share: float, same: float
) -> None:
    """The same links between the same texts in another order make the same groups."""
    rng = random.Random(seed)
    links, constraint = drawn(rng, count), ruled(rng, count, rulings)
    order = rng.sample(range(count), count)
    turned = grouped(
        graph_of(among(links, order)), constraint.among(order), share=share, same=same, alone=0.5
    )
    straight = grouped(graph_of(links), constraint, share=share, same=same, alone=0.5)
    assert sorted(sorted(order[place] for place in group) for group in turned) == sorted(straight)


@settings(max_examples=300)
@given(SEEDS, st.integers(1, 30), st.integers(0, 8), SHARES, SAMES)
def test_only_linked_groups_need_be_looked_at(
    seed: int, count: int, rulings: int, share: float, same: float
) -> None:
    """The groups are those that are found where every step compares all groups with all."""
    rng = random.Random(seed)
    links, constraint = drawn(rng, count), ruled(rng, count, rulings)
    found = grouped(graph_of(links), constraint, share=share, same=same, alone=0.5)
    assert found == densely_grouped(links, constraint, share=share, same=same, alone=0.5)


@settings(max_examples=300)
@given(SEEDS, st.integers(1, 30), st.integers(0, 8), SHARES)
def test_sums_say_all_where_all_are_near_and_none_apart(
    seed: int, count: int, rulings: int, share: float
) -> None:
    """So it is between accounts of one event: they are grouped as if each pair were asked."""
    rng = random.Random(seed)
    links, constraint = drawn(rng, count), ruled(rng, count, rulings)
    links = Links(links.strength, np.zeros_like(links.apart), np.ones_like(links.near))
    found = grouped(replace(graph_of(links), apart=never, near=always), constraint, share=share)
    assert found == densely_grouped(links, constraint, share=share)


@settings(max_examples=100)
@given(SEEDS, COUNTS, SHARES)
def test_nothing_joins_what_no_link_connects(seed: int, count: int, share: float) -> None:
    """Each member of a group has a link to another member, if there are others."""
    links = drawn(random.Random(seed), count)
    for group in grouped(graph_of(links), free(count), share=share, same=1.3, alone=0.5):
        at = links.strength[np.ix_(group, group)]
        assert len(group) == 1 or (at > 0).any(axis=1).all()


def free(count: int) -> Constraint:
    """No rulings."""
    return constraints_of([str(place) for place in range(count)], []).copies


def between(count: int, pairs: dict[tuple[int, int], float], *, within: int | None = None) -> Links:
    """Links of those strengths; near are those at most so many places apart, or all."""
    strength = np.zeros((count, count), np.float32)
    for (one, other), much in pairs.items():
        strength[one, other] = strength[other, one] = much
    places = np.arange(count)
    far = np.abs(places[:, None] - places) > (count if within is None else within)
    return Links(strength, np.zeros((count, count), np.bool_), ~far | (strength > 0))


def full(places: range) -> dict[tuple[int, int], float]:
    return {(one, other): 1.0 for one in places for other in places if one < other}


@pytest.mark.parametrize("size", range(3, 9))
@pytest.mark.parametrize("strength", [0.1, 1.0, 2.0])
@pytest.mark.parametrize("share", [families.SHARE, stories.SHARE], ids=["copies", "events"])
def test_one_text_does_not_join_two_groups(share: float, strength: float, size: int) -> None:
    """A text with links to all of two groups goes to one, where they are so large that it is no more than the share."""
    if 1 / (size + 1) > share:
        size = round(1 / share)
    sides = {**full(range(size)), **full(range(size, 2 * size))}
    third = {(place, 2 * size): strength for place in range(2 * size)}
    groups = grouped(graph_of(between(2 * size + 1, {**sides, **third})), free(2 * size + 1), share=share)
    assert sorted(len(group) for group in groups) == [size, size + 1]


@pytest.mark.parametrize("length", [20, 50])
@pytest.mark.parametrize("near", [2, 3])
def test_versions_of_a_running_report_are_one_group(length: int, near: int) -> None:
    """Each is linked with those just before and after it alone; asked of all, the first and the last would part."""
    pairs = {
        (one, other): 1.0 for one in range(length) for other in range(one + 1, min(one + 1 + near, length))
    }
    soon = between(length, pairs, within=near + 1)
    assert grouped(graph_of(soon), free(length), share=families.SHARE) == [list(range(length))]
    assert len(grouped(graph_of(between(length, pairs)), free(length), share=families.SHARE)) > 1


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.integers(2, 5))
def test_a_text_of_two_wires_does_not_join_their_families(seed: int, taken: int) -> None:
    """Three papers have one wire, three another, and one prints paragraphs of both."""
    one, other = paragraphs(seed, 8), paragraphs(seed + 1, 8)
    documents = [
        document(f"{name}{number}", lines[: 8 - number], title=f"{name} {lines[0][:40]}", minutes=number)
        for name, lines in (("a", one), ("b", other))
        for number in range(3)
    ]
    both = document("both", [*one[:taken], *other[:taken]], title="Two things that happened", minutes=9)
    texts = make_fingerprints([*documents, both])
    known = pool(texts)
    constraints = constraints_of([text.id for text in texts], [])
    found = find_families(texts, known, graph_of(links_of(known)), constraints)
    groups = [{texts[place].id for place in family.members} - {"both"} for family in found]
    assert sorted(sorted(group) for group in groups if group) == [["a0", "a1", "a2"], ["b0", "b1", "b2"]]
