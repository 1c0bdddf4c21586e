"""Texts in the order in which they came → what each is beside the others, in this process and without a server."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from copydesk.adapters.memory import MemoryIndex
from copydesk.judging import judge
from copydesk.model import Capture, Document, Judgement, Rejection
from copydesk.ports import Body, Json, Kind, Reader
from copydesk.records import from_record, to_record

__all__ = ["Id", "judged_texts"]

Id: TypeAlias = "str | int | float"

BATCH = 200
"""Texts judged together; the answer does not depend on it."""


def judged_texts(reader: Reader, texts: Iterable[tuple[Id, Capture]]) -> Iterator[Body]:
    """The final answers, in order, after the last text: id, duplicate_of, family, story, contains, evidence.

    A text that cannot be read stands alone, and "rejected" says why. Of texts with the same id the last one counts.
    """
    ids: list[Id] = []
    rejected: dict[Id, str] = {}

    def captures() -> Iterator[Capture]:
        for id_, capture in texts:
            ids.append(id_)
            yield capture

    index = MemoryIndex()
    answers = enumerate(reader.read(captures()))
    while batch := list(islice(answers, BATCH)):
        for number, answer in batch:
            if isinstance(answer, Rejection):
                rejected[ids[number]] = str(answer.reason)
        judge(index, [replace(a, id=str(ids[n])) for n, a in batch if isinstance(a, Document)])
    names = {str(id_): id_ for id_ in ids}
    for id_ in ids:
        found = index.get(Kind.JUDGEMENTS, [str(id_)]).get(str(id_))
        yield _answer(id_, found.body, names) if found else _alone(id_, rejected[id_])


def _answer(id_: Id, body: Body, names: dict[str, Id]) -> Body:
    judgement = from_record(Judgement, {name: item for name, item in body.items() if name != "checksum"})
    evidence: Json = None
    if judgement.evidence is not None:
        evidence = {**to_record(judgement.evidence), "other": names[judgement.evidence.other]}
    return {
        "id": id_,
        "duplicate_of": names[judgement.duplicate_of] if judgement.duplicate_of is not None else None,
        "family": names[judgement.family],
        "story": names[judgement.story],
        "contains": [names[family] for family in judgement.contains],
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
