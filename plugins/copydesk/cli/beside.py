"""Two articles side by side, for people: the runs of words that both have are marked."""

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from copydesk.cli.output import out
from copydesk.views.articles import title_of
from copydesk.views.pairs import Side

__all__ = ["show_beside"]


def show_beside(sides: Sequence[Side]) -> None:
    """Print them in columns of equal width."""
    grid = Table.grid(padding=(0, 2), expand=True)
    for _ in sides:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*map(_panel, sides))
    out.print(grid, soft_wrap=False)


def _panel(side: Side) -> Group:
    """An article with its common runs marked: by colour on a terminal, by brackets elsewhere."""
    document = side.article.document
    text = document.text
    marked = Text()
    reached = 0
    for start, end in side.spans:
        marked.append(text[reached:start])
        marked.append(text[start:end] if out.is_terminal else f"⟦{text[start:end]}⟧", style="black on green")
        reached = end
    marked.append(text[reached:])
    when = document.published_at or document.first_seen_at
    return Group(
        Text(title_of(side.article), style="bold"),
        Text(f"{document.outlet} · {when:%Y-%m-%d %H:%M} · {document.url}", style="dim"),
        Text(),
        marked,
    )
