"""Sums over what texts have in common, against the same by loops."""

import random
from itertools import permutations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.judging.clustering import pairs
from copydesk.judging.clustering.pairs import Floats, Occurrences, occurrences, products, sums
from copydesk.judging.fingerprint import FULL, Section
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document, paragraphs

ROWS = st.lists(st.lists(st.integers(0, 12), max_size=10, unique=True), min_size=1, max_size=7)


def strung(rows: list[list[int]]) -> Occurrences:
    """The occurrences of some values in some texts."""
    flat = np.array([value for row in rows for value in row], np.int64)
    known, values = np.unique(flat, return_inverse=True)
    lengths = np.array([len(row) for row in rows], np.int64)
    return Occurrences(
        values, np.repeat(np.arange(len(rows)), lengths), flat, np.cumsum(lengths) - lengths, len(known)
    )


def weighed(seed: int, of: Occurrences) -> Floats:
    rng = random.Random(seed)
    return np.array([rng.randint(1, 8) for _ in of.values], np.float32)


@settings(max_examples=200)
@given(ROWS, st.integers(0, 10**6))
def test_sums_are_those_of_the_values_both_texts_have(rows: list[list[int]], seed: int) -> None:
    """Of the first text's weights; nothing for a text beside itself."""
    of = strung(rows)
    weights = weighed(seed, of)
    found = sums(of, weights, len(rows))
    for one, other in product(range(len(rows)), repeat=2):
        expected = sum(
            float(weights[of.starts[one] + place])
            for place, value in enumerate(rows[one])
            if one != other and value in rows[other]
        )
        assert found[one, other] == expected


@settings(max_examples=200)
@given(ROWS, st.integers(0, 10**6))
def test_products_are_those_of_the_weights_in_both_texts(rows: list[list[int]], seed: int) -> None:
    """For each left side; however many values there are."""
    of = strung(rows)
    left = [weighed(seed, of), weighed(seed + 1, of)]
    right = weighed(seed + 2, of)
    for weights, found in zip(left, products(of, left, right, len(rows)), strict=True):
        for one, other in permutations(range(len(rows)), 2):
            expected = sum(
                float(weights[of.starts[one] + place] * right[of.starts[other] + rows[other].index(value)])
                for place, value in enumerate(rows[one])
                if value in rows[other]
            )
            assert found[one, other] == expected


def test_many_values_are_summed_in_portions() -> None:
    """More pairs of equal values, and more values, than are looked at together."""
    count = 60
    width = max(pairs.COLUMNS + 7, pairs.PORTION // (count * (count - 1)) + 7)
    of = strung([list(range(width))] * count)
    ones = np.ones(len(of.values), np.float32)
    (dot,) = products(of, [ones], ones, count)
    assert (dot == width).all()
    assert (sums(of, ones, count) == width * (1 - np.eye(count))).all()


def test_occurrences_are_those_of_one_section() -> None:
    """In the order of the texts, a text without any among them, each hash without its section."""
    texts = make_fingerprints([document("a", paragraphs(1)), document("b", []), document("c", paragraphs(1))])
    for section in Section:
        of = occurrences(texts, section)
        hashes = [(text.section(section).astype(np.int64) & (FULL - 1)).tolist() for text in texts]
        assert of.hashes.tolist() == [one for some in hashes for one in some]
        assert [of.hashes[of.rows == row].tolist() for row in range(3)] == hashes
        assert of.distinct == len({*of.hashes.tolist()})
        assert of.starts.tolist() == [0, len(hashes[0]), len(hashes[0]) + len(hashes[1])]
