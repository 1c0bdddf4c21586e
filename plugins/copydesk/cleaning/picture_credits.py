"""Who took the picture: "Photo: …", "(Credit: …)", "Name/AGENCY", "© …", alone on a line."""

import re
from enum import Enum

from copydesk.cleaning.agency import ANY
from copydesk.cleaning.lines import Text, alternatives
from copydesk.cleaning.tables import any_of, read_table
from copydesk.cleaning.witnesses import MARKED

__all__ = ["Credit", "credit_of", "takes"]

STOCK = any_of("picture_sources")
WORDS = any_of("picture_words")
PARTS = {"WORDS": WORDS, "STOCK": STOCK}
CREDITS = read_table("credits", PARTS)
CREDIT = re.compile(CREDITS.pattern, re.IGNORECASE)
SLASHED = re.compile(
    rf"^[\W_]*(?:[A-ZÀ-Þ][\w.’'-]+ ?){{0,4}}\s*/\s*{ANY}(?:\s*/\s*\w+| via .{{2,30}})?[\W_]*$"
    rf"|^[—–-]+\s*(?:{ANY}|[A-Z]{{2,6}})(?:\s*/\s*\w+)?[\W_]*$"
)
SIGNS = tuple(
    "/ © | redit upplied ubmitted andout ource Photo photo Image image Pic pic ourtesy Foto foto Bild bild".split()
)
DASHED = re.compile(r"[—–] ?[A-Z\[(]")
CREDIT_ENDS = read_table("credit_ends", PARTS)
AT_END = re.compile(CREDIT_ENDS.pattern, re.IGNORECASE)
WITH_AGENCY = alternatives(
    rf"""
    [\w .’'-]{{2,30}}\s?[/,]\s?{ANY}
    {ANY}\s?/\s?(?:[A-Z][\w.’'-]+ ?){{1,4}}
    {ANY}(?:/file|\s+(?:photo|pic|file))
    """
)
OF_AGENCY = re.compile(
    rf"(?:[(\[|]|\s[—–-])\s*{WITH_AGENCY}(?:/\w+| via .{{2,30}})?\s*[)\]]?[.]?$"
    rf"|\w/\s?{ANY}[)\]]?[.]?$"
    r"|[(\[](?:[A-Z][\w.’'-]+ ){1,3}?[A-Z][\w.’'-]+\s?/\s?[A-Z][\w. ]{1,20}[)\]]$",
    re.IGNORECASE,
)
"""An agency with the name of a photographer or the word for a picture."""
AGENCY_END = re.compile(
    r"\((?:source|via|courtesy|image|picture|photo)\b[^()]{2,60}\)\.?$"
    rf"|(?:[(\[|]|\s[—–-])\s*{ANY}\s*[)\]]?[.]?$",
    re.IGNORECASE,
)
PARTED = re.compile(r"[:：/©|(\[]")
"""A sign between what a picture is and whose."""

PARTICLES = 1
"""Words in lower case of a credit that is a full sentence: "Photo by Ola Berg."."""

TAIL = 110
"""Characters at the end of a line in which credits stand."""


def takes(text: Text, at: int) -> bool:
    """Whether a line is the credit of a picture and nothing else."""
    line = text.lines[at]
    if SLASHED.match(line.text):
        return True
    return bool(CREDIT.match(line.text)) and (not line.marks.isdisjoint(MARKED) or not _is_told(line.text))


def _is_told(text: str) -> bool:
    """Whether a sentence says more than a name: "Photos by the coastguard showed a slick"."""
    if text[-1] != "." or PARTED.search(text):
        return False
    words = [word for word in text.split() if word[0].isalpha() and not word[0].isupper()]
    return len(words) > PARTICLES


class Credit(Enum):
    """Whose a picture is, at the end of a line: plainly of a picture, or an agency that may own the text too."""

    PICTURE = "picture"
    AGENCY = "agency"


def credit_of(line: str) -> tuple[Credit | None, str]:
    """The kind of credit a line ends with, as captions do, and the line without it."""
    start = max(0, len(line) - TAIL)
    tail = line[start:]
    # nine of ten lines have none of these signs, and the patterns below are slow to say no
    if line[-1] not in ")]" and not any(map(tail.__contains__, SIGNS)) and not DASHED.search(tail):
        return None, line
    for pattern, kind in ((AT_END, Credit.PICTURE), (OF_AGENCY, Credit.PICTURE), (AGENCY_END, Credit.AGENCY)):
        if (match := pattern.search(tail)) and not _is_told(match[0]):
            return kind, line[: start + match.start()].rstrip()
    return None, line
