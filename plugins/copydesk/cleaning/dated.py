"""Captions that end with the day on which the picture was taken, in languages whose grammar is not looked at."""

import re

from copydesk.cleaning.bylines import DATE
from copydesk.cleaning.lines import Line
from copydesk.cleaning.tables import any_of

__all__ = ["points"]

BEHIND = rf"{DATE}(?<=\d\d\d\d)[^.\d]{{0,40}}(?:\.|\))*$"
MONTH_YEAR = re.compile(BEHIND)
SET_OFF = re.compile(
    rf"(?:[,(;–—-]\s?(?:\S{{1,3}}\s){{0,2}}|(?:aufgenommen|prise?|tomad[ao]|scattata|снят\w*)\s\S{{1,3}}\s){BEHIND}"
)
"""A date that no verb governs: behind a comma or a bracket, or behind "taken on"."""

TOLD = re.compile(any_of("told"))
DIGIT = re.compile(r"\d")


def points(line: Line) -> int:
    """Points for a whole date behind a line in which nothing is told of the past or the future.

    There is no list of all verbs; so in a full sentence the date has to be set off, or it may be when a law takes
    effect and a ship went down.
    """
    bare = line.bare
    if DIGIT.search(bare) is None or bare[-1] in ",;:،" or not MONTH_YEAR.search(bare):
        return 0
    if TOLD.search(bare):
        return 0
    return 3 if not line.sentence or SET_OFF.search(bare) else 2
