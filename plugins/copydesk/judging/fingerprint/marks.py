"""What the lines of a text begin with: marks before which a digest or a live thread may be cut into its items. Pure."""

import re
from dataclasses import dataclass
from enum import IntEnum

from copydesk.judging.fingerprint.weekdays import WEEKDAYS

__all__ = ["Line", "Mark", "minutes_of", "names_in", "read_lines", "share_names", "stem_of"]

HEADING_WORDS, CAPITALS_WORDS = 14, 24
"""Words up to which a line is a heading: any that does not end like a sentence, and any in capitals."""

LABEL_WORDS = 4
LABEL_AT, CLOCK_AT, DATELINE_AT = 37, 37, 60
"""Characters in which the end of a label, the first figure of a time, the agency of a dateline stand."""

LONGEST_RULE = 24
STEM = 7
"""Letters of a name that are compared: its ending changes with its place in the sentence."""

CAPITAL = "A-ZÀ-ÞĀ-ĮŁŃŒŚŞŹŻİЀ-Я"
QUOTE = "«\"„“‘'¿¡"
DASH = r"\-–—"

HOUR = r"(?:[01]?\d|2[0-4])"
ZONE = r"(?:\s?(?:[ap]\.?m\.?|[hH]r?s?\.?|Uhr|uur|GMT|BST|UTC|CES?T|MES?Z|[ECP][SD]?T|IST))"
AGO = (
    r"(?:\d{1,2}\s?(?:m|h|min|mins|minutes?|hours?) ago|"
    r"(?:vor|il y a|hace|há) \d{1,2} (?:h|min|[Mms]inut|St|h[eo]u?r)\w*)"
)
POINT = rf"\.(?=\d\d(?:{ZONE}|\W*$|\W*[:|{DASH}]))"
CLOCK = (
    rf"(?:{HOUR}(?::|{POINT}|\s?[hH]\s?)[0-5]\d(?!\d|[.:,]\d){ZONE}?{ZONE}?|{HOUR}{ZONE}{ZONE}?|{AGO}|"
    r"\d{1,3}(?:\+\d)?\s?['’′]|\d{1,2}[时時]\d{2}分?)(?!\w)"
)
BEFORE_CLOCK = (
    r"[^\w$€£¥]*(?i:(?:ore|alle|at|um|klo|kl\.?|às|as|a las|les?|update|stand|saat|godz\.?)[: ]\s*)?"
    r"(?:[^\W\d_]{3,12}\.?,? )?(?:\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?,? |\d{1,2}(?:, \d{4})?,? |"
    r"\d{1,2}\.? [^\W\d_]{3,10}\.?(?: \d{4})?,? )?"
)
BEHIND_CLOCK = rf"\s*(?:$|[\])】:|,.+{DASH}]|(?<=\s)[{CAPITAL}{QUOTE}\u0590-\uffff])"
TIME = re.compile(BEFORE_CLOCK + CLOCK + BEHIND_CLOCK)
FACE = re.compile(r"(\d{1,3})(?:[:.hH]\s?([0-5]\d))?(?:\s?([aApP])\.?[mM])?")
DIGIT = re.compile(r"\d")
NUMBER = re.compile(rf"[(#]?\d{{1,2}}(?:[.)]|\s[{DASH}])\s+(?=\S)")
BULLET = re.compile(rf"(?:[•*·▪■►»→◆●▶{DASH}]|\+{{2,3}})\s*(?=\w|[{QUOTE}])")
DATELINE = re.compile(
    rf"[{CAPITAL}][^.()\n]{{1,50}}?(?:\.? ?\d{{1,2}})?[^()\n]{{0,14}}\([^()]{{2,30}}\)"
    rf"\s?(?:\.?\s?[{DASH}]{{1,2}}|[:.])\s|【[^】]{{2,30}}】"
)
LABEL_END = re.compile(r"[.:|–—]|\s-")
LABEL = re.compile(
    rf"(?P<label>[{CAPITAL}][^.:!?|\n()\d]{{1,32}}?)\s?(?:[.:]?\s?[{DASH}]{{1,2}}\s|[.:|]\s)\s*"
    rf"(?=[{CAPITAL}{QUOTE}\d])"
)
STEM_END = re.compile(r"[.:|–—(]|\s-")
RULE = re.compile(rf"[_*+=~•·#.◆■ {DASH}]+")
CAPITALISED = rf"[{CAPITAL}][\w’-]{{2,}}"
NAME, ANY_NAME = re.compile(rf"(?<=[a-zà-ÿа-яё,;] ){CAPITALISED}"), re.compile(rf"(?<!\w){CAPITALISED}")
DAYS = frozenset(day[:STEM] for day in WEEKDAYS.split())
ENDS = tuple(".!?…:;,。！？：；")


