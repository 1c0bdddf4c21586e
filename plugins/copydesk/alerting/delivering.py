"""Deliver: what is due in the outbox → messages sent, and how each sending ended.

Each delivery is claimed, sent and recorded by itself. Nothing is lost when a worker dies in between: its claim
runs out, and the delivery is sent again under the same id. One ends when it was sent, when the receiver said twice
that it is gone (410), or after three days of attempts; or when its story turns out to have been told already.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial

from copydesk.alerting import journal
from copydesk.alerting.alerts import in_one
from copydesk.alerting.heard import readable
from copydesk.alerting.saying import Said, named_of, said_by
from copydesk.border import Border, contained
from copydesk.channels import CHANNELS, RECENT, Channel
from copydesk.fetching.sight import sight_of
from copydesk.index import Found, Index, Kind, Range, Where, Write
from copydesk.index.guarded import change
from copydesk.index.records import from_record, to_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.index.unreadable import close, field_of
from copydesk.model import Alert, Source
from copydesk.outcomes import Reason
from copydesk.ports import Archive, Message, Notifier, Sent

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
"""Since the first attempt: a delivery that waited because nobody tried it has as long as any other."""
LEAST_ATTEMPTS = 3
LONGEST_DETAIL = 300
LEASE = timedelta(minutes=5)
"""A notifier answers within its own time limits, far below this."""


def deliver(
    index: Index,
    notifier: Notifier,
    channels: Mapping[str, Channel],
    now: datetime,
    *,
    limit: int = 100,
    archive: Archive | None = None,
    sources: Sequence[Source] = (),
) -> Counter[str]:
    """Send what is due, at most `limit` a channel; how many were sent, put off for a retry, and given up (dead).

    What was sent is written down in the archive, if one is given: an index that is lost sends it no more.
    A digest says which of the `sources` were not seen.
    A channel that fails rests until that delivery is due again and with it all others it has; the other channels
    go on. A delivery to a channel that is no longer configured waits like one that fails.
    """
    index.refresh(Kind.DELIVERIES, Kind.TOLD)
    counts: Counter[str] = Counter()
    seen = cache(partial(_seen, index, sources, now))
    waiting = index.count(Kind.DELIVERIES, "channel", "state")
    for name in sorted(channel for channel, state in waiting if state == DeliveryState.PENDING):
        due = _due(index, name, now, limit)
        tried: list[Delivery] = []
        try:
            attempt = partial(_attempt, index, notifier, channels.get(name), seen)
            counts += _deliver_channel(index, name, attempt, due, now, tried)
        finally:
            _write_down(archive, tried, now)
    if counts:
        log.info("deliver %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def _seen(index: Index, sources: Sequence[Source], now: datetime) -> str:
    """What a digest says of the sources; nothing when that cannot be told, for alerts do not wait for it."""
    with contained(Border.DELIVERY, "sources"):
        return sight_of(index, sources, now).line if sources else ""
    return ""


def _due(index: Index, channel: str, now: datetime, limit: int) -> list[Found]:
    """What is due, what was tried least first: a message that its receiver never takes holds up no other one."""
    # the bound is a second wide, for times are compared as texts here; the claim looks exactly
    until = Range(lt=(now + timedelta(seconds=1)).isoformat())
    where: Where = {"channel": channel, "state": str(DeliveryState.PENDING), "retry_at": until}
    rows = index.find(Kind.DELIVERIES, where, sort="retry_at", limit=limit)
    return sorted(rows, key=_attempts)


def _attempts(row: Found) -> int:
    number = field_of(row, "attempts")
    return number if isinstance(number, int) else 0


def _deliver_channel(
    index: Index,
    name: str,
    try_one: Callable[[str, datetime], tuple[Delivery, datetime | None] | None],
    due: list[Found],
    now: datetime,
    tried: list[Delivery],
) -> Counter[str]:
    """Counts as `deliver` gives them; what was tried is added to a list, for the server may go away in the middle."""
    counts: Counter[str] = Counter()
    for number, row in enumerate(due):
        attempt = None
        with contained(Border.DELIVERY, row.id) as caught:
            attempt = try_one(row.id, now)
        if caught.fault is not None:
            detail = f"internal: {caught.fault}"[:LONGEST_DETAIL]
            close(index, Kind.DELIVERIES, row, {"state": str(DeliveryState.DEAD), "detail": detail})
            counts[DeliveryState.DEAD] += 1
        if attempt is None:
            continue
        ended, rests_until = attempt
        tried.append(ended)
        counts["retry" if ended.state is DeliveryState.PENDING else str(ended.state)] += 1
        if ended.state is DeliveryState.DEAD:
            log.warning("deliver channel=%s delivery=%s given up: %s", name, row.id, ended.detail)
        if rests_until is not None:
            log.warning("deliver channel=%s rests until %s: %s", name, rests_until, ended.detail)
            _put_off(index, due[number + 1 :], rests_until, now)
            break
    return counts


def _write_down(archive: Archive | None, tried: Sequence[Delivery], now: datetime) -> None:
    """Keep those that ended, and those that some of their recipients have."""
    done = [one for one in tried if one.accepted or one.state is not DeliveryState.PENDING]
    journal.keep(archive, [Write(kind=Kind.DELIVERIES, id=one.id, body=to_record(one)) for one in done], now)


def _attempt(
    index: Index,
    notifier: Notifier,
    channel: Channel | None,
    seen: Callable[[], str],
    id_: str,
    now: datetime,
) -> tuple[Delivery, datetime | None] | None:
    """Try one delivery: what it became, and until when its channel rests, if that failed; None when it is not due."""
    mine = change(index, Kind.DELIVERIES, Delivery, {id_: partial(_claimed, now=now)}).get(id_)
    if mine is None or mine.state is not DeliveryState.PENDING:
        return None
    said, message = Said((), mine.also, "", is_known=False), None
    with contained(Border.DELIVERY, id_) as caught:
        said = said_by(index, mine)
        message = _message(index, channel, said.alerts, mine, seen) if said.alerts and channel else None
    why = f"internal: {caught.fault}" if caught.fault else f"alert {mine.alert} is gone"
    mine = replace(mine, also=said.also)
    if said.earlier and not said.alerts:
        ended, rests = _folded(mine, said.earlier), False
    elif said.is_known and not said.alerts and caught.fault is None:
        freed = _freed(mine, Reason.TAKEN_DOWN)
        ended, rests = replace(freed, state=DeliveryState.DEAD, retry_at=None), False
    elif channel is None:
        ended, rests = _failed(mine, f"channel {mine.channel} is not configured", None, now), True
    elif message is None:  # which says nothing about the channel
        ended, rests = _failed(mine, why, None, now), False
    else:
        sent = notifier.send(message)
        ended, rests = _ended(mine, sent, now), sent.status == "retry" and not sent.accepted
    change(index, Kind.DELIVERIES, Delivery, {id_: partial(_recorded, ended=ended)})
    return ended, (ended.retry_at or now + _pause(mine, None)) if rests else None


def _claimed(old: Delivery | None, *, now: datetime) -> Delivery | None:
    """The delivery as ours; None when it is not due, somebody else's, or done. Pure."""
    if old is None or old.state is not DeliveryState.PENDING:
        return None
    if (old.retry_at and old.retry_at > now) or (old.leased_until and old.leased_until > now):
        return None
    return replace(
        old,
        leased_until=now + LEASE,
        attempts=old.attempts + 1,
        tried_since=old.tried_since or now,
        tried_at=now,
    )


