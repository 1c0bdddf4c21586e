"""`read`: what reading makes of a page, without a server."""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from copydesk.cli import golden as golden_pages
from copydesk.cli.given import of_address, of_file, of_row
from copydesk.cli.jsonl import Jsonl, read_rows
from copydesk.cli.output import AsJson, emit, err, note, working
from copydesk.cli.showing import show_document, show_explained
from copydesk.config.files import load_sources
from copydesk.config.settings import load_settings
from copydesk.connect import open_archive, open_reader
from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.index.records import to_record
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.outcomes import Reason
from copydesk.outlets.profile import profiles_of
from copydesk.outlets.snapshots import newest

__all__ = ["register"]

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
    "images",
    "form",
    "doubts",
)


def read(
    target: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page's address, or a file.")] = "",
    *,
    jsonl: Jsonl = None,
    source: Annotated[
        str,
        typer.Option(metavar="NAME", help="As a page of this source: its selectors, its outlet's furniture."),
    ] = "",
    explain: Annotated[
        bool, typer.Option("--explain", help="Show removed lines too, with their reasons.")
    ] = False,
    golden: Annotated[
        str, typer.Option(metavar="NAME", help="Keep page and text for the tests, in tests/golden/NAME.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show what reading makes of a page: title, text, language, and what was removed and why.

    --golden without a page reads the one that is kept by that name again.

    --jsonl takes lines {"id", "url", "html"} or {"id", "text"} and gives one each, in order, as --json does: {"id",
    "title", "text", "language", "published_at", "authors", "removed": [{"text", "reason"}]} and more, or {"id",
    "rejected": reason, "detail"}.
    """
    if jsonl is not None:
        _read_lines(jsonl)
        return
    if not target and not golden:
        raise ConfigError("read: give an address or a file, or --jsonl FILE")
    if golden and source:
        raise ConfigError("--golden: not with --source: a golden page is read by itself")
    if golden:
        golden_pages.folder_of(golden)  # a wrong name is told before the page is fetched
    capture = _of_target(target, golden)
    with open_reader() as child, working(f"reading {target or golden}"):
        asked, profile = _announced(capture, source)
        answer = next(iter(child.read([asked], lambda _: profile)))
    if golden and not _crashed(answer):
        known = golden_pages.store(golden, capture, answer)
        note(
            f"{golden_pages.FOLDER / golden}: {'replaced' if known else 'new'}; look through expected.json and "
            f"commit it"
        )
    if as_json:
        emit(_answer(target, answer))
    elif isinstance(answer, Document):
        (show_explained if explain else show_document)(answer)
    if isinstance(answer, Rejection):
        err.print(f"rejected: {answer.reason} {answer.detail}", markup=False)
        raise typer.Exit(1)


def _crashed(answer: Document | Rejection) -> bool:
    """Whether the answer tells more of our code than of the page."""
    return isinstance(answer, Rejection) and answer.reason is Reason.CRASHED


def _of_target(target: str, golden: str) -> Capture:
    if not target:
        return golden_pages.load(golden)
    if "://" in target:
        return of_address(target)
    return golden_pages.made_up(golden, of_file(target)) if golden else of_file(target)


def _announced(capture: Capture, name: str) -> tuple[Capture, Profile]:
    """The capture as if a source had announced it now, and what is known of its outlet; without a name as it is."""
    if not name:
        return capture, NO_PROFILE
    settings = load_settings()
    archive, sources = open_archive(settings.archive), load_sources(settings.sources)
    known = {source.name: source for source in sources}
    if name not in known:
        raise ConfigError(f"{name}: no such source; there are {', '.join(sorted(known))}")
    announced = replace(capture, source=name, outlet=known[name].outlet, furniture=newest(archive))
    return announced, profiles_of(archive, sources)(announced)


def _read_lines(file: Path) -> None:
    """Answer line by line, up to a bad one; what is held at a time is what one fork of the child reads."""
    waiting: deque[Json] = deque()
    troubles: list[ConfigError] = []

    def captures() -> Iterator[Capture]:
        try:
            for row in read_rows(file):
                waiting.append(row["id"])
                yield of_row(row)
        except ConfigError as exc:
            troubles.append(exc)  # those before it are still to be read

    with open_reader() as child:
        for answer in child.read(captures()):
            emit(_answer(waiting.popleft(), answer))
    for trouble in troubles:
        raise trouble


def _answer(id_: Json, answer: Document | Rejection) -> Body:
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


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command(rich_help_panel="Texts")(read)
