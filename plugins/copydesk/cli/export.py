"""`export` gives what a search finds to other programs."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer
from dateutil.tz import tzlocal
from pydantic import BaseModel, ValidationError

from copydesk.cli.output import note
from copydesk.config.files import known_sources
from copydesk.config.settings import load_settings
from copydesk.connect import asking, utc_now
from copydesk.errors import ConfigError
from copydesk.index.records import to_record
from copydesk.query.terms import Clock
from copydesk.views.exports import READ, as_csv, as_lines, unfolded
from copydesk.views.search import counted, search
from copydesk.views.sheets import Changes, changes_since, sheet_of
from copydesk.views.sources import source_reports

__all__ = ["register"]


class _Kept(BaseModel):
    """What of an earlier sheet is compared."""

    texts: dict[str, str]


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
    sheet: Annotated[
        Path | None, typer.Option(help="Write here what it takes to cite the rows and to check them.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Say what has changed since this sheet was written.")
    ] = None,
) -> None:
    """Write what a search finds: a row an article, with its story, original and share, whole stories unfolded.

    How many stories there are in all is said on standard error. A sheet is JSON: {"query", "asked_at", "copydesk",
    "elasticsearch" (versions), "generation", "mapping", "stories", "articles", "rows", "sha256" (of the rows as JSON
    lines), "gaps" (sources that could not be read), "texts" (checksums by article)}.
    """
    settings, query = load_settings(), " ".join(words or [])
    before = _texts_of(against) if against else None
    now = utc_now()
    with asking(settings) as index:
        reports = source_reports(index, known_sources(settings.sources), now)
        with index.frozen(*READ) as still:
            found = search(still, query, Clock(now, tzlocal()), limit=limit)
            rows = list(unfolded(still, found))
            made = sheet_of(still, query, found, rows, server=index.health(), sources=reports, now=now)
    written = as_csv(rows, raw=raw) if form == Form.CSV else as_lines(rows)
    sys.stdout.buffer.write(written.encode())
    sys.stdout.buffer.flush()
    note(counted(found))
    if sheet is not None:
        _write_new(sheet, orjson.dumps(to_record(made), option=orjson.OPT_INDENT_2))
    if before is not None:
        _tell(changes_since(before, made.texts))


def _texts_of(sheet: Path) -> dict[str, str]:
    """The checksums of an earlier sheet. Raises ConfigError when the file is none."""
    try:
        return _Kept.model_validate_json(sheet.read_bytes()).texts
    except (OSError, ValidationError) as exc:
        raise ConfigError(f"{sheet}: is no sheet of an export: {str(exc).splitlines()[0]}") from exc


def _write_new(file: Path, content: bytes) -> None:
    """Raises ConfigError when the file is there, for an earlier sheet is proof of something, or cannot be written."""
    try:
        with file.open("xb") as opened:
            opened.write(content + b"\n")
    except OSError as exc:
        raise ConfigError(f"{file}: {exc.strerror}; name a file that is not there yet") from exc


def _tell(changes: Changes) -> None:
    note(f"{len(changes.new)} articles are new, {len(changes.gone)} gone, {len(changes.changed)} changed")
    for name in ("new", "gone", "changed"):
        for id_ in getattr(changes, name):
            note(f"{name}: {id_}")


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Look")(export)