class Mark(IntEnum):
    """What a line begins with, or what it is: a line that parts others, or a heading."""

    NONE = 0
    RULE = 1
    TIME = 2
    DATELINE = 3
    CAPITALS = 4
    """A label in capitals: a place, a subject, the name of a sport."""
    LABEL = 5
    NUMBER = 6
    BULLET = 7
    HEADING = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: where it begins in the text, its mark, and how many words it has.

    In scripts without spaces two characters count as a word.
    """

    start: int
    text: str
    mark: Mark
    words: int


def read_lines(text: str) -> list[Line]:
    """The lines of a text, without blank ones."""
    lines, start = [], 0
    for line in text.split("\n"):
        if bare := line.strip():
            words = _words(bare)
            lines.append(Line(start + line.index(bare[0]), bare, _mark(bare, words), words))
        start += len(line) + 1
    return lines


def minutes_of(line: str) -> int:
    """The time that stands first in a line, in minutes of the day; 0 where none does."""
    if not (found := FACE.search(line)):
        return 0
    half = (found[3] or "").lower()
    return int(found[1]) % (12 if half else 24) * 60 + int(found[2] or 0) + 720 * (half == "p")


def names_in(line: str) -> list[str]:
    """The beginnings of its words with a capital, but not days of the week, nor what opens a sentence or is counted."""
    return _stems(NAME, line)


def share_names(line: str, other: str) -> bool:
    """Whether two lines share a name, which may open a sentence in one of them."""
    return not (
        set(names_in(line)).isdisjoint(_stems(ANY_NAME, other))
        and set(names_in(other)).isdisjoint(_stems(ANY_NAME, line))
    )


def stem_of(line: str) -> str:
    """A line up to where its mark ends."""
    return STEM_END.split(line, maxsplit=1)[0]


def _stems(pattern: re.Pattern[str], line: str) -> list[str]:
    return [stem for name in pattern.findall(line) if (stem := name[:STEM]).lower() not in DAYS]


def _words(line: str) -> int:
    spaced = line.count(" ") + 1
    return spaced if line.isascii() or len(line) < 12 * spaced else len(line) // 2  # no word is as long


def _mark(line: str, words: int) -> Mark:
    if len(line) < LONGEST_RULE and RULE.fullmatch(line):
        return Mark.RULE
    if words <= CAPITALS_WORDS and line[0].isalpha() and line.isupper():
        return Mark.HEADING
    if DIGIT.search(line, 0, CLOCK_AT) and TIME.match(line):
        return Mark.TIME
    if not line[0].isalpha() and (mark := _listed(line)):
        return mark
    if mark := _labelled(line):
        return mark
    return Mark.HEADING if words <= HEADING_WORDS and not line.endswith(ENDS) else Mark.NONE


def _listed(line: str) -> Mark:
    if NUMBER.match(line):
        return Mark.NUMBER
    return Mark.BULLET if BULLET.match(line) else Mark.NONE


def _labelled(line: str) -> Mark:
    if (line[0] == "【" or "(" in line[:DATELINE_AT]) and DATELINE.match(line):
        return Mark.DATELINE
    found = LABEL.match(line) if LABEL_END.search(line, 2, LABEL_AT) else None
    if not found or found["label"].count(" ") >= LABEL_WORDS:
        return Mark.NONE
    return Mark.CAPITALS if found["label"].isupper() else Mark.LABEL
