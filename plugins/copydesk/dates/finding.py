"""Dates within a line of text, each with the time of day beside it. Pure."""
# ruff: noqa: RUF001 (marks of several scripts)

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from copydesk.dates import moment
from copydesk.dates.eras import in_common_era

__all__ = ["Found", "found_in"]

LONGEST = 400
"""Characters of a line that is looked at."""

NAME = r"[^\s\d,;:|/()]{2,14}"
OF = r"(?:de\s|del\s|di\s|of\s)?"
DAY = (
    r"(?<!\d)(?:\d{4}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}|\d{1,2}(?P<sign>[./-])\d{1,2}(?P=sign)(?:\d{4}|\d\d)|"
    rf"\d{{1,2}}(?:\.|º|er|\.º)?\s{OF}{NAME},?\s{OF}\d{{4}}|{NAME}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}})(?!\d)"
)
CLOCK = r"\d{1,2}(?:[:hH]\d\d(?::\d\d)?|[.]\d\d(?=\s?(?:Uhr|klo|hrs)))(?!\d)(?:\s?[ap]\.?m\b\.?)?"
ZONE = r"(?:\s?(?:(?:UTC|GMT)?[+-]\d\d:?\d\d|Z|UTC|GMT|MEZ|MESZ|CET|CEST|BST|E[SD]T|MSK)\b)?"
BETWEEN = r"[\s,|·•/–—-]{0,4}(?:T|at|um|à|a las|alle ore|alle|às|kl\.?|klo|в|ore|la ora|о)?[\s,|]{0,3}"
DOT = re.compile(r"(?<=^\d)\.|(?<=^\d\d)\.")
DATED = re.compile(
    rf"(?:(?P<before>{CLOCK}{ZONE}){BETWEEN})?(?P<day>{DAY})(?:{BETWEEN}(?P<after>{CLOCK}{ZONE}))?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a line.

    Attributes:
        before, after: What stands between it and the dates around it, or the ends of the line.
        timed: Whether a time of day stands with it.
    """

    at: dt.datetime
    before: str
    after: str
    timed: bool


def found_in(line: str, language: str = "", zone: dt.tzinfo = dt.UTC) -> list[Found]:
    """The dates of a line, in order; [] for one that is too long to be about a time."""
    if len(line) > LONGEST or not any(map(str.isdecimal, line)):
        return []
    line = in_common_era(line)
    dated = list(_dated(line, language, zone))
    ends = [0, *(end for _, end, _, _ in dated)]
    begins = [*(begin for begin, *_ in dated), len(line)]
    return [
        Found(at, line[ends[place] : begin], line[end : begins[place + 1]], timed)
        for place, (begin, end, at, timed) in enumerate(dated)
    ]


def _dated(line: str, language: str, zone: dt.tzinfo) -> Iterator[tuple[int, int, dt.datetime, bool]]:
    for match in DATED.finditer(line):
        clock = DOT.sub(":", match["after"] or match["before"] or "")
        at = moment(f"{match['day']} {clock}" if clock else match["day"], zone, language)
        if at is not None:
            yield match.start(), match.end(), at, bool(clock)
