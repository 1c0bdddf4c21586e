"""Texts without a server: `read` shows what reading makes of a page, `judge` which texts are copies."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast

import orjson
import typer

from copydesk import judging
from copydesk.adapters.child import ChildReader
from copydesk.adapters.fetcher import HttpFetcher
from copydesk.archiving import capture_id
from copydesk.cli.output import AsJson, emit, err, out, working
from copydesk.errors import ConfigError, FetchError
from copydesk.model import Capture, Document, Rejection
from copydesk.ports import Body, Fetched, Json, Unfetched, Wanted
from copydesk.records import to_record
from copydesk.settings import load_settings

__all__ = ["register"]

Jsonl = Annotated[
    Path | None, typer.Option("--jsonl", metavar="FILE", help="JSON lines; - for standard input.")
]

TYPES = {".txt": "text/plain", ".md": "text/plain"}
LOOSE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a line of --jsonl counts as fetched: the answer must not depend on the clock."""


def read(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page's address, or a file.")] = "",
    *,
    jsonl: Jsonl = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show removed lines too, with their reasons.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what reading makes of a page: title, text, language, and what was removed and why."""
    if jsonl is not None:
        with ChildReader() as child:
            rows = list(_rows(jsonl, {"id"}))
            for row, answer in zip(rows, child.read(_row_capture(row) for row in rows), strict=True):
                emit(_answer(str(row["id"]), answer))
        return
    if not target:
        raise ConfigError("read: give an address or a file, or --jsonl FILE")
    with ChildReader() as child, working(f"reading {target}"):
        answer = next(iter(child.read([_capture(target)])))
    if isinstance(answer, Rejection):
        err.print(f"rejected: {answer.reason} {answer.detail}", markup=False)
        raise typer.Exit(1)
    if as_json:
        emit(_answer(target, answer))
    else:
        _show(answer, explain=explain)


def judge(
    *,
    jsonl: Annotated[Path, typer.Option("--jsonl", metavar="FILE", help="JSON lines; - for standard input.")],
) -> None:
    """Say which texts are copies of which, without a server.

    Lines are {"id", "source", "published", "title", "text"}, read in the given order; answers come after the last.
    """
    for row in judging.judge_stream(_rows(jsonl, {"id", "text"})):
        emit(row)


def _rows(path: Path, required: set[str]) -> Iterator[Mapping[str, Json]]:
    """The objects of a JSON lines file. Raises ConfigError naming file, line and what is wrong with it."""
    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(line, f"{path}:{number}", required)
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror}") from exc


def _row(line: bytes, place: str, required: set[str]) -> Mapping[str, Json]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as exc:
        raise ConfigError(f"{place}: not JSON: {exc}") from exc
    if not isinstance(row, dict):
        raise ConfigError(f"{place}: must be an object with {', '.join(sorted(required))}")
    missing = sorted(required - row.keys())
    if missing:
        raise ConfigError(f"{place}: {', '.join(missing)} missing")
    return cast("Mapping[str, Json]", row)


def _row_capture(row: Mapping[str, Json]) -> Capture:
    is_page = row.get("html") is not None
    content = str(row["html"] if is_page else row.get("text") or "")
    url = str(row.get("url") or f"inbox:{row['id']}")
    body = content.encode(errors="surrogatepass")
    return _made(url, body, "text/html; charset=utf-8" if is_page else "text/plain; charset=utf-8")


def _made(url: str, body: bytes, content_type: str, at: datetime = LOOSE) -> Capture:
    return Capture(
        id=capture_id(url, at),
        url=url,
        final_url=url,
        source="by-hand",
        outlet="by-hand",
        publisher="by-hand",
        fetched_at=at,
        first_seen_at=at,
        content_type=content_type,
        body=body,
    )


def _capture(target: str) -> Capture:
    now = datetime.now(UTC)
    if "://" not in target:
        path = Path(target)
        try:
            return _made(path.resolve().as_uri(), path.read_bytes(), TYPES.get(path.suffix, "text/html"), now)
        except OSError as exc:
            raise ConfigError(f"{target}: cannot be read: {exc.strerror}") from exc
    settings = load_settings()
    wanted = Wanted(key=target, url=target, kind="page")
    with HttpFetcher(contact=settings.contact, delay=0, allow=settings.fetch.allow) as fetcher:
        answer = next((answer for answer in fetcher.fetch([wanted]) if answer is not None), None)
    if isinstance(answer, Fetched):
        return _made(answer.final_url, answer.body, answer.content_type, answer.fetched_at)
    why = f"{answer.reason} {answer.detail}" if isinstance(answer, Unfetched) else "no answer"
    raise FetchError(f"{target}: {why}")


def _answer(id_: str, answer: Document | Rejection) -> Body:
    if isinstance(answer, Rejection):
        return {"id": id_, "rejected": answer.reason, "detail": answer.detail}
    record = to_record(answer)
    return {
        "id": id_,
        "title": answer.title,
        "text": answer.text,
        "language": answer.language,
        "published_at": record.get("published_at"),
        "authors": list(answer.authors),
        "removed": [{"text": removed.text, "reason": removed.reason} for removed in answer.removed],
        **{name: record[name] for name in EXTRAS if name in record},
    }


EXTRAS = (
    "url",
    "modified_at",
    "agency",
    "dateline",
    "standfirst",
    "section",
    "site_name",
    "image",
    "tags",
    "captions",
)


def _show(document: Document, *, explain: bool) -> None:
    out.print(document.title, style="bold", markup=False)
    facts = (document.published_at, ", ".join(document.authors), document.agency, document.language)
    out.print(" · ".join(str(fact) for fact in facts if fact), style="dim", markup=False)
    kept = document.text.splitlines()
    for place in range(len(kept) + 1):
        for removed in document.removed if explain else ():
            if removed.place == place:
                out.print(f"- {removed.text}  [{removed.reason}]", style="red", markup=False)
        if place < len(kept):
            out.print(f"  {kept[place]}" if explain else kept[place], markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (read, judge):
        app.command()(command)
