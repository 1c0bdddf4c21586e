"""Processor time, and the table the benchmarks print."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
from rich.console import Console
from rich.table import Table

__all__ = ["Cost", "Line", "show", "spent"]


@dataclass(slots=True)
class Cost:
    """Seconds of processor time and on the clock, added up over blocks."""

    cpu: float = 0.0
    wall: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure.

    Attributes:
        what: What was measured.
        value: The figure with its unit.
        beside: What it is measured against, and how it did in the same run; "" for nothing.
        ratio: Ours over the other's, None without one.
        target: What the ratio should be.
    """

    what: str
    value: str
    beside: str = ""
    ratio: float | None = None
    target: str = ""


@contextmanager
def spent(cost: Cost, *children: int | None) -> Iterator[None]:
    """Add what this process, and children with theirs that have ended, spend within the block."""
    cpu, wall = _cpu(children), time.perf_counter()
    yield
    cost.cpu += _cpu(children) - cpu
    cost.wall += time.perf_counter() - wall


def _cpu(children: tuple[int | None, ...]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in children if pid]
    return time.process_time() + sum(
        one.user + one.system + one.children_user + one.children_system for one in times
    )


def show(lines: list[Line]) -> None:
    """Print a table."""
    table = Table(
        "what", "figure", "beside", "ratio", "target", box=None, pad_edge=False, header_style="bold"
    )
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        table.add_row(line.what, line.value, line.beside, ratio, line.target)
    Console(highlight=False, width=130).print(table)
