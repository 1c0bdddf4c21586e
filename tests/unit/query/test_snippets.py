"""Which letters of a snippet are what a query asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.query.parser import parse
from copydesk.query.snippets import marks_in
from copydesk.query.tree import wanted

TEXT = "The ferries left L’Élysée: two “Ferry Lines” ran F-35B jets, 気候変動 at noon."


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("ferry", ["ferries", "Ferry"]),
        ('"ferry lines"', ["Ferry", "Lines"]),
        ("elysee -left", ["Élysée"]),
        ("f-35b", ["F", "35", "B"]),
        ("気候", ["気", "候"]),
        ("noo* OR *ets", ["jets", "noon"]),
        ("left NEAR/3 two", ["left", "two"]),
        ("outlet:left", []),
        ("zeppelin", []),
        ("", []),
    ],
)
def test_what_is_asked_for_is_marked(query: str, marked: list[str]) -> None:
    """In whatever form it is found; what is unwanted, or a property, is no word of the text."""
    found = marks_in(TEXT, "en", list(wanted(parse(query))))
    assert [TEXT[start:end] for start, end in found] == marked


@given(st.text(max_size=60), st.sampled_from(["a", "ab*", '"a b"', "b OR c", "气", "*abc*"]))
def test_marks_are_apart_and_in_order(text: str, query: str) -> None:
    """So that a text can be cut at them."""
    flat = [place for span in marks_in(text, "de", list(wanted(parse(query)))) for place in span]
    assert flat == sorted(flat)
    assert all(0 <= place <= len(text) for place in flat)
