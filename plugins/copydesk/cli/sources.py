"""`sources` says how each source does, and why it brings nothing; its commands find new ones and write them down."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from copydesk import urls
from copydesk.cli.moved import moved
from copydesk.cli.output import AsJson, emit, note, out, table, working
from copydesk.cli.pause import pause, resume
from copydesk.config.files import known_sources, load_sources
from copydesk.config.listing import added, from_opml, known_text, name_for, to_opml, write_whole
from copydesk.config.settings import Settings, load_settings
from copydesk.connect import connect, open_fetcher, open_reader
from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.index.records import to_record
from copydesk.model import LONGEST_NAME, Document, Rejection, Source
from copydesk.operating.discovering import Trial, find, try_source
from copydesk.ports import Fetcher, Reader, Unfetched
from copydesk.views.sources import SourceReport, permissions, source_reports

__all__ = ["register"]

SHOWN = 5
"""Entries of a tried source that are shown."""

HEADINGS = ("source", "asked", "new", "next", "today", "a day", "req/new", "304")


def listing(
    context: typer.Context,
    *,
    only: Annotated[
        str, typer.Option("--only", metavar="NAME", help="One source, with its lost pages.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show how each source does, and why it brings nothing; `sources try` and `sources add` find new ones.

    The columns: when it was asked, brought something new, is asked next; new addresses today and on a usual day of the
    last two weeks; requests for each new article; which share of its polls was answered by 304. With --json a line a
    source with name, kind, url, permission, cursor, today, usual, per_article, unchanged, pages: [{host, outcome,
    reason, number}], why: [lines for a person], hub: whether one tells of it.
    """
    if context.invoked_subcommand is not None:
        return
    settings = load_settings()
    sources = load_sources(settings.sources)
    known = {source.name: source for source in sources}
    if only and only not in known:
        raise ConfigError(f"--only {only}: no such source; there are {', '.join(sorted(known))}")
    chosen = [known[only]] if only else sources
    with connect(settings, patient=False) as ports:
        reports = source_reports(ports.index, chosen, ports.now())
    if as_json:
        for source, report in zip(chosen, reports, strict=True):
            said = {"kind": source.kind, "url": source.url, "permission": source.permission}
            emit({"name": source.name, **said, **_values(report)})
        return
    table(HEADINGS, [_cells(report) for report in reports], numbers=range(4, 8))
    for line in permissions(chosen):
        out.print(line, markup=False)
    for report in reports:
        for line in _lines(report, whole=bool(only)):
            out.print(line, markup=False)


def _values(report: SourceReport) -> Body:
    pages: list[Json] = [
        {"host": page.host, "outcome": str(page.outcome), "reason": page.reason, "number": page.number}
        for page in report.pages
    ]
    return {
        "cursor": to_record(report.cursor) if report.cursor else None,
        "today": report.today,
        "usual": report.usual,
        "per_article": report.per_article,
        "unchanged": report.unchanged,
        "pages": pages,
        "why": list(report.why),
        "hub": report.hub,
    }


def _cells(report: SourceReport) -> Sequence[str]:
    cursor = report.cursor
    if cursor is None:
        return (report.name, "never", *("·",) * 6)
    return (
        report.name,
        _when(cursor.polled_at),
        _when(cursor.new_at),
        _when(cursor.next_poll_at),
        str(report.today),
        "·" if report.usual is None else f"{report.usual:.1f}",
        "·" if report.per_article is None else f"{report.per_article:.1f}",
        "·" if report.unchanged is None else f"{report.unchanged:.0%}",
    )


def _when(at: datetime | None) -> str:
    return f"{at:%m-%d %H:%M}" if at else "never"


def _lines(report: SourceReport, *, whole: bool) -> Iterator[str]:
    for why in report.why:
        yield f"{report.name}: {why}"
    if whole and report.hub:
        yield f"  {report.hub}"
    for page in sorted(report.pages, key=lambda page: -page.number) if whole else ():
        yield f"  {page.host}: {page.outcome}: {page.reason} {page.number}"


