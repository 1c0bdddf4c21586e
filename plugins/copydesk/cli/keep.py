"""What keeps the index honest: learn, replay, backup, restore, retain, forget."""

import re
from typing import Annotated

import typer
from rich.progress import Progress

from copydesk.cli.output import AsJson, counts_line, emit, err, note, out, show_rows
from copydesk.config.files import known_sources
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.operating import backup as backups
from copydesk.operating import ruling
from copydesk.operating.replaying import replay as rebuild
from copydesk.outlets import learning
from copydesk.storing import retention
from copydesk.takedowns import forgetting

__all__ = ["register"]

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def replay(
    *,
    since: Annotated[
        str, typer.Option(metavar="YYYY-MM", help="First month to rebuild; all if not given.")
    ] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Swap although many articles would be missing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Rebuild articles, families and stories from the archive, compare, and swap them in. Never rings.

    With --json a line a kind: {"kind", "before", "after", "same_checksum"}, and {"lost": {reason: number}} if captures
    could not be rebuilt.
    """
    if since and not MONTH.fullmatch(since):
        raise ConfigError(f"--since {since}: must be a month such as 2026-11")
    settings = load_settings()
    sources = known_sources(settings.sources)
    with connect(settings, patient=False) as ports, Progress(console=err, transient=True) as bar:
        task = bar.add_task("replaying", total=None)
        result = rebuild(
            ports,
            sources,
            since=since,
            force=force,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    for kind, (before, after) in result.counts.items():
        same = kind in result.equal
        if as_json:
            emit({"kind": kind, "before": before, "after": after, "same_checksum": same})
        else:
            out.print(f"{kind}: {before} before, {after} after, checksums {'equal' if same else 'differ'}")
    if result.lost and as_json:
        emit({"lost": dict(result.lost)})
    for reason, number in sorted(result.lost.items()):
        note(f"{number} captures could not be rebuilt: {reason}")


def learn() -> None:
    """Learn which lines are furniture of their outlets, for the pages captured from now on."""
    with connect(load_settings(), patient=False) as ports:
        number = learning.learn(ports.index, ports.archive, ports.now())
    note(f"snapshot {number}" if number else "nothing new")


def backup(*, as_json: AsJson = False) -> None:
    """Write what cannot be derived from the archive (ledger, alerts, takedowns ...) beside it."""
    with connect(load_settings(), patient=False) as ports:
        name, counts = backups.backup(ports.index, ports.archive, ports.now())
    note(name)
    counts_line(counts, as_json=as_json)


def restore(
    name: Annotated[str, typer.Argument(help="Name of a backup; the newest if not given.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Fill an index from a backup; what is there already stays. Call `replay` afterwards for the articles."""
    with connect(load_settings(), patient=False) as ports:
        used, counts = backups.restore(ports.index, ports.archive, name)
        forgetting.renew(ports)
        ruling.load_rulings(ports.index, ports.archive)
    note(used)
    counts_line(counts, as_json=as_json)


def forget(
    target: Annotated[
        str, typer.Argument(metavar="ADDRESS|OUTLET", help="A page's address or an outlet's name.")
    ],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take an address or an outlet out of index and archive, for good; polling and replay obey."""
    if not yes:
        typer.confirm(f"Forget {target} for good, in index and archive?", abort=True, err=True)
    with connect(load_settings(), patient=False) as ports:
        counts = forgetting.forget(ports, target)
    counts_line(counts, as_json=as_json)


def retain(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: AsJson = False,
) -> None:
    """Drop the months of articles that are older than COPYDESK_KEEP; housekeeping does so daily. The archive stays.

    With --dry-run nothing is dropped, and there is a line for each kind and day: {"kind", "day", "documents"}.
    """
    settings = load_settings()
    with connect(settings, patient=False) as ports:
        since = ports.now() - settings.keep
        if not dry_run:
            for name in retention.retain(ports.index, since):
                note(name)
            return
        found = retention.too_old(ports.index, since)
    rows: list[Body] = [
        {"kind": kind, "day": day, "documents": number}
        for kind, days in found.items()
        for day, number in days.items()
    ]
    show_rows(rows, ("kind", "day", "documents"), as_json=as_json)
    note(
        f"{sum(map(sum, (days.values() for days in found.values())))} documents would go; nothing was dropped"
    )


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (learn, replay, backup, restore, retain, forget):
        app.command(rich_help_panel="Keep")(command)
