"""Values of ours ⇄ JSON documents of the index: the one way there and back."""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, Final, TypeVar, cast, get_type_hints

from pydantic import TypeAdapter

from copydesk.index import Body, Index, Kind

__all__ = ["INLINE", "from_record", "load", "texts_of", "to_record"]

T = TypeVar("T")

INLINE: Final = {"inline": True}
"""Metadata of a field whose value is a record itself, the fields of which stand beside the others in one document."""


@cache
def _codec(cls: Hashable) -> tuple[TypeAdapter[Any], Mapping[str, type[Any]]]:
    """What reads and writes a class, and the classes of its inline fields."""
    inline = [
        field for field in getattr(cls, "__dataclass_fields__", {}).values() if field.metadata == INLINE
    ]
    hints = get_type_hints(cls) if inline else {}
    return TypeAdapter(cast("type[Any]", cls)), {field.name: hints[field.name] for field in inline}


def to_record(value: object) -> Body:
    """A frozen value as JSON; None and empty tuples are left out, so a new field changes no old record. Pure."""
    adapter, parts = _codec(cast("Hashable", type(value)))
    dumped: dict[str, Any] = adapter.dump_python(value, mode="json", exclude=set(parts))
    body = {name: item for name, item in dumped.items() if item is not None and item != []}
    for name in parts:
        body.update(to_record(getattr(value, name)))
    return body


def from_record(cls: type[T], body: Mapping[str, Any]) -> T:
    """The value a record was made of. Pure. Raises pydantic.ValidationError when it is of another shape."""
    adapter, parts = _codec(cast("Hashable", cls))
    values = {name: from_record(part, body) for name, part in parts.items()}
    return cast("T", adapter.validate_python({**body, **values} if values else body))


def load(index: Index, kind: Kind, cls: type[T], ids: Sequence[str]) -> dict[str, T]:
    """The records that exist, by id; unknown ids are absent."""
    return {id_: from_record(cls, row.body) for id_, row in index.get(kind, ids).items()}


def texts_of(body: Body, name: str) -> list[str]:
    """The texts of a field that holds several; none when it was left out."""
    value = body.get(name)
    return [str(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else []
