"""What changed between two states of an article, line by line. Pure."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

__all__ = ["Line", "changes"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either state: it stands in both, was taken out, or was put in."""

    text: str
    change: Literal["", "out", "in"] = ""


def changes(before: str, after: str) -> list[Line]:
    """All lines of both states in the order of reading, what went out before what came in its place."""
    old, new = before.split("\n"), after.split("\n")
    found: list[Line] = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            found += map(Line, old[old_start:old_end])
            continue
        found += (Line(text, "out") for text in old[old_start:old_end])
        found += (Line(text, "in") for text in new[new_start:new_end])
    return found
