"""What an embedded post leaves behind: its signature, "View this post", a shortened picture address."""
# ruff: noqa: RUF001 (dashes)

import re

from copydesk.cleaning.lines import Text

__all__ = ["takes"]

SIGNATURE = re.compile(
    r"^[—–-]+\s*.{1,80}\(@\w{1,30}\).{0,40}$|^.{1,60}\(@\w{1,30}\)\s*(?:on )?[\w ,.]{0,30}\d{4}$"
)
POST = re.compile(
    r"^(?:view|see|watch) this (?:post|photo|video|profile|thread) (?:on|from)\b|^a (?:post|video|photo) (?:shared|posted) by\b|^(?:ver|voir|sieh dir) .{0,20}(?:instagram|twitter|facebook)\W*$"
    r"|^(?:pic\.twitter\.com|t\.co|https?://t\.co)/\S+$|^(?:dieser beitrag auf|ein beitrag geteilt von|una publicación compartida|une publication partagée|um post compartilhado|un post condiviso)\b"
    r"|^(?:embed|tweet|instagram post|facebook post|youtube video|twitter embed)$"
)


def takes(text: Text, at: int) -> bool:
    """Whether a line is of an embedded post, or its frame."""
    line = text.lines[at]
    if "embed" in line.marks:
        return True
    return bool(SIGNATURE.match(line.text) or POST.match(line.bare))
