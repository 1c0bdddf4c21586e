"""`doctor` looks at everything an operator asks about, and says one line each."""

from typing import Annotated

import typer

from copydesk.cli.output import AsJson, emit, out
from copydesk.config.settings import load_settings
from copydesk.monitoring.examining import examine

__all__ = ["register"]


def doctor(
    *,
    ask: Annotated[bool, typer.Option("--ask", help="Ask every source once, as a poll does.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at versions, files, archive, tasks, Elasticsearch, sources and hosts; one line each.

    A line begins with `ok`, with `look` when a person should, or with `wrong` when it does not work like this; with one
    of these the exit code is 1. With --json a line each: {"state", "what", "says"}. Writes nothing but a file that it
    removes from the archive again.
    """
    wrong = False
    for line in examine(load_settings(), ask=ask):
        wrong = wrong or line.state == "wrong"
        if as_json:
            emit({"state": line.state, "what": line.what, "says": line.says})
        else:
            out.print(f"{line.state:5}  {line.what}: {line.says}", markup=False)
    if wrong:
        raise typer.Exit(1)


def register(app: typer.Typer, panel: str) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel=panel)(doctor)
