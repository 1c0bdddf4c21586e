from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.judging.clustering.constraints import constraints_of
from copydesk.judging.clustering.families import Family, find_families
from copydesk.judging.clustering.graph import Links
from copydesk.judging.clustering.rarity import pool
from copydesk.judging.fingerprint import Fingerprint
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.linkage import graph_of, links_of
from made.texts import START, document, paragraphs

WIRE = paragraphs(21, 10)


def families(texts: Sequence[Fingerprint], links: Links | None = None) -> list[Family]:
    """The families of some texts that nobody has ruled on, by their links or by others."""
    known = pool(texts)
    constraints = constraints_of([text.id for text in texts], [])
    return find_families(texts, known, graph_of(links or links_of(known)), constraints)


def test_a_teaser_left_on_the_page_parts_no_copy() -> None:
    """A cut copy with the beginning of another text below it is in the family of its wire, the other text is not."""
    other = paragraphs(47, 4)
    found = [
        document("raw", WIRE, title="Bridge closed"),
        document("other", other, title="Harbour reopens"),
        document("cut", [*WIRE[:6], other[0]], title="Bridge closed"),
    ]
    groups = {frozenset(family.members) for family in families(make_fingerprints(found))}
    assert groups == {frozenset({0, 2}), frozenset({1})}


@pytest.mark.parametrize(
    ("documents", "original"),
    [
        ([document("a", WIRE[:4]), document("b", WIRE, minutes=5), document("c", WIRE[:8], minutes=7)], "b"),
        ([document("a", WIRE), document("b", WIRE, minutes=5)], "a"),
        ([document("a", WIRE), document("b", WIRE[:6], minutes=5, agency="DPN")], "b"),
        (
            [
                document("a", WIRE, agency="DPN"),
                document("b", WIRE[:6], minutes=9, agency="DPN", outlet="Delta Press Network"),
            ],
            "b",
        ),
    ],
    ids=["the widest", "the earliest", "with agency", "the agency's own page"],
)
def test_which_text_is_the_original(documents: list[Document], original: str) -> None:
    """The agency's own page, else one with its byline, else the widest, else the earliest; in any order."""
    for some in (documents, documents[::-1]):
        texts = make_fingerprints(some)
        (family,) = families(texts)
        assert texts[family.original].id == original


def test_families_do_not_chain_without_end() -> None:
    """Of twenty versions that share half with the next the first and the last are not one family."""
    lines = paragraphs(51, 84)
    versions = [document(f"v{n}", lines[n * 4 : n * 4 + 8], minutes=n) for n in range(20)]
    texts = make_fingerprints(versions)
    found = families(texts)
    assert len(found) > 1
    assert all({0, 19} - set(family.members) for family in found)


def test_a_copy_is_not_led_by_the_text_of_another_agency() -> None:
    """Two agencies' texts of which two copies have paragraphs of one archive are two families, each with its copies."""
    one, other, archive = paragraphs(61, 8), paragraphs(62, 8), paragraphs(63, 3)
    documents = [
        document("one", one, title="Bridge closed"),
        document("one-more", one[:7], title="Bridge closed", minutes=1),
        document("one-long", [*one, *archive], title="Bridge closed", minutes=2),
        document("two", other, title="Bridge closed", minutes=3),
        document("two-long", [*other, *archive], title="Bridge closed", minutes=4),
    ]
    texts = make_fingerprints(documents)
    links = links_of(pool(texts))
    links.strength[2, 4] = links.strength[4, 2] = 1  # as it is where names and figures are the same
    found = families(texts, links)
    assert {frozenset(texts[place].id.split("-")[0] for place in family.members) for family in found} == {
        frozenset({"one"}), frozenset({"two"}),
    }  # fmt: skip


polls = st.lists(st.integers(0, 3 * 24 * 60), min_size=6, max_size=6)


@pytest.mark.parametrize("dated", [(), (2,), (0, 3)], ids=["none", "one copy", "the wire and a copy"])
@given(polls, polls)
def test_a_failed_poll_changes_no_original(dated: tuple[int, ...], once: list[int], again: list[int]) -> None:
    """When pages without a date were first seen, within days and in any order, says nothing about who had it first."""
    own = paragraphs(99, 4)
    lines = [WIRE, WIRE, [*WIRE, own[0]], [own[1], *WIRE], WIRE[:6], [*WIRE[:9], own[2]]]
    originals = []
    for delays in (once, again):
        texts = make_fingerprints(_seen(lines, dated, delays))
        (family,) = families(texts)
        originals.append(texts[family.original].id)
    assert originals[0] == originals[1]


def _seen(lines: list[list[str]], dated: tuple[int, ...], delays: list[int]) -> list[Document]:
    """Texts ten minutes after each other, seen with these delays in minutes; some say when they came."""
    came = [document(f"t{number}", some, minutes=10 * number) for number, some in enumerate(lines)]
    return [
        replace(
            one,
            first_seen_at=one.first_seen_at + timedelta(minutes=delay),
            published_at=one.published_at if number in dated else None,
        )
        for number, (one, delay) in enumerate(zip(came, delays, strict=True))
    ]


@pytest.mark.parametrize(
    ("seen", "published", "first"),
    [
        ({"a": 0, "b": 60}, {"a": 0, "b": 60}, "a"),
        ({"a": 300, "b": 60}, {"a": 0, "b": 30}, "a"),
        ({"b": 0, "long": 60}, {}, "long"),
        ({"a": 0, "b": 60}, {"b": 55}, "b"),
        ({"a": 0, "b": 1000}, {"b": 990}, "b"),
        ({"b": 0, "long": 1000}, {}, "long"),
    ],
    ids=[
        "as published",
        "seen late",
        "no dates: the longer",
        "a date",
        "a date, long after the other was seen",
        "no dates, seen a day apart",
    ],
)
def test_who_is_taken_to_have_been_first(seen: dict[str, int], published: dict[str, int], first: str) -> None:
    """A date decides, and without one the text, however long after each other they were seen."""
    documents = [
        replace(
            document(name, [*WIRE, *(paragraphs(5, 1) if name == "long" else [])]),
            first_seen_at=START + timedelta(minutes=minutes),
            published_at=START + timedelta(minutes=published[name]) if name in published else None,
        )
        for name, minutes in seen.items()
    ]
    texts = make_fingerprints(documents)
    (family,) = families(texts)
    assert texts[family.original].id == first
