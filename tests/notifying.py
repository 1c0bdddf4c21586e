"""A sender as the tests of the notifier use it, and its secrets."""

import base64
from datetime import UTC, datetime
from typing import Any

from copydesk.adapters.notifier import Sender
from copydesk.errors import ConfigError

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOOPBACK = ("127.0.0.0/8",)
SECRETS = {"env:HOOK": "whsec_" + base64.b64encode(b"k" * 32).decode(), "env:MAIL": "swordfish"}


def resolve(reference: str) -> str:
    """The secrets of these tests."""
    if reference not in SECRETS:
        raise ConfigError(f"secret {reference!r}: the environment variable is not set")
    return SECRETS[reference]


def sender(**options: Any) -> Sender:
    """A Sender as the tests use it: loopback allowed, a clock that stands still."""
    return Sender(resolve, **{"allow": LOOPBACK, "now": lambda: NOW, **options})
