"""What moves when a threshold of judging is a fifth lower or higher: F1 of families and B-cubed of stories, by set."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType

from rich.table import Table

from benches.figures import CONSOLE, note
from benches.judgements import judged
from benches.made_sets import Row
from benches.wire_scores import answers_of
from benches.wire_sets import WireTexts
from copydesk.judging import fingerprint
from copydesk.judging.clustering import (
    agencies,
    asking,
    comparing,
    edges,
    joining,
    linkage,
    links,
    rarity,
    stories,
    telling,
)
from copydesk.judging.clustering import families as kin
from copydesk.judging.clustering.keeping import forget
from copydesk.model import Document

__all__ = ["CURVED", "measure_curves"]

CURVED = ("real", "hand-all", "crowded-a", "crowded-b", "crowded-d", "crowded-e", "world-crowd-1")
"""Beginnings of the names of the sets that are taken: those that thresholds were set on."""
TIMES = (0.8, 1.2)
TOLD = 0.005
"""What a figure must move by to be shown."""
MODULES = (links, kin, agencies, linkage, joining, asking, stories, rarity, telling, comparing, edges)
UNITS = frozenset({"HOUR"})
"""Numbers of these modules that are no thresholds."""


def measure_curves(known: Mapping[str, WireTexts]) -> None:
    """Print for each threshold the figures that move, as they are and at both ends; a set is judged in one batch."""
    sets = [one for name, one in known.items() if name.startswith(CURVED) and not one.locked]
    read = {one.name: one.documents() for one in sets}
    usual = {one.name: _figures(one, *read[one.name]) for one in sets}
    table = Table("threshold", "value", *(f"x {times}" for times in TIMES), title="Curves")
    every = [(module, name) for module in MODULES for name in _thresholds(module)]
    for module, name in every:
        shown = []
        for times in TIMES:
            with _set(module, name, times):
                shown.append(_difference(usual, {one.name: _figures(one, *read[one.name]) for one in sets}))
        place = module.__name__.rpartition(".")[2]
        table.add_row(f"{place}.{name}", str(getattr(module, name)), *shown)
    CONSOLE.print(table)
    note("F1 of families or B3 of stories by set, before -> then, where it moves by as much as " + str(TOLD))
    note("")


def _thresholds(module: ModuleType) -> list[str]:
    """The names of the numbers that a module defines."""
    return [
        name
        for name, value in vars(module).items()
        if name.isupper()
        and type(value) in {int, float}
        and name not in UNITS
        and not hasattr(fingerprint, name)
    ]


@contextmanager
def _set(module: ModuleType, name: str, times: float) -> Iterator[None]:
    """The module with this threshold so many times as large; whole numbers stay whole, shares at most 1."""
    before = getattr(module, name)
    moved = type(before)(before * times)
    setattr(module, name, min(moved, 1.0) if before < 1 else moved)
    forget()
    try:
        yield
    finally:
        setattr(module, name, before)
        forget()


def _figures(texts: WireTexts, rows: Sequence[Row], documents: Sequence[Document]) -> dict[str, float]:
    result = judged(documents, len(documents))
    answers = answers_of(rows, result)
    figures = {"F1": texts.score(rows, answers).all.f1}
    if stories_b3 := texts.count(rows, answers).get("stories B3"):
        figures["B3"] = float(stories_b3)
    return figures


def _difference(usual: Mapping[str, Mapping[str, float]], moved: Mapping[str, Mapping[str, float]]) -> str:
    return ", ".join(
        f"{name} {figure} {before:.3f} -> {moved[name][figure]:.3f}"
        for name, figures in usual.items()
        for figure, before in figures.items()
        if abs(moved[name][figure] - before) >= TOLD
    )
