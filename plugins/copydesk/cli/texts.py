"""Texts without a server: `read` shows what reading makes of a page, `judge` which texts are copies."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, cast

import typer

from copydesk.adapters.child import ChildReader
from copydesk.archiving import capture_id
from copydesk.cli import golden as golden_pages
from copydesk.cli.jsonl import Row, read_rows, text_of
from copydesk.cli.judged import Id, judged_texts
from copydesk.cli.output import AsJson, emit, err, note, table, working
from copydesk.cli.showing import show_document, show_explained
from copydesk.config import load_sources
from copydesk.errors import ConfigError, FetchError
from copydesk.habits import habits_of
from copydesk.index import Body, Json
from copydesk.model import NO_HABITS, Capture, Document, Habits, Rejection
from copydesk.ports import Fetched, Unfetched, Wanted
from copydesk.records import to_record
from copydesk.settings import load_settings
from copydesk.snapshots import newest
from copydesk.sources.dates import moment

__all__ = ["register"]

Jsonl = Annotated[
    Path | None, typer.Option("--jsonl", metavar="FILE", help="JSON lines; - for standard input.")
]

HTML, PLAIN = "text/html; charset=utf-8", "text/plain; charset=utf-8"
TYPES = {".txt": "text/plain", ".md": "text/plain"}

EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are mistakes: there was no news on the web."""
TICK = timedelta(milliseconds=1)
MOST_HELD = 1000

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
    with ChildReader() as child, working(f"reading {target or golden}"):
        asked, habits = _announced(capture, source)
        answer = next(iter(child.read([asked], lambda _: habits)))
    if golden:
        known = golden_pages.store(golden, capture, answer)
        note(
            f"{golden_pages.FOLDER / golden}: {'replaced' if known else 'new'}; look through expected.json and commit it"
        )
    if as_json:
        emit(_answer(target, answer))
    elif isinstance(answer, Document):
        (show_explained if explain else show_document)(answer)
    if isinstance(answer, Rejection):
        err.print(f"rejected: {answer.reason} {answer.detail}", markup=False)
        raise typer.Exit(1)


def _of_target(target: str, golden: str) -> Capture:
    if not target:
        return golden_pages.load(golden)
    if "://" in target:
        return _of_address(target)
    return golden_pages.made_up(golden, _of_file(target)) if golden else _of_file(target)


def _announced(capture: Capture, name: str) -> tuple[Capture, Habits]:
    """The capture as if a source had announced it now, and what is known of its outlet; without a name as it is."""
    if not name:
        return capture, NO_HABITS
    from copydesk.adapters.warc import Archive

    settings = load_settings()
    archive, sources = Archive(settings.archive), load_sources(settings.sources)
    known = {source.name: source for source in sources}
    if name not in known:
        raise ConfigError(f"{name}: no such source; there are {', '.join(sorted(known))}")
    announced = replace(capture, source=name, outlet=known[name].outlet, furniture=newest(archive))
    return announced, habits_of(archive, sources)(announced)


def judge(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE...", help="Texts or pages, one a file.")
    ] = None,
    *,
    jsonl: Jsonl = None,
    as_json: AsJson = False,
) -> None:
    """Say which texts are copies of which, without a server.

    --jsonl takes lines {"id", "source", "published", "title", "text"} in the order in which they came, cleans the
    texts as `read` does, and after the last one gives a line each, in order, as --json does: {"id", "duplicate_of"
    (null for an original), "family", "story", "contains" (a roundup's families), "evidence"}.
    """
    if (jsonl is None) == (not files):
        raise ConfigError("judge: give files, or --jsonl FILE")
    texts = _texts(jsonl) if jsonl is not None else _files(files or [])
    with ChildReader() as child, working("judging"):
        answers = list(judged_texts(child, texts))
    if jsonl is not None or as_json:
        for answer in answers:
            emit(answer)
    else:
        _show_families(answers)


def _read_lines(file: Path) -> None:
    """Answer line by line, up to a bad one; what is held at a time is what one fork of the child reads."""
    waiting: deque[Json] = deque()
    troubles: list[ConfigError] = []

    def captures() -> Iterator[Capture]:
        try:
            for row in read_rows(file):
                waiting.append(row["id"])
                yield _of_row(row)
        except ConfigError as exc:
            troubles.append(exc)  # those before it are still to be read

    with ChildReader() as child:
        for answer in child.read(captures()):
            emit(_answer(waiting.popleft(), answer))
    for trouble in troubles:
        raise trouble


