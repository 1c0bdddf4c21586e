"""How the deliveries of each channel stand."""

from collections import Counter
from dataclasses import dataclass, field

from copydesk.index import Index, Kind
from copydesk.index.state import DeliveryState
from copydesk.index.unreadable import field_of

__all__ = ["ChannelState", "channel_states"]

MOST_REASONS = 1000
"""Dead deliveries whose reasons are looked at, the latest ones."""


@dataclass(frozen=True, slots=True)
class ChannelState:
    """The deliveries of a channel: how many are in which state, and why how many are dead."""

    counts: Counter[str] = field(default_factory=Counter)
    dead: Counter[str] = field(default_factory=Counter)

    @property
    def by_state(self) -> dict[str, int]:
        """How many are in each state, in the order of the states."""
        return {str(state): self.counts[state] for state in DeliveryState}


def channel_states(index: Index) -> dict[str, ChannelState]:
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
