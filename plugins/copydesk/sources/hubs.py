"""Which hub tells of what is new in a feed: WebSub, by its elements, its JSON or the Link header. Pure."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from copydesk.sources.linked import address
from copydesk.sources.structured import loaded, rows, text

__all__ = ["Hub", "hub_of"]

LOOKED_AT = 16 * 1024
"""Bytes at the beginning of a document: a channel names its hub before its items."""

LINK = re.compile(rb"<(?:[\w-]+:)?link\b([^<>]*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ITEM = re.compile(rb"<(?:item|entry)\b", re.IGNORECASE)
HEADER = re.compile(r"<([^<>]*)>((?:\s*;[^,<]*)*)")
RELATION = re.compile(r";\s*rel\s*=\s*\"?([^\";]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub, and the address by which it knows the document."""

    url: str
    topic: str


def hub_of(body: bytes, link: str, base_url: str) -> Hub | None:
    """The first hub that a feed or its Link header names; None where there is none with a web address.

    The header counts before the document, as WebSub demands. Without an address of its own (`self`) the document is
    known by the one it came from.
    """
    named: dict[str, str] = {}
    for relation, href in (*_in_header(link), *_in_document(body)):
        found = address(href, base_url)
        if found:
            named.setdefault(relation, found)
    return Hub(named["hub"], named.get("self", base_url)) if "hub" in named else None


def _in_header(link: str) -> Iterator[tuple[str, str]]:
    for one in HEADER.finditer(link):
        relations = RELATION.search(one[2])
        for relation in relations[1].lower().split() if relations else ():
            yield relation, one[1]


def _in_document(body: bytes) -> Iterator[tuple[str, str]]:
    if body.lstrip(b"\xef\xbb\xbf\t\r\n ").startswith(b"{"):
        yield from _in_json(body)
        return
    item = ITEM.search(body, 0, LOOKED_AT)
    for one in LINK.finditer(body, 0, item.start() if item else LOOKED_AT):
        attributes = ATTRIBUTE.finditer(one[1].decode(errors="replace"))
        said = {found[1].lower(): html.unescape(found[2] or found[3] or "") for found in attributes}
        for relation in said.get("rel", "").lower().split():
            yield relation, said.get("href", "")


def _in_json(body: bytes) -> Iterator[tuple[str, str]]:
    feed = loaded(body) if b'"hubs"' in body else None
    if isinstance(feed, dict):
        for hub in rows(feed.get("hubs")):
            if text(hub, "type").lower() == "websub":
                yield "hub", text(hub, "url")
        yield "self", text(feed, "feed_url")
