"""Common runs of two texts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.views.passages import common_passages, share_of

TEXTS = st.lists(
    st.sampled_from(["the", "ferry", "left", "Holm", "at", "noon,", "said", "Ada", "Brandt.", "12"]),
    max_size=40,
).map(" ".join)


@pytest.mark.parametrize(
    ("one", "other", "passages"),
    [
        ("", "", []),
        ("The ferry left at noon.", "", []),
        ("The ferry left at noon.", "THE FERRY -- left, at noon", ["The ferry left at noon"]),
        ("Four words are common.", "Four words are common.", []),
        (
            "Last night the old ferry left at noon. Nobody saw it.",
            "Nobody knows why the old ferry left at noon, again",
            ["the old ferry left at noon"],
        ),
        ("鉄道会社は雪で止まった", "雪の朝、鉄道会社は雪で止まった。", ["鉄道会社は雪で止まった"]),
    ],
)
def test_runs_of_five_words_are_common(one: str, other: str, passages: list[str]) -> None:
    """Runs of five words and more are found whatever their case and punctuation, shorter ones are not."""
    spans, _ = common_passages(one, other)
    assert [one[start:end] for start, end in spans] == passages


@given(TEXTS, TEXTS)
def test_order_does_not_matter(one: str, other: str) -> None:
    """Swapping the texts swaps the answer."""
    first, second = common_passages(one, other)
    assert common_passages(other, one) == (second, first)


@given(TEXTS)
def test_a_text_is_wholly_common_with_itself(text: str) -> None:
    """A text of five words and more beside itself is one passage; a shorter one has none."""
    spans, _ = common_passages(text, text)
    long = len([word for word in text.split() if any(map(str.isalnum, word))]) >= 5
    assert share_of(text, spans) == (1.0 if long else 0.0)
    assert len(spans) == long


@given(TEXTS, TEXTS, TEXTS)
def test_spans_are_apart_and_in_order(one: str, other: str, more: str) -> None:
    """Spans never overlap, and more text on the other side never makes less common."""
    spans, _ = common_passages(one, other)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))
    wider, _ = common_passages(one, f"{other} | {more}")
    assert share_of(one, wider) >= share_of(one, spans)
