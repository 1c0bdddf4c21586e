"""Texts in the order in which they came → what each is beside the others, in this process; for `judge`."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from copydesk.connect import memory_index
from copydesk.index import Body, Json
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.judging.applying import judge
from copydesk.model import Capture, Document, Rejection
from copydesk.ports import Reader

__all__ = ["Id", "judged_texts"]

Id: TypeAlias = "str | int | float"

BATCH = 200
"""Texts judged together; the answer does not depend on it."""


def judged_texts(reader: Reader, texts: Iterable[tuple[Id, Capture]]) -> Iterator[Body]:
    """The final answers, in order, after the last text: id, duplicate_of, family, story, contains, evidence.

    Each text counts, also one whose id stood before. One that cannot be read stands alone, and "rejected" says why.
    """
    ids: list[Id] = []
    rejected: dict[int, str] = {}

    def captures() -> Iterator[Capture]:
        for id_, capture in texts:
            ids.append(id_)
            yield capture

    index = memory_index()
    answers = enumerate(reader.read(captures()))
    while batch := list(islice(answers, BATCH)):
        rejected |= {number: str(a.reason) for number, a in batch if isinstance(a, Rejection)}
        # an index takes no id of any length; numbers also let the order decide where times are equal
        judge(index, [replace(a, id=_key(number)) for number, a in batch if isinstance(a, Document)])
    for number, id_ in enumerate(ids):
        if number in rejected:
            yield _alone(id_, rejected[number])
        else:
            key = _key(number)
            yield _answer(id_, judgements_of(index, [key])[key], ids)


def _key(number: int) -> str:
    return f"{number:09}"


def _answer(id_: Id, judgement: Judgement, ids: Sequence[Id]) -> Body:
    evidence: Json = None
    if judgement.evidence is not None:
        evidence = {**to_record(judgement.evidence), "other": ids[int(judgement.evidence.other)]}
    return {
        "id": id_,
        "duplicate_of": ids[int(judgement.duplicate_of)] if judgement.duplicate_of else None,
        "family": ids[int(judgement.family)],
        "story": ids[int(judgement.story)],
        "contains": [ids[int(item)] for item in judgement.contains],
        "evidence": evidence,
    }


def _alone(id_: Id, reason: str) -> Body:
    return {
        "id": id_,
        "duplicate_of": None,
        "family": id_,
        "story": id_,
        "contains": [],
        "evidence": None,
        "rejected": reason,
    }
