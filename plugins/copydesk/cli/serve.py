"""`serve` shows the page without Airflow, on this machine alone."""

from typing import TYPE_CHECKING, Annotated

import typer

from copydesk.cli.output import note
from copydesk.config.settings import Settings, load_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["local_app", "register"]

NAMES = ["127.0.0.1", "localhost"]
"""Names by which a browser on this machine asks. Any other is a site of others that points its name at us."""


def serve(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this port of 127.0.0.1.")] = 8765,
    write: Annotated[bool, typer.Option("--write", help="Let the page have sources polled.")] = False,
) -> None:
    """Show the page in a browser on this machine, until Ctrl-C; without --write it only reads.

    It asks nobody who he is. For several people mount it in Airflow, which does.
    """
    import uvicorn

    settings = load_settings()
    note(f"http://127.0.0.1:{port}/ until Ctrl-C")
    uvicorn.run(local_app(settings, write=write), host="127.0.0.1", port=port, log_level="warning")


def local_app(settings: Settings, *, write: bool) -> "FastAPI":
    """The page for whoever is on this machine, and no site of others."""
    from fastapi.middleware.trustedhost import TrustedHostMiddleware

    from copydesk.connect import open_desk
    from copydesk.page.app import make_app

    app = make_app(open_desk(lambda: settings, writes=write))
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=NAMES, www_redirect=False)
    return app


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Look")(serve)
