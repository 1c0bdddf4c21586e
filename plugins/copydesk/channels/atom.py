"""Channel `atom`: the last alerts as an Atom feed in a file, for any feed reader or web server."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from copydesk.channels.plain import coverage, one_line, topics_of
from copydesk.channels.syndication import Feed, Item, as_atom
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["AtomChannel", "render"]

LONGEST = 100


class AtomChannel(BaseModel):
    """Where the feed is kept; the folder must exist."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["atom"]
    path: str = Field(min_length=1)
    title: str = "Copydesk alerts"


def render(
    channel: AtomChannel,
    alerts: Sequence[Alert],
    recent: Sequence[Alert],
    delivery: str,
    seen: str = "",  # noqa: ARG001 (a feed is read later than this holds)
) -> Message:
    """The whole feed: these alerts and the recent ones, newest first, at most 100."""
    known = {one.id: one for one in (*recent, *alerts)}
    newest = sorted(known.values(), key=lambda one: (one.created_at, one.id), reverse=True)[:LONGEST]
    feed = Feed(
        id=f"urn:sha256:{hashlib.sha256(channel.path.encode()).hexdigest()}",
        title=channel.title,
        items=[_item(one) for one in newest],
    )
    return Message(kind="file", id=delivery, address=channel.path, body=as_atom(feed))


def _item(alert: Alert) -> Item:
    return Item(
        id=f"urn:copydesk:alert:{alert.id}",
        title=alert.title,
        text=f"{one_line(alert.snippet)} ({coverage(alert)})",
        updated_at=alert.created_at,
        published_at=alert.published_at,
        links=(alert.url, *alert.links),
        topic=(", ".join(topics_of(alert)), alert.topic_title),
    )
