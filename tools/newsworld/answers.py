"""What a visitor gets at a path of an outlet at a moment of the world. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from newsworld import feeds, pages
from newsworld.model import Outlet, Page, World

HTML = "text/html; charset=utf-8"
FEED_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "sitemap": "application/xml",
}
FRONT_LINKS = 30


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A response before conditions and faults; ``modified`` is None where nothing says when it changed."""

    status: int
    content_type: str
    body: bytes
    modified: dt.datetime | None = None


def answer(world: World, bases: Mapping[str, str], outlet: Outlet, path: str, now: float) -> Answer:
    """The page, feed, sitemap, robots.txt or front page at ``path``; 404 for anything not out by ``now``."""
    for feed in outlet.feeds:
        if path == feed.path:
            shown = feeds.announced(world, outlet, feed, now)
            body = feeds.document(world, outlet, feed, shown, bases)
            content_type = "application/gzip" if path.endswith(".gz") else FEED_TYPES[feed.kind]
            return Answer(
                status=200, content_type=content_type, body=body, modified=feeds.last_change(world, shown)
            )
        if feeds.is_index(feed) and path in feeds.INDEX_PARTS:
            return _part(world, bases, outlet, path, feeds.announced(world, outlet, feed, now))
    if path == "/robots.txt":
        return Answer(
            status=200, content_type="text/plain", body=feeds.robots(outlet, bases[outlet.name]).encode()
        )
    if path == "/":
        return Answer(status=200, content_type=HTML, body=_front(world, outlet, now))
    for page in world.pages:
        if page.outlet == outlet.name and page.path == path and page.is_shown(now):
            text = pages.render(world, page, bases).html
            return Answer(status=200, content_type=HTML, body=text.encode(), modified=world.time_of(page.at))
    return Answer(status=404, content_type=HTML, body=b"<html><body><h1>404</h1></body></html>")


def _part(world: World, bases: Mapping[str, str], outlet: Outlet, path: str, shown: list[Page]) -> Answer:
    """One file of an indexed sitemap: every second page."""
    part = shown[feeds.INDEX_PARTS.index(path) :: len(feeds.INDEX_PARTS)]
    body = feeds.packed(path, feeds.sitemap(world, outlet, part, bases[outlet.name]))
    content_type = "application/gzip" if path.endswith(".gz") else FEED_TYPES["sitemap"]
    return Answer(status=200, content_type=content_type, body=body, modified=feeds.last_change(world, part))


def _front(world: World, outlet: Outlet, now: float) -> bytes:
    shown = [page for page in world.pages if page.outlet == outlet.name and page.is_shown(now)]
    links = "".join(
        f'<li><a href="{page.path}">{escape(page.title)}</a></li>' for page in shown[::-1][:FRONT_LINKS]
    )
    return (
        f'<html><head><meta charset="utf-8"><title>{escape(outlet.title)}</title></head>'
        f"<body><h1>{escape(outlet.title)}</h1><ul>{links}</ul></body></html>"
    ).encode()
