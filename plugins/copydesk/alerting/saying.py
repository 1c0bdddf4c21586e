"""Say: a delivery → what its message tells, one alert a story, the most important first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from copydesk.alerting.alerts import in_one, is_silent
from copydesk.alerting.heard import Heard, about, heard_before, readable
from copydesk.index import Index, Kind
from copydesk.index.records import load
from copydesk.index.state import Delivery
from copydesk.model import Alert

__all__ = ["Said", "named_of", "said_by"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a delivery tells.

    Attributes:
        alerts: One a story, which names all topics told on the channel; most publishers first, then the newest.
        also: The ids of all alerts that are named, but for the delivery's own.
        earlier: Where some was told by another delivery, one of the alerts that did.
        is_known: Whether any alert of it is there at all.
    """

    alerts: tuple[Alert, ...]
    also: tuple[str, ...]
    earlier: str
    is_known: bool


def said_by(index: Index, mine: Delivery) -> Said:
    """What a delivery tells now: not what the channel heard by another one, nor what was taken down."""
    ids = (mine.alert, *mine.also)
    wanted = readable(index, ids) if mine.digest_at else load(index, Kind.ALERTS, Alert, ids)
    told: list[Alert] = []
    also: dict[str, None] = dict.fromkeys(mine.also if mine.digest_at else ())
    covered: set[str] = set()
    earlier = ""
    for id_ in ids:
        if id_ in covered or id_ not in wanted:
            continue
        heard = about(index, wanted[id_])
        covered |= heard.alerts.keys()
        earlier = before if (before := heard_before(index, mine, heard.alerts)) else earlier
        named = [] if before else named_of(mine, heard.alerts.values())
        told += [_counted(in_one(named), heard, mine)] if named else []
        also |= dict.fromkeys(one.id for one in named if one.id != mine.alert and not mine.digest_at)
    told.sort(key=lambda one: (-one.publishers, -one.created_at.timestamp(), one.id))
    return Said(tuple(told), tuple(also), earlier, bool(wanted))


def named_of(mine: Delivery, alerts: Iterable[Alert]) -> list[Alert]:
    """Of the alerts about a story those that a delivery names; none when there is no more to be said of any. Pure."""
    own = {mine.alert, *mine.also}
    named = (one for one in alerts if one.id in own or mine.channel in one.channels)
    return sorted(
        (one for one in named if not is_silent(one)), key=lambda one: (one.created_at, one.topic, one.id)
    )


def _counted(alert: Alert, heard: Heard, mine: Delivery) -> Alert:
    """What waited is told with those who carry the story by now. Pure."""
    if alert.digest_at is None:
        return alert
    return replace(
        alert,
        outlets=max(alert.outlets, heard.outlets),
        publishers=max(alert.publishers, heard.publishers),
        digest_at=mine.digest_at,
    )
