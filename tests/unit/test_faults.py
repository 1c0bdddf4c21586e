"""The table of faults: every row names tests, and every test it names is there."""

import ast
import re
from functools import cache

import pytest

from made.places import ROOT

TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
SIZES = {"F": 37, "A": 10, "B": 5, "C": 8, "D": 6, "O": 8}
"""How many rows each part of the table has, so that none goes unseen."""


def rows() -> dict[str, list[str]]:
    """The cells of each row, by its number."""
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]
    return {row[0]: row[1:] for row in cells if re.fullmatch(r"[A-Z]\d+", row[0])}


@cache
def names_in(path: str) -> frozenset[str]:
    """The test functions of a file; none when it is not there."""
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(function.name for function in functions)


@pytest.mark.parametrize("number", [f"{part}{at + 1}" for part, size in SIZES.items() for at in range(size)])
def test_every_fault_has_a_test_that_is_there(number: str) -> None:
    """A row says what goes wrong, what is promised then, and which tests show it."""
    fault, promise, shown = rows()[number]
    assert fault
    assert promise
    named = TEST.findall(shown)
    assert named
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_no_row_is_beyond_the_count() -> None:
    """A new row is counted too."""
    assert len(rows()) == sum(SIZES.values())
