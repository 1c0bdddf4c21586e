import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wires import document, family, paragraphs

from copydesk.adapters.memory import MemoryIndex
from copydesk.judging import judge, look_again, withdraw
from copydesk.model import Document, Judgement
from copydesk.ports import Kind
from copydesk.records import from_record

WORLD = [*family(1), *family(2, minutes=10), *family(3, minutes=20), document("lone", paragraphs(99))]


def judgements(index: MemoryIndex) -> dict[str, Judgement]:
    index.refresh(*Kind)
    rows = {row.id: dict(row.body) for row in index.scan(Kind.JUDGEMENTS)}
    return {
        id_: from_record(Judgement, {k: v for k, v in body.items() if k not in {"checksum", "revision"}})
        for id_, body in rows.items()
    }


def judged(documents: list[Document], batch: int = 100) -> MemoryIndex:
    index = MemoryIndex()
    for start in range(0, len(documents), batch):
        judge(index, documents[start : start + batch])
    return index


def test_copies_make_a_family_with_the_agency_text_as_original() -> None:
    """Whole, cut, expanded and updated copies point to the wire; a lone text to nobody."""
    found = judgements(judged(WORLD))
    for name in ("f1", "f2", "f3"):
        members = {id_ for id_, judgement in found.items() if judgement.family == f"{name}-wire"}
        assert members == {f"{name}-{kind}" for kind in ("wire", "whole", "cut", "expanded", "updated")}
        assert {found[id_].duplicate_of for id_ in members} == {None, f"{name}-wire"}
    assert found["lone"].duplicate_of is None
    assert found["lone"].family == found["lone"].story == "lone"


def test_all_new_articles_count_as_changed_and_a_second_run_changes_nothing() -> None:
    """Judging the same documents again returns nobody and writes nothing."""
    index = MemoryIndex()
    assert judge(index, WORLD) == {document.id for document in WORLD}
    before = judgements(index)
    assert judge(index, WORLD) == set()
    assert look_again(index, [document.id for document in WORLD]) == set()
    assert judgements(index) == before


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_order_and_batches_do_not_matter(seed: int, batch: int) -> None:
    """Any order of arrival in batches of any size gives the same judgements."""
    shuffled = random.Random(seed).sample(WORLD, len(WORLD))
    assert judgements(judged(shuffled, batch)) == judgements(judged(WORLD))


def test_a_second_look_joins_what_two_workers_could_not_see() -> None:
    """Copies judged at once by two workers stay apart until the refresh, and are one family after the second look."""
    index = MemoryIndex(lag=True)
    first, second = WORLD[:2], WORLD[2:5]
    judge(index, first)
    judge(index, second)
    assert len({judgement.family for judgement in _now(index, WORLD[:5]).values()}) == 2
    index.refresh(Kind.FINGERPRINTS)
    assert look_again(index, [one.id for one in second]) == {one.id for one in second}
    assert look_again(index, [one.id for one in first]) == set()
    assert judgements(index) == judgements(judged(WORLD[:5]))


def _now(index: MemoryIndex, documents: list[Document]) -> dict[str, Judgement]:
    rows = index.get(Kind.JUDGEMENTS, [one.id for one in documents])
    return {
        id_: from_record(Judgement, {k: v for k, v in row.body.items() if k != "checksum"})
        for id_, row in rows.items()
    }


@pytest.mark.parametrize("gone", [one.id for one in WORLD[:5]])
def test_withdrawing_is_as_if_the_text_had_never_come(gone: str) -> None:
    """After a takedown the others are judged as without it."""
    index = judged(WORLD)
    changed = withdraw(index, [gone])
    assert gone not in changed
    assert judgements(index) == judgements(judged([one for one in WORLD if one.id != gone]))
