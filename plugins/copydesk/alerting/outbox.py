"""Outbox: alerts → deliveries, one a channel and story; and sending again what was given up.

Whichever topics of a channel a story meets, the id of its delivery is the same: it is told once.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from copydesk.alerting.alerts import delivery_id, is_silent
from copydesk.border import Border, contained
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.state import Delivery, DeliveryState
from copydesk.model import Alert
from copydesk.outcomes import Reason

__all__ = ["deliveries_of", "enter", "revive"]

CHUNK = 500


def deliveries_of(alerts: Iterable[Alert], now: datetime) -> list[Delivery]:
    """What is to be told of alerts: one delivery a story and channel, of the first alert of several. Pure."""
    found: dict[str, Delivery] = {}
    for alert in alerts:
        for channel in alert.channels:
            id_ = delivery_id(alert.story, channel)
            one = Delivery(id=id_, alert=alert.id, channel=channel, created_at=now, retry_at=now)
            found.setdefault(id_, one)
    return list(found.values())


def enter(index: Index, alerts: Iterable[Alert], now: datetime) -> None:
    """Put alerts into the outbox. Idempotent: what is there stays as it is."""
    wanted = deliveries_of((one for one in alerts if not is_silent(one)), now)
    change(index, Kind.DELIVERIES, Delivery, {one.id: partial(_entered, one) for one in wanted})


def _entered(new: Delivery, old: Delivery | None) -> Delivery | None:
    """The delivery that is to be written, if any: also in place of one that had nothing left to say. Pure."""
    if old is None:
        return new
    was_hushed = old.state is DeliveryState.DEAD and old.detail == Reason.TAKEN_DOWN
    return new if was_hushed and old.alert != new.alert else None


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
