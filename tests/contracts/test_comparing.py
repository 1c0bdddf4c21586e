"""Two articles side by side, and why they are copies or not."""

from dataclasses import replace

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.storing.settling import settle
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from copydesk.urls import url_key
from made.commands import call
from made.texts import document, paragraphs

WIRE = paragraphs(3)
COPIES = [
    replace(made, id=url_key(made.url))
    for made in (
        document("wire", WIRE, outlet="one"),
        document("cut", WIRE[:5], outlet="two", minutes=30),
        document("other", paragraphs(4), outlet="three", minutes=60),
    )
]


def fill(index: ElasticIndex, documents: list[Document]) -> None:
    """Judge and store documents as `process` does."""
    index.setup()
    plans = plan(index, documents)
    changed = judge(index, documents)
    store(index, plans, documents[0].fetched_at)
    settle(index, changed)
    index.refresh()


@pytest.mark.elasticsearch
def test_why_same_shows_two_articles(
    capsys: pytest.CaptureFixture[str], prefix: str, elasticsearch_url: str
) -> None:
    """`why-same` shows both texts with their common runs marked, the verdict and what it rests on."""
    fill(open_index(elasticsearch_url, prefix=prefix), COPIES)
    wire, cut, other = (str(one.url) for one in COPIES)

    shown = call(capsys, "why-same", wire, cut)
    assert shown.code == 0
    assert "One family: the right one is a copy of the left one." in shown.out
    assert "By themselves the two are copies:" in shown.out
    assert "\u27e6" in shown.out

    row = call(capsys, "why-same", cut, wire, "--json").rows[0]
    assert (row["copies"], row["related"]) == (True, True)
    assert row["runs"] == ["\n".join(WIRE[:5])[:-1]]
    assert call(capsys, "split", cut).code == 0
    assert "the two are no copies." in call(capsys, "why-same", cut, wire).out
    apart = call(capsys, "why-same", wire, other, "--json").rows[0]
    assert (apart["copies"], apart["related"], apart["verdict"]) == (
        False,
        False,
        "Neither copies nor one story.",
    )


@pytest.mark.elasticsearch
def test_addresses_are_checked(
    capsys: pytest.CaptureFixture[str], prefix: str, elasticsearch_url: str
) -> None:
    """An address without an article, or the same article twice, is said in one line."""
    index = open_index(elasticsearch_url, prefix=prefix)
    fill(index, COPIES)
    wire = COPIES[0].url
    missing = call(capsys, "why-same", wire, "https://none.example/")
    assert (missing.code, missing.err) == (
        2,
        "copydesk: https://none.example/: no article has this address\n",
    )
    same = call(capsys, "why-same", wire, f"{wire}?utm_source=x")
    assert (same.code, same.err.count("\n")) == (2, 1)
