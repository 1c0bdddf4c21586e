"""The sources: how each does, why one brings nothing, and asking one at once."""

from collections.abc import Iterable

from copydesk.errors import ConfigError
from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.polling import poll
from copydesk.index import Body
from copydesk.index.records import to_record
from copydesk.model import Source
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.views.sources import SourceReport, source_reports

__all__ = ["poll_now", "sources"]


def sources(desk: Desk, asked: Asked) -> Shown:
    """Every source that is written down, in its order; `polled` is the one that somebody just had asked."""
    written = desk.sources()
    with desk.index() as index:
        reports = source_reports(index, written, desk.now())
    rows = [_row(source, report) for source, report in zip(written, reports, strict=True)]
    polled = _of_name(written, asked.get("polled", ""))
    return Shown(
        "sources",
        {"sources": rows, "polled": polled[0].name if polled else "", "writes": desk.ports is not None},
    )


def poll_now(desk: Desk, name: str) -> None:
    """Ask a source, whenever it is due. Raises ConfigError when there is none, or the pages only read."""
    if desk.ports is None:
        raise ConfigError("this page only reads: start it with --write")
    chosen = _of_name(desk.sources(), name)
    if not chosen:
        raise ConfigError(f"{name}: no such source")
    with desk.ports() as ports:
        poll(ports, chosen, lease=desk.lease(), at_once=True)
        poll_inboxes(ports, chosen, lease=desk.lease(), at_once=True)


def _of_name(written: Iterable[Source], name: str) -> list[Source]:
    return [source for source in written if source.name == name]


def _row(source: Source, report: SourceReport) -> Body:
    cursor = report.cursor
    return {
        "name": source.name,
        "kind": source.kind,
        "url": source.url,
        "outlet": source.outlet,
        "fails": report.fails,
        "polled_at": cursor.polled_at.isoformat() if cursor and cursor.polled_at else None,
        "new_at": cursor.new_at.isoformat() if cursor and cursor.new_at else None,
        "next_poll_at": cursor.next_poll_at.isoformat() if cursor else None,
        "today": report.today,
        "usual": report.usual,
        "per_article": report.per_article,
        "unchanged": report.unchanged,
        "why": list(report.why),
        "pages": [to_record(page) for page in report.pages],
    }
