"""Deliver: what is due in the outbox → messages sent, and how each sending ended.

Each delivery is claimed, sent and recorded by itself. Nothing is lost when a worker dies in between: its claim
runs out, and the delivery is sent again under the same id.
"""

import logging
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from copydesk.channels import CHANNELS, RECENT, Channel
from copydesk.guarded import change
from copydesk.index import Found, Index, Kind, Range, Where
from copydesk.judging.stories import resolve
from copydesk.model import Alert
from copydesk.ports import Notifier, Sent
from copydesk.records import from_record
from copydesk.ringing import alert_id, delivery_id
from copydesk.state import Delivery, DeliveryState

__all__ = ["deliver"]

log = logging.getLogger(__name__)

RETRIES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""Pauses after failed attempts, as Standard Webhooks recommends; together a little over three days."""
JITTER = 0.2
LONGEST_WAIT = timedelta(days=1)
"""Of what a receiver may ask for by Retry-After."""
GIVE_UP_AFTER = timedelta(days=3)
LEAST_ATTEMPTS = 3
LEASE = timedelta(minutes=5)
"""A notifier answers within its own time limits, far below this."""


def deliver(
    index: Index,
    notifier: Notifier,
    channels: Mapping[str, Channel],
    now: datetime,
    *,
    limit: int = 100,
) -> Counter[str]:
    """Send what is due, at most `limit` a channel; how many were sent, put off for a retry, and given up (dead).

    A channel that fails rests until that delivery is due again and with it all others it has; the other channels
    go on. A delivery to a channel that is no longer configured waits like one that fails.
    """
    index.refresh(Kind.DELIVERIES)
    counts: Counter[str] = Counter()
    waiting = index.count(Kind.DELIVERIES, "channel", "state")
    for name in sorted(channel for channel, state in waiting if state == DeliveryState.PENDING):
        counts += _deliver_channel(
            index, notifier, name, channels.get(name), _due(index, name, now, limit), now
        )
    if counts:
        log.info("deliver %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def _due(index: Index, channel: str, now: datetime, limit: int) -> list[Found]:
    # the bound is a second wide, for times are compared as texts here; the claim looks exactly
    until = Range(lt=(now + timedelta(seconds=1)).isoformat())
    where: Where = {"channel": channel, "state": str(DeliveryState.PENDING), "retry_at": until}
    return index.find(Kind.DELIVERIES, where, sort="retry_at", limit=limit)


def _deliver_channel(
    index: Index,
    notifier: Notifier,
    name: str,
    channel: Channel | None,
    due: list[Found],
    now: datetime,
) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number, row in enumerate(due):
        mine = change(index, Kind.DELIVERIES, Delivery, {row.id: partial(_claimed, now=now)}).get(row.id)
        if mine is None:
            continue
        sent = _send(index, notifier, channel, mine)
        ended = _ended(mine, sent, now)
        change(index, Kind.DELIVERIES, Delivery, {row.id: partial(_recorded, ended=ended)})
        counts[sent.status if ended.state is DeliveryState.PENDING else str(ended.state)] += 1
        if ended.state is DeliveryState.DEAD:
            log.warning("deliver channel=%s delivery=%s given up: %s", name, row.id, ended.detail)
        if sent.status == "retry":
            until = now + _pause(mine, sent.retry_after)
            log.warning("deliver channel=%s rests until %s: %s", name, until, sent.detail)
            _put_off(index, due[number + 1 :], until, now)
            break
    return counts


def _claimed(old: Delivery | None, *, now: datetime) -> Delivery | None:
    """The delivery as ours; None when it is not due, somebody else's, or done. Pure."""
    if old is None or old.state is not DeliveryState.PENDING:
        return None
    if (old.retry_at and old.retry_at > now) or (old.leased_until and old.leased_until > now):
        return None
    return replace(old, leased_until=now + LEASE, attempts=old.attempts + 1)


def _send(index: Index, notifier: Notifier, channel: Channel | None, delivery: Delivery) -> Sent:
    if channel is None:
        return Sent("retry", f"channel {delivery.channel} is not configured")
    rows = index.get(Kind.ALERTS, [delivery.alert])
    if delivery.alert not in rows:
        return Sent("dead", f"alert {delivery.alert} is gone")
    alert = from_record(Alert, rows[delivery.alert].body)
    if earlier := _told_by(index, alert, delivery.channel):
        return Sent("dead", f"its story is now part of one that alert {earlier} told of")
    recent = _recent(index, delivery.channel, RECENT.get(channel.kind, 0))
    return notifier.send(CHANNELS[channel.kind](channel, alert, recent, delivery.id))


def _told_by(index: Index, alert: Alert, channel: str) -> str:
    """An earlier alert of the same topic to the channel, when the stories of both have become one; else ""."""
    story = resolve(index, [alert.story]).get(alert.story)
    names = {story.id, *story.absorbed} if story is not None else set()
    rows = index.get(Kind.ALERTS, sorted({alert_id(alert.topic, name) for name in names} - {alert.id}))
    others = [from_record(Alert, row.body) for row in rows.values()]
    told = {
        delivery_id(one.id, channel): one.id
        for one in others
        if (one.created_at, one.id) < (alert.created_at, alert.id)
    }
    found = index.get(Kind.DELIVERIES, sorted(told))
    return next((told[id_] for id_, row in found.items() if row.body["state"] != DeliveryState.DEAD), "")


def _recent(index: Index, channel: str, most: int) -> list[Alert]:
    """The last alerts for a channel, delivered or not."""
    if not most:
        return []
    rows = index.find(Kind.DELIVERIES, {"channel": channel}, sort="-created_at", limit=most)
    alerts = index.get(Kind.ALERTS, [str(row.body["alert"]) for row in rows])
    return [from_record(Alert, row.body) for row in alerts.values()]


def _ended(mine: Delivery, sent: Sent, now: datetime) -> Delivery:
    """What a delivery becomes by the answer to its sending. Pure."""
    freed = replace(mine, leased_until=None, detail=sent.detail[:300])
    if sent.status == "sent":
        return replace(freed, state=DeliveryState.SENT, sent_at=now, retry_at=None)
    if sent.status == "dead":
        return replace(freed, state=DeliveryState.DEAD, retry_at=None)
    if now - mine.created_at >= GIVE_UP_AFTER and mine.attempts >= LEAST_ATTEMPTS:
        detail = f"given up after {mine.attempts} attempts: {freed.detail}"
        return replace(freed, state=DeliveryState.DEAD, retry_at=None, detail=detail)
    return replace(freed, retry_at=now + _pause(mine, sent.retry_after))


def _pause(mine: Delivery, retry_after: float | None) -> timedelta:
    """How long to wait after an attempt: longer each time, never shorter than asked for, spread by the id."""
    pause = RETRIES[min(mine.attempts, len(RETRIES)) - 1]
    spread = random.Random(f"{mine.id} {mine.attempts}").uniform(1 - JITTER, 1 + JITTER)
    asked = timedelta(seconds=min(retry_after or 0.0, LONGEST_WAIT.total_seconds()))
    return max(pause * spread, asked)


def _recorded(old: Delivery | None, *, ended: Delivery) -> Delivery | None:
    """What is stored of an end: nothing when somebody else has brought the delivery to one. Pure."""
    return ended if old is not None and old.state is DeliveryState.PENDING else None


def _put_off(index: Index, rows: list[Found], until: datetime, now: datetime) -> None:
    def later(old: Delivery | None) -> Delivery | None:
        return replace(old, retry_at=until) if old is not None and _claimed(old, now=now) else None

    change(index, Kind.DELIVERIES, Delivery, {row.id: later for row in rows})
