"""Who may read a record by the names of its JSON."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import copydesk

ROOM = Path(copydesk.__file__).parent
READERS = ("index", "adapters")
"""The rooms that know how records are kept."""

ALLOWED = {
    "operating/comparing.py": 1,  # the checksum of all fields of a document of any kind, but for a few
}
"""Files outside of them, and how often each reads a body."""


def reads(source: str) -> Iterator[str]:
    """Where a source takes a field out of a `.body`, asks whether there is one, or goes through all."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Subscript(value=ast.Attribute(attr="body"), slice=key) if not isinstance(key, ast.Slice):
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Attribute(attr="body"), attr="get" | "items" | "keys" | "values"):
                yield ast.unparse(node)
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute(attr="body")]):
                yield ast.unparse(node)
            case ast.Call(func=ast.Name(id="texts_of" | "dict"), args=[ast.Attribute(attr="body"), *_]):
                yield ast.unparse(node)


def test_no_step_reads_a_record_by_the_names_of_its_json() -> None:
    """Outside of the index's rooms records are values: a field that is misspelt is found by mypy."""
    found = {
        path.relative_to(ROOM).as_posix(): list(reads(path.read_text("utf-8")))
        for path in ROOM.rglob("*.py")
        if path.relative_to(ROOM).parts[0] not in READERS
    }
    assert {name: len(some) for name, some in found.items() if some} == ALLOWED, found


@pytest.mark.parametrize(
    "source",
    [
        'row.body["story"]',
        "one.body.get('url')",
        '"reason" in row.body',
        "{name: item for name, item in row.body.items()}",
        'texts_of(rows[0].body, "contains")',
    ],
)
def test_each_way_of_reading_is_seen(source: str) -> None:
    """The test above is not blind."""
    assert len(list(reads(source))) == 1


@pytest.mark.parametrize("source", ["answer.body[:10]", "from_record(Article, row.body)", "row.body != body"])
def test_what_is_no_reading_is_let_pass(source: str) -> None:
    """Bytes are cut, bodies are compared whole and given to the codec."""
    assert list(reads(source)) == []
