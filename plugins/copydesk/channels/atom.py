"""Channel `atom`: the last alerts as an Atom feed (RFC 4287) in a file, for any feed reader or web server."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field

from copydesk.channels.plain import coverage, one_line, web_links
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["AtomChannel", "render"]

NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST = 100


class AtomChannel(BaseModel):
    """Where the feed is kept; the folder must exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["atom"]
    path: str = Field(min_length=1)
    title: str = "Copydesk alerts"


def render(channel: AtomChannel, alert: Alert, recent: Sequence[Alert], delivery: str) -> Message:
    """The whole feed: this alert and the recent ones, newest first, at most 100."""
    alerts = {one.id: one for one in (alert, *recent)}
    entries = sorted(alerts.values(), key=lambda one: (one.created_at, one.id), reverse=True)[:LONGEST]
    feed = etree.Element(_tag("feed"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None is lxml's name for no prefix
    _add(feed, "id", f"urn:sha256:{hashlib.sha256(channel.path.encode()).hexdigest()}")
    _add(feed, "title", one_line(channel.title))
    _add(feed, "updated", _time(entries[0].created_at))
    _add(etree.SubElement(feed, _tag("author")), "name", "Copydesk")
    for entry in entries:
        _add_entry(feed, entry)
    body = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return Message(kind="file", id=delivery, address=channel.path, body=body)


def _add_entry(feed: etree._Element, alert: Alert) -> None:
    entry = etree.SubElement(feed, _tag("entry"))
    _add(entry, "id", f"urn:copydesk:alert:{alert.id}")
    _add(entry, "title", one_line(alert.title))
    _add(entry, "updated", _time(alert.created_at))
    if alert.published_at:
        _add(entry, "published", _time(alert.published_at))
    for number, url in enumerate(web_links(alert)):
        etree.SubElement(entry, _tag("link"), rel="related" if number else "alternate", href=url)
    etree.SubElement(entry, _tag("category"), term=alert.topic, label=one_line(alert.topic_title))
    _add(entry, "content", f"{one_line(alert.snippet)} ({coverage(alert)})")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _tag(name)).text = text


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
