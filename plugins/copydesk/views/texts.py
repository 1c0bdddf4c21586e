"""Texts in the order in which they came → what each is beside the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from copydesk.index import Index
from copydesk.index.article import judgements_of
from copydesk.index.judgement import Evidence, Judgement
from copydesk.judging.applying import judge
from copydesk.model import Capture, Document, Rejection
from copydesk.ports import Reader

__all__ = ["Id", "JudgedText", "judge_texts"]

Id: TypeAlias = str | int | float

BATCH = 200
"""Texts judged together; the answer does not depend on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """What a text is beside the others, all named by the ids that people gave.

    Attributes:
        family, story: The text each is called after.
        duplicate_of: Its original, or None for an original.
        contains: For a roundup the texts it holds.
        evidence: What links it; `nearest` is the text it is linked to.
        rejected: Why it could not be read, and so stands alone; else "".
    """

    id: Id
    family: Id
    story: Id
    duplicate_of: Id | None = None
    contains: tuple[Id, ...] = ()
    evidence: Evidence | None = None
    nearest: Id | None = None
    rejected: str = ""


def judge_texts(reader: Reader, index: Index, texts: Iterable[tuple[Id, Capture]]) -> Iterator[JudgedText]:
    """The final answers, in order, after the last text; `index` is an empty one, in which they are judged.

    Each text counts, also one whose id stood before.
    """
    ids: list[Id] = []
    rejected: dict[int, str] = {}

    def captures() -> Iterator[Capture]:
        for id_, capture in texts:
            ids.append(id_)
            yield capture

    answers = enumerate(reader.read(captures()))
    while batch := list(islice(answers, BATCH)):
        rejected |= {number: str(a.reason) for number, a in batch if isinstance(a, Rejection)}
        # an index takes no id of any length; numbers also let the order decide where times are equal
        judge(index, [replace(a, id=_key(number)) for number, a in batch if isinstance(a, Document)])
    for number, id_ in enumerate(ids):
        if number in rejected:
            yield JudgedText(id=id_, family=id_, story=id_, rejected=rejected[number])
        else:
            key = _key(number)
            yield _judged(id_, judgements_of(index, [key])[key], ids)


def _key(number: int) -> str:
    return f"{number:09}"


def _judged(id_: Id, judgement: Judgement, ids: Sequence[Id]) -> JudgedText:
    evidence = judgement.evidence
    return JudgedText(
        id=id_,
        family=ids[int(judgement.family)],
        story=ids[int(judgement.story)],
        duplicate_of=ids[int(judgement.duplicate_of)] if judgement.duplicate_of else None,
        contains=tuple(ids[int(item)] for item in judgement.contains),
        evidence=evidence,
        nearest=ids[int(evidence.other)] if evidence is not None else None,
    )
