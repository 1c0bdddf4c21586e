"""RSS (0.9x, 1.0, 2.0) and Atom (0.3, 1.0) → entries. Which of them it is, the elements tell."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml.etree import _Element as Element

from copydesk.border import Fault
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, LeftOut, each_once, left_out, zone_of
from copydesk.sources.linked import HIDDEN, address, hides, is_web, joined
from copydesk.sources.markup import collect, local, parts_of, text_of

__all__ = ["parse"]

Parts: TypeAlias = dict[str, list[Element]]

ROOTS = frozenset({"rss", "feed", "rdf"})
PUBLISHED = ("pubDate", "pubdate", "published", "issued", "date", "created")
UPDATED = ("updated", "modified")
BASE = "{http://www.w3.org/XML/1998/namespace}base"
ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
FOREIGN = ("search.yahoo.com/mrss", "itunes.com", "podcast")
"""Parts of the namespaces whose `title`, `link` and the like describe pictures and sounds, not the entry."""

LONGEST_TITLE = 20_000
"""Characters of a title that are looked at; the ledger keeps far less."""

TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)
UNREAD = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The entries of a feed that carry a web address. Raises NotAFeed for anything else than a feed."""

    def entry(item: Element) -> Entry | None:
        return _entry(source, item, base_url)

    found = collect(body, content_type, roots=ROOTS, tags=("item", "entry"), make=entry, item=base_url)
    entries = [one for one in found if isinstance(one, Entry)]
    plain = [one for one in entries if not hides(one.url)]
    hidden = len(entries) - len(plain)
    return Announced(
        entries=each_once(plain),
        left_out=(
            *left_out(
                (one for one in found if isinstance(one, Fault)),
                Reason.ADDRESS,
                "neither a link nor an id is a web address",
                found.count(None),
            ),
            *([LeftOut(Reason.ADDRESS, HIDDEN, hidden)] if hidden else ()),
        ),
    )


def _entry(source: Source, item: Element, base_url: str) -> Entry | None:
    parts: Parts = {}
    for part in parts_of(item):
        if not _foreign(part):
            parts.setdefault(local(part), []).append(part)
    url = next(filter(None, (address(link, base) for base, link in _links(item, parts, base_url))), None)
    if url is None:
        return None
    return Entry(
        url=url,
        source=source.name,
        title=next(filter(None, map(_title, parts.get("title", ()))), None),
        published_at=_date(parts, PUBLISHED, zone_of(source)),
        updated_at=_date(parts, UPDATED, zone_of(source)),
    )


def _foreign(part: Element) -> bool:
    return any(name in str(part.tag) for name in FOREIGN)


def _date(parts: Parts, names: tuple[str, ...], zone: dt.tzinfo) -> dt.datetime | None:
    dates = (moment(text_of(part), zone) for name in names for part in parts.get(name, ()))
    return next(filter(None, dates), None)


def _links(item: Element, parts: Parts, base_url: str) -> Iterator[tuple[str, str]]:
    """Where the entry may stand, with what it is relative to, best first.

    The address before a link counter, the link, the permanent id; then an id that says it is none, but is a web
    address, and a relative one where the document names a base.
    """
    for link in parts.get("origLink", ()):
        yield base_url, text_of(link)
    for link in parts.get("link", ()):
        if link.get("rel", "alternate") == "alternate":
            yield _base(link, base_url), link.get("href") or text_of(link)
    for guid in parts.get("guid", ()):
        permanent = guid.get("isPermaLink", "").strip().lower()
        if permanent in {"", "true"}:
            yield _base(guid, base_url), _id(guid, relative=permanent == "true")
    for id_ in parts.get("id", ()):
        yield _base(id_, base_url), _id(id_, relative=False)
    yield base_url, _absolute(item.get(ABOUT, ""))
    for guid in parts.get("guid", ()):
        yield base_url, _absolute(text_of(guid))


def _id(part: Element, *, relative: bool) -> str:
    """An id that can be an address: a web address, or a path where one is meant; not a number, not "tag:..."."""
    text = text_of(part)
    based = relative or "/" in text or any(BASE in above.attrib for above in (part, *part.iterancestors()))
    return text if based and not SCHEME.match(text) else _absolute(text)


def _base(part: Element, base_url: str) -> str:
    """What addresses in an element are relative to: xml:base of all that it stands in; a wrong one is passed over."""
    for above in (*reversed(list(part.iterancestors())), part):
        base_url = joined(base_url, above.get(BASE, "")) or base_url
    return base_url


def _absolute(text: str) -> str:
    return text if is_web(text) else ""


def _title(part: Element) -> str:
    """A title as plain text: RSS and Atom's "html" hold markup as text, the rest is taken at its word."""
    text = text_of(part)[:LONGEST_TITLE]
    if part.get("type", "html") in {"html", "text/html"}:
        text = " ".join(TAG.sub("", UNREAD.sub("", html.unescape(text))).split())
    return text
