"""Which outlets are the page of an agency, as a set of texts shows it."""

import pytest

from copydesk.judging.clustering.agencies import on_wires
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
