"""JSON documents of a source: taken apart with no more trust than its XML. Pure."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, TypeVar

from copydesk.border import Border, Fault, contained
from copydesk.sources.announced import NotAFeed

__all__ = ["Row", "each", "loaded", "rows", "text"]

Row: TypeAlias = Mapping[str, object]

T = TypeVar("T")


def loaded(body: bytes) -> object:
    """The value of a JSON document, in UTF-8, -16 or -32, with a mark or without. Raises NotAFeed."""
    if body.lstrip(b"\xef\xbb\xbf\xff\xfe\0\t\r\n ")[:1] not in {b"{", b"["}:
        raise NotAFeed("not JSON")
    try:
        return json.loads(body)
    except UnicodeDecodeError:
        pass
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"not JSON: {' '.join(str(error).split())}") from error
    try:
        return json.loads(body.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"not JSON: {' '.join(str(error).split())}") from error


def rows(value: object) -> list[Row]:
    """The objects of a list; none when it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(row: Row, *names: str) -> str:
    """The first of these members that is a text with words, "" when none is; without halves of characters."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.strip():
            return value.encode(errors="replace").decode().strip()
    return ""


def each(items: Sequence[Row], make: Callable[[Row], T | None], name: str) -> Iterator[T | Fault | None]:
    """What is made of each item, None where nothing is, or the fault it had."""
    for number, item in enumerate(items, 1):
        made: T | None = None
        with contained(Border.ENTRY, f"{name} entry {number}") as caught:
            made = make(item)
        yield caught.fault or made
