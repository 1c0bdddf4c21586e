"""That rulings are kept and obeyed on every Index, and that what a large family holds is taken by it."""

import pytest

from copydesk.index import Generations, Index, Kind
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Ruling, Verdict
from copydesk.index.records import from_record
from copydesk.index.rulings import find_rulings, keep_rulings
from copydesk.judging.applying import judge, look_again
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.operating.comparing import compare
from made.texts import document, family, paragraphs
from made.world import START

WORLD = [*family(1), *family(2, minutes=10), document("lone", paragraphs(99))]
RULINGS = [
    Ruling(one="f1-cut", other="f1-wire", verdict=Verdict.NO_COPIES, at=START, told=("f1-wire",)),
    Ruling(one="f2-wire", other="lone", verdict=Verdict.COPIES, at=START, told=("f2-wire", "lone")),
]


@pytest.mark.parametrize("first", [True, False], ids=["ruled before they came", "ruled afterwards"])
def test_rulings_hold_whenever_the_texts_come(index: Generations, first: bool) -> None:  # noqa: FBT001 (a column)
    """The same judgements, families and stories in a rebuilt generation, where the texts come in another order."""
    if first:
        keep_rulings(index, RULINGS)
    for one in WORLD:
        judge(index, [one])
        index.refresh(Kind.FINGERPRINTS)
    keep_rulings(index, RULINGS[::-1])
    look_again(index, ["f1-cut", "lone"])
    assert set(find_rulings(index, ["f1-cut", "lone"])) == set(RULINGS)
    found = families(index)
    assert found["f1-cut"] != found["f1-wire"]
    assert found["lone"] == found["f2-wire"] == found["f2-cut"]
    rebuilt = index.begin_generation()
    judge(rebuilt, WORLD[::-1])
    assert families(rebuilt) == found
    assert {"families", "stories"} <= set(compare(index, rebuilt).equal)


def test_genealogy_is_kept(index: Index) -> None:
    """Carriers and elections come back as they were written."""
    judge(index, family(1))
    record = from_record(FamilyRecord, index.get(Kind.FAMILIES, ["f1-wire"])["f1-wire"].body)
    assert (len(record.carriers), record.publishers, record.elections[-1].original) == (5, 5, "f1-wire")


def families(index: Index) -> dict[str, str]:
    return {id_: one.family for id_, one in judgements_of(index, [one.id for one in WORLD]).items()}
