"""Every step of Copydesk by hand, without Airflow.

Results go to standard output, progress and trouble to standard error. Exit code 0: done. 1: something could not be
done. 2: the call, a file or a setting is wrong.
"""

import logging
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from copydesk import __version__
from copydesk.cli import (
    audit,
    backfill,
    copies,
    export,
    judge,
    keep,
    kibana,
    look,
    read,
    rules,
    run,
    serve,
    sources,
    why,
)
from copydesk.errors import ConfigError, CopydeskError

__all__ = ["app", "main"]

app = typer.Typer(
    name="copydesk",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=__doc__,
)
for commands in (
    run,
    backfill,
    sources,
    read,
    judge,
    rules,
    look,
    export,
    why,
    serve,
    copies,
    audit,
    keep,
    kibana,
):
    commands.register(app)


@app.callback()
def options(
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say on standard error what happens.")
    ] = False,
) -> None:  # its docstring would take the place of the help above
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s %(message)s",
    )
    logging.getLogger("elastic_transport").setLevel(logging.ERROR)


@app.command(rich_help_panel="Keep")
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command, by default that of the command line; it ends in SystemExit with the exit code.

    What a person can mend is one line on standard error, without a traceback.
    """
    try:
        app(arguments)
    except ConfigError as exc:
        typer.echo(f"copydesk: {exc}", err=True)
        sys.exit(2)
    except CopydeskError as exc:
        typer.echo(f"copydesk: {exc}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        # the reader of our output has left, as `| head` does; Python would complain once more at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
