"""The sources: how each does, why one brings nothing, and asking one at once."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from urllib.parse import urlencode

from copydesk.errors import ConfigError
from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.polling import poll
from copydesk.index import Body
from copydesk.index.records import to_record
from copydesk.model import Source
from copydesk.operating import pausing
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.ports import Ports
from copydesk.views.sources import SourceReport, source_reports

__all__ = ["DONE", "sources"]


def sources(desk: Desk, asked: Asked) -> Shown:
    """Every source that is written down, in its order; `keys of `DONE` name the one it was just done to."""
    written = desk.sources()
    with desk.index() as index:
        reports = source_reports(index, written, desk.now())
    rows = [_row(source, report) for source, report in zip(written, reports, strict=True)]
    names = {source.name for source in written}
    done = {verb: name for verb in DONE if (name := asked.get(verb, "")) in names}
    return Shown("sources", {"sources": rows, "done": done, "writes": desk.ports is not None})


def poll_now(desk: Desk, name: str, _who: str) -> None:
    """Ask a source, due or not. Raises ConfigError for one that is paused or not there, or when pages only read."""
    with _writing(desk, name) as (ports, source):
        pausing.require_asked(ports.index, source)
        poll(ports, [source], lease=desk.lease(), at_once=True)
        poll_inboxes(ports, [source], lease=desk.lease(), at_once=True)


def pause(desk: Desk, name: str, who: str) -> None:
    """Have no poll ask a source. Raises ConfigError when there is none, or the pages only read."""
    with _writing(desk, name) as (ports, source):
        pausing.pause(ports.index, [source], who, ports.now())


def resume(desk: Desk, name: str, _who: str) -> None:
    """Have polls ask a source again. Raises ConfigError when there is none, or the pages only read."""
    with _writing(desk, name) as (ports, source):
        pausing.resume(ports.index, [source])


def _done(verb: str, act: Callable[[Desk, str, str], None], desk: Desk, asked: Asked, who: str) -> str:
    name = asked.get("source", "")
    act(desk, name, who)
    return f"sources?{urlencode({verb: name})}"


DONE: Mapping[str, Callable[[Desk, Asked, str], str]] = {
    verb: partial(_done, verb, act)
    for verb, act in (("poll", poll_now), ("pause", pause), ("resume", resume))
}
"""What a writer may have done to a source, by its address: asked by whom; each answers where to go on."""


@contextmanager
def _writing(desk: Desk, name: str) -> Iterator[tuple[Ports, Source]]:
    if desk.ports is None:
        raise ConfigError("this page only reads: start it with --write")
    (source,) = pausing.chosen(desk.sources(), [name])
    with desk.ports() as ports:
        yield ports, source


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
        "paused_at": cursor.paused_at.isoformat() if cursor and cursor.paused_at else None,
        "paused_by": cursor.paused_by if cursor else "",
        "per_article": report.per_article,
        "unchanged": report.unchanged,
        "why": list(report.why),
        "hub": report.hub,
        "pages": [to_record(page) for page in report.pages],
    }
