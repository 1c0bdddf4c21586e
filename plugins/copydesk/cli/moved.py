"""`sources moved`: writes the new addresses of sources that have moved for good into `sources.yml`."""

from typing import Annotated

import typer

from copydesk.cli.output import note, out
from copydesk.config.files import load_sources
from copydesk.config.listing import known_text, readdressed, write_whole
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.views.sources import moved_sources

__all__ = ["moved"]


def moved(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="Sources; by default all that have moved.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show them.")] = False,
) -> None:
    """Write the addresses to which servers have redirected sources for good, for days, into sources.yml.

    Comments and order stay; a source that was moved goes on as the same.
    """
    settings = load_settings()
    sources = load_sources(settings.sources)
    if unknown := {*(names or ())} - {source.name for source in sources}:
        raise ConfigError(f"{min(unknown)}: no such source in {settings.sources}")
    with connect(settings, patient=False) as ports:
        found = moved_sources(ports.index, sources, ports.now())
    chosen = {name: url for name, url in found.items() if not names or name in names}
    for name, url in chosen.items():
        out.print(f"{name}: {url}", markup=False)
    if chosen and not dry_run:
        file = settings.sources
        write_whole(file, readdressed(known_text(file), str(file), chosen))
    note(f"{0 if dry_run else len(chosen)} written to {settings.sources}")
