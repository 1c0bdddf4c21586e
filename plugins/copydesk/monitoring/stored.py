"""Troubles that stand in the index: of channels, topics, sources, captures."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from copydesk.alerting.telling import TOO_OLD
from copydesk.fetching.cursors import is_closed, is_gone
from copydesk.index import Index, Kind
from copydesk.index.records import from_record
from copydesk.index.state import Delivery, DeliveryState, PollRecord
from copydesk.monitoring.troubles import Trouble
from copydesk.outcomes import Reason

__all__ = ["index_troubles"]

CHANNEL_GRACE = timedelta(hours=1)
FAILING = 1000
"""Waiting deliveries that are looked at; they are told by channel."""


def index_troubles(index: Index, now: datetime, sources: Collection[str] = ()) -> list[Trouble]:
    """Channels that fail or gave deliveries up, topics that fail, sources that are gone, captures the archive lost.

    `sources` are those that are asked; of others no cursor counts.
    """
    index.refresh(Kind.DELIVERIES, Kind.CAPTURES, Kind.TOLD, Kind.POLLS)
    by_state = index.count(Kind.DELIVERIES, "channel", "state")
    dead = {channel: number for (channel, state), number in by_state.items() if state == DeliveryState.DEAD}
    reasons = index.count(Kind.CAPTURES, "reason")
    lost = sum(reasons.get((str(reason),), 0) for reason in (Reason.ARCHIVE_LOST, Reason.DAMAGED))
    given_up = [
        Trouble(
            key=f"dead:{channel}",
            text=f"channel {channel}: {number} given up; `copydesk deliver --dead {channel}` sends again",
            again=None,
        )
        for channel, number in sorted(dead.items())
    ]
    gone = Trouble(
        key="archive-lost",
        text=f"{lost} captures cannot be read, for the archive lost or damaged them: see `copydesk status`",
        again=None,
    )
    return [
        *_failing_channels(index, now),
        *given_up,
        *_failing_topics(index),
        *_gone_sources(index, sources),
        *([gone] if lost else []),
    ]


def _failing_topics(index: Index) -> list[Trouble]:
    """Topics that were set aside for some articles; what was too old to ring is no trouble."""
    unrung: Counter[str] = Counter()
    for (topic, reason), number in index.count(Kind.TOLD, "topic", "reason").items():
        unrung[topic] += number if reason not in {"", TOO_OLD} else 0
    return [
        Trouble(
            key=f"topic:{topic}",
            text=f"topic {topic} could not ring for {number} articles: see `copydesk status`, then `copydesk retry`",
            again=None,
        )
        for topic, number in sorted((+unrung).items())
    ]


def _failing_channels(index: Index, now: datetime) -> list[Trouble]:
    rows = index.find(
        Kind.DELIVERIES, {"state": str(DeliveryState.PENDING)}, sort="created_at", limit=FAILING
    )
    waiting = [from_record(Delivery, row.body) for row in rows]
    first: dict[str, Delivery] = {}
    for delivery in waiting:
        if delivery.tried_since and now - delivery.tried_since >= CHANNEL_GRACE:
            first.setdefault(delivery.channel, delivery)
    return [
        Trouble(
            key=f"channel:{name}",
            text=f"channel {name} fails: {delivery.detail}",
            since=delivery.tried_since,
            grace=CHANNEL_GRACE,
        )
        for name, delivery in sorted(first.items())
    ]


def _gone_sources(index: Index, sources: Collection[str]) -> list[Trouble]:
    rows = index.get(Kind.POLLS, sorted(sources))
    records = [from_record(PollRecord, row.body) for row in rows.values()]
    return [
        Trouble(
            key=f"source:{record.source}",
            text=f"source {record.source} is gone ({record.detail}) and {_seldom(record)}: mend its address, or take "
            f"it out; `copydesk retry {record.source}` has it asked at once",
            again=None,
        )
        for record in records
        if is_gone(record) and record.paused_at is None
    ]


def _seldom(record: PollRecord) -> str:
    return "asked no more, as it said so twice" if is_closed(record) else "asked once a week"
