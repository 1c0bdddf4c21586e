"""NewsML-G2, the news agencies' XML → entries: with their text (XHTML, NITF or plain), or its address."""

import datetime as dt
import re
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element as Element

from copydesk.border import Fault
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, LeftOut, NotAFeed, each_once, left_out, zone_of
from copydesk.sources.linked import address, is_web
from copydesk.sources.markup import collect, local, parts_of, text_of
from copydesk.sources.ninjs import CALLED_BACK, identity

__all__ = ["parse"]

ROOTS = frozenset({"newsmessage", "newsitem"})
TAG = "newsItem"
PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*")
CREATED = ("contentCreated", "firstCreated", "versionCreated")
UPDATED = ("contentModified", "versionCreated")


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The texts of a news message or of one news item. Raises NotAFeed for anything else."""
    if not any(TAG.encode(charset) in body for charset in ("ascii", "utf-16-le", "utf-16-be")):
        raise NotAFeed("no news item of NewsML-G2")

    def entry(item: Element) -> Entry | LeftOut | None:
        return _entry(source, item, base_url)

    found = collect(body, content_type, roots=ROOTS, tags=(TAG,), make=entry, item=base_url)
    called_back = sum(isinstance(one, LeftOut) for one in found)
    return Announced(
        entries=each_once(one for one in found if isinstance(one, Entry)),
        left_out=(
            *left_out(
                (one for one in found if isinstance(one, Fault)),
                Reason.ADDRESS,
                "neither a text nor a web address",
                found.count(None),
            ),
            *([LeftOut(Reason.CALLED_BACK, "called back by its agency", called_back)] if called_back else ()),
        ),
    )


def _entry(source: Source, item: Element, base_url: str) -> Entry | LeftOut | None:
    """A text with what the item says of it; None for pictures and the like."""
    if _code(item, "pubStatus") in CALLED_BACK:
        return LeftOut(Reason.CALLED_BACK, "called back by its agency")
    content, media = next(_texts(item), (b"", ""))
    guid = item.get("guid", "")
    url = next(filter(None, (address(link, base_url) for link in _links(item, guid) if is_web(link))), None)
    if not content and (url is None or _code(item, "itemClass") not in {"", "text", "composite"}):
        return None
    zone = zone_of(source)
    return Entry(
        url=url or identity(guid or content.decode(errors="replace")),
        source=source.name,
        title=next(filter(None, map(text_of, _named(item, "headline"))), None),
        published_at=_date(item, CREATED, zone),
        updated_at=_date(item, UPDATED, zone),
        body=content or None,
        content_type=media,
    )


def _named(item: Element, name: str) -> Iterator[Element]:
    return item.iter(f"{{*}}{name}")


def _code(item: Element, name: str) -> str:
    """The value of a controlled word, "usable" of "stat:usable", or the end of its address; "" when it has none."""
    for part in _named(item, name):
        value = part.get("qcode", "").rpartition(":")[2] or part.get("uri", "").rpartition("/")[2]
        if value:
            return value.lower()
    return ""


def _date(item: Element, names: tuple[str, ...], zone: dt.tzinfo) -> dt.datetime | None:
    dates = (moment(text_of(part), zone) for name in names for part in _named(item, name))
    return next(filter(None, dates), None)


def _links(item: Element, guid: str) -> Iterator[str]:
    """Where the item may stand in the web: its own page, its text elsewhere, a guid that is an address."""
    for link in _named(item, "link"):
        parent = link.getparent()
        if parent is not None and local(parent) == "itemMeta":
            yield link.get("href", "")
    for part in _named(item, "remoteContent"):
        if "html" in part.get("contenttype", ""):
            yield part.get("href", "")
    yield guid


def _texts(item: Element) -> Iterator[tuple[bytes, str]]:
    """The item's texts with their media types, marked-up ones first."""
    for part in _named(item, "inlineXML"):
        for inside in parts_of(part):
            body = next(inside.iter("{*}body.content"), inside)
            if _plain(body).strip():
                yield _as_html(body), "text/html; charset=utf-8"
    for part in _named(item, "inlineData"):
        media = part.get("contenttype", "text/plain").partition(";")[0].strip().lower()
        if media in {"text/plain", "text/html", "application/xhtml+xml"} and text_of(part):
            yield (
                _plain(part).encode(),
                f"{'text/plain' if media == 'text/plain' else 'text/html'}; charset=utf-8",
            )


def _plain(part: Element) -> str:
    return "".join(map(str, part.itertext(etree.Element)))


def _as_html(body: Element) -> bytes:
    """A piece of XML without namespaces: NITF's paragraphs are those of HTML."""
    copy = deepcopy(body)
    copy.tail = None
    for part in copy.iter(etree.Element):
        part.tag = (
            local(part) if PLAIN.fullmatch(local(part)) else "div"
        )  # others lxml reads and does not write
        for name in [name for name in part.attrib if not isinstance(name, str) or "{" in name]:
            del part.attrib[name]
    etree.cleanup_namespaces(copy)
    if copy.tag not in {"html", "body"}:
        copy.tag = "body"
    return etree.tostring(copy, method="html", encoding="utf-8")
