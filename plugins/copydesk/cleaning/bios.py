"""About the author, below the text: third-person careers, addresses, handles.

The same sentences make a profile when they stand in the text; only after the last paragraph are they furniture.
"""

import re

from copydesk.cleaning.lines import Text, alternatives, fold
from copydesk.cleaning.phrases import phrasebook_of
from copydesk.cleaning.tables import any_of, read_table

__all__ = ["is_contact", "takes"]

TABLE = read_table("bios")
BOOK = phrasebook_of(TABLE)
SPOKEN = re.compile(
    r"[\"“”„«»]|\b(?:said|says|told|added|sagte|sagt|erklärte|dit|déclaré|dijo|ha detto|disse|сказал|заявил)\b"
)
INVITED = any_of("invitations")
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
    if line.item and "link" not in line.marks:
        return False
    if SPOKEN.search(line.bare):
        return False
    named = any(fold(author) and line.letters.startswith(fold(author)) for author in text.around.authors)
    return named or BOOK.holds(line)


def is_contact(text: Text, at: int) -> bool:
    """Whether a line after the text is an address or a handle, with or without an invitation to use it."""
    line = text.lines[at]
    return ("@" in line.bare or "www." in line.bare or "http" in line.bare or ".com/" in line.bare) and bool(
        CONTACT.match(line.bare)
    )
