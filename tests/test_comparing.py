"""Two articles side by side, and why they are copies or not."""

from dataclasses import replace

import pytest

from calling import call
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.cli.comparing import verdict
from copydesk.index import Body, Found
from copydesk.judging.applying import judge
from copydesk.model import Document
from copydesk.storing import plan, settle, store
from copydesk.urls import url_key
from indexed import article
from wires import document, paragraphs

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


def found(id_: str, **more: str | list[str] | None) -> Found:
    """An article as stored."""
    body: Body = article("Ferry", "It stopped.", url=f"https://{id_}.example/", **more)
    return Found(id=id_, body=body, seq=0, term=1)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (
            {"family": "f", "story": "s", "duplicate_of": None},
            {"family": "f", "story": "s", "duplicate_of": "a"},
            "One family: the right one is a copy of the left one.",
        ),
        (
            {"family": "f", "story": "s", "duplicate_of": "b"},
            {"family": "f", "story": "s", "duplicate_of": None},
            "One family: the left one is a copy of the right one.",
        ),
        (
            {"family": "f", "story": "s", "duplicate_of": "c"},
            {"family": "f", "story": "s", "duplicate_of": "c"},
            "One family: both are copies of c.",
        ),
        (
            {"family": "f", "story": "s"},
            {"family": "g", "story": "s"},
            "One story in different words: no copies.",
        ),
        (
            {"family": "brief", "story": "s"},
            {"family": "g", "story": "t"},
            "The left one is a roundup that holds the other one's text among others.",
        ),
        ({"family": "f", "story": "s"}, {"family": "g", "story": "t"}, "Neither copies nor one story."),
    ],
)
def test_the_verdict_is_a_sentence(
    one: dict[str, str | list[str] | None], other: dict[str, str | list[str] | None], said: str
) -> None:
    """What was judged of two articles is told in one sentence, whichever stands left."""
    held = {"a": {"g", "h"} if one["family"] == "brief" else set(), "b": set()}
    assert verdict(found("a", **one), found("b", **other), held) == said


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
