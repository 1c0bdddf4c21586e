"""What Elasticsearch would do with a write, a guard or a condition, for the Index in memory. Pure."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

import orjson

from copydesk.adapters.elastic.partitions import NO_LABEL, PARTITIONS, label_of
from copydesk.index import TALLIED, Body, Found, Kind, Range, Where, Without, Write
from copydesk.index.accepted import encoded, id_refusal, indexed, refusal, version_refusal
from copydesk.index.fields import DATE
from copydesk.index.mapping import PROPERTIES

__all__ = ["conflict", "fits", "kept", "nearest", "outlets_of", "tallied", "values"]

NEAR = 0.75
"""How alike two words are (0..1, as difflib counts) of which one may be meant by the other."""


def kept(write: Write) -> Body | str | None:
    """The document as Elasticsearch would keep it, None for a deletion; why it never would, as a text."""
    reason = id_refusal(write.id) or version_refusal(write)
    if reason or write.body is None:
        return reason or None
    if label_of(write.kind, write.body.get("first_seen_at")) is None and write.kind in PARTITIONS:
        return NO_LABEL
    content = encoded(write.body)
    if isinstance(content, str):
        return content
    body: Body = orjson.loads(content)
    return refusal(write.kind, body) or body


def conflict(write: Write, old: Found | None) -> bool:
    """Whether the guard of a write does not hold against the stored document."""
    if write.create:
        return old is not None
    if write.seen is not None:
        return old is None or old.seq != write.seen.seq
    return write.version is not None and old is not None and old.version >= write.version


def values(kind: Kind, body: Body, name: str) -> list[Any]:
    """The values by which a document is found, sorted and counted by a field; each once, none when absent."""
    value = body.get(name)
    if value is None:
        return []
    entry: Any = PROPERTIES[kind].get(name)
    return list(dict.fromkeys(indexed(entry, value))) if entry is not None else []


def fits(kind: Kind, body: Body, where: Where) -> bool:
    """Whether a document fulfils every condition."""
    return all(_fits(kind, name, values(kind, body, name), wanted) for name, wanted in where.items())


def _fits(kind: Kind, name: str, present: Sequence[Any], wanted: object) -> bool:
    if wanted is None:
        return not present
    if isinstance(wanted, Without):
        return not _fits(kind, name, present, wanted.values)
    if not present:
        return isinstance(wanted, Range) and wanted.or_absent
    if isinstance(wanted, Range):
        least, below = (
            None if bound is None else values(kind, {name: bound}, name)[0]
            for bound in (wanted.gte, wanted.lt)
        )
        return any(
            (least is None or value >= least) and (below is None or value < below) for value in present
        )
    allowed: Any = list(wanted) if isinstance(wanted, Sequence) and not isinstance(wanted, str) else [wanted]
    return not set(present).isdisjoint(values(kind, {name: allowed}, name))


def nearest(word: str, words: Collection[str]) -> str:
    """The nearest of the words that begin alike; "" if none is near."""
    alike = sorted(one for one in words if one[:1] == word[:1] and one != word)
    return next(iter(get_close_matches(word, alike, n=1, cutoff=NEAR)), "")


def outlets_of(rows: Sequence[Found]) -> int:
    """How many outlets there are among articles."""
    return len({row.body.get("outlet") for row in rows} - {None})


def tallied(name: str, counts: Counter[Any]) -> dict[str, int]:
    """Values of a field of articles with how many have them, as `tally` gives them."""
    if PROPERTIES[Kind.ARTICLES][name] == DATE:
        days: Counter[str] = Counter()
        for at, number in counts.items():
            days[f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"] += number
        return dict(sorted(days.items()))
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:TALLIED])
