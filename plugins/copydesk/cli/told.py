"""What `status` says of alerts: how the deliveries of each channel stand, and what was not told."""

from collections.abc import Iterator

from copydesk.alerting.outbox import ChannelState
from copydesk.index import Json
from copydesk.index.state import DeliveryState
from copydesk.views.status import Funnel

__all__ = ["told_as_json", "told_lines"]


def told_lines(seen: Funnel) -> Iterator[str]:
    """A line a channel, with the reasons of what is dead, and one for what did not ring and why."""
    for name, channel in seen.channels.items():
        counts = " ".join(f"{state}={number}" for state, number in _by_state(channel).items())
        yield f"channel {name}: {counts}"
        for reason, number in channel.dead.most_common():
            yield f"  dead: {number}: {reason}"
    for (topic, reason), number in sorted(seen.unrung.items()):
        yield f"topic {topic}: not told of {number}: {reason}"


def told_as_json(seen: Funnel) -> dict[str, Json]:
    """The same as fields of the last line of `status --json`."""
    channels: dict[str, Json] = {
        name: {**_by_state(channel), "reasons": dict(channel.dead.most_common())}
        for name, channel in seen.channels.items()
    }
    return {
        "channels": channels,
        "unrung": [
            {"topic": topic, "reason": reason, "articles": number}
            for (topic, reason), number in sorted(seen.unrung.items())
        ],
    }


def _by_state(channel: ChannelState) -> dict[str, int]:
    return {str(state): channel.counts[state] for state in DeliveryState}
