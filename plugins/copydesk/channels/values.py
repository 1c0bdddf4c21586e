"""What several channels are configured by: addresses, and references to secrets."""

import re
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator

__all__ = ["MailServer", "SecretReference", "WebAddress"]

REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")


def _reference(value: str) -> str:
    if not REFERENCE.fullmatch(value):
        raise ValueError("must be a reference such as env:NAME, never the secret itself")
    return value


def _web_address(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None:
        raise ValueError("must be an address that begins with http:// or https://, without credentials")
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
MailServer = Annotated[str, AfterValidator(_mail_server)]
