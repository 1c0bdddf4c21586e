"""`export` gives what a search finds to other programs."""

import sys
from enum import StrEnum
from typing import Annotated

import typer
from dateutil.tz import tzlocal

from copydesk.cli.output import note
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.query.terms import Clock
from copydesk.views.exports import as_csv, as_lines, unfolded
from copydesk.views.search import counted, search

__all__ = ["register"]


class Form(StrEnum):
    """What rows are written as."""

    CSV = "csv"
    LINES = "ndjson"


def export(
    words: Annotated[
        list[str] | None, typer.Argument(help="A query, as for `search`; the newest if none.")
    ] = None,
    *,
    form: Annotated[Form, typer.Option("--format", help="What rows are written as.")] = Form.CSV,
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV for programs: cells as they are, no byte order mark.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Stories at most.")] = 1000,
) -> None:
    """Write what a search finds: a row an article, with its story, original and share, whole stories unfolded.

    How many stories there are in all is said on standard error.
    """
    with connect(load_settings(), patient=False) as ports:
        found = search(ports.index, " ".join(words or []), Clock(ports.now(), tzlocal()), limit=limit)
        rows = list(unfolded(ports.index, found))
    written = as_csv(rows, raw=raw) if form == Form.CSV else as_lines(rows)
    sys.stdout.buffer.write(written.encode())
    sys.stdout.buffer.flush()
    note(counted(found))


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Look")(export)
