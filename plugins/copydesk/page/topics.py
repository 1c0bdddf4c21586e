"""The topics, and what one of them, or a query that may become one, would have rung for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from copydesk.alerting.backtesting import Backtest, asking_for, backtest, marks_of, sendings
from copydesk.alerting.timing import is_muted
from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.model import Alert
from copydesk.page.desk import Asked, Desk, Shown
from copydesk.page.results import limit_of
from copydesk.topic import TIMED, WORDED, Topic
from copydesk.views.alerts import rung_since

__all__ = ["topic", "topics"]

LATELY = timedelta(days=7)
SPANS = {"7d": 7, "30d": 30, "90d": 90}
"""How far back is looked, in days."""
USUAL = "30d"


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
        return Shown("topic", {**values, "topic": None, "backtest": None})
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
    return Shown(
        "topic", {**values, "topic": shown, "backtest": _tested(found, limit_of(asked.get("limit", "")))}
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
