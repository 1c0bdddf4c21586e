"""Components of more than 600 texts: decided as a whole, the same whatever the order and the batches."""

import random
from collections.abc import Sequence

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind, Write
from copydesk.index.judgement import Ruling, Verdict
from copydesk.index.records import from_record, to_record
from copydesk.index.rulings import keep_rulings
from copydesk.judging.applying import judge, look_again, withdraw
from copydesk.judging.clustering.decision import Decision, decide
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.judging.fingerprint import to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.judgements import judgements
from made.texts import START, document, paragraphs

SIZE = 603
WIRES = [paragraphs(seed, 4) for seed in (7, 8, 9)]


def copy(number: int) -> Document:
    """A copy of one wire of three with a paragraph of its own; every 50th holds half of the next wire too."""
    wire, following = WIRES[number % 3], WIRES[(number + 1) % 3]
    more = following[:2] if number % 50 == 49 else []
    return document(f"c{number:04}", [*wire, *more, *paragraphs(1000 + number, 1)], minutes=number)


TEXTS = [copy(number) for number in range(SIZE)]


@pytest.fixture(scope="module")
def decided() -> Decision:
    """The decision on all of them at once."""
    return decide(make_fingerprints(TEXTS))


@pytest.fixture
def index(decided: Decision) -> MemoryIndex:
    """An index that holds the component as it was decided."""
    texts = make_fingerprints(TEXTS)
    bodies = {
        text.id: {**to_record(decided.judgements[text.id]), "checksum": text.checksum} for text in texts
    }
    writes = [Write(kind=Kind.FINGERPRINTS, id=text.id, body=to_body(text)) for text in texts]
    writes += [Write(kind=Kind.JUDGEMENTS, id=id_, body=body) for id_, body in bodies.items()]
    writes += [
        Write(kind=Kind.FAMILIES, id=id_, body=to_record(one)) for id_, one in decided.families.items()
    ]
    writes += [Write(kind=Kind.STORIES, id=id_, body=to_record(one)) for id_, one in decided.stories.items()]
    made = MemoryIndex()
    made.write(writes)
    return made


def family_of(index: MemoryIndex, id_: str) -> FamilyRecord:
    """The record of a family."""
    return from_record(FamilyRecord, index.get(Kind.FAMILIES, [id_])[id_].body)


def test_it_is_one_component_and_each_wire_one_family(decided: Decision) -> None:
    """Or the laws below would say little: texts with parts of two wires connect the families and join none."""
    roots = [story for story in decided.stories.values() if story.kin]
    assert [len(root.kin) for root in roots] == [SIZE]
    plain = [number for number in range(SIZE) if number % 50 != 49]
    found: dict[int, set[str]] = {number: set() for number in range(3)}
    for number in plain:
        found[number % 3].add(decided.judgements[f"c{number:04}"].family)
    assert found == {number: {f"c{number:04}"} for number in range(3)}


@pytest.mark.parametrize(("seed", "batch"), [(1, SIZE), (2, 350)])
def test_order_and_batches_do_not_matter(decided: Decision, seed: int, batch: int) -> None:
    """Judgements, and the records of families and stories, are those of one decision on the whole set."""
    index = MemoryIndex()
    shuffled: Sequence[Document] = random.Random(seed).sample(TEXTS, SIZE)
    for start in range(0, SIZE, batch):
        judge(index, shuffled[start : start + batch])
    assert judgements(index) == decided.judgements
    assert {id_: family_of(index, id_) for id_ in decided.families} == decided.families
    rows = index.get(Kind.STORIES, sorted(decided.stories))
    stories = {id_: from_record(StoryRecord, row.body) for id_, row in rows.items()}
    assert {id_: (one.families, one.kin, one.root) for id_, one in stories.items()} == {
        id_: (one.families, one.kin, one.root) for id_, one in decided.stories.items()
    }


def test_it_takes_texts_in_elects_and_lets_go(index: MemoryIndex, decided: Decision) -> None:
    """A newcomer joins, the agency's page becomes the original of its copies, what is withdrawn leaves no trace."""
    new = copy(SIZE)
    page = document("page", WIRES[0], minutes=SIZE + 1, agency="DPN", outlet="Delta Press Network")
    assert {new.id, "page"} <= judge(index, [new, page])
    assert judge(index, [new]) == look_again(index, ["c0300"]) == set()
    found = judgements(index)
    members = {id_ for id_, judgement in found.items() if judgement.family == "c0000"}
    assert {found[id_].duplicate_of for id_ in members} == {None, "page"}
    assert {new.id, "page"} <= members
    withdraw(index, ["page", new.id])
    assert judgements(index) == decided.judgements


def test_rulings_hold_in_it(index: MemoryIndex, decided: Decision) -> None:
    """A text that a person parted from all others leaves, the eldest too, and the others stay together."""
    before = set(decided.families["c0000"].members)
    parted: set[str] = set()
    for gone, family in (("c0003", "c0000"), ("c0000", "c0006")):
        rest = before - parted - {gone}
        keep_rulings(
            index,
            [
                Ruling(one=min(gone, one), other=max(gone, one), verdict=Verdict.NO_COPIES, at=START)
                for one in sorted(rest)
            ],
        )
        look_again(index, [gone])
        parted.add(gone)
        found = judgements(index)
        assert {found[id_].family for id_ in parted} == parted
        assert {found[id_].family for id_ in rest} == {family}
