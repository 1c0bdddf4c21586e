"""What Elasticsearch would do with a document, a guard or a condition, for the Index in memory. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from copydesk.adapters.partitions import PARTITIONS, parse_time
from copydesk.index import Body, Found, Json, Kind, Range, Where, Write
from copydesk.mapping import PROPERTIES

__all__ = ["comparable", "conflict", "fits", "holds", "milliseconds", "refusal", "values"]

ID_BYTES = 512
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def refusal(kind: Kind, id_: str, body: Body | None) -> str:
    """Why Elasticsearch would never take a document; "" if it would. Pure."""
    if not 0 < len(id_.encode()) <= ID_BYTES:
        return f"id must have 1 to {ID_BYTES} bytes"
    if body is None:
        return ""
    unknown = [name for name in body if name not in PROPERTIES[kind]]
    if unknown:
        return f"strict_dynamic_mapping_exception: [{unknown[0]}] is not mapped for {kind}"
    for name in dates(kind).intersection(body):
        if body[name] is not None and milliseconds(body[name]) is None:
            return f"document_parsing_exception: failed to parse date field [{name}]: {body[name]!r}"
    if kind in PARTITIONS and body.get("first_seen_at") is None:
        return "first_seen_at must be an ISO time"
    return ""


def conflict(write: Write, old: Found | None) -> bool:
    """Whether the guard of a write does not hold against the stored document. Pure."""
    if write.create:
        return old is not None
    if write.seen is not None:
        return old is None or old.seq != write.seen.seq
    return write.version is not None and old is not None and old.version >= write.version


@cache
def dates(kind: Kind) -> frozenset[str]:
    """The fields of a kind that are times."""
    return frozenset(name for name, entry in PROPERTIES[kind].items() if entry == {"type": "date"})


def milliseconds(value: Json) -> int | None:
    """An ISO time in whole milliseconds, as Elasticsearch compares it; None for anything else."""
    moment = parse_time(value)
    return None if moment is None else (moment - EPOCH) // timedelta(milliseconds=1)


def comparable(kind: Kind, name: str, value: Json) -> Any:
    """A value in the form in which it is put in order with others of its field. Pure."""
    return milliseconds(value) if name in dates(kind) else value


def values(body: Body, name: str) -> list[str]:
    """The values of a keyword field; empty when absent."""
    item = body.get(name)
    items = item if isinstance(item, list | tuple) else [item]
    return [str(value) for value in items if value is not None]


def fits(kind: Kind, body: Body, where: Where) -> bool:
    """Whether a document fulfils every condition. Pure."""
    return all(_fits(kind, name, body.get(name), wanted) for name, wanted in where.items())


def _fits(kind: Kind, name: str, item: Json, wanted: object) -> bool:
    items = list(item) if isinstance(item, Sequence) and not isinstance(item, str) else [item]
    present = [value for value in items if value is not None]
    if wanted is None:
        return not present
    if isinstance(wanted, Range):
        least, below = (
            None if bound is None else comparable(kind, name, bound) for bound in (wanted.gte, wanted.lt)
        )
        return any(
            (least is None or comparable(kind, name, value) >= least)
            and (below is None or comparable(kind, name, value) < below)
            for value in present
        )
    allowed = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return any(value in allowed for value in present)


def holds(text: Sequence[str], words: Sequence[str]) -> bool:
    """Whether a text holds some words in a row. Pure."""
    size = len(words)
    return any(list(text[at : at + size]) == list(words) for at in range(len(text) - size + 1))
