"""What Kibana needs to show the articles: a data view and a saved Discover session."""

import sys
from typing import Annotated

import typer

from copydesk.cli.output import note
from copydesk.config.settings import load_settings, resolve_secret
from copydesk.connect import bring_into_kibana, kibana_objects

__all__ = ["register"]


def build() -> None:
    """Print the saved objects, as Kibana's own import takes them (Stack Management, Saved objects)."""
    sys.stdout.buffer.write(kibana_objects(load_settings()))


def bring(
    url: Annotated[str, typer.Argument(help="Kibana's address, with its base path and space if it has any.")],
    *,
    user: Annotated[str, typer.Option(help="Who logs in; else the user of Elasticsearch.")] = "",
    password: Annotated[
        str, typer.Option(metavar="env:NAME", help="The variable that holds the password of --user.")
    ] = "",
) -> None:
    """Put the saved objects into a running Kibana, over those that are there."""
    secret = resolve_secret(password) if password else ""
    note(f"{bring_into_kibana(load_settings(), url, user, secret)} objects")


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    commands = typer.Typer(no_args_is_help=True, help="Bring the articles into Kibana.")
    commands.command("build")(build)
    commands.command("import")(bring)
    app.add_typer(commands, name="kibana", rich_help_panel="Look")
