"""Which groups of copies are joined since they hold versions of one running report."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.index.judgement import Ruling, Verdict
from copydesk.judging.clustering.constraints import constraints_of
from copydesk.judging.clustering.decision import decide
from copydesk.judging.clustering.rarity import pool
from copydesk.judging.clustering.versions import joined_by_versions, versions_before
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.texts import START, document

FIRST = [
    "A ferry with 214 people on board ran aground off Cape Morrel on Tuesday, the coast guard in Selby said.",
    "The Lady Ansel lies on a sandbank called the Maiden, 3 kilometres from the harbour of Tarn.",
    "Her captain, Ruben Falk, 58, reported a failure of the rudder at 5:20 in the morning.",
    "Two lifeboats from Tarn and one from Orrin are alongside, said the harbour master, Greta Moll.",
]
SECOND = [
    "All 214 people from the ferry that ran aground off Cape Morrel are ashore, the guard in Selby said on Tuesday.",
    FIRST[1],
    "Seven of them were taken to the hospital of Tarn, among them two children with broken arms.",
    "A tug from Selby is expected at 19:00 and will try to pull the Lady Ansel off the Maiden with the tide.",
    FIRST[2],
]
OF_FIRST = [FIRST[0], FIRST[3]]
OF_SECOND = SECOND[2:4]
ASIDE = [
    "Captain Ruben Falk has crossed the bay for thirty years and keeps bees behind his house in Orrin.",
    "Neighbours call him a careful man who never hurried, not even for a wedding of his own daughter.",
    "In the winter of 2009 he turned back with 80 passengers, and the company fined him for it.",
    FIRST[1],
]
THIRD = [
    "The Lady Ansel lies on a sandbank called the Maiden no more: a tug pulled the ferry free at 19:40 on Tuesday.",
    "Two lifeboats from Tarn and one from Orrin stayed beside her, said the harbour master, Greta Moll, to the end.",
    "Her captain, Ruben Falk, 58, will be heard by a judge in Selby on Thursday, the owner of the line said.",
]
FLASH = ["A ferry ran aground off Cape Morrel, the guard in Selby said. More to follow."]
AFRESH = [
    "Captain Ruben Falk, 58, will be heard in Selby on Thursday, after his ferry ran aground off Cape Morrel.",
    "Passengers slept in the gymnasium of Tarn, where the harbour master, Greta Moll, handed out soup and dry socks.",
    "The owner, Castor Lines, says the rudder failed, and has withdrawn 2 sister ships of the Lady Ansel.",
    "Relatives waited at the pier until midnight, and nobody knew when the trunks and cars would come ashore.",
]
HOURS = 8


def text(id_: str, lines: list[str], *, outlet: str = "", hours: float = 0, title: str = "") -> Document:
    title = title or "Ferry aground off Cape Morrel"
    return document(id_, lines, title=title, outlet=outlet, minutes=round(60 * hours))


def families(documents: list[Document], rulings: list[Ruling] | None = None) -> list[list[str]]:
    """The ids of each family, sorted."""
    texts = [replace(one, published_at=one.first_seen_at) for one in documents]
    found = decide(make_fingerprints(texts), rulings or [])
    return sorted(sorted(family.members) for family in found.families.values())


DAY = [
    text("first", FIRST, outlet="wire"),
    text("cut", OF_FIRST, hours=0.5, title="Two hundred wait on a sandbank"),
    text("second", SECOND, outlet="wire", hours=HOURS),
    text("late", OF_SECOND, hours=HOURS + 0.5, title="A tug shall free the Lady Ansel"),
]


def test_versions_hours_apart_are_one_family_with_what_papers_took_of_each() -> None:
    """Papers took other parts of each, so they have nothing in common; the agency's own two versions have."""
    assert families([DAY[1], DAY[3]]) == [["cut"], ["late"]]
    assert families(DAY) == [["cut", "first", "late", "second"]]


def test_another_report_of_the_agency_is_no_version() -> None:
    """A portrait of the captain holds a paragraph of the report and tells of something else."""
    aside = text("aside", ASIDE, outlet="wire", hours=HOURS, title="The captain who kept bees")
    assert families([*DAY[:2], aside]) == [["aside"], ["cut", "first"]]


@pytest.mark.parametrize(
    ("agency", "texts", "family"),
    [
        ("DPN", 3, ["cut", "first", "third"]),
        (None, 3, ["cut", "first"]),
        ("DPN", 2, ["cut", "first"]),
    ],
    ids=["on the agency's page", "on a paper's", "on one with two of its texts"],
)
def test_versions_on_the_page_of_an_agency_need_less_in_common(
    agency: str | None, texts: int, family: list[str]
) -> None:
    """Its texts share no phrases of a house; yet the portrait, with a paragraph of the report, is none of them."""
    aside = text("aside", ASIDE, outlet="wire", hours=1, title="The captain who kept bees")
    third = text("third", THIRD, outlet="wire", hours=1.5, title="Ferry pulled off the Maiden")
    page = [replace(one, agency=agency) for one in (DAY[0], third, aside)[:texts]]
    alone = [[one.id] for one in page if one.id not in family]
    assert families([*page, DAY[1]]) == sorted([family, *alone])


