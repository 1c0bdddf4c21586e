"""`why` says where the way of an address ended."""

from typing import Annotated

import typer

from copydesk.cli.output import AsJson, emit, out
from copydesk.config.settings import load_settings
from copydesk.connect import asking
from copydesk.page.why import way_values
from copydesk.views.ways import way_of

__all__ = ["register"]


def why(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Any address, or the id of an article.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say why an address is here, or is not: announced by whom, fetched, read, judged, told of, or ended where.

    With --json one line, as the page of that name has it: {"url", "end", "article", "taken_out", "steps", "announced",
    "captures", "told"}.
    """
    with asking(load_settings()) as index:
        way = way_of(index, address)
    if as_json:
        emit(way_values(way))
        return
    out.print(way.end, style="bold", markup=False)
    for step in way.steps:
        out.print(f"  {f'{step.at:%Y-%m-%d %H:%M}' if step.at else '':16}  {step.what}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel="Look")(why)
