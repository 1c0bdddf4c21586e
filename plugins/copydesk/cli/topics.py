"""`topics`: what is wanted, what each topic would have rung for, and a trial message of one."""

from typing import Annotated

import typer
from rich.text import Text

from copydesk.alerting.backtesting import Backtest, asking_for, backtest, marks_of, sendings
from copydesk.alerting.trial import trial_of
from copydesk.cli.moments import moment
from copydesk.cli.output import AsJson, emit, out, plain, table
from copydesk.config.files import load_topics
from copydesk.config.settings import load_settings
from copydesk.config.topics import TopicsFile
from copydesk.connect import asking, connect, memory_index, utc_now
from copydesk.durations import written
from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.index.article import to_body
from copydesk.model import Alert
from copydesk.topic import TIMED, WORDED, Topic

__all__ = ["register"]

BACKTEST = "backtest"


def topics(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME | backtest NAME|QUERY]", help="A topic, or a query that may become one."
        ),
    ] = None,
    *,
    since: Annotated[str, typer.Option(help="How far back: 30d, or a day such as 2026-11-22.")] = "30d",
    query: Annotated[
        str, typer.Option(help="What the topic is to ask for instead: shows what that changes.")
    ] = "",
    limit: Annotated[int, typer.Option(min=0, max=1000, help="Stories shown at most, the newest.")] = 10,
    test: Annotated[
        str, typer.Option(metavar="CHANNEL", help="Send a trial message of the topic over this channel.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the topics; or show what one, or a query, would have rung for, decided as it is when articles come in.

    With --json a line has the keys of the topic; or for each story that would have rung, the latest last, the fields
    of the article that is shown, its id, matched, rung_at, first_outlet, outlets, publishers, snippet, snippet_marks:
    where in it the words stand, and rings: false for what a first poll or a person brought, which rings nothing.
    `backtest` adds a line with alerts, per_day, outlets, quiet, too_old, and sent: per cadence and limit how many
    messages; with --query comes one that has added and lost, the articles of what only one of both rings for.
    """
    settings = load_settings()
    file = load_topics(settings.topics)
    if not words:
        if test:
            raise ConfigError("--test needs the name of a topic")
        for one in file.topics:
            emit(one.model_dump(mode="json")) if as_json else _print_topic(one)
        return
    if test and test not in file.channels:
        there = ", ".join(sorted(file.channels))
        raise ConfigError(f"--test {test}: no such channel in {settings.topics}; there are {there}")
    asks = words[0] == BACKTEST and len(words) > 1
    topic = _named(file, " ".join(words[1:] if asks else words), str(settings.topics), may_be_query=asks)
    if test:
        _try_channel(file, topic, test, since)
        return
    now = utc_now()
    begin = moment("--since", since, now)
    with asking(settings) as index:
        found = backtest(index, memory_index(), topic, since=begin, until=now)
        other = (
            backtest(index, memory_index(), asking_for(topic, query), since=begin, until=now)
            if query
            else None
        )
    if as_json:
        _emit(other or found, asks=asks)
    else:
        _print(other or found, limit, asks=asks)
    if other is not None:
        _compare(found, other, as_json=as_json)


def _named(file: TopicsFile, words: str, path: str, *, may_be_query: bool) -> Topic:
    """The topic of a name, or one that asks for a query."""
    known = {topic.name: topic for topic in file.topics}
    if words in known:
        return known[words]
    if not may_be_query:
        raise ConfigError(f"{words}: no such topic in {path}; there are {', '.join(sorted(known))}")
    return asking_for(Topic(name="query", title=words), words)


def _try_channel(file: TopicsFile, topic: Topic, channel: str, since: str) -> None:
    """Send the newest of what the topic meets over a channel, titled as a trial."""
    settings = load_settings()
    with connect(settings, patient=False) as ports:
        now = ports.now()
        found = backtest(ports.index, memory_index(), topic, since=moment("--since", since, now), until=now)
        newest = max(
            (found.articles[alert.article] for alert in (*found.alerts, *found.quiet)),
            key=lambda one: one.document.first_seen_at,
            default=None,
        )
        sent = ports.notifier.send(trial_of(topic, channel, file.channels[channel], newest, now))
    out.print(f"{channel}: {sent.status} {sent.detail}".strip(), markup=False)
    if sent.status != "sent":
        raise typer.Exit(1)


def _print_topic(topic: Topic) -> None:
    out.print(f"[bold]{topic.name}[/]  {plain(topic.title)}")
    if topic.query:
        out.print(f"  query: {topic.query}", markup=False)
    for key in (*WORDED, "channels"):
        if values := getattr(topic, key):
            out.print(f"  {key}: {', '.join(values)}", markup=False)
    said = topic.model_dump(mode="json", include={*TIMED, "min_words"}, exclude_defaults=True)
    for key, value in said.items():
        out.print(f"  {key}: {', '.join(value) if isinstance(value, list) else value}", markup=False)


def _emit(found: Backtest, *, asks: bool) -> None:
    for alert in found.alerts:
        emit(_row(found, alert, rings=True))
    for alert in found.quiet:
        emit(_row(found, alert, rings=False))
    if asks:
        sent = {
            name: {
                "messages": one.messages,
                "at_once": one.at_once,
                "digests": one.digests,
                "longest": one.longest,
            }
            for name, one in sendings(found)
        }
        emit(
            {
                "topic": found.topic.name,
                "alerts": len(found.alerts),
                "per_day": round(found.per_day, 2),
                "outlets": len(found.outlets),
                "quiet": len(found.quiet),
                "too_old": found.too_old,
                "sent": sent,
            }
        )


def _row(found: Backtest, alert: Alert, *, rings: bool) -> Body:
    article = found.articles[alert.article]
    return {
        "id": alert.article,
        **to_body(article),
        "title": alert.title,
        "matched": list(alert.matched),
        "rung_at": alert.created_at.isoformat(),
        "first_outlet": alert.first_outlet,
        "outlets": alert.outlets,
        "publishers": alert.publishers,
        "snippet": alert.snippet,
        "snippet_marks": [list(mark) for mark in marks_of(found.topic, alert)],
        "rings": rings,
    }


def _print(found: Backtest, limit: int, *, asks: bool) -> None:
    number = len(found.alerts)
    stories = "1 story" if number == 1 else f"{number} stories"
    outlets = "1 outlet" if len(found.outlets) == 1 else f"{len(found.outlets)} outlets"
    out.print(
        f"{found.topic.name} since {found.since:%Y-%m-%d %H:%M} UTC: {stories} would have rung, "
        f"{found.per_day:.1f} a day, carried by {outlets}",
        markup=False,
    )
    if found.quiet:
        out.print(f"{len(found.quiet)} more meet it, and ring nothing: a first poll or a person brought them")
    if found.too_old:
        out.print(
            f"{found.too_old} articles meet it, and are older than its max_age, {written(found.topic.max_age)}"
        )
    if asks and number:
        rows = [
            [name, *map(str, (one.messages, one.at_once, one.digests, one.longest))]
            for name, one in sendings(found)
        ]
        table(["cadence", "messages", "at once", "digests", "longest"], rows, numbers=range(1, 5))
    for alert in [*found.quiet, *found.alerts][::-1][:limit]:
        _print_alert(found.topic, alert)


def _print_alert(topic: Topic, alert: Alert) -> None:
    more = f", {alert.outlets - 1} more" if alert.outlets > 1 else ""
    out.print(f"[bold]{plain(alert.title)}[/]  {plain(alert.first_outlet)}{more}")
    out.print(f"  {alert.created_at:%Y-%m-%d %H:%M}  {plain(alert.url)}", style="dim")
    snippet = Text(f"  {alert.snippet}")
    for start, end in marks_of(topic, alert):
        snippet.stylize("bold", start + 2, end + 2)
    out.print(snippet)


def _compare(before: Backtest, now: Backtest, *, as_json: bool) -> None:
    """What only one of two revisions of a topic rings for."""
    added = [alert for alert in now.alerts if alert.story not in before.stories]
    lost = [alert for alert in before.alerts if alert.story not in now.stories]
    if as_json:
        emit({"added": [one.article for one in added], "lost": [one.article for one in lost]})
        return
    out.print(
        f"instead of {len(before.alerts)} stories: {len(added)} more, {len(lost)} no more", markup=False
    )
    for sign, alerts in (("+", added), ("-", lost)):
        for alert in alerts:
            out.print(f"{sign} {alert.title}  {alert.first_outlet}", markup=False)


def register(app: typer.Typer, panel: str) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel=panel)(topics)
