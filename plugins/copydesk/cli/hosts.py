"""`status --hosts`: what each host was asked, and whether its pace was kept."""

from collections.abc import Sequence
from datetime import datetime

from copydesk.cli.output import emit, table
from copydesk.index.records import to_record
from copydesk.views.hosts import HostState

__all__ = ["show_hosts"]

HEADINGS = ("host", "requests", "KB", "304", "req/new", "least gap", "delay", "robots", "left alone")


def show_hosts(states: Sequence[HostState], *, as_json: bool) -> None:
    """A line a host; as JSON its record, with articles, unchanged and per_article."""
    for state in states if as_json else ():
        emit(
            {
                **to_record(state.record),
                "articles": state.articles,
                "unchanged": state.unchanged,
                "per_article": state.per_article,
            }
        )
    if not as_json:
        table(HEADINGS, [_cells(state) for state in states], numbers=range(1, 8))


def _cells(state: HostState) -> Sequence[str]:
    record = state.record
    return (
        record.origin,
        str(record.requests or "·"),
        f"{record.received / 1000:,.0f}",
        "·" if state.unchanged is None else f"{state.unchanged:.0%}",
        "·" if state.per_article is None else f"{state.per_article:.1f}",
        _seconds(record.least_gap),
        _seconds(record.crawl_delay),
        str(record.robots_status or "·"),
        _until(record.closed_until),
    )


def _seconds(number: float | None) -> str:
    return "·" if number is None else f"{number:.1f}s"


def _until(at: datetime | None) -> str:
    return f"until {at:%m-%d %H:%M}" if at else "·"
