"""`backfill` takes in what others have archived: WARC files, such as those of CC-NEWS."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from copydesk import pipeline
from copydesk.cli.output import AsJson, counts_line, note, working
from copydesk.cli.run import BOX
from copydesk.config.files import known_sources, load_topics
from copydesk.config.settings import load_settings
from copydesk.connect import connect, pages_in
from copydesk.errors import ConfigError
from copydesk.fetching.capturing import take_in
from copydesk.model import Entry, Source
from copydesk.operating.recovering import recover

__all__ = ["register"]

SOURCE = "backfill"
"""Name of the source of what was archived by others."""

PORTION = 200
"""Pages taken in and worked through before the next: what is new waits for no more of them than that."""


def backfill(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC files, packed or not.")],
    *,
    host: Annotated[
        list[str] | None,
        typer.Option("--host", help="Only pages of this host or domain; may be given again."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in the web pages of WARC files, 200 at a time; they never ring. What is known already is left alone.

    A page without a date of its own is as old as its record. Of the files' other records only the number is told:
    elsewhere (of another host), no-page, too-large, unreadable (the rest of a file).
    """
    settings = load_settings()
    topics, known = load_topics(settings.topics), known_sources(settings.sources)
    for file in files:
        if not file.is_file():
            raise ConfigError(f"{file}: no such file")
    source = Source(name=SOURCE, kind="inbox", url="", outlet=SOURCE)
    counts, passed = Counter[str](), Counter[str]()
    with connect(settings, patient=False) as ports, working("taking in"):
        recover(ports)
        for file in files:
            for portion in _portions(pages_in(file, SOURCE, frozenset(host or ()), passed)):
                counts += take_in(ports, source, portion, quiet=True)
                until = ports.now() + BOX
                counts += pipeline.process(
                    ports, topics, known, lease=settings.lease, until=until, most=settings.batch
                )
    counts_line(counts + passed, as_json=as_json)
    if passed["unreadable"]:
        note(f"{passed['unreadable']} of the files could not be read to their end")
        raise typer.Exit(1)


def _portions(pages: Iterable[Entry]) -> Iterator[list[Entry]]:
    left = iter(pages)
    while portion := list(islice(left, PORTION)):
        yield portion


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Run")(backfill)
