"""Who took a text from whom, and what texts told anew have in common."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.views.provenance import MOST, rewritten, takings
from made.days import TODAY
from made.published import OTHER, WIRE

ADDED = (
    "Our reporter on the quay saw two tugs push the fallen jib aside while the crews of the waiting ships looked on.",
    "The mayor wants the town to buy a crane of its own, which the council will discuss behind closed doors in June.",
)


def family(*carried: str, original: str = "", id_: str = "f", begin: int = 0) -> FamilyRecord:
    """A family whose articles came in this order, an hour apart; the first one is the original unless told."""
    carriers = [
        Carrier(TODAY + timedelta(hours=hour), name, f"{name}-times", name, 0.5)
        for hour, name in enumerate(carried, begin)
    ]
    return FamilyRecord(
        id=id_,
        story="s",
        original=original or carried[0],
        members=carried,
        first_seen_at=TODAY,
        last_seen_at=TODAY,
        carriers=tuple(carriers),
    )


def text(*paragraphs: str) -> str:
    return "\n".join(paragraphs)


TEXTS = {
    "wire": text(*WIRE),
    "cut": text(*WIRE[:4]),
    "local": text(WIRE[0], ADDED[0], *WIRE[1:5], ADDED[1]),
    "from-local": text(WIRE[0], ADDED[0], *WIRE[1:3]),
    "later": text(WIRE[1], ADDED[1], WIRE[2]),
    "styled": text(WIRE[0].replace("officials", "authorities"), *WIRE[1:4]),
    "styled-too": text(WIRE[0].replace("officials", "authorities"), *WIRE[1:5]),
}


@pytest.mark.parametrize(
    ("copies", "other"),
    [
        (("cut",), "wire"),
        (("local",), "wire"),
        (("local", "from-local"), "local"),
        (("from-local", "local"), "from-local"),
        (("local", "from-local", "later"), "local"),
        (("cut", "local", "cut-too"), "wire"),
        (("styled", "styled-too"), "wire"),
        (("local", "unknown"), "wire"),
    ],
    ids="-".join,
)
def test_a_copy_leads_to_who_had_its_words_before(copies: tuple[str, ...], other: str) -> None:
    """The original, or an earlier copy that has of it what the original lacks, by more than a word put otherwise."""
    known = {**TEXTS, "cut-too": TEXTS["cut"]}
    assert takings(family("wire", *copies), known)[-1].other == other


def test_shares_say_how_much_stands_there() -> None:
    """Of the original the share that was judged; of a copy the rows of words that stand in it."""
    local, from_local = takings(family("wire", "local", "from-local"), TEXTS)
    assert (local.share, local.beyond) == (0.5, 0)
    assert from_local.share == 1.0
    assert from_local.beyond > 10


@given(st.permutations(sorted(TEXTS)), st.sampled_from(sorted(TEXTS)))
def test_every_copy_leads_to_the_original(order: list[str], original: str) -> None:
    """Whatever came when, and whichever became the original: each copy once, and no two from one another."""
    found = takings(family(*order, original=original), TEXTS)
    assert sorted([original, *(one.article for one in found)]) == sorted(TEXTS)
    other = {one.article: one.other for one in found}
    for one in other:
        way = [one]
        while way[-1] != original:
            way.append(other[way[-1]])
            assert len(way) <= len(TEXTS)


def test_of_many_the_first_are_compared() -> None:
    """What comes behind them has its share of the original, as it was judged."""
    names = [f"c{number:03}" for number in range(MOST + 5)]
    known = {"wire": TEXTS["wire"], **dict.fromkeys(names, TEXTS["local"])}
    found = takings(family("wire", *names), known)
    assert {one.other for one in found[1:MOST]} == {names[0]}
    assert {(one.other, one.share) for one in found[MOST:]} == {("wire", 0.5)}


def test_what_is_told_anew_names_what_it_has_in_common() -> None:
    """The earlier original of which it holds most, with the share; nothing for words of its own alone."""
    families = [family("wire", id_="a"), family("other", id_="b", begin=1), family("anew", id_="c", begin=2)]
    known = {"wire": TEXTS["wire"], "other": text(*OTHER), "anew": text(WIRE[2], *ADDED)}
    found = rewritten(families, known)
    assert set(found) == {"c"}
    assert (found["c"].article, found["c"].other) == ("anew", "wire")
    assert 0 < found["c"].share < 0.5
    assert rewritten([], {}) == {}
