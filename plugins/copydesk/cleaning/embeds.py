"""What an embedded post leaves behind: its signature, "View this post", a shortened picture address."""

import re

from copydesk.cleaning.lines import Line, Text
from copydesk.cleaning.tables import read_table

__all__ = ["takes"]

REMARK = 12
"""Words up to which an embedded post is a remark."""

SIGNATURE = re.compile(
    r"^[—–-]+\s*.{1,80}\(@\w{1,30}\).{0,40}$|^.{1,60}\(@\w{1,30}\)\s*(?:on )?[\w ,.]{0,30}\d{4}$"
)
POSTS = read_table("embeds")
POST = re.compile(POSTS.pattern)


def takes(text: Text, at: int) -> bool:
    """Whether a line is the frame of an embedded post, or a post of a few words: a picture with a remark.

    Longer posts are quotes, and their signature says whose; they stay.
    """
    line = text.lines[at]
    if POST.match(line.bare):
        return True
    if SIGNATURE.match(line.text):
        return at > 0 and _is_remark(text.lines[at - 1])
    return _is_remark(line)


def _is_remark(line: Line) -> bool:
    return "embed" in line.marks and line.words <= REMARK
