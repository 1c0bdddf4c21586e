"""`docs/codebook.md`: every field of the index, made from the mapping; what it means is written in the page itself.

After a change of the mapping COPYDESK_TEST_KEEP=1 with `tests/unit/index/test_codebook.py` writes the page anew; the
meanings stay, and a new field waits for its own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from copydesk.index import DERIVED, Kind
from copydesk.index.fields import COUNT, DATE, FLAG, HASHES, KEY, LABEL, OPAQUE, SHARE, STEMS, TEXT, WORDS
from copydesk.index.mapping import PROPERTIES

__all__ = ["codebook", "meanings_in"]

ROW = re.compile(r"^\| `(?P<name>[a-z_.]+)` \| (?P<value>[^|]*) \| (?P<meaning>[^|]*) \|$")
HEAD = re.compile(r"^## `(?P<kind>[a-z]+)`$")

VALUES = [
    (KEY, "key"),
    (LABEL, "name"),
    (TEXT, "text"),
    (DATE, "time"),
    (COUNT, "whole number"),
    (SHARE, "number"),
    (FLAG, "true or false"),
    (OPAQUE, "given back only"),
    (HASHES, "looked up only"),
    (WORDS, "looked up only"),
    (STEMS, "looked up only"),
]
"""How a field is mapped, and what the page calls that."""

DERIVED_SAID = "Made anew from the archive by `copydesk replay`."
KEPT_SAID = "Not in the archive: kept by `copydesk backup`."

Meanings = Mapping[tuple[str, str], str]
"""What fields mean, by kind and field."""


def codebook(before: str) -> str:
    """The page as it should be, with the introduction and the meanings of the page as it is."""
    meanings = meanings_in(before)
    parts = [before.partition("\n## ")[0].rstrip()]
    for kind in Kind:
        rows = [
            f"| `{name}` | {value} | {meanings.get((kind, name), '')} |"
            for name, value in _fields(PROPERTIES[kind])
        ]
        origin = DERIVED_SAID if kind in DERIVED else KEPT_SAID
        parts.append(
            "\n".join([f"## `{kind}`", "", origin, "", "| field | value | meaning |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def meanings_in(page: str) -> Meanings:
    """What a page says of the fields."""
    found: dict[tuple[str, str], str] = {}
    kind = ""
    for line in page.splitlines():
        if head := HEAD.match(line):
            kind = head["kind"]
        elif row := ROW.match(line):
            found[kind, row["name"]] = row["meaning"]
    return found


def _fields(properties: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for name, entry in properties.items():
        if "properties" in entry:
            yield from _fields(entry["properties"], f"{above}{name}.")
        else:
            yield f"{above}{name}", next(called for mapped, called in VALUES if mapped == entry)
