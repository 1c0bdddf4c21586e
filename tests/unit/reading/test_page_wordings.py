"""Every wording by which a page is told matches its examples, by itself."""

import re
import tomllib
from pathlib import Path

import pytest

from copydesk.cleaning.tables import Table, Wording
from copydesk.reading import access, gate, liveblog

TABLES = (
    access.OFFERS, gate.ROBOT_CHECKS, gate.ERROR_PAGES, gate.CONSENTS, gate.ACCEPTS, liveblog.LIVE_BLOGS,
)  # fmt: skip
WORDINGS = [
    pytest.param(table, wording, id=f"{table.name}-{wording.pattern[:40]}")
    for table in TABLES
    for group in table.groups
    for wording in group.wordings
]


@pytest.mark.parametrize(("table", "wording"), WORDINGS)
def test_wordings_match_their_examples(table: Table, wording: Wording) -> None:
    """Each has an example and matches it without help of any other, and nothing that stands behind "!"."""
    alone = re.compile(table.framed(wording.pattern), re.IGNORECASE)
    assert wording.examples
    assert [example for example in wording.examples if not alone.search(example)] == []
    assert [other for other in wording.others if alone.search(other)] == []


def test_all_tables_are_used_and_packaged() -> None:
    """What stands in the folder is read, and what is installed holds it."""
    folder = gate.WORDINGS
    assert {path.stem for path in folder.iterdir()} == {table.name for table in TABLES}
    assert all(len(line) <= 120 for path in folder.iterdir() for line in path.read_text("utf-8").splitlines())
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["setuptools"]["package-data"]["copydesk.reading"] == ["wordings/*.txt"]
