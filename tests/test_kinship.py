"""The look for texts that must be decided on together: quick ways that find what the slow ones do."""

from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from wires import document, family, paragraphs

from copydesk.adapters.memory import MemoryIndex
from copydesk.judging.evidence import Ties, tie, ties_within
from copydesk.judging.fingerprint import Fingerprint
from copydesk.judging.fingerprinting import make_fingerprints
from copydesk.judging.grouping import kin
from copydesk.judging.kinship import Sets, find_edges


def texts(seeds: list[int]) -> list[Fingerprint]:
    """Families of the seeds, and for each a text that shares two paragraphs with them and another by quotes."""
    made = [one for seed in seeds for one in family(seed)]
    for seed in seeds:
        spoken = [f"“{line}” she said." for line in paragraphs(seed, 3)]
        made.append(document(f"m{seed}", [*paragraphs(seed + 1, 4), *paragraphs(seed, 2)]))
        made.append(document(f"q{seed}", [*paragraphs(seed + 2, 2), *spoken]))
    return make_fingerprints(made)


def same(one: Ties, other: Ties) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name), equal_nan=True)
        for field in fields(Ties)
    )


@settings(max_examples=20)
@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=30), max_size=8))
def test_sets_compared_in_one_go_tie_as_each_alone(places: list[list[int]]) -> None:
    """Whatever sets there are, and however many go together."""
    every = texts([1, 40, 80, 120, 160])
    sets = [[every[place] for place in some] for some in places]
    found = list(ties_within(sets))
    assert all(same(ties, tie(some)) for ties, some in zip(found, sets, strict=True))


@settings(max_examples=20)
@given(st.lists(st.integers(0, 50), min_size=1, max_size=5, unique=True))
def test_the_edges_connect_whatever_is_kin(seeds: list[int]) -> None:
    """No cheap look on the way to them passes over a pair that must be decided on together."""
    some = texts(seeds)
    sets = Sets([text.id for text in some])
    for one, other in find_edges(MemoryIndex(), {text.id: text for text in some})[0]:
        sets.join(one, other)
    for one, other in np.argwhere(kin(some)):
        assert not sets.apart(some[int(one)].id, some[int(other)].id)
