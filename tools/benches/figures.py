"""Figures with their targets, and the peers' beside them: what `make eval` prints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

__all__ = ["Figure", "note", "show", "verdict"]

CONSOLE = Console(highlight=False, width=172, soft_wrap=False)
WHOLE = 100
"""From here on a figure is shown without decimals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of ours, and the same of others in the same run.

    Attributes:
        what: What was measured.
        of: On what, for the last line; a table has it in its title.
        ours: Copydesk's figure.
        target: ">= 0.985" or "<= 0.02", "" for a figure without one.
        shown: How ours is written, if not as the number; worst cases stand here beside a mean.
        wanted: How the target is written, if not as the number.
        others: The others' by name, as written; a name without a figure stays empty in the table.
    """

    what: str
    ours: float
    of: str = ""
    target: str = ""
    shown: str = ""
    wanted: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def aim(self) -> str:
        """The target as written."""
        return self.wanted or self.target.replace(">=", "≥").replace("<=", "≤")

    @property
    def met(self) -> bool:
        """Whether the target is reached; a figure without one counts as reached."""
        if not self.target:
            return True
        sign, _, number = self.target.partition(" ")
        bound = float(number)
        return self.ours >= bound if sign == ">=" else self.ours <= bound


def written(number: float) -> str:
    """A figure with as many decimals as are of use, a count with none."""
    return f"{number:,.0f}" if abs(number) >= WHOLE or isinstance(number, int) else f"{number:.4f}"


def show(title: str, figures: Sequence[Figure], columns: Sequence[str] = ()) -> None:
    """Print a table of figures, the others in the order of the columns; what misses its target is marked."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, header_style="bold")
    table.add_column("")
    table.add_column("copydesk", justify="right")
    table.add_column("to reach", justify="right")
    for column in columns:
        table.add_column(column, justify="right")
    for figure in figures:
        ours = figure.shown or written(figure.ours)
        table.add_row(
            figure.what,
            ours if figure.met else f"[red]{ours} ✗[/red]",
            figure.aim,
            *(figure.others.get(column, "") for column in columns),
        )
    CONSOLE.print(table)
    CONSOLE.print()


def note(text: str) -> None:
    """Print a line below a table."""
    CONSOLE.print(text, soft_wrap=True)


def verdict(figures: Sequence[Figure]) -> str:
    """The last line: which targets are met and which missed."""
    aimed = [figure for figure in figures if figure.target]
    missed = [
        f"{one.of + ': ' if one.of else ''}{one.what} {one.shown or written(one.ours)} ({one.aim})"
        for one in aimed
        if not one.met
    ]
    told = "".join(f"\n  {one}" for one in missed) or " none"
    return f"targets met: {len(aimed) - len(missed)} of {len(aimed)}; missed:{told}"
