"""What rang: alerts, the newest first, each with what became of its deliveries. Reads only."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from copydesk.alerting.alerts import delivery_id
from copydesk.alerting.heard import alerts_about, readable
from copydesk.border import Border, contained
from copydesk.index import FIND_MOST, Found, Index, Kind, Range, Where
from copydesk.index.records import from_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.index.unreadable import field_of
from copydesk.model import Alert
from copydesk.query.holding import meets
from copydesk.query.seen import see
from copydesk.query.snippets import marks_in
from copydesk.query.tree import EVERYTHING, Node, phrase

__all__ = ["MOST", "Ringing", "Rung", "marks_of", "ringing", "rung_since", "without_addresses"]

MOST = 2000
"""Alerts that are looked through for words, or for what was given up: the newest."""

ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)(?:[^\s/@]*@)?([^\s/?#]*)\S*", re.IGNORECASE)
MAILBOX = re.compile(r"[^\s<>:;,]+@([^\s<>:;,]+)")


@dataclass(frozen=True, slots=True)
class Rung:
    """An alert and the deliveries that tell of its story, one a channel."""

    alert: Alert
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True, slots=True)
class Ringing:
    """What rang, the newest first: the first of it, how many there are, and whether there may be more than these."""

    rung: Sequence[Rung]
    number: int
    is_cut: bool


def ringing(
    index: Index,
    *,
    topic: str = "",
    story: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    words: Node = EVERYTHING,
    given_up: bool = False,
    limit: int = 20,
) -> Ringing:
    """The alerts of a topic, about a story, within a time, whose headline or snippet holds words; all if not told.

    `given_up`: only those of which a delivery was. What nobody can read is left out.
    """
    if story:
        found, is_cut = list(alerts_about(index, story).values()), False
    elif given_up:
        found, is_cut = _given_up(index)
    else:
        found, is_cut = _within(index, topic, since, until)
    fitting = [
        one
        for one in found
        if (not topic or one.topic == topic)
        and (since is None or one.created_at >= since)
        and (until is None or one.created_at < until)
        and (words is EVERYTHING or meets(words, see(_as_read(one))))
    ]
    fitting.sort(key=lambda one: (-one.created_at.timestamp(), one.id))
    shown = fitting[:limit]
    told = _deliveries(index, shown)
    return Ringing([Rung(one, tuple(told[one.id])) for one in shown], len(fitting), is_cut)


def rung_since(index: Index, since: datetime) -> dict[str, int]:
    """How many alerts each topic had since a time, of the newest ten thousand."""
    counts: dict[str, int] = defaultdict(int)
    rows = index.find(
        Kind.ALERTS, {"created_at": Range(gte=since.isoformat())}, sort="-created_at", limit=FIND_MOST
    )
    for row in rows:
        counts[str(field_of(row, "topic"))] += 1
    return counts


def marks_of(alert: Alert) -> list[tuple[int, int]]:
    """Where in its snippet the words stand by which it was met: as they stand, or with other endings. Pure."""
    exact = [phrase(word) for word in alert.matched if ":" not in word]
    terms = [
        term if marks_in(alert.snippet, alert.language, [term]) else replace(term, exact=False)
        for term in exact
    ]
    return marks_in(alert.snippet, alert.language, terms)


def without_addresses(detail: str) -> str:
    """What a receiver answered, without what only the sender may know: of addresses no more than the host. Pure.

    Whoever knows the whole address of some receivers may post there, and an error may repeat it.
    """
    if detail.startswith("InvalidURL"):
        return "InvalidURL"
    return MAILBOX.sub(r"…@\1", ADDRESS.sub(r"\1\2/…", detail))


def _as_read(alert: Alert) -> dict[str, object]:
    """An alert as a query reads an article: by its headline, its snippet, who had it first and when it rang."""
    return {
        "title": alert.title,
        "text": alert.snippet,
        "language": alert.language,
        "outlet": alert.first_outlet,
        "agency": alert.agency,
        "story": alert.story,
        "published_at": alert.created_at,
    }


def _within(
    index: Index, topic: str, since: datetime | None, until: datetime | None
) -> tuple[list[Alert], bool]:
    span = {
        "created_at": Range(gte=since.isoformat() if since else None, lt=until.isoformat() if until else None)
    }
    where: Where = {**({"topic": topic} if topic else {}), **(span if since or until else {})}
    rows = index.find(Kind.ALERTS, where, sort="-created_at", limit=MOST)
    return _read(rows), len(rows) == MOST


def _given_up(index: Index) -> tuple[list[Alert], bool]:
    rows = index.find(
        Kind.DELIVERIES, {"state": str(DeliveryState.DEAD)}, sort="-created_at", limit=MOST // 2
    )
    ids = {id_ for one in _read_deliveries(rows) for id_ in (one.alert, *one.also)}
    return list(readable(index, ids).values()), len(rows) == MOST // 2


def _read(rows: Iterable[Found]) -> list[Alert]:
    alerts = []
    for row in rows:
        with contained(Border.RECORD, row.id):
            alerts.append(from_record(Alert, row.body))
    return alerts


def _read_deliveries(rows: Iterable[Found]) -> list[Delivery]:
    found = []
    for row in rows:
        with contained(Border.RECORD, row.id):
            found.append(from_record(Delivery, row.body))
    return found


def _deliveries(index: Index, alerts: Sequence[Alert]) -> dict[str, list[Delivery]]:
    """The deliveries that tell of each alert: that name it, or are the one its channel has of its story or moment."""
    expected = {one.id: _expected(one) for one in alerts}
    ids, told = [one.id for one in alerts], dict[str, Found]()
    for field in ("alert", "also") if ids else ():
        told |= {row.id: row for row in index.find(Kind.DELIVERIES, {field: ids}, limit=FIND_MOST)}
    told |= index.get(Kind.DELIVERIES, sorted(told.keys() | set(chain.from_iterable(expected.values()))))
    found: dict[str, list[Delivery]] = {id_: [] for id_ in ids}
    for one in sorted(_read_deliveries(told.values()), key=lambda one: (one.channel, one.created_at, one.id)):
        for id_ in ids:
            if id_ in {one.alert, *one.also} or one.id in expected[id_]:
                found[id_].append(one)
    return found


def _expected(alert: Alert) -> set[str]:
    """The ids that its deliveries may have; those of a digest name it, where they hold it."""
    return {delivery_id(name, channel) for name in (alert.story, alert.id) for channel in alert.channels}
