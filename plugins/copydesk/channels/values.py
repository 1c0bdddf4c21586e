"""What several channels are configured by: addresses, and references to secrets."""

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator

__all__ = ["MailServer", "SecretReference", "WebAddress", "is_reference"]

REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")


def is_reference(value: str) -> bool:
    """Whether a value names a secret and is none itself."""
    return REFERENCE.fullmatch(value) is not None


def _reference(value: str) -> str:
    if not is_reference(value):
        raise ValueError("must be a reference such as env:NAME, never the secret itself")
    return value


def _web_address(value: str) -> str:
    if is_reference(value):
        return value
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError(
            "must be an address that begins with http:// or https://, without credentials, or env:NAME"
        )
    return value


def _mail_server(value: str) -> str:
    parts = _split(value)
    if (
        parts.scheme not in {"smtp", "smtps"}
        or not parts.hostname
        or parts.username is not None
        or parts.path
    ):
        raise ValueError("must be smtp://host:port or smtps://host:port; the user name is a key of its own")
    return value


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port, (parts.hostname or "").encode("idna")  # as sockets do it
        if any(sign.isspace() or not sign.isprintable() for sign in value):
            raise ValueError  # noqa: TRY301
    except ValueError:
        raise ValueError("is no address") from None
    return parts


SecretReference = Annotated[str, AfterValidator(_reference)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
"""An address of the web, or a reference to one: whoever knows that of some receivers may post there."""
MailServer = Annotated[str, AfterValidator(_mail_server)]
