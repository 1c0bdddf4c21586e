"""What must be decided on together, and what a digest holds: by two texts alone."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.judging.clustering import edges as module
from copydesk.judging.clustering.components import components_by
from copydesk.judging.clustering.edges import edges_of, prepare
from copydesk.judging.clustering.links import copies
from copydesk.judging.clustering.pairs import Occurrences, comparable
from copydesk.judging.clustering.rarity import features_of
from copydesk.judging.fingerprint import FULL, Fingerprint
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document, family, paragraphs


def texts(seed: int) -> list[Fingerprint]:
    """Families, texts between them, and texts alone, in any order."""
    made = [*family(seed), *family(seed + 1), document("e", []), document("long", paragraphs(seed, 60))]
    made += [document(f"m{n}", [*paragraphs(seed + n, n + 1), *paragraphs(seed, 3 - n)]) for n in range(3)]
    rng = random.Random(seed)
    return make_fingerprints(rng.sample(made, rng.randint(1, len(made))))


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_edges_depend_on_two_texts_alone(seed: int) -> None:
    """Whatever other texts are compared with them, and in any order: a component is the same whoever came first."""
    some = texts(seed)
    edges = edges_of(some)
    assert edges.diagonal().all()
    assert (edges == edges.T).all()
    for one in range(len(some)):
        for other in range(one):
            assert edges[one, other] == edges_of([some[other], some[one]])[0, 1]


@pytest.mark.parametrize("frontier", [1, 3, 64])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.integers(0, 3))
def test_components_are_those_of_all_edges(
    monkeypatch: pytest.MonkeyPatch, frontier: int, seed: int, ruled: int
) -> None:
    """However many texts are looked at together, and whatever people bound to each other."""
    monkeypatch.setattr(module, "FRONTIER", frontier)
    some = texts(seed)
    rng = random.Random(seed)
    bound = [(rng.randrange(len(some)), rng.randrange(len(some))) for _ in range(ruled)]
    places = sorted(rng.sample(range(len(some)), rng.randint(1, len(some))))
    bound = [pair for pair in bound if {*pair} <= {*places}]
    edges = [(int(one), int(other)) for one, other in np.argwhere(edges_of(some))]
    pairs = [pair for pair in (*edges, *bound) if {*pair} <= {*places}]
    expected = [one for one in components_by(len(some), pairs) if one[0] in places]
    assert sorted(prepare(some).components(places, bound)) == expected


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(0, 8))
def test_what_would_be_copies_by_themselves_has_an_edge(seed: int, taken: int, own: int) -> None:
    """An edge asks for less than a link does."""
    lines = [*paragraphs(seed, 8)[:taken], *paragraphs(seed + 1, own)]
    some = make_fingerprints([document("one", paragraphs(seed, 8)), document("two", lines)])
    assert edges_of(some)[0, 1] or not copies(features_of(some)).strength[0, 1]


@pytest.mark.parametrize("taken", [3, 6])
def test_a_digest_holds_the_texts_it_has_a_good_part_of(taken: int) -> None:
    """Each of its items, whole or cut by half, and no other text."""
    reports = [document(f"r{seed}", paragraphs(seed, 6)) for seed in (41, 42, 43, 44)]
    lines = [line for seed in (41, 42, 43) for line in paragraphs(seed, 6)[:taken]]
    digest = document("digest", lines, title="In brief")
    made = make_fingerprints([*reports, replace(digest, id="empty", text=""), digest])
    assert prepare(made).items([4, 5]) == [[], [0, 1, 2]]


def test_without_texts_or_digests_nothing_is_held() -> None:
    """One list for each digest, however many there are."""
    some = make_fingerprints([document("a", paragraphs(1)), document("b", paragraphs(1))])
    assert prepare(some).items([0, 1]) == [[], []]
    assert prepare(some).items([]) == []


@settings(max_examples=60)
@given(st.lists(st.tuples(st.lists(st.integers(0, FULL - 1), max_size=9), st.integers(0, 3)), min_size=1))
def test_what_is_comparable_survives_the_thinning_of_both(drawn: list[tuple[list[int], int]]) -> None:
    """Of a text's runs those below the limit of the other text, by their weights."""
    drawn = drawn[:6]
    kept = [[one for one in hashes if one < FULL >> halved] for hashes, halved in drawn]
    rows = np.array([row for row, hashes in enumerate(kept) for _ in hashes], np.int64)
    flat = np.array([one for hashes in kept for one in hashes], np.int64)
    halvings = np.array([halved for _, halved in drawn])
    values = np.arange(len(flat))
    starts = np.searchsorted(rows, np.arange(len(kept) + 1))
    sketches = Occurrences(values, rows, flat, starts, len(flat))
    found = comparable(sketches, np.ones(len(flat), np.float32), halvings)
    for one, hashes in enumerate(kept):
        for _, halved in drawn:
            assert found[halved, one] == sum(run < FULL >> halved for run in hashes)
