"""Notices of the machinery: no frames, no script, old browser, blocked adverts, consent for an embed.

They stand where a browser failed to show something, in full sentences, and never belong to the story.
"""

from copydesk.cleaning.lines import Text
from copydesk.cleaning.phrases import phrasebook_of
from copydesk.cleaning.tables import read_table

__all__ = ["takes"]

TABLE = read_table("notices")
BOOK = phrasebook_of(TABLE)


def takes(text: Text, at: int) -> bool:
    """Whether the line is a notice."""
    return BOOK.holds(text.lines[at])
