"""Small print: copyright, affiliate links, standards, disclaimers, citation and correction hints."""

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook_of
from copydesk.cleaning.tables import read_table

__all__ = ["takes"]

TABLE = read_table("legal")
BOOK = phrasebook_of(TABLE)


def takes(text: Text, at: int) -> bool:
    """Whether the line is small print."""
    line = text.lines[at]
    return BOOK.holds(line) or (
        line.text.startswith(("©", "(c)", "(C)")) and any(char.isdigit() for char in line.text)
    )
