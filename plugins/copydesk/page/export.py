"""What a search finds, as a file to take away, alone or with the sheet to cite it by."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import orjson

from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.index.records import to_record
from copydesk.page.desk import Asked, Desk
from copydesk.page.results import MOST, found_by
from copydesk.views.exports import READ, as_csv, as_lines, unfolded
from copydesk.views.facets import bracketed, narrowed
from copydesk.views.sheets import sheet_of
from copydesk.views.sources import source_reports

__all__ = ["WRITTEN_AS", "File", "export"]


@dataclass(frozen=True, slots=True)
class File:
    """Its name, media type and content."""

    name: str
    media_type: str
    content: bytes


WRITTEN_AS: Mapping[str, tuple[str, Callable[[Iterable[Body]], str]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "ndjson": ("application/x-ndjson", as_lines),
}

CITABLE = "zip"
"""The rows as CSV, and the sheet of these very rows: asked for one after the other they would be of two moments."""


def export(desk: Desk, asked: Asked) -> File:
    """The articles of all stories that a query finds, MOST stories at most; `format` is CITABLE or of `WRITTEN_AS`.

    Raises ConfigError for another format, QueryError for a query that has no meaning.
    """
    form = asked.get("format", "")
    if form != CITABLE and form not in WRITTEN_AS:
        raise ConfigError(f"format {form!r}: must be {', '.join(WRITTEN_AS)} or {CITABLE}")
    if form == CITABLE:
        return _citable(desk, asked)
    media_type, write = WRITTEN_AS[form]
    with desk.index() as live, live.frozen(*READ) as index:
        rows = list(unfolded(index, found_by(index, desk, asked, MOST)))
    return File(f"copydesk.{form}", media_type, write(rows).encode())


def _citable(desk: Desk, asked: Asked) -> File:
    now, server = desk.now(), desk.health()
    with desk.index() as live:
        reports = source_reports(live, desk.sources(), now)
        with live.frozen(*READ) as index:
            found = found_by(index, desk, asked, MOST)
            rows = list(unfolded(index, found))
            sheet = sheet_of(index, _whole(asked), found, rows, server=server, sources=reports, now=now)
    files = {
        "copydesk.csv": as_csv(rows).encode(),
        "copydesk.sheet.json": orjson.dumps(to_record(sheet), option=orjson.OPT_INDENT_2) + b"\n",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(zipfile.ZipInfo(name, now.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return File(f"copydesk.{CITABLE}", "application/zip", packed.getvalue())


def _whole(asked: Asked) -> str:
    """The query with the outlet and the language beside it, as the box would take it."""
    query = bracketed(asked.get("q", ""))
    for name, field in (("outlet", "outlet"), ("language", "lang")):
        if value := asked.get(name, ""):
            query = narrowed(query, field, value) or f"{query} {field}:{value}"
    return query
