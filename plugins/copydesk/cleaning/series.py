"""Lines of one wording again and again, each between paragraphs: the way a page is built, not its furniture.

A guide ends each of its parts with "Read more: …", a test each of its products with "Check out our full review".
An article points elsewhere two or three times. Of 491 pages a dozen hold such a series, none of them news.
"""

from collections import Counter
from collections.abc import Sequence

from copydesk.cleaning.lines import Line, Text, fold

__all__ = ["SERIES", "spare"]

SERIES = 5
"""Lines of the same opening from which they are a series."""

OPENING = 2
"""Words of a line that make its opening."""

LABEL = 3
"""Words up to which a line is a label: "Read more" alone says nothing, however often."""

IN_A_ROW = 3
"""Lines directly below one another that make a box."""

REASONS = ("related", "prompt")


def spare(text: Text, reasons: Sequence[str | None]) -> list[str | None]:
    """The reasons without those of lines in a series; three or more together are a box, not a series."""
    openings = {
        at: _opening(line)
        for at, (line, reason) in enumerate(zip(text.lines, reasons, strict=True))
        if reason in REASONS
        and line.words > LABEL
        and "related" not in line.marks
        and not _in_row(reasons, at)
    }
    counted = Counter(openings.values())
    return [
        None if at in openings and counted[openings[at]] >= SERIES else reason
        for at, reason in enumerate(reasons)
    ]


def _opening(line: Line) -> tuple[str, ...]:
    """The first words of a line, or the sign in front of them: ">>", "→"."""
    words = line.bare.split()[:OPENING]
    return tuple(words) if fold(words[0]) else (words[0],)


def _in_row(reasons: Sequence[str | None], at: int) -> bool:
    rows = (reasons[start : start + IN_A_ROW] for start in range(max(0, at - IN_A_ROW + 1), at + 1))
    return any(len(row) == IN_A_ROW and all(reason in REASONS for reason in row) for row in rows)
