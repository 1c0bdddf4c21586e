import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexUnavailable
from copydesk.index import Kind, Stored, Write
from copydesk.index.judgement import Judgement
from copydesk.index.records import from_record
from copydesk.judging.applying import judge, look_again, relatives, withdraw
from copydesk.model import Document
from made.judgements import judgements
from made.texts import document, family, paragraphs

WORLD = [*family(1), *family(2, minutes=10), *family(3, minutes=20), document("lone", paragraphs(99))]
BRIEF = document(
    "brief", [line for item in (1, 2, 3) for line in paragraphs(item)[:2]], title="In brief", minutes=15
)
"""A roundup of the three families."""


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


@given(st.lists(st.integers(0, 3), min_size=len(WORLD), max_size=len(WORLD)), st.integers(1, 5))
@settings(max_examples=15, deadline=None)
def test_several_workers_end_where_one_does(workers: list[int], late: int) -> None:
    """Texts dealt to four workers that see each other's only after a refresh, each with a second look."""
    index = MemoryIndex(lag=True)
    for start in range(0, len(WORLD), late):
        window = list(zip(workers[start : start + late], WORLD[start : start + late], strict=True))
        for worker in range(4):
            judge(index, [one for mine, one in window if mine == worker])
        index.refresh(Kind.FINGERPRINTS)
        for worker in range(4):
            look_again(index, [one.id for mine, one in window if mine == worker])
    assert judgements(index) == judgements(judged(WORLD))


@dataclass
class Interrupted(MemoryIndex):
    """An index that lets another worker in, or fails, before one of its writes."""

    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    calls: int = 0

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        self.calls += 1
        if act := self.before.pop(self.calls, None):
            act()
        return super().write(writes)


@pytest.mark.parametrize("call", range(1, 5))
def test_a_worker_that_comes_between_any_two_writes_loses_nothing(call: int) -> None:
    """A second worker judges copies of the same family in the middle of the first one's work."""
    index = Interrupted()
    judge(index, WORLD[:2])
    index.before[index.calls + call] = lambda: judge(index, WORLD[3:5])
    judge(index, WORLD[2:3])
    look_again(index, [one.id for one in WORLD[:5]])
    assert judgements(index) == judgements(judged(WORLD[:5]))


@pytest.mark.parametrize("call", range(1, 5))
def test_judging_again_mends_a_run_that_broke_off_between_any_two_writes(call: int) -> None:
    """After a crash the same documents judged again end where an unbroken run does."""

    def crash() -> None:
        raise IndexUnavailable("gone")

    index = Interrupted()
    judge(index, WORLD[1:3])
    index.before[index.calls + call] = crash
    with pytest.raises(IndexUnavailable):
        judge(index, [WORLD[0], *WORLD[3:5]])
    judge(index, [WORLD[0], *WORLD[3:5]])
    assert judgements(index) == judgements(judged(WORLD[:5]))


def test_a_changed_text_is_judged_anew() -> None:
    """An article that became a copy joins the family, and one that became another text leaves it."""
    index = judged(WORLD)
    lone = document("lone", paragraphs(1)[:6])
    assert "lone" in judge(index, [lone])
    assert judgements(index)["lone"].family == judgements(index)["f1-wire"].family
    assert "lone" in judge(index, [WORLD[-1]])
    assert judgements(index) == judgements(judged(WORLD))


def test_a_roundup_holds_families_and_is_in_none() -> None:
    """It points to the families of its items, whatever comes first, and joins no two stories."""
    for documents in ([*WORLD, BRIEF], [BRIEF, *WORLD], [*WORLD[:7], BRIEF, *WORLD[7:]]):
        found = judgements(judged(documents, 3))
        held = [found[id_].family for id_ in found["brief"].contains]
        assert sorted(set(held)) == ["f1-wire", "f2-wire", "f3-wire"]
        assert found["brief"].family == found["brief"].story == "brief"
        assert {id_: one for id_, one in found.items() if id_ != "brief"} == judgements(judged(WORLD))


def test_what_a_roundup_holds_does_not_depend_on_later_copies() -> None:
    """A copy that shares nothing with it may come last and be its family's earliest: the roundup holds the same."""
    items = [paragraphs(seed) for seed in (71, 72, 73)]
    wires = [document(f"w{n}", item, minutes=5 + n) for n, item in enumerate(items)]
    brief = document("brief", [line for item in items for line in item[:2]], title="In brief", minutes=15)
    early = document("early", items[0][3:], minutes=1)
    last = judgements(judged([*wires, brief, early], 4))
    assert last["early"].family == last["w0"].family == "early"
    assert last["brief"].contains == ("w0", "w1", "w2")
    assert last == judgements(judged([early, brief, *wires], 5))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 20))
def test_the_relatives_of_a_batch_are_all_that_it_may_have_changed(seed: int, batch: int) -> None:
    """Whoever takes up the work of a worker that died finds all that was judged and not stored, roundups among it."""
    index = MemoryIndex()
    shuffled = random.Random(seed).sample([*WORLD, BRIEF], len(WORLD) + 1)
    for start in range(0, len(shuffled), batch):
        some = shuffled[start : start + batch]
        assert judge(index, some) <= relatives(index, [one.id for one in some])


def test_revisions_count_the_changes_of_a_judgement() -> None:
    """A text that lost its place as the original has one revision more."""
    index = judged(WORLD[1:5])
    judge(index, WORLD[:1])
    rows = index.get(Kind.JUDGEMENTS, [one.id for one in WORLD[:5]])
    assert {id_: row.body["revision"] for id_, row in rows.items()}["f1-wire"] == 0
    assert all(str(row.body["revision"]) >= "1" for id_, row in rows.items() if id_ != "f1-wire")


def _now(index: MemoryIndex, documents: list[Document]) -> dict[str, Judgement]:
    rows = index.get(Kind.JUDGEMENTS, [one.id for one in documents])
    return {
        id_: from_record(Judgement, {k: v for k, v in row.body.items() if k != "checksum"})
        for id_, row in rows.items()
    }


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from([one.id for one in (*WORLD, BRIEF)]), min_size=1, max_size=12))
@example({one.id for one in WORLD[:1]})
@example({one.id for one in WORLD[:5]})
@example({one.id for one in WORLD[:10]})
def test_withdrawing_is_as_if_the_texts_had_never_come(gone: set[str]) -> None:
    """After a takedown the others are judged as without them, roundups of what was taken down among them."""
    everything = [*WORLD, BRIEF]
    index = judged(everything)
    changed = withdraw(index, gone)
    assert not gone & changed
    assert judgements(index) == judgements(judged([one for one in everything if one.id not in gone]))
