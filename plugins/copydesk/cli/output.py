"""What commands print: JSON lines for programs, tables for people. Results only; progress goes to standard error."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from copydesk.index import Json

__all__ = ["AsJson", "counts_line", "emit", "note", "plain", "show_rows", "table", "working"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]

PIPED = 200
"""Columns of a table that goes into a file or another program: wide enough not to cut anything."""

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(row: Mapping[str, Json]) -> None:
    """One JSON line on standard output."""
    sys.stdout.buffer.write(orjson.dumps(row, default=str, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def show_rows(rows: Iterable[Mapping[str, Json]], columns: Sequence[str], *, as_json: bool) -> None:
    """Rows as JSON lines with all their fields, or as a table of some columns."""
    if as_json:
        for row in rows:
            emit(row)
        return
    table(columns, ([_cell(row.get(name)) for name in columns] for row in rows))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[int] = ()) -> None:
    """A table of plain texts; the columns whose places are `numbers` stand right. Long cells go over several lines."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1))
    for column, heading in enumerate(headings):
        made.add_column(heading, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    out.print(made, soft_wrap=False)


def _cell(value: Json) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def counts_line(counts: Mapping[str, int], *, as_json: bool) -> None:
    """Counts as one JSON line, or as `name=number` words; "nothing to do" when there are none."""
    some = {str(name): number for name, number in sorted(counts.items()) if number}
    if as_json:
        emit(some)
    else:
        out.print(" ".join(f"{name}={number}" for name, number in some.items()) or "nothing to do")


def plain(text: str) -> str:
    """A text in which nothing is markup."""
    return text.replace("[", "\\[")


def note(text: str) -> None:
    """One line of progress or trouble on standard error."""
    err.print(text, markup=False)


@contextmanager
def working(text: str) -> Iterator[None]:
    """Shows on a terminal that something goes on."""
    with err.status(text):
        yield