def wire(*texts: Document, agency: str | None = "DPN") -> list[Document]:
    """The page of an agency: these texts, and others that make it one."""
    others = [text(f"other{n}", [*ASIDE[:n], FIRST[1]], outlet="wire", hours=-40 * n) for n in (2, 3)]
    return [replace(one, agency=agency) for one in (*texts, *others)]


@pytest.mark.parametrize(
    ("agency", "hours", "joined"),
    [("DPN", 5, True), ("DPN", 10, False), ("DPN", 1, False), (None, 5, False)],
    ids=["hours later", "the next day", "within the hour", "on a paper's page"],
)
def test_an_agency_s_report_that_was_written_anew_is_a_version(
    agency: str | None, hours: float, *, joined: bool
) -> None:
    """It shares hardly a run of words; within the hour an agency sends that beside the report, and it is no version."""
    fresh = text("fresh", AFRESH, outlet="wire", hours=hours, title="Judge to hear captain of the Lady Ansel")
    found = families([*wire(DAY[0], fresh, agency=agency), DAY[1]])
    assert (["cut", "first", "fresh"] in found) == joined
    assert (["cut", "first"] in found) != joined


@pytest.mark.parametrize(("hours", "joined"), [(2.5, True), (9, False)])
@pytest.mark.parametrize("agency", ["DPN", None])
def test_a_flash_goes_to_the_version_that_tells_most_of_the_same(
    agency: str | None, hours: float, *, joined: bool
) -> None:
    """No version repeats it; hours later it may be about something else, and on a paper's page whatever it likes."""
    flash = text("flash", FLASH, outlet="wire", hours=-hours, title="FLASH: Ferry aground")
    found = families(wire(flash, DAY[0], agency=agency))
    assert (["first", "flash"] in found) == (joined and agency is not None)


def test_the_page_that_others_have_their_texts_from_is_an_agency_s_whatever_it_names() -> None:
    """Papers print a part of each of its texts, later; so what it wrote anew is a version there, and not at a paper."""
    fresh = text("fresh", AFRESH, outlet="wire", hours=5, title="Judge to hear captain of the Lady Ansel")
    page = wire(DAY[0], fresh, agency=None)
    printed = [
        replace(
            one,
            id=f"p{one.id}",
            outlet=f"paper {one.id}",
            first_seen_at=one.first_seen_at + timedelta(hours=1),
        )
        for one in page
    ]
    assert ["first", "fresh", "pfirst", "pfresh"] in families([*page, *printed])
    assert ["first", "fresh", "pfirst", "pfresh"] not in families([*page, *printed[:2]])


def test_a_version_is_written_from_the_one_before_that_is_most_alike() -> None:
    """Whatever else on the page is like it too: a statement is quoted in the report, and is none of its versions."""
    texts = make_fingerprints([text(str(hour), FIRST, hours=hour) for hour in range(4)])
    ones, others, strength = np.array([3, 1, 0]), np.array([0, 3, 2]), np.array([0.2, 0.4, 0.3], np.float32)
    found = versions_before(pool(texts), (ones, others, strength))
    assert list(zip(*(side.tolist() for side in found[:2]), strict=True)) == [(2, 0), (3, 1)]


def test_only_a_text_that_stands_alone_goes_to_its_wire() -> None:
    """And it goes to the surest one; a group is not brought along by one of its texts."""
    free = constraints_of([str(place) for place in range(6)], []).copies
    of_wires = [(0, 2), (0, 4), (3, 4)]
    found = joined_by_versions([[0], [1], [2, 3], [4, 5]], of_wires, free, alone=True)
    assert found == [[0, 2, 3], [1], [4, 5]]


@pytest.mark.parametrize("pair", [("first", "second"), ("cut", "late"), ("cut", "second")])
def test_what_a_person_parted_stays_apart(pair: tuple[str, str]) -> None:
    """However surely the versions belong together."""
    one, other = pair
    ruling = Ruling(one=one, other=other, verdict=Verdict.NO_COPIES, at=START + timedelta(days=1))
    found = families(DAY, [ruling])
    assert not any(set(pair) <= set(family) for family in found)


PLACES = st.integers(0, 11)


@given(st.lists(PLACES, min_size=12, max_size=12), st.lists(st.tuples(PLACES, PLACES), max_size=12))
def test_what_versions_join_is_what_they_connect(of: list[int], versions: list[tuple[int, int]]) -> None:
    """Two texts are in one group if a way over groups and versions leads from the one to the other."""
    groups = [[place for place in range(12) if of[place] == number] for number in set(of)]
    free = constraints_of([str(place) for place in range(12)], []).copies
    found = joined_by_versions(groups, versions, free)
    assert sorted(place for group in found for place in group) == list(range(12))
    together = {place: number for number, group in enumerate(found) for place in group}
    assert all(together[one] == together[other] for one, other in versions)
    for group in found:
        reached = {group[0]}
        for _ in group:
            reached |= {place for place in range(12) if any(of[place] == of[known] for known in reached)}
            reached |= {two for pair in versions for one, two in (pair, pair[::-1]) if one in reached}
        assert reached == set(group)