def try_out(
    target: Annotated[str, typer.Argument(metavar="URL|NAME", help="An address, or a source of the file.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what an address, or a source of the file, would bring: its entries, and one page read. Writes nothing.

    Of a web page the feeds and sitemaps of its site are shown. With --json a line each: {"url", "kind", "trouble",
    "entries": [{"url", "title", "published_at"}], "parts", "left_out", "page"}.
    """
    settings = load_settings()
    known = {source.name: source for source in known_sources(settings.sources)}
    if target not in known and not urls.host(target):
        raise ConfigError(f"{target}: neither a web address nor a source of {settings.sources}")
    with _outside(settings) as (fetcher, reader), working(f"looking at {target}"):
        source = known.get(target)
        trials = [try_source(fetcher, reader, source)] if source else find(fetcher, reader, target)
    for trial in trials:
        emit(_trial_values(trial)) if as_json else _show_trial(trial)
    if all(trial.trouble for trial in trials):
        raise typer.Exit(1)


def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A feed, a sitemap, or the home page of a paper.")
    ],
    *,
    name: Annotated[str, typer.Option(help="Name of the source; by default made of the host.")] = "",
    outlet: Annotated[str, typer.Option(help="Name of the paper; by default its host.")] = "",
    every: Annotated[bool, typer.Option("--all", help="All that is found, not only the first.")] = False,
) -> None:
    """Find the feeds and sitemaps of an address, show what each would bring, and write the first into sources.yml."""
    settings = load_settings()
    if not urls.host(url):
        raise ConfigError(f"{url}: must be an address that begins with http:// or https://")
    before = known_sources(settings.sources)
    with _outside(settings) as (fetcher, reader), working(f"looking at {url}"):
        trials = find(fetcher, reader, url)
    for trial in trials:
        _show_trial(trial)
    there = {source.url for source in before}
    usable = [trial for trial in trials if not trial.trouble and trial.url not in there]
    if not usable:
        note(
            "nothing to add"
            if any(trial.trouble for trial in trials)
            else "nothing to add: all of it is there already"
        )
        raise typer.Exit(1)
    made: list[Source] = []
    for trial in usable if every else usable[:1]:
        taken = [source.name for source in (*before, *made)]
        host = urls.host(url)[:LONGEST_NAME]
        values = {"kind": trial.kind, "url": trial.url, "outlet": outlet or host}
        made.append(Source.model_validate({"name": name_for(name or host, taken), **values}))
    _write(settings, made)


def take_in_opml(file: Annotated[Path, typer.Argument(help="An OPML file of another reader.")]) -> None:
    """Write the feeds of an OPML file into sources.yml, but for those whose address is there already."""
    settings = load_settings()
    before = known_sources(settings.sources)
    try:
        content = file.read_bytes()
    except OSError as exc:
        raise ConfigError(f"{file}: cannot be read: {exc.strerror}") from exc
    found, lacking = from_opml(content, [source.name for source in before])
    there = {source.url for source in before}
    fresh = list({source.url: source for source in reversed(found) if source.url not in there}.values())[::-1]
    if lacking:
        note(f"{lacking} without a web address left out")
    _write(settings, fresh)


def give_opml() -> None:
    """Print the sources as OPML, for other readers."""
    typer.echo(to_opml(load_sources(load_settings().sources)), nl=False)


def _write(settings: Settings, sources: Sequence[Source]) -> None:
    if sources:
        file = settings.sources
        write_whole(file, added(known_text(file), str(file), sources))
    for source in sources:
        out.print(f"{source.name}: {source.kind} {source.url}", markup=False)
    note(f"{len(sources)} written to {settings.sources}")


@contextmanager
def _outside(settings: Settings) -> Iterator[tuple[Fetcher, Reader]]:
    with (
        open_fetcher(settings, delay=settings.fetch.delay) as fetcher,
        open_reader(respect=settings.fetch.respect) as reader,
    ):
        yield fetcher, reader


def _trial_values(trial: Trial) -> Body:
    entries: list[Json] = [
        {
            "url": entry.url,
            "title": entry.title,
            "published_at": str(entry.published_at) if entry.published_at else None,
        }
        for entry in trial.announced.entries
    ]
    return {
        "url": trial.url,
        "kind": trial.kind,
        "trouble": trial.trouble,
        "entries": entries,
        "parts": len(trial.announced.more),
        "left_out": [f"{left.number}: {left.detail}" for left in trial.announced.left_out],
        "page": _page_words(trial),
    }


def _show_trial(trial: Trial) -> None:
    announced = trial.announced
    if trial.trouble:
        note(f"{trial.url}: {trial.trouble}")
        return
    parts = f", {len(announced.more)} parts" if announced.more else ""
    out.print(f"{trial.kind} {trial.url}: {len(announced.entries)} entries{parts}", markup=False)
    for left in announced.left_out:
        out.print(f"  {left.number} left out: {left.detail}", markup=False)
    for entry in announced.entries[:SHOWN]:
        at = entry.published_at or entry.updated_at
        out.print(
            f"  {f'{at:%Y-%m-%d %H:%M}' if at else 'no date':16}  {entry.title or entry.url}", markup=False
        )
    if words := _page_words(trial):
        out.print(f"  one page read: {words}", markup=False)


def _page_words(trial: Trial) -> str:
    match trial.page:
        case Document() as document:
            return f"{document.title or 'no title'}, {len(document.text):,} characters, {document.language}"
        case Rejection() as page:
            return f"rejected: {page.reason} {page.detail}".strip()
        case Unfetched() as page:
            return f"{page.outcome}: {page.reason} {page.detail}".strip()
        case None:
            return ""


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    commands = typer.Typer(invoke_without_command=True)
    commands.callback()(listing)
    commands.command("try")(try_out)
    commands.command("add")(add)
    commands.command("moved")(moved)
    commands.command("pause")(pause)
    commands.command("resume")(resume)
    commands.command("import")(take_in_opml)
    commands.command("export")(give_opml)
    app.add_typer(commands, name="sources", rich_help_panel="Look")
