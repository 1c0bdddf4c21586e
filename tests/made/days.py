"""The day on which the tests run: that of `pytest --today 2028-02-29`, else one as good as any."""

import time
from datetime import UTC, datetime, timedelta

__all__ = ["DEFAULT", "TODAY", "moment", "now"]

DEFAULT = "2026-03-02"


def moment(text: str) -> datetime:
    """A date, with a time or without (then nine in the morning), in UTC unless it says otherwise."""
    read = datetime.fromisoformat(text if "T" in text else f"{text}T09:00")
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


TODAY = moment(DEFAULT)
"""Set by conftest.py before any test is read."""
_STARTED = time.monotonic()


def now() -> datetime:
    """The time of the tests: it goes on from TODAY as fast as any clock."""
    return TODAY + timedelta(seconds=time.monotonic() - _STARTED)
