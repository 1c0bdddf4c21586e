"""What rang: the alerts, why each rang, what became of its deliveries; and sending again what was given up."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from copydesk.alerting.alerts import is_silent
from copydesk.alerting.outbox import revive
from copydesk.errors import ConfigError
from copydesk.index import Body, Index, Json, Kind
from copydesk.index.records import to_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.page.results import MOST, limit_of
from copydesk.query.mistakes import QueryError
from copydesk.query.moments import EXAMPLES, span_of
from copydesk.query.parser import parse
from copydesk.query.terms import Clock
from copydesk.views.alerts import Rung, marks_of, ringing, without_addresses
from copydesk.views.deliveries import channel_states

__all__ = ["DONE", "alerts", "alerts_of"]


def alerts(desk: Desk, asked: Asked) -> Shown:
    """What rang, the newest first: of a topic, about a story, within a time, with words, given up; all if not told.

    Raises QueryError for words without a meaning, and for a time that is none.
    """
    now, limit = desk.now(), limit_of(asked.get("limit", ""))
    words = parse(asked.get("words", ""), Clock(now))
    given_up = bool(asked.get("dead"))
    with desk.index() as index:
        found = ringing(
            index,
            topic=asked.get("topic", ""),
            story=asked.get("story", ""),
            since=_moment(asked.get("since", ""), now, end=False),
            until=_moment(asked.get("until", ""), now, end=True),
            words=words,
            given_up=given_up,
            limit=limit,
        )
        numbers = {topic: number for (topic,), number in index.count(Kind.ALERTS, "topic").items()}
        dead = _given_up(index)
    written = _written(desk)
    return Shown(
        "alerts",
        {
            **{name: asked.get(name, "") for name in ("topic", "story", "since", "until", "words")},
            "dead": given_up,
            "limit": limit,
            "topics": dict(sorted(numbers.items())),
            "number": found.number,
            "is_cut": found.is_cut,
            "more": found.number > limit and limit < MOST,
            "channels": dead,
            "alerts": [{**_row(one), "is_written": one.alert.topic in written} for one in found.rung],
            "revived": asked.get("revive", "") if asked.get("revive", "").isprintable() else "",
            "writes": desk.ports is not None,
        },
    )


def alerts_of(index: Index, story: str) -> list[Json]:
    """What rang for a story, as its page and those of its articles name it."""
    return [
        {"topic": one.alert.topic, "at": one.alert.created_at.isoformat()}
        for one in ringing(index, story=story).rung
    ]


def send_again(desk: Desk, asked: Asked, _who: str) -> str:
    """Make due what was given up of a channel. Raises ConfigError when there is none, or the pages only read."""
    name = asked.get("channel", "")
    if desk.ports is None:
        raise ConfigError("this page only reads: start it with --write")
    channels = desk.topics().channels
    if name not in channels:
        raise ConfigError(f"{name}: no such channel; there are {', '.join(sorted(channels))}")
    with desk.ports() as ports:
        revive(ports.index, name, ports.now())
    return f"alerts?{urlencode({'revive': name})}"


DONE: Mapping[str, Callable[[Desk, Asked, str], str]] = {"revive": send_again}
"""What a writer may have done about alerts, by its address; each answers where to go on."""


def _written(desk: Desk) -> frozenset[str]:
    """The names of the topics that are written down; none while the file is wrong: what rang is there all the same."""
    try:
        return frozenset(one.name for one in desk.topics().topics)
    except ConfigError:
        return frozenset()


def _moment(text: str, now: datetime, *, end: bool) -> datetime | None:
    """The first moment of a time, or its end; None for none. Pure. Raises QueryError for what is no time."""
    text = text.strip()
    if not text:
        return None
    span = span_of(text, now, UTC)
    if span is None:
        raise QueryError(f"“{text}” is no time", EXAMPLES)
    return span[1] if end else span[0]


def _given_up(index: Index) -> list[Json]:
    """The channels of which deliveries were given up: how many, and what was answered last."""
    return [
        {
            "channel": name,
            "number": state.counts[DeliveryState.DEAD],
            "reasons": {without_addresses(why): number for why, number in state.dead.most_common(3)},
        }
        for name, state in channel_states(index).items()
        if state.counts[DeliveryState.DEAD]
    ]


def _row(one: Rung) -> Body:
    alert = one.alert
    return {
        "agency": None,
        "links": [],
        "matched": [],
        **to_record(alert),
        "is_silent": is_silent(alert),
        "snippet_marks": marks_of(alert),
        "deliveries": [_delivery(told, alert.id) for told in one.deliveries],
        "unsent": sorted(set(alert.channels) - {told.channel for told in one.deliveries}),
        "muted": not alert.channels,
    }


def _delivery(told: Delivery, alert: str) -> Body:
    """What became of a delivery; of recipients only how many have it, of answers nothing that only we may know."""
    times = {
        name: at.isoformat() if (at := getattr(told, name)) else None
        for name in ("created_at", "tried_at", "sent_at", "retry_at", "digest_at")
    }
    return {
        "id": told.id,
        "channel": told.channel,
        "state": str(told.state),
        "attempts": told.attempts,
        "answer": without_addresses(told.detail),
        "accepted": len(told.accepted),
        "elsewhere": told.digest_at is None and told.alert != alert,
        **times,
    }
