"""The article in short, above the article: bullet points under "Key points", or bare ones before the first paragraph.

Papers print them, more and more often made by machines; they repeat the text, and copies of a story differ in them.
"""

import re
from collections.abc import Iterator

from copydesk.cleaning.lines import Text
from copydesk.cleaning.tables import read_table

__all__ = ["find"]

LABELS = read_table("summary_labels", before=r"^\W*", behind=r"\W*$")
LABEL = re.compile(LABELS.pattern)
MOST = 8
"""Points of a summary; longer lists are the article."""

EARLY = 2
"""The label stands before the second paragraph; further down it heads a part of a guide."""

BEHIND = 3
"""Paragraphs that have to follow, or the points are the article."""


def find(text: Text) -> Iterator[int]:
    """Numbers of the lines of a summary: its label and points, before the first paragraph that is no list item."""
    lines = text.lines
    paragraphs = [at for at, line in enumerate(lines) if line.prose and not line.item]
    if len(paragraphs) < BEHIND:
        return
    top = range(paragraphs[EARLY - 1])
    label = next((at for at in top if LABEL.match(lines[at].bare) and lines[at + 1].item), None)
    start = label if label is not None else next((at for at in range(paragraphs[0]) if lines[at].item), None)
    if start is None:
        return
    points = start + (label is not None)
    end = points
    while end < len(lines) and lines[end].item:
        end += 1
    if 1 < end - points <= MOST and sum(at >= end for at in paragraphs) >= BEHIND:
        yield from range(start, end)
