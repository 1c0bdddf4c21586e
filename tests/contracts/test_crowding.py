"""That a copy is found among many texts which share something with it."""

from datetime import timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.judging.candidates import MOST_CANDIDATES, find_candidates
from copydesk.judging.fingerprint import WINDOW, to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from made.documents import put
from made.texts import document, paragraphs

CROWD = 2 * MOST_CANDIDATES
QUOTES = [f"“{line}” she said." for line in paragraphs(31, 4)]
NAMES = "In Aldmoor and Corvey people spoke of Drummond, Fontaine, Moreau and Salieri on that day."


@pytest.mark.parametrize("shared", ["quotes", "words"])
def test_common_names_crowd_no_copy_out(shared: str) -> None:
    """A thousand texts with the same names stand before a copy that has three quotes, or two paragraphs, in common."""
    copy = QUOTES[:3] if shared == "quotes" else paragraphs(33, 2)
    texts = [document(f"c{n}", [NAMES, *paragraphs(1000 + n, 3)], minutes=n) for n in range(CROWD)]
    texts += [document("copy", [*paragraphs(34, 3), *copy]), document("late", [NAMES, *copy], minutes=999)]
    made = {text.id: text for text in make_fingerprints(texts)}
    index = MemoryIndex()
    put(index, Kind.FINGERPRINTS, {id_: to_body(text) for id_, text in made.items() if id_ != "late"})
    assert "copy" in find_candidates(index, {"late": made["late"]})["late"]


def test_a_late_copy_of_a_large_family_finds_it() -> None:
    """Of more copies than are looked at one is enough; behind the window there is none."""
    wire = paragraphs(35)
    texts = make_fingerprints([document(f"c{n}", wire, minutes=n) for n in range(MOST_CANDIDATES + 100)])
    index = MemoryIndex()
    put(index, Kind.FINGERPRINTS, {text.id: to_body(text) for text in texts})
    days = WINDOW // timedelta(days=1)
    (late,) = make_fingerprints([document("late", wire[:4], minutes=(days - 1) * 1440)])
    assert len(find_candidates(index, {"late": late})["late"]) >= MOST_CANDIDATES
    (too_late,) = make_fingerprints([document("late", wire[:4], minutes=(days + 1) * 1440)])
    assert not find_candidates(index, {"late": too_late})["late"]
