"""Changing records that others may change at the same time: read, decide, write under guard, repeat.

The one place where sequence numbers are retried; every step that keeps state goes through here.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from copydesk.errors import IndexContended, IndexRefused
from copydesk.index import Body, Found, Index, Kind, Where, Write
from copydesk.records import from_record, to_record

__all__ = ["change", "claim", "is_free", "write"]

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
    Raises IndexUnavailable when a record stays contended, or when the server refuses one.
    """
    written: dict[str, R] = {}
    open_ids = list(decide)
    for _ in range(ROUNDS):
        found = index.get(kind, open_ids)
        decided = {id_: decide[id_](_value(cls, found.get(id_))) for id_ in open_ids}
        wanted = {id_: record for id_, record in decided.items() if record is not None}
        won = write(index, [_guarded(kind, id_, record, found.get(id_)) for id_, record in wanted.items()])
        written |= {id_: wanted[id_] for id_, is_won in zip(wanted, won, strict=True) if is_won}
        open_ids = [id_ for id_, is_won in zip(wanted, won, strict=True) if not is_won]
        if not open_ids:
            return written
    raise IndexContended(f"{kind} records {', '.join(open_ids[:3])} stay contended after {ROUNDS} rounds")


def write(index: Index, writes: Sequence[Write]) -> list[bool]:
    """Write, and say which writes won; a refusal is a mistake of ours, which raises IndexUnavailable."""
    answers = index.write(writes)
    for one, answer in zip(writes, answers, strict=True):
        if answer.status == "refused":
            raise IndexRefused(f"{one.kind} record {one.id} was refused: {answer.reason}")
    return [answer.status == "stored" for answer in answers]


def claim(
    index: Index,
    kind: Kind,
    where: Where,
    *,
    now: datetime,
    lease: timedelta,
    sort: str,
    limit: int,
    only: Callable[[Found], bool] = lambda _row: True,
) -> list[Found]:
    """Find records that fit, take those nobody holds, and mark them as ours until `now + lease`.

    `only` may leave some of them to a later claim; it sees the free ones in order.

    A record that another worker takes at the same moment is left to it. A worker that dies loses its claim
    when the lease runs out. The records come back as they were before the claim.
    """
    free = [
        row for row in index.find(kind, where, sort=sort, limit=limit) if is_free(row.body, now) and only(row)
    ]
    seen = {row.id: row.body for row in free}
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
