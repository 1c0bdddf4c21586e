"""Outbox: sending again what was given up."""

from dataclasses import replace
from datetime import datetime

from copydesk.border import Border, contained
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.state import Delivery, DeliveryState

__all__ = ["revive"]

CHUNK = 500


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
