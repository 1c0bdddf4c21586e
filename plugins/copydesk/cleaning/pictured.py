"""Captions by their place: blocks beside a picture, see `reading.pictured`, with a second sign of what they are."""

import re

from copydesk.cleaning.lines import Line, is_headline

__all__ = ["points"]

PLACES = frozenset({"pictured", "above"})
LINKS = frozenset({"link", "links"})
NAME_LAST = re.compile(r"[^\W\d_][\"'”’»›」』“]$")
"""A name in quotation marks ends no sentence."""

GOES_ON = ":：,;"


def points(line: Line, *, trusted: bool, leads: bool) -> int:
    """Points for standing beside a picture, where prose is marked otherwise or none stands above.

    Paragraphs stand behind pictures too, and before them subheads, so the place alone is worth too little; a sentence
    needs one sign of its wording less, and no more.

    Args:
        line: The line.
        trusted: Whether its text ends sentences with marks, so that a missing one says something.
        leads: Whether no paragraph stands above it.
    """
    if line.marks.isdisjoint(PLACES) or line.marks & LINKS:
        return 0
    unlike, behind = "unlike" in line.marks, "pictured" in line.marks
    if trusted and _is_open(line):
        return 2 * behind + 1 + leads + unlike + ("own" in line.marks) if unlike or leads else 0
    return int(behind and unlike)


def _is_open(line: Line) -> bool:
    """Whether a line ends like no sentence, and is neither cut, nor an announcement, nor a headline."""
    ended = line.ended and not NAME_LAST.search(line.text)
    return not (ended or line.cut or line.text[-1] in GOES_ON or is_headline(line.text))