def _texts(file: Path) -> Iterator[tuple[Id, Capture]]:
    for row, at in _dated(read_rows(file)):
        capture = _made(f"inbox:{row['id']}", text_of(row, "text").encode(), PLAIN, at)
        outlet = text_of(row, "source") or "unknown"
        yield (
            cast("Id", row["id"]),
            replace(
                capture,
                outlet=outlet,
                publisher=outlet,
                entry_title=text_of(row, "title") or None,
                entry_published_at=_published(row),
            ),
        )


def _files(names: list[str]) -> Iterator[tuple[Id, Capture]]:
    for name in names:
        # two texts of one outlet share its furniture; these are taken for texts of different ones
        yield name, replace(_of_file(name), outlet=name, publisher=name)


def _dated(rows: Iterable[Row]) -> Iterator[tuple[Row, datetime]]:
    """Rows with the time at which they came: their own, else just after the one before.

    The first ones without a time are held back until one has it, lest they lie years away from the others.
    """
    held: list[Row] = []
    at: datetime | None = None
    for row in rows:
        said = _published(row)
        if at is None and said is None and len(held) < MOST_HELD:
            held.append(row)
            continue
        at = said or (at or EARLIEST) + TICK
        yield from ((one, at - TICK) for one in held)
        held.clear()
        yield row, at
    yield from ((one, EARLIEST + number * TICK) for number, one in enumerate(held))


def _published(row: Row) -> datetime | None:
    said = moment(text_of(row, "published"))
    return said if said and EARLIEST < said < LATEST else None


def _of_row(row: Row) -> Capture:
    is_page = isinstance(row.get("html"), str)
    url = text_of(row, "url") or f"inbox:{row['id']}"
    body = text_of(row, "html" if is_page else "text").encode()
    return _made(url, body, HTML if is_page else PLAIN, datetime.now(UTC))


def _made(url: str, body: bytes, content_type: str, at: datetime) -> Capture:
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


def _of_file(name: str) -> Capture:
    path = Path(name)
    try:
        body = path.read_bytes()
    except OSError as exc:
        raise ConfigError(f"{name}: cannot be read: {exc.strerror}") from exc
    content_type = TYPES.get(path.suffix.lower(), "text/html")
    return _made(path.resolve().as_uri(), body, content_type, datetime.now(UTC))


def _of_address(url: str) -> Capture:
    # the HTTP client takes a quarter of a second to load
    from copydesk.adapters.fetcher import HttpFetcher

    settings = load_settings()
    wanted = Wanted(key=url, url=url, kind="page")
    with HttpFetcher(contact=settings.contact, delay=0, allow=settings.fetch.allow) as fetcher:
        answer = next((answer for answer in fetcher.fetch([wanted]) if answer is not None), None)
    if isinstance(answer, Fetched):
        return _made(answer.final_url, answer.body, answer.content_type, answer.fetched_at)
    why = f"{answer.reason}: {answer.detail}" if isinstance(answer, Unfetched) else "no answer"
    raise FetchError(f"{url}: {why}")


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


def _show_families(answers: Sequence[Body]) -> None:
    """A table of the texts, those of one family together, in the order in which stories and families begin."""
    stories = {story: number for number, story in enumerate(dict.fromkeys(a["story"] for a in answers), 1)}
    families = {name: number for number, name in enumerate(dict.fromkeys(a["family"] for a in answers), 1)}
    ordered = sorted(answers, key=lambda a: (stories[a["story"]], families[a["family"]]))
    rows = [
        [str(stories[a["story"]]), str(families[a["family"]]), str(a["id"]), _standing(a, families)]
        for a in ordered
    ]
    table(["story", "family", "text", "is"], rows)


def _standing(answer: Body, families: Mapping[Json, int]) -> str:
    if "rejected" in answer:
        return f"not read: {answer['rejected']}"
    if contains := answer["contains"]:
        return (
            f"a roundup of families {', '.join(str(families[name]) for name in cast('list[Json]', contains))}"
        )
    if answer["duplicate_of"] is None:
        return "original"
    evidence = cast("Body", answer["evidence"] or {})
    share, quotes, other = (evidence.get(name, 0) for name in ("containment", "quotes", "other"))
    nearer = "" if other == answer["duplicate_of"] else f" in {other}"
    return (
        f"copy of {answer['duplicate_of']} ({cast('float', share):.0%} of its words, {quotes} quotes{nearer})"
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (read, judge):
        app.command()(command)
