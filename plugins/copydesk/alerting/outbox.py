"""Outbox: alerts → deliveries, one a channel and story or digest; and sending again what was given up.

Whichever topics of a channel a story meets, the id of its delivery is the same: it is told once. A digest is one
delivery too, of all alerts for its moment; they join it until it is first tried, and never after, so that what bears
its id stays the same.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from copydesk.alerting.alerts import delivery_id, digest_id, is_silent
from copydesk.border import Border, contained
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.records import load
from copydesk.index.state import Delivery, DeliveryState
from copydesk.model import Alert
from copydesk.outcomes import Reason

__all__ = ["deliveries_of", "enter", "joined", "revive"]

CHUNK = 500


def deliveries_of(alerts: Iterable[Alert], now: datetime) -> list[Delivery]:
    """What is to be told of alerts: a delivery a story and channel, or a digest a moment and channel. Pure."""
    found: dict[str, Delivery] = {}
    for alert in alerts:
        for channel in alert.channels:
            one = _delivery(alert, channel, now)
            found[one.id] = joined(found[one.id], one) if one.id in found else one
    return list(found.values())


def _delivery(alert: Alert, channel: str, now: datetime) -> Delivery:
    at = alert.digest_at
    id_ = delivery_id(alert.story, channel) if at is None else digest_id(at, channel)
    return Delivery(id=id_, alert=alert.id, channel=channel, created_at=now, retry_at=at or now, digest_at=at)


def enter(index: Index, alerts: Iterable[Alert], now: datetime) -> None:
    """Put alerts into the outbox. Idempotent: each is in one delivery a channel, and stays there.

    What comes too late for its digest, because a worker died or was slow, is told at once.
    """
    speaking = [one for one in alerts if not is_silent(one)]
    wanted = deliveries_of(speaking, now)
    _write(index, wanted)
    digests = load(index, Kind.DELIVERIES, Delivery, [one.id for one in wanted if one.digest_at])
    held = {(one.channel, id_) for one in digests.values() for id_ in (one.alert, *one.also)}
    late = [
        replace(one, digest_at=None, channels=(channel,))
        for one in speaking
        for channel in one.channels
        if one.digest_at and (channel, one.id) not in held
    ]
    _write(index, deliveries_of(late, now))


def _write(index: Index, wanted: Iterable[Delivery]) -> None:
    change(index, Kind.DELIVERIES, Delivery, {one.id: partial(_entered, one) for one in wanted})


def _entered(new: Delivery, old: Delivery | None) -> Delivery | None:
    """The delivery that is to be written, if any: also in place of one that had nothing left to say. Pure."""
    if old is None:
        return new
    if new.digest_at:
        both = joined(old, new)
        return both if both != old and old.state is DeliveryState.PENDING and not old.attempts else None
    was_hushed = old.state is DeliveryState.DEAD and old.detail == Reason.TAKEN_DOWN
    return new if was_hushed and old.alert != new.alert else None


def joined(one: Delivery, other: Delivery) -> Delivery:
    """A digest with what another state of it holds too; a delivery about a story as it was. Pure."""
    if one.digest_at is None:
        return one
    also = dict.fromkeys((*one.also, other.alert, *other.also))
    return replace(one, also=tuple(id_ for id_ in also if id_ != one.alert))


def revive(index: Index, channel: str, now: datetime) -> int:
    """Make the dead deliveries of a channel due again, as if they had never been tried; how many."""

    def again(old: Delivery | None) -> Delivery | None:
        if old is None or old.state is not DeliveryState.DEAD:
            return None
        fresh = replace(old, state=DeliveryState.PENDING, attempts=0, retry_at=now, leased_until=None)
        return replace(fresh, tried_since=None, tried_at=None, gone=False)

    revived, tried = 0, set[str]()
    while True:
        index.refresh(Kind.DELIVERIES)
        dead = {"channel": channel, "state": str(DeliveryState.DEAD)}
        rows = index.find(Kind.DELIVERIES, dead, sort="created_at", limit=CHUNK + len(tried))
        ids = [row.id for row in rows if row.id not in tried]
        if not ids:
            return revived
        tried.update(ids)
        for id_ in ids:
            with contained(Border.DELIVERY, id_):  # its record may be one that nobody can read
                revived += len(change(index, Kind.DELIVERIES, Delivery, {id_: again}))
