"""The look for texts that must be decided on together: quick ways that find what the slow ones do."""

import random
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind, Write
from copydesk.judging.candidates import find_candidates, find_edges
from copydesk.judging.clustering.components import DisjointSets
from copydesk.judging.clustering.edges import edges_of
from copydesk.judging.fingerprint import LEAST_SEARCHED, WINDOW, Fingerprint, searched, to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.texts import document, family, later, paragraphs


def texts(seeds: list[int]) -> list[Fingerprint]:
    """Families of the seeds, and for each a text that shares two paragraphs with them and another by quotes."""
    made = [one for seed in seeds for one in family(seed)]
    for seed in seeds:
        spoken = [f"“{line}” she said." for line in paragraphs(seed, 3)]
        made.append(document(f"m{seed}", [*paragraphs(seed + 1, 4), *paragraphs(seed, 2)]))
        made.append(document(f"q{seed}", [*paragraphs(seed + 2, 2), *spoken]))
    return make_fingerprints(made)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=5, unique=True))
def test_the_edges_connect_whatever_must_be_decided_on_together(seeds: list[int]) -> None:
    """No cheap look on the way to them passes over a pair that must be decided on together."""
    some = texts(seeds)
    sets = DisjointSets([text.id for text in some])
    for one, other in find_edges(MemoryIndex(), {text.id: text for text in some})[0]:
        sets.union(one, other)
    for one, other in np.argwhere(edges_of(some)):
        assert not sets.apart(some[int(one)].id, some[int(other)].id)


WORDS = [
    f"{one}{two}{three}"
    for one in ("bal", "dor", "fen", "gal")
    for two in "aeio"
    for three in ("rt", "lm", "ns")
]
NAMES = [word.capitalize() for word in WORDS]
PLAIN = [f"{word}ing" for word in WORDS]

drawn_texts = st.lists(
    st.tuples(
        st.lists(st.sampled_from(NAMES), min_size=3, max_size=60),
        st.lists(st.sampled_from(PLAIN[:16]), min_size=4, max_size=12),
        st.lists(st.integers(10, 19), max_size=8),
    ),
    min_size=2,
    max_size=6,
)  # fmt: skip


def told(number: int, names: list[str], plain: list[str], figures: list[int]) -> Document:
    """A text with those names, words and figures, and nothing else in it."""
    lines = [f"Then {name} was {plain[place % len(plain)]}." for place, name in enumerate(names)]
    lines += [f"There were {figure} of them." for figure in figures]
    return document(f"d{number}", lines, title=" ".join(plain[:4]), minutes=number)


@settings(max_examples=150)
@given(drawn_texts, st.integers(0, 5), st.lists(st.integers(0, 40), min_size=6, max_size=6))
def test_every_edge_is_found_and_lies_within_the_window(
    drawn: list[tuple[list[str], list[str], list[int]]], known: int, days: list[int]
) -> None:
    """Two texts that must be decided on together are compared, whatever it is that connects them.

    It does not matter whether the index has the other text or it comes in the same batch.
    """
    told_then = [later(told(number, *one), days=days[number]) for number, one in enumerate(drawn)]
    some = make_fingerprints(told_then)
    index = MemoryIndex()
    index.write([Write(kind=Kind.FINGERPRINTS, id=one.id, body=to_body(one)) for one in some[:known]])
    candidates = find_candidates(index, {one.id: one for one in some})
    edges = edges_of(some)
    for one, other in combinations(range(len(some)), 2):
        if edges[one, other]:
            assert abs(some[one].first_seen_at - some[other].first_seen_at) <= WINDOW
            assert some[other].id in candidates[some[one].id]
            assert some[one].id in candidates[some[other].id]


@settings(max_examples=100)
@given(drawn_texts)
def test_what_is_compared_shares_enough_of_one_searched_field(
    drawn: list[tuple[list[str], list[str], list[int]]],
) -> None:
    """The search asks for no more than LEAST_SEARCHED values and for no fewer."""
    some = make_fingerprints([told(number, *one) for number, one in enumerate(drawn)])
    candidates = find_candidates(MemoryIndex(), {one.id: one for one in some})
    values = [searched(one) for one in some]
    for one, other in permutations(range(len(some)), 2):
        enough = any(
            len(set(values[one][name]) & set(values[other][name])) >= least
            for name, least in LEAST_SEARCHED.items()
        )
        assert (some[other].id in candidates[some[one].id]) is enough


def test_drawn_texts_have_edges_and_have_none() -> None:
    """The texts drawn above hold pairs of both kinds: the law is about something."""
    draw = random.Random(1)
    some = make_fingerprints(
        [told(number, draw.sample(NAMES, 10), draw.sample(PLAIN[:16], 8), []) for number in range(20)]
    )
    assert 0.1 < edges_of(some).mean() < 0.95


@pytest.mark.parametrize("rank", range(0, 29, 4))
def test_names_in_common_count_however_seldom_a_text_says_them(rank: int) -> None:
    """Four names that each of two texts says less often than any number of others make them candidates."""
    common = [f"Xan{letter}o" for letter in "bdfg"]
    texts = []
    for number in (0, 1):
        own = [f"{name}{'yz'[number]}" for name in NAMES[: 28 - rank]]
        lines = [f"Then {name} was {('seen', 'gone')[number]}." for name in [*own, *own, *common]]
        texts.append(document(f"d{number}", lines, minutes=number))
    made = {one.id: one for one in make_fingerprints(texts)}
    assert list(find_candidates(MemoryIndex(), made)["d0"]) == ["d1"]
