"""What hubs ask of us: to confirm that we asked them, and to hear that a feed has something new (WebSub, 2018).

Nobody logs in here: the address bears a token that only the hub was given, and what it sends is signed.
"""

import hmac
from collections.abc import AsyncIterator

from copydesk.errors import ConfigError
from copydesk.fetching.hubs import confirm, deny, push, secret_of, token_of
from copydesk.page.desk import Asked, Desk

__all__ = ["LARGEST", "answer_of", "heard", "signed_by"]

LARGEST = 10 * 1024 * 1024
"""Bytes of what a hub may send; it is signed, not kept."""

METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
"""What hubs may sign by, in HMAC; the first is still what many use."""


def answer_of(desk: Desk, asked: Asked) -> str:
    """What a hub is to hear back when it asks whether we want to be told, or says that we are not.

    Raises ConfigError when the address is none of ours, or we asked for no such thing.
    """
    name = _source_of(desk, asked)
    mode, topic = asked.get("hub.mode", ""), asked.get("hub.topic", "")
    with desk.index() as index:
        if mode == "denied":
            deny(index, name, topic, asked.get("hub.reason", ""), desk.now())
            return ""
        wanted = mode == "subscribe" and confirm(
            index, name, topic, asked.get("hub.lease_seconds", ""), desk.now()
        )
    if not wanted:
        raise ConfigError("nobody here asked for that")
    return asked.get("hub.challenge", "")


async def signed_by(desk: Desk, asked: Asked, signature: str, body: AsyncIterator[bytes]) -> bool:
    """Whether what came is signed by the hub of the source that the address names.

    Raises ConfigError for an address that is none of ours, and ValueError for more than `LARGEST` bytes.
    """
    name = _source_of(desk, asked)
    method, _, told = signature.partition("=")
    known = method.lower() in METHODS
    digest = hmac.new(secret_of(desk.key(), name).encode(), digestmod=method.lower() if known else "sha256")
    size = 0
    async for chunk in body:
        size += len(chunk)
        if size > LARGEST:
            raise ValueError(f"more than {LARGEST} bytes")
        digest.update(chunk)
    return known and hmac.compare_digest(digest.hexdigest().encode(), told.strip().lower().encode())


def heard(desk: Desk, asked: Asked) -> None:
    """Have the source asked that the address names."""
    with desk.index() as index:
        push(index, _source_of(desk, asked), desk.now())


def _source_of(desk: Desk, asked: Asked) -> str:
    """The source that an address of ours names. Raises ConfigError when it is none."""
    name, key = asked.get("source", ""), desk.key()
    token = asked.get("token", "").encode(errors="replace")
    if not key or desk.ports is None or not hmac.compare_digest(token_of(key, name).encode(), token):
        raise ConfigError("no such address")
    return name
