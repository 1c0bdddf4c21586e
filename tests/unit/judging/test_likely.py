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
from copydesk.judging.clustering.links import apart, copies, events, may_be_apart, may_be_copies
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


def linked(texts: list[Fingerprint]) -> set[tuple[int, int]]:
    """All pairs that have a link of either kind."""
    features = features_of(texts)
    flags = np.triu((copies(features).strength > 0) | (events(features).strength > 0), 1)
    return {(int(one), int(other)) for one, other in np.argwhere(flags)}


def compared(texts: list[Fingerprint]) -> list[tuple[int, int]]:
    return [
        pair
        for some in likely_pairs(pool(texts))
        for pair in zip(some.ones.tolist(), some.others.tolist(), strict=True)
    ]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at small sets in several tiles and portions."""
    monkeypatch.setattr(likely, "PORTION", 9)
    monkeypatch.setattr(pairs, "TILE", 4)
    monkeypatch.setattr(likely, "USUAL", 3)


@pytest.mark.usefixtures("small")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_what_has_a_link_is_compared(seed: int) -> None:
    """Each pair once, the smaller place first."""
    texts = drawn(seed)
    found = compared(texts)
    assert len(found) == len({*found})
    assert all(one < other for one, other in found)
    assert linked(texts) <= {*found}


@pytest.mark.usefixtures("small")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6))
def test_what_is_known_of_likely_pairs_is_what_comparing_them_says(seed: int) -> None:
    """However it is summed up, so nothing of it need be compared again."""
    texts = drawn(seed)
    features = features_of(texts)
    for some in likely_pairs(pool(texts)):
        for name in likely.KNOWN:
            told = getattr(features, name)[some.ones, some.others]
            np.testing.assert_allclose(some.known[name], told, rtol=1e-6, err_msg=name)


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_what_is_ruled_out_by_some_features_all_of_them_rule_out(seed: int) -> None:
    """Copies, and texts that are apart."""
    features = features_of(drawn(seed))
    assert may_be_copies(features)[copies(features).strength > 0].all()
    assert may_be_apart(features)[apart(features)].all()


@pytest.mark.usefixtures("small")
def test_of_a_crowded_event_few_pairs_are_compared() -> None:
    """And all that have a link."""
    texts = make_fingerprints([read(row) for row in world_rows(300, 1, 1)])
    found = compared(texts)
    assert linked(texts) <= {*found}
    assert len(found) < len(texts) ** 2 / 2 / 2
