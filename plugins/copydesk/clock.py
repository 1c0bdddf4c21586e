"""The clock: the one place where Copydesk asks the machine for the time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

__all__ = ["told_by", "utc_now"]


def _machine() -> datetime:
    return datetime.now(UTC)


_source: list[Callable[[], datetime]] = [_machine]


def utc_now() -> datetime:
    """The time, in whole milliseconds: what Elasticsearch keeps of a date."""
    now = _source[-1]()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


@contextmanager
def told_by(source: Callable[[], datetime]) -> Iterator[None]:
    """Take the time from elsewhere in this process for as long as the block: so the tests run on any day."""
    _source.append(source)
    try:
        yield
    finally:
        _source.remove(source)
