"""Values of ours ⇄ JSON documents of the index. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

from copydesk.index import Body

__all__ = ["from_record", "texts_of", "to_record"]

T = TypeVar("T")


@cache
def _adapter(cls: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast("type[Any]", cls))


def to_record(value: object) -> Body:
    """A frozen value as JSON; None and empty tuples are left out, so a new field changes no old record."""
    dumped: dict[str, Any] = _adapter(cast("Hashable", type(value))).dump_python(value, mode="json")
    return cast("Body", {name: item for name, item in dumped.items() if item is not None and item != []})


def from_record(cls: type[T], body: Mapping[str, Any]) -> T:
    """The value a record was made of. Raises pydantic.ValidationError when it is of another shape."""
    return cast("T", _adapter(cast("Hashable", cls)).validate_python(body))


def texts_of(body: Body, name: str) -> list[str]:
    """The texts of a field that holds several; none when it was left out."""
    value = body.get(name)
    return [str(item) for item in value] if isinstance(value, Sequence) and not isinstance(value, str) else []
