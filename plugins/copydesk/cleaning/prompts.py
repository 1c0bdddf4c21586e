"""Requests to the reader: subscribe, sign up, follow, download, share, comment, donate, log in.

An imperative and a product word together, or a closed wording; prose reports such things in the third person.
"""

import re

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook_of
from copydesk.cleaning.tables import read_table

__all__ = ["takes"]

QUOTE = re.compile(r"[\"“„«‘「]")
TABLE = read_table("prompts")
BOOK = phrasebook_of(TABLE)


def takes(text: Text, at: int) -> bool:
    """Whether the line asks the reader for something; people quoted in the story may ask for anything."""
    line = text.lines[at]
    if line.text[-1] in ":：":
        return False  # introduces what follows
    return BOOK.holds(line) and not (line.prose and QUOTE.search(line.text)) and not QUOTE.match(line.text)