def _message(
    index: Index, channel: Channel, alerts: Sequence[Alert], delivery: Delivery, seen: Callable[[], str]
) -> Message:
    """What is sent, to those who do not have it yet."""
    recent = _recent(index, delivery.channel, RECENT.get(channel.kind, 0))
    line = seen() if delivery.digest_at else ""
    message = CHANNELS[channel.kind](channel, alerts, recent, delivery.id, seen=line)
    left = tuple(one for one in message.recipients if one not in delivery.accepted)
    return replace(message, recipients=left)


def _recent(index: Index, channel: str, most: int) -> list[Alert]:
    """The last alerts for a channel, delivered or not; without those that cannot be read."""
    if not most:
        return []
    rows = index.find(Kind.DELIVERIES, {"channel": channel}, sort="-created_at", limit=most)
    recent: list[Alert] = []
    for row in rows:
        with contained(Border.DELIVERY, row.id):
            one = from_record(Delivery, row.body)
            if one.digest_at and one.state is DeliveryState.PENDING:
                continue
            stories: dict[str, list[Alert]] = {}
            for alert in named_of(one, readable(index, (one.alert, *one.also)).values()):
                stories.setdefault(alert.story if one.digest_at else "", []).append(alert)
            recent += map(in_one, stories.values())  # none where all were hushed by a takedown
    return recent


def _ended(mine: Delivery, sent: Sent, now: datetime) -> Delivery:
    """What a delivery becomes by the answer to its sending. Pure."""
    if sent.status == "sent":
        return replace(_freed(mine, sent.detail), state=DeliveryState.SENT, sent_at=now, retry_at=None)
    if sent.status == "gone" and mine.gone:
        return replace(_freed(mine, f"{sent.detail} twice"), state=DeliveryState.DEAD, retry_at=None)
    accepted = (*mine.accepted, *sent.accepted)
    answered = replace(mine, accepted=accepted, gone=sent.status == "gone")
    return _failed(answered, sent.detail, sent.retry_after, now)


def _folded(mine: Delivery, earlier: str) -> Delivery:
    detail = f"alert {earlier} told of its story"
    return replace(_freed(mine, detail), state=DeliveryState.FOLDED, retry_at=None)


def _failed(mine: Delivery, detail: str, retry_after: float | None, now: datetime) -> Delivery:
    """What a delivery becomes by a failed attempt: due again later, until it was tried for three days. Pure."""
    if now - (mine.tried_since or now) >= GIVE_UP_AFTER and mine.attempts >= LEAST_ATTEMPTS:
        given_up = _freed(mine, f"given up after {mine.attempts} attempts: {detail}")
        return replace(given_up, state=DeliveryState.DEAD, retry_at=None)
    return replace(_freed(mine, detail), retry_at=now + _pause(mine, retry_after))


def _freed(mine: Delivery, detail: str) -> Delivery:
    return replace(mine, leased_until=None, detail=detail[:LONGEST_DETAIL])


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

    with contained(Border.DELIVERY, " ".join(row.id for row in rows[:3])):  # one of them may be unreadable
        change(index, Kind.DELIVERIES, Delivery, {row.id: later for row in rows})
