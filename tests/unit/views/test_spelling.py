"""Another spelling for a query that finds nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.query.terms import NO_CLOCK
from copydesk.views.spelling import meant, respelt
from made.documents import article_record, put

QUERIES = [
    ("fery", "ferry"),
    ("Fery", "ferry"),
    ('"fery strke"', '"ferry strike"'),
    ("(fery OR trian) -bus", "(ferry OR trian) -bus"),
    ("fery NEAR/2 strke", "ferry NEAR/2 strike"),
    ("title:fery", "title:ferry"),
    ("ferry strke outlet:a", "ferry strike outlet:a"),
    ("fery outlet:nowhere", None),
    ("outlet:fery", None),
    ("-fery", None),
    ("fery -fery", None),
    ("fery*", None),
    ("ferry nowhere", None),
    ("zeppelin", None),
    ("", None),
]


@pytest.mark.parametrize(("query", "other"), QUERIES)
def test_a_misspelt_word_is_spelt_as_articles_do(query: str, other: str | None) -> None:
    """Only words of the text that no article has, only what is wanted, and only if the new query finds something."""
    index = MemoryIndex()
    text = {"title": "Ferry strike", "text": "The ferry strike goes on."}
    put(index, Kind.ARTICLES, {"a": article_record("a", outlet="a", story="s", **text)})
    found = meant(index, query, NO_CLOCK)
    assert (found.query if found else None) == other
    assert found is None or found.stories == 1


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_what_is_not_respelt_stays(query: str, words: dict[str, str]) -> None:
    """A query none of whose words is named stays letter for letter."""
    assert respelt(query, {}) == query
    assert respelt(query, dict.fromkeys(words, "")) == query or any(words)
