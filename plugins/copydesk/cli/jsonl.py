"""JSON lines as programs write them → rows, one at a time; what is wrong is said with file and line."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias, cast

import typer

from copydesk.errors import ConfigError
from copydesk.index import Json

__all__ = ["Jsonl", "Row", "read_rows", "text_of"]

Jsonl = Annotated[
    Path | None, typer.Option("--jsonl", metavar="FILE", help="JSON lines; - for standard input.")
]

Row: TypeAlias = Mapping[str, Json]

BOM = b"\xef\xbb\xbf"


def read_rows(path: Path) -> Iterator[Row]:
    """The objects of a file, or of standard input for "-"; empty lines are passed over.

    Each has an "id", a text or a number. Half characters (lone surrogates, which JSON can spell) become "?". Raises
    ConfigError naming file and line when a line is no such object.
    """
    try:
        if str(path) == "-":
            yield from _rows(sys.stdin.buffer, "standard input")
            return
        with path.open("rb") as lines:
            yield from _rows(lines, str(path))
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}") from exc


def text_of(row: Row, key: str) -> str:
    """The text of a key; "" when it is missing or something else."""
    value = row.get(key)
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""


def _rows(lines: BinaryIO, name: str) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(BOM) if number == 1 else line
        if content.strip():
            yield _row(content, f"{name}:{number}")


def _row(line: bytes, where: str) -> Row:
    try:
        # orjson refuses half characters
        row = json.loads(line.decode())
    except UnicodeDecodeError as exc:
        raise ConfigError(f"{where}: must be UTF-8: byte {exc.start} of the line is not") from exc
    except (ValueError, RecursionError) as exc:
        raise ConfigError(f"{where}: must be a JSON object: {exc}") from exc
    if not isinstance(row, dict):
        raise ConfigError(f"{where}: must be a JSON object with an id")
    id_ = row.get("id")
    if isinstance(id_, bool) or not isinstance(id_, str | int | float):
        raise ConfigError(f"{where}: needs an id, a text or a number")
    if isinstance(id_, str):
        row["id"] = text_of(row, "id")
    return cast("Row", row)
