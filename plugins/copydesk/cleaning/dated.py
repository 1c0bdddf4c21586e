"""Captions that end with the day on which the picture was taken, in languages whose grammar is not looked at."""

import re

from copydesk.cleaning.bylines import DATE, DAY
from copydesk.cleaning.lines import Line, alternatives
from copydesk.cleaning.tables import any_of

__all__ = ["announces", "points"]

BEHIND = rf"{DATE}(?<=\d\d\d\d)[^.\d]{{0,40}}(?:\.|\))*$"
MONTH_YEAR = re.compile(BEHIND)
SET_OFF = re.compile(
    rf"(?:[,(;–—-]\s?(?:\S{{1,3}}\s){{0,2}}|(?:aufgenommen|prise?|tomad[ao]|scattata|снят\w*)\s\S{{1,3}}\s){BEHIND}"
)
"""A date that no verb governs: behind a comma or a bracket, or behind "taken on"."""

GOVERNED = re.compile(rf"\b{DAY},\s(?:\S{{1,3}}\s){{0,2}}{DATE}(?<=\d\d\d\d)(?:\s?г(?:ода)?)?\.$")
"""A weekday and its date at the end: the comma between the two sets nothing off."""

LONG_AGO = re.compile(r"\b1[0-8]\d\d\W*$")
"""Years of which papers have no pictures: letters and treaties are dated so."""

TOLD = re.compile(any_of("told"))
DIGIT = re.compile(r"\d")


YEAR = re.compile(r"\b(?:19|20)\d\d\b")
ANNOUNCED = re.compile(
    alternatives(
        rf"""
        ^{DATE}(?<=\d\d\d\d)[ ]?[–—:-][ ]
        \b\d{{1,2}}(?:[:.h]\d\d)?[ ]?(?:[ap]\.?m\b|uhr\b)
        \b(?:at|à|alle|às|a[ ]las)[ ]\d{{1,2}}[:h]\d\d\b
        \bto[ ]be[ ](?:\w+ed|held|sent|made|taken|given|paid|seen)\b
        \b\d+[ ](?:pages|pp|seiten|páginas|pagine)\b
        """
    )
)
PARTS = 3
"""Parts between semicolons from which a line is an entry of a catalogue."""


def announces(bare: str) -> bool:
    """Whether a line with a year tells what is to happen, or lists: an hour, a date in front, parts of a file.

    Below a picture stands the day on which it was taken, and no hour.
    """
    if YEAR.search(bare) is None:
        return False
    return bool(ANNOUNCED.search(bare)) or bare.count(";") >= PARTS - 1


def points(line: Line) -> int:
    """Points for a whole date behind a line in which nothing is told of the past or the future.

    There is no list of all verbs; so in a full sentence the date has to be set off, or it may be when a law takes
    effect and a ship went down.
    """
    bare = line.bare
    if DIGIT.search(bare) is None or bare[-1] in ",;:،" or not MONTH_YEAR.search(bare):
        return 0
    if TOLD.search(bare) or LONG_AGO.search(bare) or bare[-1] in "!?":
        return 0
    if line.sentence and GOVERNED.search(bare):
        return 2
    return 3 if not line.sentence or SET_OFF.search(bare) else 2
