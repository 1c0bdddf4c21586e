"""Which pairs are compared: none that has a link is left out."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benches.judgements import document as read
from benches.wire_sets import world_rows
from copydesk.judging.clustering import likely, pairs
from copydesk.judging.clustering.likely import likely_pairs
from copydesk.judging.clustering.links import copies, events
from copydesk.judging.clustering.rarity import features_of, pool
from copydesk.judging.fingerprint import Fingerprint
from copydesk.judging.fingerprint.making import make_fingerprints
from made.texts import document, family, paragraphs


def drawn(seed: int) -> list[Fingerprint]:
    """Families, what they quote, titles alone, and texts without any."""
    said = [f"“{line}” she said." for line in paragraphs(seed, 3)]
    made = [*family(seed), *family(seed + 1), document("none", [], title=" ")]
    made += [document(f"q{n}", [*paragraphs(seed + n, 2), *said]) for n in range(2, 4)]
    made += [document(f"t{n}", paragraphs(seed + n, 1), title=made[0].title) for n in range(4, 6)]
    return make_fingerprints(random.Random(seed).sample(made, len(made)))


def linked(texts: list[Fingerprint], *, copies_alone: bool = False) -> set[tuple[int, int]]:
    """All pairs that have a link of either kind, or of the one."""
    features = features_of(texts)
    copied, told = copies(features).strength > 0, events(features).strength > 0
    flags = np.triu(copied if copies_alone else copied | told, 1)
    return {(int(one), int(other)) for one, other in np.argwhere(flags)}


def compared(texts: list[Fingerprint], *, copies_alone: bool = False) -> list[tuple[int, int]]:
    return [
        pair
        for some in likely_pairs(pool(texts))
        if some.may_be_copies or not copies_alone
        for pair in zip(some.ones.tolist(), some.others.tolist(), strict=True)
    ]


@pytest.fixture
def never_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at small sets as at large ones, in several portions."""
    monkeypatch.setattr(likely, "PORTION", 9)
    monkeypatch.setattr(pairs, "TILE", 4)
    monkeypatch.setattr(likely, "USUAL", 3)
    monkeypatch.setattr(likely, "FEW", 1)


@pytest.mark.usefixtures("never_few")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_what_has_a_link_is_compared(seed: int) -> None:
    """Each pair once, the smaller place first."""
    texts = drawn(seed)
    found = compared(texts)
    assert len(found) == len({*found})
    assert all(one < other for one, other in found)
    assert linked(texts) <= {*found}
    assert linked(texts, copies_alone=True) <= {*compared(texts, copies_alone=True)}


@pytest.mark.usefixtures("never_few")
def test_of_a_crowded_event_few_pairs_are_compared() -> None:
    """And all that have a link."""
    texts = make_fingerprints([read(row) for row in world_rows(300, 1, 1)])
    found = compared(texts)
    assert linked(texts) <= {*found}
    assert linked(texts, copies_alone=True) <= {*compared(texts, copies_alone=True)}
    assert len(found) < len(texts) ** 2 / 2 / 2


def test_of_few_texts_all_pairs_are_compared() -> None:
    """Each once."""
    texts = drawn(1)[:6]
    assert compared(texts) == [(one, other) for one in range(6) for other in range(one + 1, 6)]
