"""What the tests of channels, deliveries and the notifier tell: an alert; and a sender with its secrets."""

import base64
from datetime import UTC, datetime
from typing import Any

from copydesk.adapters.notify.notifier import Sender
from copydesk.errors import ConfigError
from copydesk.model import Alert

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOOPBACK = ("127.0.0.0/8",)
SECRETS = {"env:HOOK": "whsec_" + base64.b64encode(b"k" * 32).decode(), "env:MAIL": "swordfish"}
ALERT = Alert(
    id="alert1",
    topic="ferries",
    topic_title="Ferries",
    story="s",
    article="a",
    title="Ferry aground",
    url="https://north.example/1",
    language="en",
    first_outlet="north",
    outlets=1,
    publishers=1,
    matched=("ferry",),
    snippet="A ferry ran aground.",
    created_at=NOW,
)


def resolve(reference: str) -> str:
    """The secrets of these tests."""
    if reference not in SECRETS:
        raise ConfigError(f"secret {reference!r}: the environment variable is not set")
    return SECRETS[reference]


def sender(**options: Any) -> Sender:
    """A Sender as the tests use it: loopback allowed, a clock that stands still."""
    return Sender(resolve, **{"allow": LOOPBACK, "now": lambda: NOW, **options})
