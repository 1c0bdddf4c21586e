"""What can be looked at: search, topics, the configuration; `status` has a file of its own."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

import typer
from dateutil.tz import tzlocal

from copydesk.alerting.trial import trial_of
from copydesk.cli import status
from copydesk.cli.output import AsJson, emit, note, out, show_rows
from copydesk.config.files import load_sources, load_topics
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.durations import written
from copydesk.errors import ConfigError
from copydesk.index import Body, Order
from copydesk.index.article import Article, to_body
from copydesk.monitoring.checking import check, never_worked
from copydesk.query.terms import Clock
from copydesk.topic import TIMED, WORDED, Topic
from copydesk.views import search as asked
from copydesk.views.articles import title_of
from copydesk.views.spelling import meant
from copydesk.views.stories import coverage_of, sizes

__all__ = ["register"]

PANEL = "Look"


def search(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help='Words, "phrases", OR, NOT or -, ( ), NEAR/5, begin*, title: outlet: since:7d and more; '
            "the newest if none."
        ),
    ] = None,
    *,
    outlet: Annotated[str, typer.Option(help="Only this outlet.")] = "",
    language: Annotated[str, typer.Option(help="Only this language, such as en.")] = "",
    order: Annotated[Order, typer.Option(help="Which stories come first.")] = Order.BEST,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Stories at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Search the articles; one line a story, its copies folded.

    With --json a line has the fields of the article (id, url, outlet, title, text, family, story, ...), snippet,
    copies: how many articles of the story were found; carried_by and size: {"articles", "outlets", "publishers"} that
    have this text, and that tell of the story.
    """
    with connect(load_settings(), patient=False) as ports:
        query = " ".join(words or [])
        clock = Clock(ports.now(), tzlocal())
        found = asked.search(
            ports.index, query, clock, outlet=outlet, language=language, order=order, limit=limit
        )
        stories = {one.article.judgement.story for one in found.results} if as_json else ()
        coverage = coverage_of(ports.index, stories)
        other = None if found.stories else meant(ports.index, query, clock, outlet=outlet, language=language)
    for one in found.results:
        if as_json:
            judged = one.article.judgement
            numbers = sizes(coverage.get(judged.story), judged.family)
            emit({**_article(one.article), "snippet": one.snippet, "copies": one.copies, **numbers})
        else:
            _print_result(one)
    if not as_json:
        out.print(asked.counted(found), style="dim" if found.results else None)
    if other is not None:
        note(f"did you mean: {other.query}")


def _article(article: Article) -> Body:
    """The fields of an article, its id first."""
    return {"id": article.document.id, **to_body(article)}


def _print_result(found: asked.Result) -> None:
    document = found.article.document
    more = f", {found.copies - 1} more" if found.copies > 1 else ""
    out.print(f"[bold]{_plain(title_of(found.article))}[/]  {_plain(document.outlet)}{more}")
    when = document.published_at or document.fetched_at
    form = "".join(f"  ({form})" for form in document.form)
    out.print(f"  {when:%Y-%m-%d %H:%M}  {_plain(document.url)}{form}", style="dim")
    out.print(f"  {found.snippet}", markup=False)


def _plain(text: str) -> str:
    return text.replace("[", "\\[")


def topics(
    name: Annotated[str, typer.Argument(help="Show what this topic finds in the index.")] = "",
    *,
    test: Annotated[
        str, typer.Option(metavar="CHANNEL", help="Send a trial message of the topic over this channel.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """List the topics, show the articles that one of them meets now, or send one of these as a trial.

    With --json a line has the keys of the topic, or the fields of the article, its id, and matched.
    """
    settings = load_settings()
    written_down = load_topics(settings.topics)
    known = {topic.name: topic for topic in written_down.topics}
    if test and not name:
        raise ConfigError("--test needs the name of a topic")
    if test and test not in written_down.channels:
        there = ", ".join(sorted(written_down.channels))
        raise ConfigError(f"--test {test}: no such channel in {settings.topics}; there are {there}")
    if not name:
        for topic in known.values():
            emit(topic.model_dump(mode="json")) if as_json else _print_topic(topic)
        return
    if name not in known:
        raise ConfigError(f"{name}: no such topic in {settings.topics}; there are {', '.join(sorted(known))}")
    with connect(settings, patient=False) as ports:
        found = asked.articles_meeting(ports.index, known[name])
        if test:
            newest = max(
                (one.article for one in found), key=lambda one: one.document.first_seen_at, default=None
            )
            message = trial_of(known[name], test, written_down.channels[test], newest, ports.now())
            sent = ports.notifier.send(message)
            out.print(f"{test}: {sent.status} {sent.detail}".strip(), markup=False)
            if sent.status != "sent":
                raise typer.Exit(1)
            return
    met = [_met(one) for one in found]
    if as_json or met:
        show_rows(met, ("published_at", "outlet", "title", "matched"), as_json=as_json)
    else:
        out.print("nothing found")


def _print_topic(topic: Topic) -> None:
    out.print(f"[bold]{topic.name}[/]  {_plain(topic.title)}")
    if topic.query:
        out.print(f"  query: {topic.query}", markup=False)
    for key in (*WORDED, "channels"):
        if values := getattr(topic, key):
            out.print(f"  {key}: {', '.join(values)}", markup=False)
    said = topic.model_dump(mode="json", include={*TIMED, "min_words"}, exclude_defaults=True)
    for key, value in said.items():
        out.print(f"  {key}: {', '.join(value) if isinstance(value, list) else value}", markup=False)


def _met(found: asked.Met) -> Body:
    return {**_article(found.article), "title": title_of(found.article), "matched": found.matched}


def check_config() -> None:
    """Check settings, environment, sources, topics and the secrets they name; say what is configured.

    What is wrong is a line on standard error each, and exit code 2; what is worth a look does not change the code.
    Where a server answers, so are sources that were asked and could never be read.
    """
    settings = load_settings()
    findings = [*check(settings), *never_worked(settings)]
    for finding in findings:
        note(finding.line if finding.wrong else f"worth a look: {finding.line}")
    if any(finding.wrong for finding in findings):
        raise typer.Exit(2)
    topics_file = load_topics(settings.topics)
    out.print(f"{settings.sources}: {len(load_sources(settings.sources))} sources", markup=False)
    out.print(
        f"{settings.topics}: {len(topics_file.topics)} topics, {len(topics_file.channels)} channels",
        markup=False,
    )
    for name, value in _flat(settings.model_dump()):
        out.print(f"{name}: {value}", markup=False)


def _flat(values: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    """Settings as "fetch.delay" and their values as people write them."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _written(value)


def _written(value: object) -> str:
    if isinstance(value, timedelta):
        return written(value)
    return ", ".join(map(_written, value)) if isinstance(value, tuple) else str(value)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (search, topics):
        app.command(rich_help_panel=PANEL)(command)
    status.register(app, PANEL)
    app.command("check-config", rich_help_panel=PANEL)(check_config)
