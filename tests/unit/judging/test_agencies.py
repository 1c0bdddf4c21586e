"""Which outlets are the page of an agency, as a set of texts shows it."""

import numpy as np
import pytest

from copydesk.judging.clustering.agencies import on_wires, sources
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document

WIRE = ["The gate of the lower dam stays shut until all of it is tested, the authority said."]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("DPN DPN dpn", "111"),
        ("DPN DPN", "00"),
        ("DPN DPN DPN -", "1110"),
        ("DPN DPN DPN - - -", "000000"),
        ("DPN DPN DPN Other", "0000"),
        ("DPN DPN DPN DPN_English_Service", "1111"),
        ("DPN DPN DPN DPNetwork", "0000"),
        ("- - -", "000"),
        ("", ""),
    ],
)
def test_the_page_of_an_agency_has_three_texts_of_it_and_none_of_another(named: str, found: str) -> None:
    """Fewer texts of nobody may stand beside them, and those of its services; an outlet with two is no such page."""
    agencies = [None if name == "-" else name.replace("_", " ") for name in named.split()]
    here = [document(f"a{n}", WIRE, outlet="here", agency=name) for n, name in enumerate(agencies)]
    there = [document(f"b{n}", WIRE, outlet="there", agency="DPN") for n in range(2)]
    texts = make_fingerprints([*here, *there])
    expected = [mark == "1" for mark in found] + [False, False]
    assert on_wires(texts) == expected
    assert on_wires(texts[::-1]) == expected[::-1]


@pytest.mark.parametrize(
    ("wire", "papers", "copies", "found"),
    [
        ([0, 1, 2], [3, 3, 3], [(0, 3), (1, 4), (2, 5)], True),
        ([0, 1, 2], [3, 3, 3], [(0, 3), (1, 4)], False),
        ([0, 1, 2], [3, 3, 0], [(0, 3), (1, 4), (2, 5)], False),
        ([0, 1, 2], [3, 3, 3, -1], [(0, 3), (1, 4), (2, 5), (2, 6)], False),
        ([0, 1, 2, 3, 4, 5], [6, 6, 6], [(0, 6), (1, 7), (2, 8)], False),
    ],
    ids=["all", "two", "one at the same moment or before", "one that another had", "half of its texts"],
)
def test_a_source_is_who_has_most_of_its_texts_before_all_others(
    wire: list[int], papers: list[int], copies: list[tuple[int, int]], *, found: bool
) -> None:
    """By the hours of its own texts, those of papers, and who is a copy of whom; in any order of the texts."""
    outlets = np.array([0] * len(wire) + list(range(1, len(papers) + 1)))
    at = np.array([*wire, *papers], np.float64)
    ones, others = (np.array(side) for side in zip(*copies, strict=True))
    expected = [found] * len(wire) + [False] * len(papers)
    strength = np.ones(len(ones), np.float32)
    assert sources(outlets, at, (ones, others, strength)).tolist() == expected
    last = len(at) - 1
    turned = sources(outlets[::-1], at[::-1], (last - others, last - ones, strength))
    assert turned.tolist() == expected[::-1]
