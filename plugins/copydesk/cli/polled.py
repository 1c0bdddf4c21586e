"""What `status` says of the sources: when each was asked, and what it, its parts or its files have to tell."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from copydesk.cli.output import table
from copydesk.config.files import known_sources
from copydesk.errors import ConfigError
from copydesk.fetching.cursors import is_gone
from copydesk.fetching.inboxes import is_given_up
from copydesk.index.state import PollRecord

__all__ = ["configured", "print_polls", "trouble_lines"]

MOST = 5
"""Parts or files with a trouble that are told of one source; of more only the number."""


def configured(path: Path) -> list[str]:
    """Names of the sources that are to be polled; none while their file is wrong, which is told elsewhere."""
    try:
        return [source.name for source in known_sources(path)]
    except ConfigError:
        return []


def print_polls(polls: Iterable[PollRecord], names: Iterable[str]) -> None:
    """A line a source: when it was asked, read, brought something new; also one that was never asked."""
    known = {record.source: record for record in polls}
    rows = [_row(name, known.get(name)) for name in sorted({*known, *names})]
    if rows:
        headings = ["source", "asked", "read", "new", "entries", "parts"]
        table(headings, rows, numbers=range(4, 6))


def _row(name: str, record: PollRecord | None) -> list[str]:
    if record is None:
        return [name, "never", "never", "never", "·", "·"]
    parts = f"{record.parts}, {record.unread} unread" if record.unread else str(record.parts or "·")
    times = (record.polled_at, record.read_at, record.new_at)
    return [name, *map(_when, times), str(record.entries or "·"), parts]


def _when(at: datetime | None) -> str:
    return f"{at:%m-%d %H:%M}" if at else "never"


def trouble_lines(failing: Iterable[PollRecord]) -> Iterator[str]:
    """A line for each source, part and file with something to tell. Pure."""
    more: dict[str, int] = {}
    for record in failing:
        if record.parent is not None:
            more[record.source] = more.get(record.source, 0) + 1
        if record.parent is None or more[record.source] <= MOST:
            yield _line(record)
    for source, number in more.items():
        if number > MOST:
            yield f"source {source}: {number - MOST} more of its parts or files with a trouble"


def _line(record: PollRecord) -> str:
    what = f"source {record.source}" + (f", {record.url}" if record.parent is not None else "")
    reason = record.reason or ""
    why = record.detail if record.detail.startswith(reason) else f"{reason} {record.detail}".strip()
    if not record.failures:
        return f"{what}: {why}"
    again = f"{record.next_poll_at:%Y-%m-%d %H:%M} UTC"
    if is_given_up(record):
        return f"{what}: {why}; given up"
    seldom = ", once a week" if is_gone(record) else ""
    return f"{what}: {why}; failed {record.failures}x, asked again {again}{seldom}"
