"""Sets too large to be compared all with all: the outcome for one text more, and how much is compared."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Found, Kind, Write
from copydesk.index.judgement import Judgement, Ruling, Verdict
from copydesk.index.records import from_record, to_record
from copydesk.index.rulings import keep_rulings
from copydesk.judging.applying import judge, look_again, withdraw
from copydesk.judging.clustering.decision import decide
from copydesk.judging.clustering.representatives import (
    LEAST_EACH,
    MOST,
    MOST_FAMILIES,
    choose_representatives,
    large_component_of,
)
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.judging.fingerprint import to_body
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.judgements import judgements
from made.texts import START, document, paragraphs

WIRE = paragraphs(7, 2)
SIZE = MOST + 30


class Counting(MemoryIndex):
    """An index that counts the fingerprints it hands out."""

    loaded: int = 0

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        self.loaded += len(ids) if kind is Kind.FINGERPRINTS else 0
        return super().get(kind, ids)


def copy(number: int) -> Document:
    """A copy of the wire with a paragraph of its own."""
    return document(f"c{number:04}", [*WIRE, *paragraphs(1000 + number, 1)], minutes=number)


@pytest.fixture(scope="module")
def records() -> list[Write]:
    """All that the index holds of a large component of copies, as decided when they came at once."""
    texts = make_fingerprints([copy(number) for number in range(SIZE)])
    made = decide(texts)
    bodies = {text.id: {**to_record(made.judgements[text.id]), "checksum": text.checksum} for text in texts}
    writes = [Write(kind=Kind.FINGERPRINTS, id=text.id, body=to_body(text)) for text in texts]
    writes += [Write(kind=Kind.JUDGEMENTS, id=id_, body=body) for id_, body in bodies.items()]
    writes += [Write(kind=Kind.FAMILIES, id=id_, body=to_record(one)) for id_, one in made.families.items()]
    writes += [Write(kind=Kind.STORIES, id=id_, body=to_record(one)) for id_, one in made.stories.items()]
    return writes


@pytest.fixture
def index(records: list[Write]) -> Counting:
    """The index with the component in it."""
    made = Counting()
    made.write(records)
    return made


def test_a_large_component_takes_texts_in_elects_and_lets_go(index: Counting) -> None:
    """A newcomer joins, the agency's page becomes the original of all, what is withdrawn leaves no trace."""
    new = copy(SIZE)
    assert judge(index, [new]) == {new.id}
    assert index.loaded < MOST + 100
    assert judge(index, [new]) == look_again(index, [new.id, "c0300"]) == set()
    page = document("page", WIRE, minutes=SIZE + 1, agency="DPN", outlet="Delta Press Network")
    assert len(judge(index, [page])) == SIZE + 2
    found = judgements(index)
    assert {judgement.duplicate_of for judgement in found.values()} == {None, "page"}
    assert withdraw(index, ["page", "c0005"]) == set(found) - {"page", "c0005"}
    assert {judgement.family for judgement in judgements(index).values()} == {"c0000"}
    record = from_record(FamilyRecord, index.get(Kind.FAMILIES, ["c0000"])["c0000"].body)
    assert set(record.members) == set(judgements(index)) == set(found) - {"page", "c0005"}
    assert len(record.carriers) == record.publishers == SIZE


def test_rulings_hold_in_a_large_component(index: Counting) -> None:
    """A text that a person parted from all others leaves, the eldest too, and the others stay together."""
    parted = set()
    for gone, family in (("c0002", "c0000"), ("c0000", "c0001")):
        rest = set(judgements(index)) - {gone}
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
        assert {found[id_].family for id_ in rest - parted} == {family}


def test_what_is_compared_does_not_grow_with_the_component() -> None:
    """Of ever more families, or ever larger ones, about as many texts stand for all."""
    for count, size in ((1, 3000), (50, 100), (3000, 1), (1000, 5)):
        names = [f"f{number:04}" for number in range(count)]
        members = {name: (name, *(f"{name}-{other}" for other in range(1, size))) for name in names}
        families = {
            name: FamilyRecord(
                id=name,
                story=names[0],
                original=name,
                members=members[name],
                first_seen_at=START,
                last_seen_at=START + timedelta(minutes=number),
            )
            for number, name in enumerate(names)
        }
        own = {name: Judgement(family=name, story=names[0]) for name in names}
        judged = {id_: own[name] for name in names for id_ in members[name]}
        judged = {
            id_: judgement if id_ in own else replace(judgement, duplicate_of=judgement.family)
            for id_, judgement in judged.items()
        }
        chosen = choose_representatives(large_component_of(judged, families, []), {"new", names[0]})
        assert {"new", names[0], names[-1]} <= chosen
        assert len(chosen) <= MOST + (MOST_FAMILIES + 2) * LEAST_EACH
