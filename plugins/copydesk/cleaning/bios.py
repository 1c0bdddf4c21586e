"""About the author, below the text: third-person careers, addresses, handles.

The same sentences make a profile when they stand in the text; only after the last paragraph are they furniture.
"""

import re

from copydesk.cleaning.lines import Line, Text, alternatives, fold
from copydesk.cleaning.phrases import phrasebook_of
from copydesk.cleaning.tables import any_of, read_table
from copydesk.cleaning.witnesses import MARKED

__all__ = ["is_contact", "takes"]

TABLE = read_table("bios")
BOOK = phrasebook_of(TABLE)
PROFESSIONS = read_table("professions")
PROFESSION = phrasebook_of(PROFESSIONS)
PARTICLE = r"(?:(?:van|von|de|der|des|del|du|di|da|dos|la|al|el|bin|of|the) )*"
NAME = re.compile(rf"^\W*((?:[A-ZÀ-ÞА-Я][\w.’'-]+,? {PARTICLE}){{1,3}}[A-ZÀ-ÞА-Я][\w’'-]+)")
PRONOUN = re.compile(r"^(?:she|he|they|sie|er|elle|il|ella|él|lei|lui|ela|ele|она|он)\b")
BEHEADED = re.compile(r"^is an? ")
"""What is left of a sentence whose name stands in another element."""

WORDINGS = 2
"""Wordings of careers in a sentence that need no profession beside them: "covers", and "can be reached at"."""

SPOKEN = re.compile(
    r"[\"“”„«»]|\b(?:said|says|told|added|sagte|sagt|erklärte|dit|déclaré|dijo|ha detto|disse|сказал|заявил)\b"
)
INVITED = any_of("invitations")
INVITATION = re.compile(rf"\b{INVITED}\b")
ADDRESS = alternatives(
    r"""
    \S+@\S+\.\w{2,}
    @\w{3,}
    (?:https?://|www\.)\S+
    (?:x|twitter|t|instagram|facebook|linkedin)\.(?:com|me)/\S+
    """
)
CONTACT = re.compile(
    rf"^(?:\W*{INVITED}?\W*(?:\w+ ){{0,6}}?(?:at |an |à |:)?\s*){ADDRESS}[\W_]*(?:.{{0,25}})$"
)


def takes(text: Text, at: int) -> bool:
    """Whether a line after the text presents its author."""
    line = text.lines[at]
    if line.cut or (line.item and "link" not in line.marks):
        return False
    if SPOKEN.search(line.bare):
        return False
    named = any(fold(author) and line.letters.startswith(fold(author)) for author in text.around.authors)
    return named or _is_career(text, at)


def _is_career(text: Text, at: int) -> bool:
    """Whether a line tells what a writer does: in a sentence one whom the article did not name before.

    A report presents its people where they first speak, not behind its last paragraph; and a sentence about "he" or
    "she" goes on from the one above it.
    """
    line = text.lines[at]
    works, told = PROFESSION.holds(line), BOOK.count(line)
    if not (works or told):
        return False
    if not line.sentence or not line.marks.isdisjoint(MARKED) or BEHEADED.match(line.bare):
        return True
    if PRONOUN.match(line.bare):
        return at > 0 and takes(text, at - 1)
    return (works or told >= WORDINGS) and _is_new(text, line)


def _is_new(text: Text, line: Line) -> bool:
    """Whether a line begins with the full name of somebody whom no paragraph names but those on careers."""
    found = NAME.match(line.text)
    return found is not None and not any(
        found[1] in other.text and not PROFESSION.holds(other)
        for other in text.lines
        if other.prose and other is not line
    )


def is_contact(text: Text, at: int) -> bool:
    """Whether a line after the text is an address or a handle; a sentence only with an invitation to use it."""
    line = text.lines[at]
    if line.text[-1] in "?？" or (line.sentence and not INVITATION.search(line.bare)):
        return False
    return ("@" in line.bare or "www." in line.bare or "http" in line.bare or ".com/" in line.bare) and bool(
        CONTACT.match(line.bare)
    )
