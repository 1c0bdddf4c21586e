"""The tables of `wire`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from benches.figures import CONSOLE, note
from benches.wire_scores import Scores
from benches.wire_stable import WAYS

__all__ = ["Line", "show_counts", "show_lines", "show_stable", "show_stories"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one on one set; `setting` is a peer's, `counts` are by the heading of their column."""

    name: str
    texts: int
    locked: bool
    who: str
    setting: str
    scores: Scores
    counts: Mapping[str, str]


def show_lines(lines: Sequence[Line]) -> None:
    """Print the main table."""
    table = _table(
        "Families", ("set", "texts", "who", "P", "R", "F1", "hard F1", "ARI", "B3", "", "setting"), left=3
    )
    for line, first in _grouped(lines):
        scores = line.scores
        table.add_row(
            line.name if first else "",
            str(line.texts) if first else "",
            line.who,
            *map(_share, (*scores.all, scores.all.f1, scores.second, scores.ari, scores.b3)),
            "locked" if line.locked else "tuned",
            line.setting,
        )
    CONSOLE.print(table)
    note(
        "hard: of real sets pairs not word for word or nearly so, of others without rewritten; peers: each of hard F1,"
    )
    note("ARI and B3 at its own best setting, the rest at the one shown, all chosen on the set itself")
    note("")


def show_counts(lines: Sequence[Line]) -> None:
    """Print what was counted beside."""
    columns = list(dict.fromkeys(name for line in lines for name in line.counts))
    table = _table("Counted", ("set", "who", *columns), left=2)
    for line, first in _grouped(lines):
        table.add_row(
            line.name if first else "", line.who, *(line.counts.get(column, "") for column in columns)
        )
    CONSOLE.print(table)
    note("")


def show_stable(unstable: Mapping[str, Mapping[str, int]]) -> None:
    """Print how many texts are judged otherwise in another way."""
    table = _table("Texts judged otherwise", ("set", *WAYS), left=1)
    for name, ways in unstable.items():
        table.add_row(name, *(str(ways[way]) if way in ways else "" for way in WAYS))
    CONSOLE.print(table)
    note("than in order, 200 at a time: on the worst of two other weekdays, of six with --full;")
    note(
        "backwards, 1,000 at a time; shuffled, 37 at a time; by four workers who see each other 50 texts late"
    )
    note("")


def show_stories(
    name: str, counts: Mapping[str, tuple[int, int, int, int]], best: Mapping[str, Mapping[float, float]]
) -> None:
    """Print pairs in one story by language, and what peers find at given shares of wrong pairs."""
    table = _table(f"Pairs of {name}: in one story", ("", "same event", "", "different", ""), left=1)
    for language, (joined, of, wrong, of_wrong) in counts.items():
        table.add_row(
            language,
            f"{joined}/{of}",
            _share(joined / of if of else None),
            f"{wrong}/{of_wrong}",
            _share(wrong / of_wrong if of_wrong else None),
        )
    CONSOLE.print(table)
    for peer, shares in best.items():
        told = ", ".join(f"{value:.3f} at {share:.0%} of the different" for share, value in shares.items())
        note(f"{peer}: same event {told}")
    note("")


def _grouped(lines: Sequence[Line]) -> Iterable[tuple[Line, bool]]:
    """Each line, and whether it is the first of its set."""
    before = ""
    for line in lines:
        yield line, line.name != before
        before = line.name


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(title: str, columns: Sequence[str], left: int) -> Table:
    """A table whose first columns are text."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, header_style="bold", pad_edge=False
    )
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number < left else "right", no_wrap=True)
    return table
