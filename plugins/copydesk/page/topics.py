"""The topics, and what one of them, or a query that may become one, would have rung for."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from copydesk.alerting.backtesting import CADENCES, Backtest, asking_for, backtest, marks_of, sendings
from copydesk.alerting.timing import is_muted
from copydesk.config.entries import entry_of, new_topic, with_mute, with_topic
from copydesk.config.topics import TopicsFile
from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.model import Alert
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.page.results import limit_of
from copydesk.topic import TIMED, WORDED, Topic
from copydesk.views.alerts import rung_since

__all__ = ["DONE", "topic", "topics"]

LATELY = timedelta(days=7)
SPANS = {"7d": 7, "30d": 30, "90d": 90}
"""How far back is looked, in days."""
USUAL = "30d"
MUTES = {"1d": 1, "7d": 7, "30d": 30}
"""For how many days a topic may be muted from the page."""
KEYS = ("name", "title", "channel", "cadence")
"""What a topic that is to be saved is asked for, beside its query."""


def topics(desk: Desk, _asked: Asked) -> Shown:
    """Every topic that is written down, in its order, with how often it rang lately."""
    file, now = desk.topics(), desk.now()
    with desk.index() as index:
        rung = rung_since(index, now - LATELY)
    kinds = {name: channel.kind for name, channel in file.channels.items()}
    return Shown(
        "topics",
        {"topics": [{**_said(one, kinds, now), "rung": rung.get(one.name, 0)} for one in file.topics]},
    )


def topic(desk: Desk, asked: Asked) -> Shown:
    """What a topic of a name, or else a query, would have rung for; the question alone for neither.

    Raises ConfigError when there is no such topic, QueryError for a query that has no meaning.
    """
    file, now = desk.topics(), desk.now()
    query, name = asked.get("q", "").strip(), asked.get("name", "")
    since = asked["since"] if asked.get("since") in SPANS else USUAL
    known = {one.name: one for one in file.topics}
    values: Body = {
        "q": query,
        "since": since,
        "spans": list(SPANS),
        "limit": limit_of(asked.get("limit", "")),
    }
    if not query and not name:
        return Shown("topic", {**values, "topic": None, "backtest": None, "saving": None})
    if query:
        wish = asking_for(Topic(name="query", title=query), query)
    elif name in known:
        wish = known[name]
    else:
        raise ConfigError(f"{name}: no such topic; there are {', '.join(sorted(known)) or 'none'}")
    with desk.index() as index:
        found = backtest(index, desk.scratch(), wish, since=now - timedelta(days=SPANS[since]), until=now)
    kinds = {name: channel.kind for name, channel in file.channels.items()}
    shown = None if query else _said(wish, kinds, now)
    writing: Body = {
        "saving": _saving(desk, asked, file) if query else None,
        "writes": desk.rewrite is not None,
        "mutes": list(MUTES),
        "saved": bool(asked.get("saved")),
    }
    return Shown(
        "topic",
        {**values, **writing, "topic": shown, "backtest": _tested(found, limit_of(asked.get("limit", "")))},
    )


def _said(one: Topic, kinds: Mapping[str, str], now: datetime) -> Body:
    """A topic as it is written down; of its channels the kinds alone, for where one leads may be a secret."""
    written = one.model_dump(
        mode="json", include={*WORDED, *TIMED, "min_words", "max_age"}, exclude_defaults=True
    )
    return {
        "name": one.name,
        "title": one.title,
        "query": one.query,
        "keys": {**written, "cadence": one.cadence},
        "channels": {name: kinds.get(name, "") for name in one.channels},
        "expect": one.expect,
        "muted": is_muted(one, now),
        "mute_until": f"{one.mute_until:%Y-%m-%d %H:%M}" if one.mute_until else "",
        "time_zone": one.time_zone,
    }


def _tested(found: Backtest, limit: int) -> Body:
    """A back-test as plain values, the newest of its sample first."""
    sample = sorted([*found.alerts, *found.quiet], key=lambda one: one.created_at, reverse=True)[:limit]
    rings = {one.id for one in found.alerts}
    expect = found.topic.expect
    return {
        "alerts": len(found.alerts),
        "per_day": round(found.per_day, 2),
        "outlets": len(found.outlets),
        "quiet": len(found.quiet),
        "too_old": found.too_old,
        "too_loud": bool(expect) and found.per_day > expect,
        "days": _days(found),
        "sent": {name: {**asdict(one), "messages": one.messages} for name, one in sendings(found)},
        "more": len(found.alerts) + len(found.quiet) > len(sample),
        "sample": [_row(found, one, rings=one.id in rings) for one in sample],
    }


def _days(found: Backtest) -> list[Json]:
    """How many alerts each day of the time had, in UTC."""
    counts = Counter(one.created_at.date() for one in found.alerts)
    first, last = found.since.date(), found.until.date()
    days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
    return [{"day": day.isoformat(), "alerts": counts[day]} for day in days]


def _row(found: Backtest, alert: Alert, *, rings: bool) -> Body:
    return {
        "article": alert.article,
        "story": alert.story,
        "title": alert.title,
        "url": alert.url,
        "at": alert.created_at.isoformat(),
        "first_outlet": alert.first_outlet,
        "agency": alert.agency,
        "outlets": alert.outlets,
        "publishers": alert.publishers,
        "matched": list(alert.matched),
        "snippet": alert.snippet,
        "snippet_marks": [list(mark) for mark in marks_of(found.topic, alert)],
        "rings": rings,
    }


def _saving(desk: Desk, asked: Asked, file: TopicsFile) -> Body | None:
    """What would be written of a query as a topic, or why not; None where the pages only read."""
    if desk.rewrite is None:
        return None
    typed: Body = {key: asked.get(key, "").strip() for key in KEYS}
    there: Body = {"channels": list(file.channels), "cadences": list(CADENCES), "entry": "", "wrong": ""}
    if not typed["name"]:
        return {**there, **typed}
    try:
        return {**there, **typed, "entry": entry_of(_wished(asked, file), "")}
    except ConfigError as exc:
        return {**there, **typed, "wrong": str(exc)}


def _wished(asked: Asked, file: TopicsFile) -> Topic:
    """The topic that an address asks for. Raises ConfigError for one that `check-config` would not take."""
    name, title, channel, cadence = (asked.get(key, "").strip() for key in KEYS)
    values = {"title": title, "query": asked.get("q", "").strip(), "cadence": cadence}
    return new_topic(file, name=name, **values, channels=[channel] if channel else [])


def save(desk: Desk, asked: Asked, _who: str) -> str:
    """Write a query down as a topic. Raises ConfigError when it cannot be, and then nothing is written."""
    made = _wished(asked, desk.topics())
    _rewrite(desk, partial(with_topic, topic=made))
    return f"topic?{urlencode({'name': made.name, 'saved': 1})}"


def mute(desk: Desk, asked: Asked, _who: str) -> str:
    """Mute a topic for some days from now, or have it heard again where none are named."""
    name, days = asked.get("name", ""), MUTES.get(asked.get("for", ""))
    zone = next((one.time_zone for one in desk.topics().topics if one.name == name), "UTC")
    until = desk.now().astimezone(ZoneInfo(zone)) + timedelta(days=days) if days else None
    # as a person writes it: in the topic's own zone, which is not repeated there
    plain = until.replace(second=0, microsecond=0, tzinfo=None) if until else None
    _rewrite(desk, partial(with_mute, name=name, until=plain))
    return f"topic?{urlencode({'name': name})}"


DONE: Mapping[str, Callable[[Desk, Asked, str], str]] = {"save": save, "mute": mute}
"""What a writer may have done to the topics, by its address; each answers where to go on."""


def _rewrite(desk: Desk, change: Callable[[str, str], str]) -> None:
    if desk.rewrite is None:
        raise ConfigError("this page only reads: start it with --write")
    desk.rewrite(change)
