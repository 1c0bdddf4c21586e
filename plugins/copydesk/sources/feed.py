"""RSS (0.9x, 1.0, 2.0) and Atom (0.3, 1.0) → entries. Which of them it is, the elements tell."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import TypeAlias
from urllib.parse import urldefrag, urljoin

from lxml.etree import _Element as Element

from copydesk.model import Entry, Source
from copydesk.sources.announced import Announced, each_once
from copydesk.sources.dates import moment
from copydesk.sources.markup import collect, local, text_of

__all__ = ["parse"]

Parts: TypeAlias = dict[str, list[Element]]

ROOTS = frozenset({"rss", "feed", "rdf"})
PUBLISHED = ("pubDate", "pubdate", "published", "issued", "date", "created")
UPDATED = ("updated", "modified")
BASE = "{http://www.w3.org/XML/1998/namespace}base"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
FOREIGN = ("search.yahoo.com/mrss", "itunes.com", "podcast")
"""Parts of the namespaces whose `title`, `link` and the like describe pictures and sounds, not the entry."""

TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The entries of a feed that carry a web address. Raises NotAFeed for anything else than a feed."""

    def entry(item: Element) -> Entry | None:
        return _entry(source, item, base_url)

    found = collect(body, content_type, roots=ROOTS, tags=("item", "entry"), make=entry)
    return Announced(entries=each_once(found))


def _entry(source: Source, item: Element, base_url: str) -> Entry | None:
    parts: Parts = {}
    for part in item:
        if (name := local(part)) and not _foreign(part):
            parts.setdefault(name, []).append(part)
    base = urljoin(base_url, item.getroottree().getroot().get(BASE, ""))
    url = next(filter(None, (_address(link, base) for link in _links(item, parts))), None)
    if url is None:
        return None
    return Entry(
        url=url,
        source=source.name,
        title=next(filter(None, map(_title, parts.get("title", ()))), None),
        published_at=_date(parts, PUBLISHED),
        updated_at=_date(parts, UPDATED),
    )


def _foreign(part: Element) -> bool:
    return any(name in str(part.tag) for name in FOREIGN)


def _date(parts: Parts, names: tuple[str, ...]) -> dt.datetime | None:
    dates = (moment(text_of(part)) for name in names for part in parts.get(name, ()))
    return next(filter(None, dates), None)


def _links(item: Element, parts: Parts) -> Iterator[str]:
    """Where the entry may stand, best first: the address before a link counter, the link, the permanent id."""
    yield from map(text_of, parts.get("origLink", ()))
    for link in parts.get("link", ()):
        if link.get("rel", "alternate") == "alternate":
            yield link.get("href") or text_of(link)
    for guid in parts.get("guid", ()):
        if guid.get("isPermaLink", "true").lower() == "true":
            yield _absolute(text_of(guid))
    for id_ in parts.get("id", ()):
        yield _absolute(text_of(id_))
    yield _absolute(item.get(ABOUT, ""))


def _absolute(text: str) -> str:
    return text if text.lower().startswith(("http://", "https://")) else ""


def _address(link: str, base: str) -> str | None:
    """A web address without fragment, or None."""
    if not link:
        return None
    try:
        address = urldefrag(urljoin(base, link)).url
    except ValueError:
        return None
    return _absolute(address) or None


def _title(part: Element) -> str:
    """A title as plain text: RSS and Atom's "html" hold markup as text, the rest is taken at its word."""
    text = text_of(part)
    if part.get("type", "html") in {"html", "text/html"}:
        text = " ".join(TAG.sub("", html.unescape(text)).split())
    return text
