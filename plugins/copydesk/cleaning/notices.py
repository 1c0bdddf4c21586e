"""Notices of the machinery: no iframe, no script, old browser, consent for an embed.

They stand where a browser failed to show something, in full sentences, and never belong to the story.
"""

import re

from copydesk.cleaning.lines import Text

__all__ = ["takes"]

NOTICE = re.compile(
    r"your browser (does not|doesn't|is not|isn't|can't|cannot)|(enable|activate|turn on) java ?script",
)


def takes(text: Text, at: int) -> bool:
    """Whether the line is a notice."""
    return bool(NOTICE.search(text.lines[at].folded))
