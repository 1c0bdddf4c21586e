"""ninjs (1 to 3), the news agencies' JSON → entries: with their text, or with the address where it stands."""

import hashlib
import html
from collections.abc import Iterator

from copydesk.border import Fault
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, LeftOut, NotAFeed, each_once, left_out, zone_of
from copydesk.sources.linked import address, is_web
from copydesk.sources.structured import Row, each, loaded, rows, text

__all__ = ["CALLED_BACK", "identity", "parse"]

LISTS = ("items", "_items", "data", "results")
"""Where the programs that serve ninjs put their items."""

OURS = ("headline", "headlines", "body_html", "body_text", "bodies", "versioncreated", "pubstatus")
CALLED_BACK = frozenset({"canceled", "cancelled", "withheld"})
"""States of an item that its agency does not want to be published."""

TEXT = frozenset({"", "text", "composite"})


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:  # noqa: ARG001 (as all parsers)
    """The texts of one item, of a list of items, or of what wraps such a list. Raises NotAFeed for anything else."""
    items = _items(loaded(body))
    if not items:
        raise NotAFeed("JSON, but no ninjs: no object with uri and headline or body")
    usable = [item for item in items if text(item, "pubstatus").lower() not in CALLED_BACK]
    texts = [item for item in usable if text(item, "type").lower() in TEXT]

    def entry(item: Row) -> Entry | None:
        return _entry(source, item, base_url)

    found = list(each(texts, entry, base_url))
    called_back = len(items) - len(usable)
    return Announced(
        entries=each_once(one for one in found if isinstance(one, Entry)),
        left_out=(
            *left_out(
                (one for one in found if isinstance(one, Fault)),
                Reason.ADDRESS,
                "neither a body nor a web address",
                found.count(None),
            ),
            *([LeftOut(Reason.CALLED_BACK, "called back by its agency", called_back)] if called_back else ()),
        ),
    )


def identity(uri: str) -> str:
    """The address of an item that has none in the web: all its versions have the same."""
    return f"inbox:{hashlib.sha256(uri.encode(errors='replace')).hexdigest()}"


def _items(value: object) -> list[Row]:
    found = rows(value)
    if isinstance(value, dict):
        found = [value, *(row for name in LISTS for row in rows(value.get(name)))]
    return [row for row in found if text(row, "uri") and any(name in row for name in OURS)]


def _entry(source: Source, item: Row, base_url: str) -> Entry | None:
    uri = text(item, "uri")
    url = next(
        filter(
            None,
            (address(link, base_url) for link in (text(item, "canonicalurl", "url"), uri) if is_web(link)),
        ),
        None,
    )
    content, content_type = _body(item)
    if url is None and not content:
        return None
    zone = zone_of(source)
    return Entry(
        url=url or identity(uri),
        source=source.name,
        title=_headline(item) or None,
        published_at=moment(text(item, "firstcreated", "contentcreated", "versioncreated"), zone),
        updated_at=moment(text(item, "versioncreated"), zone),
        body=content or None,
        content_type=content_type if content else "",
    )


def _headline(item: Row) -> str:
    several = (text(row, "value") for row in rows(item.get("headlines")))
    return " ".join(html.unescape(text(item, "headline") or next(filter(None, several), "")).split())


def _body(item: Row) -> tuple[bytes, str]:
    """The text and its media type; HTML is better than text, which has no paragraphs but by luck."""
    found = sorted(_bodies(item), key=lambda body: body[1] != "text/html")
    content, media = found[0] if found else ("", "")
    return content.encode(), f"{media}; charset=utf-8"


def _bodies(item: Row) -> Iterator[tuple[str, str]]:
    for name, media in (("body_html", "text/html"), ("body_xhtml", "text/html"), ("body_text", "text/plain")):
        if content := text(item, name):
            yield content, media
    for row in rows(item.get("bodies")):
        if content := text(row, "value"):
            yield content, "text/plain" if "plain" in text(row, "contenttype").lower() else "text/html"
