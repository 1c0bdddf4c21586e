"""Rules that take out what is no part of the article, each in its own file.

`clean` works on lines alone; what a page says about them comes in as Surroundings. Nothing vanishes: a line is
kept or stands in `removed` with the name of the rule that took it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.cleaning import notices
from copydesk.cleaning.lines import Line, Rule, Surroundings, Text, measure
from copydesk.model import Removed

__all__ = ["RULES", "Cleaned", "Surroundings", "clean"]

RULES: tuple[Rule, ...] = (Rule("notice", notices.takes),)
"""All line rules; the first that takes a line names the reason."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text after cleaning: kept lines, and the removed ones with reason and place."""

    kept: tuple[str, ...]
    removed: tuple[Removed, ...]


def clean(text: str, around: Surroundings | None = None) -> Cleaned:
    """Sort the non-empty lines of a text into kept and removed. Idempotent, pure."""
    surroundings = around or Surroundings()
    lines = [
        measure(squeezed, surroundings.marks.get(squeezed, frozenset()))
        for line in text.split("\n")
        if (squeezed := " ".join(line.split()))
    ]
    whole = Text(lines, surroundings)
    reasons = [_reason(whole, at) for at in range(len(lines))]
    return _sorted(lines, reasons)


def _reason(text: Text, at: int) -> str | None:
    line = text.lines[at]
    return next((rule.name for rule in RULES if line.words <= rule.longest and rule.takes(text, at)), None)


def _sorted(lines: Sequence[Line], reasons: Sequence[str | None]) -> Cleaned:
    kept: list[str] = []
    removed: list[Removed] = []
    for line, reason in zip(lines, reasons, strict=True):
        if reason is None:
            kept.append(line.text)
        else:
            removed.append(Removed(line.text, reason, len(kept)))
    return Cleaned(tuple(kept), tuple(removed))
