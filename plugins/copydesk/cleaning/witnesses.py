"""What beside its wording tells a sentence from furniture: the page's markup, an address to the reader, neighbours.

A wording alone is none: every wording of a request, a notice or of small print is also an ordinary sentence of a
report on requests, notices and small print.
"""

import re
from collections.abc import Sequence

from copydesk.cleaning.lines import Line, Text
from copydesk.cleaning.tables import any_of, read_table

__all__ = [
    "FIELD",
    "MARKED",
    "QUOTES",
    "addresses",
    "between",
    "heads_links",
    "hold",
    "needs_another",
    "offers",
    "reports",
]

MARKED = frozenset({"link", "links", "box", "aside", "related"})
"""What a page says of a block that is none of its paragraphs."""

QUOTES = '"“”„«»‘「『'
ADDRESSES = read_table("addresses")
ADDRESS = re.compile(ADDRESSES.pattern)
OFFERS = read_table("offers")
OFFER = re.compile(OFFERS.pattern)
SAID = any_of("speech")
SPEECH = re.compile(rf"(?<!\w){SAID}|(?:说|表示|称|指出|認為|认为|と述べ|말했)")
FIELD = re.compile(r"^[\W_]*\w+(?: \w+)?\s?[:：]")
"""A name and its value: "Disclaimer: …"."""

PAST = re.compile(r"\b(?:was|were|had)\b")
OF_ITSELF = re.compile(r"\bthis\b|\bwas (?:first |originally )?(?:published|translated|created|generated)\b")
OWN = frozenset({"notice", "prompt", "legal", "label", "related", "aside", "embed", "credit"})
"""Reasons of lines that make a block of furniture."""


def needs_another(line: Line) -> bool:
    """Whether a line needs a second witness: it reads as a sentence, is quoted, or heads a part of the text."""
    if not line.marks.isdisjoint(MARKED):
        return False
    return line.sentence or line.text[0] in QUOTES or "heading" in line.marks


def hold(text: Text, at: int, *, offered: bool = False) -> bool:
    """Whether a line that needs it has a second witness of its own: an address, or as a heading the links below it.

    `offered` asks for more of an address: it has to speak of the paper, or of what a paper offers its readers.
    """
    line = text.lines[at]
    if "heading" in line.marks and heads_links(text, at):
        return True
    return (
        line.text[0] not in QUOTES
        and ((addresses(line) and (offers(line) or not offered)) or FIELD.match(line.text) is not None)
        and not reports(line)
    )


def addresses(line: Line) -> bool:
    """Whether a line speaks to the reader, or of the page it stands on."""
    return bool(ADDRESS.search(line.text))


def offers(line: Line) -> bool:
    """Whether a line speaks of the paper itself, or of what papers offer: "your account" may be one with a bank."""
    return bool(OFFER.search(line.text))


def reports(line: Line) -> bool:
    """Whether a line tells what somebody said, or what was; furniture does so of the page alone."""
    if SPEECH.search(line.bare):
        return True
    return bool(PAST.search(line.bare)) and not OF_ITSELF.search(line.bare)


def heads_links(text: Text, at: int) -> bool:
    """Whether a heading stands above links or labels, or above nothing: a part of the text has sentences."""
    below = next((line for line in text.lines[at + 1 :] if "heading" not in line.marks), None)
    return below is None or not below.sentence or not below.marks.isdisjoint(MARKED)


def between(reasons: Sequence[str | None], at: int) -> bool:
    """Whether the lines on both sides have been taken as furniture."""
    return 0 < at < len(reasons) - 1 and reasons[at - 1] in OWN and reasons[at + 1] in OWN
