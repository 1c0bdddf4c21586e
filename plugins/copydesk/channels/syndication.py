"""What is new for feed readers: as Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1. Pure.

All that a feed holds was printed by strangers: it comes out as text on one line; only addresses of the web are links.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

import orjson
from lxml import etree

from copydesk.channels.plain import on_web, one_line

__all__ = ["WRITTEN_AS", "Feed", "Item", "as_atom", "as_json", "as_rss"]

NAMESPACE = "http://www.w3.org/2005/Atom"
VERSION = "https://jsonfeed.org/version/1.1"
AUTHOR = "Copydesk"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without items was updated: it has to say a time, and the same one each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is new.

    Attributes:
        id: The same for as long as it is the same thing; readers show it once.
        links: Where it stands, the best first.
        topic: Id and title of what it is about; both "" for nothing.
    """

    id: str
    title: str
    text: str
    updated_at: datetime
    published_at: datetime | None = None
    links: Sequence[str] = ()
    topic: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is new, the newest first; `address` is the feed's own, "" when nobody knows it."""

    id: str
    title: str
    items: Sequence[Item]
    address: str = ""

    @property
    def updated_at(self) -> datetime:
        """When the newest of its items was."""
        return max((item.updated_at for item in self.items), default=NEVER)


def as_atom(feed: Feed) -> bytes:
    """RFC 4287."""
    root = etree.Element(_tag("feed"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None is lxml's name for no prefix
    _add(root, _tag("id"), feed.id)
    _add(root, _tag("title"), feed.title)
    _add(root, _tag("updated"), _time(feed.updated_at))
    _add(etree.SubElement(root, _tag("author")), _tag("name"), AUTHOR)
    if feed.address:
        etree.SubElement(root, _tag("link"), rel="self", href=feed.address)
    for item in feed.items:
        entry = etree.SubElement(root, _tag("entry"))
        _add(entry, _tag("id"), item.id)
        _add(entry, _tag("title"), item.title)
        _add(entry, _tag("updated"), _time(item.updated_at))
        if item.published_at:
            _add(entry, _tag("published"), _time(item.published_at))
        for number, url in enumerate(on_web(item.links)):
            etree.SubElement(entry, _tag("link"), rel="related" if number else "alternate", href=url)
        if item.topic[0]:
            etree.SubElement(entry, _tag("category"), term=item.topic[0], label=one_line(item.topic[1]))
        _add(entry, _tag("content"), item.text)
    return _written(root)


def as_rss(feed: Feed) -> bytes:
    """RSS 2.0, https://www.rssboard.org/rss-specification."""
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.address)
    _add(channel, "description", feed.title)
    _add(channel, "lastBuildDate", _mail_time(feed.updated_at))
    for item in feed.items:
        entry = etree.SubElement(channel, "item")
        etree.SubElement(entry, "guid", isPermaLink="false").text = item.id
        _add(entry, "title", item.title)
        for url in on_web(item.links)[:1]:
            _add(entry, "link", url)
        _add(entry, "pubDate", _mail_time(item.published_at or item.updated_at))
        if item.topic[0]:
            _add(entry, "category", item.topic[1])
        # readers take what stands here for HTML, and the plain words of a newspaper may hold "<"
        _add(entry, "description", item.text.replace("&", "&amp;").replace("<", "&lt;"))
    return _written(root)


def as_json(feed: Feed) -> bytes:
    """JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/."""
    urls = [on_web(item.links) for item in feed.items]
    written = {
        "version": VERSION,
        "title": one_line(feed.title),
        **({"feed_url": feed.address} if feed.address else {}),
        "items": [
            {
                "id": item.id,
                "title": one_line(item.title),
                "content_text": one_line(item.text),
                "date_modified": _time(item.updated_at),
                **({"date_published": _time(item.published_at)} if item.published_at else {}),
                **({"url": links[0]} if links else {}),
                **({"tags": [one_line(item.topic[1])]} if item.topic[0] else {}),
            }
            for item, links in zip(feed.items, urls, strict=True)
        ],
    }
    return orjson.dumps(written)


WRITTEN_AS: Mapping[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": ("application/atom+xml", as_atom),
    "rss": ("application/rss+xml", as_rss),
    "json": ("application/feed+json", as_json),
}
"""Names of what a feed can be written as, with the media type of each."""


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, tag).text = one_line(text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _mail_time(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
