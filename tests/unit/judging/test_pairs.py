"""Sums over what texts have in common, against the same by loops."""

import random
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.judging.clustering import pairs
from copydesk.judging.clustering.pairs import (
    Floats,
    Measure,
    Occurrences,
    blocks,
    common,
    count,
    holders,
    occurrences,
    sums,
)
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
        values,
        np.repeat(np.arange(len(rows)), lengths),
        flat,
        np.concatenate(([0], np.cumsum(lengths))),
        len(known),
    )


def weighed(seed: int, of: Occurrences) -> Floats:
    rng = random.Random(seed)
    return np.array([rng.randint(1, 8) for _ in of.values], np.float32)


def taken(weights: Floats) -> Measure:
    """The weights of the first text."""
    return lambda left, _: weights[left]


def holds(of: Occurrences, rows: list[list[int]], one: int, other: int) -> list[tuple[int, int]]:
    """The places of what two texts have in common."""
    return [
        (int(of.starts[one]) + place, int(of.starts[other]) + rows[other].index(value))
        for place, value in enumerate(rows[one])
        if value in rows[other]
    ]


@settings(max_examples=200)
@given(ROWS, st.integers(0, 10**6))
def test_sums_are_those_of_the_values_both_texts_have(rows: list[list[int]], seed: int) -> None:
    """Of the first text's weights, for some texts beside some others."""
    of, rng = strung(rows), random.Random(seed)
    some, columns = (np.array(rng.choices(range(len(rows)), k=rng.randint(1, 5))) for _ in range(2))
    weights = [weighed(seed, of), weighed(seed + 1, of)]
    for weight, found in zip(
        weights, sums(of, [taken(weights[0]), taken(weights[1])], some, holders(of, columns)), strict=True
    ):
        for (row, one), (column, other) in product(enumerate(some), enumerate(columns)):
            expected = sum(float(weight[left]) for left, _ in holds(of, rows, one, other))
            assert found[row, column] == expected


@settings(max_examples=200)
@given(ROWS, st.integers(0, 10**6), st.integers(0, 20))
def test_what_is_common_is_measured_in_both_texts(rows: list[list[int]], seed: int, count: int) -> None:
    """Pair by pair, in any order and any number of times."""
    of, rng = strung(rows), random.Random(seed)
    ones, others = (np.array(rng.choices(range(len(rows)), k=count), np.int64) for _ in range(2))
    weights = weighed(seed, of)
    product_of, own = common(
        of, ones, others, [lambda left, right: weights[left] * weights[right], lambda left, _: weights[left]]
    )
    for number, (one, other) in enumerate(zip(ones, others, strict=True)):
        both = holds(of, rows, one, other)
        assert product_of[number] == sum(float(weights[left] * weights[right]) for left, right in both)
        assert own[number] == sum(float(weights[left]) for left, _ in both)


@settings(max_examples=100)
@given(ROWS, st.integers(0, 10**6))
def test_a_part_has_what_is_flagged(rows: list[list[int]], seed: int) -> None:
    """In its place; values keep their numbers, or get others that are equal where they were."""
    of, rng = strung(rows), random.Random(seed)
    which = np.array([rng.random() < 0.5 for _ in of.values], np.bool_)
    part, anew = of.part(which), of.only(which)
    assert part.values.tolist() == of.values[which].tolist()
    assert anew.distinct == len({*anew.values.tolist()}) == len({*part.values.tolist()})
    for some in (part, anew):
        kept = [some.hashes[some.starts[row] : some.starts[row + 1]].tolist() for row in range(len(rows))]
        assert kept == [of.hashes[which & (of.rows == row)].tolist() for row in range(len(rows))]


def test_many_values_are_summed_in_portions() -> None:
    """More equal values, and more pairs, than are looked at together."""
    size = 60
    width = pairs.PORTION // size**2 + 7
    of = strung([list(range(width))] * size)
    every = np.arange(size)
    (found,) = sums(of, [count], every, holders(of, every))
    assert (found == width).all()
    left, right = np.repeat(every, size), np.tile(every, size)
    (both,) = common(of, left, right, [count])
    assert (both == width).all()


def test_blocks_have_each_row_once() -> None:
    """As many rows as leave room for their columns, one at least."""
    for columns in (1, 70_000, 10 * pairs.CELLS):
        found = list(blocks(np.arange(20), columns))
        assert np.concatenate(found).tolist() == list(range(20))
        assert all(len(rows) == 1 or len(rows) * columns <= pairs.CELLS for rows in found)


def test_occurrences_are_those_of_one_section() -> None:
    """In the order of the texts, a text without any among them, each hash without its section."""
    texts = make_fingerprints([document("a", paragraphs(1)), document("b", []), document("c", paragraphs(1))])
    for section in Section:
        of = occurrences(texts, section)
        hashes = [(text.section(section).astype(np.int64) & (FULL - 1)).tolist() for text in texts]
        assert of.hashes.tolist() == [one for some in hashes for one in some]
        assert [of.hashes[of.rows == row].tolist() for row in range(3)] == hashes
        assert of.distinct == len({*of.hashes.tolist()})
        assert of.starts.tolist() == [0, len(hashes[0]), len(hashes[0]) + len(hashes[1]), len(of.hashes)]
