"""What a record is brought to so that Elasticsearch takes it, and what is left of one that it refuses. Pure.

Texts that only people read may lose what no index can hold. A key never does: an address that was cut would be
another one. So a record whose key is too long is refused, and `end_of` it is written in its place: its outcome,
with the reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from copydesk.index import Body, Json, Kind
from copydesk.index.accepted import LONG, refusal
from copydesk.index.mapping import PROPERTIES
from copydesk.index.state import DeliveryState
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason

__all__ = ["bounded", "end_of"]

LONGEST_KEY = 2000
"""Characters that are kept of a key in the record of an end, for a person to see."""

LONGEST_DETAIL = 500

ENDS: Mapping[Kind, Body] = {
    Kind.LEDGER: {"outcome": EntryOutcome.REFUSED},
    Kind.CAPTURES: {"outcome": CaptureOutcome.REJECTED, "step": "store"},
    Kind.DELIVERIES: {"state": DeliveryState.DEAD},
    Kind.POLLS: {"outcome": EntryOutcome.FAILED},
    Kind.SEGMENTS: {},
}
"""Kinds of items that have an outcome; the record of any other is cut down and stays what it is."""

OVER = ("retry_at", "leased_until")
"""What an item that has ended no longer has."""


def bounded(kind: Kind, body: Body) -> Body:
    """A record whose texts for people and whose counts fit; keys and times are as they were."""
    return {name: _bounded(PROPERTIES[kind].get(name), value) for name, value in body.items()}


def end_of(kind: Kind, body: Body, reason: str) -> Body:
    """What is kept of a record that was refused: all that fits, keys cut, and its outcome with the reason."""
    fields = {
        name: _cut(PROPERTIES[kind][name], value) for name, value in body.items() if name in PROPERTIES[kind]
    }
    kept = {name: value for name, value in bounded(kind, fields).items() if not refusal(kind, {name: value})}
    if kind not in ENDS:
        return kept
    said: Body = {**ENDS[kind], "reason": Reason.INDEX_REFUSED, "detail": whole(reason)[:LONGEST_DETAIL]}
    over = OVER if kind is not Kind.POLLS and kind is not Kind.SEGMENTS else ()
    return {
        **{name: value for name, value in kept.items() if name not in over},
        **{name: value for name, value in said.items() if name in PROPERTIES[kind]},
    }


def whole(text: str) -> str:
    """A text without halves of characters, which no UTF-8 can hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _bounded(entry: Any, value: Any) -> Json:
    if entry is None or "properties" in entry or value is None:
        return value  # type: ignore[no-any-return]
    if entry["type"] == "long" and isinstance(value, int) and not isinstance(value, bool):
        return max(-LONG, min(value, LONG - 1))
    if entry["type"] in {"text", "object"}:
        return _whole(value)
    if "ignore_above" in entry:
        return _shortened(_whole(value), entry["ignore_above"])
    return value  # type: ignore[no-any-return]


def _whole(value: Any) -> Json:
    """A value with whole texts at any depth."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Mapping):
        return {whole(str(name)): _whole(item) for name, item in value.items()}
    if isinstance(value, Sequence):
        return (
            [*value] if set(map(type, value)) == {int} and _fit(value) else [_whole(item) for item in value]
        )
    if isinstance(value, int) and not isinstance(value, bool):
        return max(-LONG, min(value, 2 * LONG - 1))
    return value  # type: ignore[no-any-return]


def _fit(numbers: Sequence[int]) -> bool:
    """Whether no number is cut: the 168 hours of a rhythm are looked at together, with each poll."""
    return min(numbers) >= -LONG and max(numbers) < 2 * LONG


def _shortened(value: Any, most: int) -> Json:
    if isinstance(value, str):
        return value[:most]
    return [_shortened(item, most) for item in value] if isinstance(value, Sequence) else value


def _cut(entry: Any, value: Any) -> Json:
    """A key cut to what a person still reads."""
    return _shortened(_whole(value), LONGEST_KEY) if entry.get("type") == "keyword" else value
