"""Single words and names around the text: sections, advertisement marks, tags, tool bars, "+ posts"."""

import re

from copydesk.cleaning.lines import Text, fold
from copydesk.cleaning.tables import read_table, read_words

__all__ = [
    "is_item",
    "is_kicker",
    "is_lone_section",
    "is_loose_end",
    "is_ruler",
    "is_section",
    "is_source",
    "takes",
]

LABELS = read_table("labels", before=r"^[\W_]*", behind=r"[\W_]*$")
LABEL = re.compile(LABELS.pattern)
STAMPS = read_table("stamps", before=r"^[\W_]*", behind=r"[\W_]*$")
STAMPED = re.compile(STAMPS.pattern)
"""What is left of a date when the date itself stands in another element."""

OWN_SOURCES = read_table("own_sources", before=r"^[\W_]*", behind=r"[\W_]*$")
OWN = re.compile(OWN_SOURCES.pattern)
SECTIONS = frozenset(map(fold, read_words("sections")))
"""Names of sections as papers print them."""

RULER = re.compile(r"^[\W_]+$")

YEAR = re.compile(r"\d{4}")
PARAGRAPHS = 3
SECTION_WORDS = 5
KICKER_WORDS = 4


def takes(text: Text, at: int) -> bool:
    """Whether the line is a label of the page and nothing else."""
    line = text.lines[at]
    if line.item and "link" not in line.marks:
        return False
    return bool(LABEL.match(line.bare))


def is_item(text: Text, at: int) -> bool:
    """Whether a line around the text is such a label as the item of a list: a tool bar, a line of dates."""
    line = text.lines[at]
    return line.item and bool(LABEL.match(line.bare) or STAMPED.match(line.bare))


def is_kicker(text: Text, at: int) -> bool:
    """Whether a line before the text is a few words in capitals: a kicker, or the name of the writer."""
    line = text.lines[at]
    return (
        line.text.isupper() and line.words <= KICKER_WORDS and line.text[-1] not in ":：?!" and not line.item
    )


def is_source(text: Text, at: int) -> bool:
    """Whether a line behind the text is the item of a list of sources: one item of it says "own research"."""
    if not text.lines[at].item:
        return False
    start = end = at
    while start > 0 and text.lines[start - 1].item:
        start -= 1
    while end + 1 < len(text.lines) and text.lines[end + 1].item:
        end += 1
    return any(OWN.match(line.bare) for line in text.lines[start : end + 1])


def is_ruler(text: Text, at: int) -> bool:
    """Whether a line around the text is made of punctuation."""
    return bool(RULER.match(text.lines[at].text))


def is_section(text: Text, at: int) -> bool:
    """Whether a line before or after the text is the name of a section, of the site or of a tag of the page."""
    line = text.lines[at]
    if line.words > SECTION_WORDS or line.ended or line.item:
        return False
    letters = line.letters
    return letters in SECTIONS or any(letters == fold(label) for label in text.around.labels)


def is_loose_end(text: Text, at: int) -> bool:
    """Whether the last line is a few capitalised words directly behind the last of several paragraphs.

    A name or a label stands there: no subhead does, for nothing follows.
    """
    line = text.lines[at]
    if at < PARAGRAPHS or at + 1 < len(text.lines) or line.ended or line.cut or line.item or line.dense:
        return False
    if YEAR.search(line.text):
        return False  # the years of somebody's life
    words = line.text.split()
    capitals = all(word[0].isupper() for word in words if word[0].isalpha())
    return (
        capitals
        and line.text[0].isupper()
        and text.lines[at - 1].prose
        and sum(other.prose for other in text.lines[:at]) >= PARAGRAPHS
    )


def is_lone_section(text: Text, at: int) -> bool:
    """Whether a line within the text names a section, and no other line does: several are subheads of a roundup."""
    line = text.lines[at]
    if "heading" in line.marks and line.letters not in SECTIONS:
        return False  # tags of a page are what its parts are about
    return is_section(text, at) and sum(letters in SECTIONS for letters in text.first) <= 1
