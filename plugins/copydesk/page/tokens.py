"""Tokens: what lets a program read one query without a login. Pure."""

import hmac
from urllib.parse import urlencode

from copydesk.page.desk import Asked

__all__ = ["is_signed", "signed", "token_of"]

SIGNED = ("q", "outlet", "language")
"""What a token is for: whoever has it reads this query and no other, in whatever format."""


def token_of(key: str, asked: Asked) -> str:
    """What lets a program read the feed of a query without a login: HMAC-SHA256 of it, 32 hex digits. Pure."""
    return hmac.digest(key.encode(), signed(asked), "sha256").hex()[:32]


def is_signed(key: str, asked: Asked) -> bool:
    """Whether an address bears the token of its query; without a key none does. Pure."""
    told = asked.get("token", "").encode(errors="replace")
    return bool(key) and hmac.compare_digest(token_of(key, asked).encode(), told)


def signed(asked: Asked) -> bytes:
    """The query of an address, the same bytes for the same query."""
    return urlencode([(name, asked.get(name, "")) for name in SIGNED], errors="replace").encode()
