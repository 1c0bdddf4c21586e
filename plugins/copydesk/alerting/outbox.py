"""Outbox: how deliveries stand, and sending again what was given up."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from copydesk.border import Border, contained
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.state import Delivery, DeliveryState
from copydesk.index.unreadable import field_of

__all__ = ["ChannelState", "revive", "states"]

CHUNK = 500
MOST_REASONS = 1000
"""Dead deliveries whose reasons are looked at, the latest ones."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """The deliveries of a channel: how many are in which state, and why how many are dead."""

    counts: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)


def states(index: Index) -> dict[str, ChannelState]:
    """How the deliveries of each channel stand, by name."""
    found: dict[str, ChannelState] = {}
    for (channel, state), number in sorted(index.count(Kind.DELIVERIES, "channel", "state").items()):
        found.setdefault(channel, ChannelState()).counts[state] += number
    rows = index.find(
        Kind.DELIVERIES, {"state": str(DeliveryState.DEAD)}, sort="-created_at", limit=MOST_REASONS
    )
    for row in rows:
        channel, detail = str(field_of(row, "channel")), str(field_of(row, "detail"))
        found.setdefault(channel, ChannelState()).dead[detail] += 1
    return found


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
