"""`serve` shows the page without Airflow: on this machine alone, or behind a proxy on it that knows its users."""

from typing import TYPE_CHECKING, Annotated

import typer

from copydesk.cli.output import note
from copydesk.config.settings import Settings, load_settings
from copydesk.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI, Request

__all__ = ["local_app", "register"]

NAMES = ["127.0.0.1", "localhost"]
"""Names by which a browser on this machine asks. Any other is a site of others that points its name at us."""


def serve(
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="On this port of 127.0.0.1.")] = 8765,
    write: Annotated[bool, typer.Option("--write", help="Let the page have sources polled.")] = False,
    name: Annotated[
        str, typer.Option(help="Behind a proxy on this machine: the host name that browsers ask for.")
    ] = "",
    user_header: Annotated[
        str, typer.Option(help="Behind a proxy: the header in which it says who has logged in.")
    ] = "",
) -> None:
    """Show the page in a browser on this machine, until Ctrl-C; without --write it only reads.

    It asks nobody who he is. For several people mount it in Airflow, which does, or let a proxy ask: the proxy has to
    set the header itself and to take out what a browser sends under that name.
    """
    import uvicorn

    if bool(name) != bool(user_header):
        raise ConfigError("--name and --user-header: behind a proxy both are needed, else neither")
    settings = load_settings()
    note(f"http://{name or f'127.0.0.1:{port}'}/ until Ctrl-C")
    app = local_app(settings, write=write, name=name, user_header=user_header)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def local_app(settings: Settings, *, write: bool, name: str = "", user_header: str = "") -> "FastAPI":
    """The page for whoever is on this machine, and for whom a proxy names in a header; for no site of others.

    Asked by `name` it answers only requests with that header, which is not empty; without a header it needs no name.
    """
    from fastapi import Depends
    from fastapi.middleware.trustedhost import TrustedHostMiddleware

    from copydesk.connect import open_desk
    from copydesk.page.app import NOBODY, make_app

    readers = [Depends(_named_in(user_header))] if user_header else []
    app = make_app(
        open_desk(lambda: settings, writes=write), readers=readers, who=readers[0] if readers else NOBODY
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*NAMES, name or NAMES[0]], www_redirect=False)
    return app


def _named_in(header: str) -> "Callable[[Request], str]":
    """Whom the proxy names; refuses a request in which it names nobody."""
    from fastapi import HTTPException, Request

    def known(request: Request) -> str:
        name = request.headers.get(header, "").strip()
        if not name:
            raise HTTPException(401, "the proxy before this page does not say who you are")
        return name

    return known


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Look")(serve)
