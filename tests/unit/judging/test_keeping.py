"""Decisions that are kept: only those on the very same texts and rulings."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from copydesk.index.judgement import Ruling, Verdict
from copydesk.judging.clustering.decision import decide
from copydesk.judging.clustering.keeping import LEAST_KEPT, decided, digest_of, forget
from copydesk.judging.fingerprint import Fingerprint, from_body, to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import START, document, paragraphs

TEXTS = make_fingerprints(
    [
        replace(one, first_seen_at=one.first_seen_at.astimezone(ZoneInfo("Etc/UTC")))
        for number in range(LEAST_KEPT)
        for one in [document(f"t{number:02}", paragraphs(number % 7), minutes=number)]
    ]
)
OTHER: dict[type, Any] = {
    str: "other",
    bool: True,
    int: 7,
    tuple: (0, 1, 2, 3),
    type(None): "agency",
    type(START): START + timedelta(days=1),
    np.ndarray: np.ones(3, np.uint8),
}


@pytest.mark.parametrize("name", [one.name for one in fields(Fingerprint)])
def test_a_set_with_a_text_that_differs_in_anything_is_another(name: str) -> None:
    """In each field of a fingerprint; in another order too."""
    changed: Any = {name: OTHER[type(getattr(TEXTS[3], name))]}
    others = [*TEXTS[:3], replace(TEXTS[3], **changed), *TEXTS[4:]]
    assert digest_of(others) != digest_of(TEXTS) != digest_of(TEXTS[::-1])


def test_a_large_set_is_decided_on_once() -> None:
    """What the index gives back is the same texts; a ruling, or a text less, is another question."""
    known = decided(TEXTS, [])
    assert decided([from_body(text.id, to_body(text)) for text in TEXTS], []) is known
    assert known == decide(TEXTS)
    ruling = Ruling(one="t00", other="t07", verdict=Verdict.NO_COPIES, at=START)
    assert decided(TEXTS, [ruling]) == decide(TEXTS, [ruling]) != known
    assert decided(TEXTS[1:], []) == decide(TEXTS[1:])
    assert decided(TEXTS, []) is known
    forget()
    assert decided(TEXTS, []) is not known
