"""Changing records that others may change at the same time: read, decide, write under guard, repeat.

The one module where sequence numbers are retried; every step that keeps state goes through here.

Two workers count a failure of one source. Both read "1 failure", number 7. The first writes "2 failures" over number 7,
which makes number 8. The second wants to write the same over number 7, and is refused: a conflict. It reads number 8,
decides again, and writes "3 failures". Its `decide` ran twice, so it must be pure.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from copydesk.errors import IndexContended, IndexRefused
from copydesk.index import Body, Found, Index, Kind, Where, Write
from copydesk.index.bounds import bounded, end_of
from copydesk.index.records import from_record, to_record

__all__ = ["change", "claim", "is_free", "take", "write"]

log = logging.getLogger(__name__)

R = TypeVar("R")

ROUNDS = 50
"""Rounds of optimistic writing before we give up: each round at least one writer of a record succeeds."""


def change(
    index: Index,
    kind: Kind,
    cls: type[R],
    decide: Mapping[str, Callable[[R | None], R | None]],
) -> dict[str, R]:
    """Replace records by what `decide` makes of them; the records that were written.

    Each function gets the stored record (None when there is none) and returns the new one, or None to leave it.
    It is called again with the fresh record when another writer was faster, so it must be pure.
    A record that the server refuses is written as its end (`bounds.end_of`), and is given back as that.
    Raises IndexContended when a record stays contended, and IndexRefused when not even an end is taken; the others
    are written all the same.
    """
    written: dict[str, R] = {}
    open_ids, lost = list(decide), ""
    for _ in range(ROUNDS):
        found = index.get(kind, open_ids)
        decided = {id_: decide[id_](_value(cls, found.get(id_))) for id_ in open_ids}
        wanted = {id_: record for id_, record in decided.items() if record is not None}
        answers = _write(
            index, [_guarded(kind, id_, record, found.get(id_)) for id_, record in wanted.items()]
        )
        for (id_, record), answer in zip(wanted.items(), answers, strict=True):
            if answer.status == "stored":
                written[id_] = record if answer.end is None else from_record(cls, answer.end)
        lost = next((answer.lost for answer in answers if answer.lost), lost)
        open_ids = [id_ for id_, answer in zip(wanted, answers, strict=True) if answer.status == "conflict"]
        if not open_ids:
            break
    if lost:
        raise IndexRefused(lost)
    if open_ids:
        raise IndexContended(f"{kind} records {', '.join(open_ids[:3])} stay contended after {ROUNDS} rounds")
    return written


def write(index: Index, writes: Sequence[Write]) -> list[bool]:
    """Write, and say which writes won; one that is refused is written as its end.

    Raises IndexRefused when not even that is taken; the others are written all the same.
    """
    answers = _write(index, writes)
    lost = next((answer.lost for answer in answers if answer.lost), "")
    if lost:
        raise IndexRefused(lost)
    return [answer.status == "stored" for answer in answers]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What became of a write; `end` was written in its place, or was `lost` because of that."""

    status: str
    end: Body | None = None
    lost: str = ""


def _write(index: Index, writes: Sequence[Write]) -> list[_Answer]:
    writes = [
        replace(one, body=bounded(one.kind, one.body)) if one.body is not None else one for one in writes
    ]
    first = index.write(writes)
    answers = [_Answer(answer.status) for answer in first]
    refused = [at for at, answer in enumerate(first) if answer.status == "refused"]
    ends = [
        replace(writes[at], body=end_of(writes[at].kind, writes[at].body or {}, first[at].reason))
        for at in refused
    ]
    for at, one, answer in zip(refused, ends, index.write(ends) if ends else [], strict=True):
        log.warning("refused kind=%s id=%s: %s", one.kind, one.id, first[at].reason)
        refusal = f"{one.kind} record {one.id} was refused: {first[at].reason}"
        answers[at] = _Answer(answer.status, one.body, refusal if answer.status == "refused" else "")
    return answers


def claim(
    index: Index,
    kind: Kind,
    where: Where,
    *,
    now: datetime,
    lease: timedelta,
    sort: str,
    limit: int,
    choose: Callable[[Sequence[Found]], Sequence[Found]] = lambda rows: rows,
) -> list[Found]:
    """Find records that fit, take those nobody holds, and mark them as ours until `now + lease`.

    `choose` gives those of the free ones, in order, that are taken now; the others are left to a later claim.

    A record that another worker takes at the same moment is left to it. A worker that dies loses its claim
    when the lease runs out. The records come back as they were before the claim.
    """
    free = [row for row in index.find(kind, where, sort=sort, limit=limit) if is_free(row.body, now)]
    return take(index, kind, choose(free), now=now, lease=lease)


def take(index: Index, kind: Kind, rows: Sequence[Found], *, now: datetime, lease: timedelta) -> list[Found]:
    """Mark records that were found free as ours until `now + lease`; those that we got, as they were before."""
    seen = {row.id: row.body for row in rows}
    # a body that changed since the search saw it means that somebody has done the work meanwhile
    mine = [row for row in index.get(kind, list(seen)).values() if row.body == seen[row.id]]
    until = (now + lease).isoformat()
    answers = index.write(
        [Write(kind=kind, id=row.id, body={**row.body, "leased_until": until}, seen=row) for row in mine],
    )
    return [row for row, answer in zip(mine, answers, strict=True) if answer.status == "stored"]


def is_free(body: Body, now: datetime) -> bool:
    """Whether no worker holds the record now. Pure."""
    until = body.get("leased_until")
    return not isinstance(until, str) or datetime.fromisoformat(until) <= now


def _value(cls: type[R], row: Found | None) -> R | None:
    return from_record(cls, row.body) if row is not None else None


def _guarded(kind: Kind, id_: str, record: object, found: Found | None) -> Write:
    return Write(kind=kind, id=id_, body=to_record(record), create=found is None, seen=found)
