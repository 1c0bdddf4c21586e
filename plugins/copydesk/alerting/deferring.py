"""Defer: what rings → when it is told, as its topic wants it. What is told stands in the alert and stays as it is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from copydesk.alerting.timing import digest_at, hour_of, is_muted
from copydesk.border import Border, contained
from copydesk.index import Index, Kind, Range, Where
from copydesk.model import Alert
from copydesk.topic import Topic

__all__ = ["hastened", "timed"]


def timed(index: Index, topics: Mapping[str, Topic], alerts: Iterable[Alert], now: datetime) -> list[Alert]:
    """New alerts, each with the moment it waits for, or with no channel where its topic is muted.

    Two workers that ring for one topic at once may each tell as much as its limit leaves; nothing is dropped.
    """
    found = []
    rung: Counter[str] = Counter()
    for one in alerts:
        topic, alert = topics[one.topic], one
        with contained(Border.TOPIC, f"{one.topic} {one.story}"):  # else told at once
            if topic.limit and topic.name not in rung:
                rung[topic.name] = _rung(index, topic, now)
            at = digest_at(topic, now, publishers=one.publishers, rung=rung[topic.name])
            rung[topic.name] += at is None
            alert = replace(one, digest_at=at, channels=() if is_muted(topic, now) else one.channels)
        found.append(alert)
    return found


def _rung(index: Index, topic: Topic, now: datetime) -> int:
    """How many the topic told at once in this hour, as far as that counts."""
    index.refresh(Kind.ALERTS)
    since = Range(gte=hour_of(now).isoformat())
    where: Where = {"topic": topic.name, "created_at": since, "digest_at": None}
    return len(index.find(Kind.ALERTS, where, limit=topic.limit))


def hastened(topic: Topic, alert: Alert, publishers: int, now: datetime) -> Alert:
    """An alert that waits, as one to be told at once if so many publishers make it big by now; else as it is. Pure."""
    if alert.digest_at is None or alert.digest_at <= now or not 0 < topic.at_once <= publishers:
        return alert
    is_due = digest_at(topic, now, publishers=publishers) is None
    return replace(alert, digest_at=None) if is_due else alert
