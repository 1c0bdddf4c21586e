"""What can be looked at: search, the configuration; `topics` and `status` have files of their own."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

import typer
from dateutil.tz import tzlocal

from copydesk.cli import doctor, status, topics
from copydesk.cli.output import AsJson, emit, note, out, plain
from copydesk.config.files import load_sources, load_topics
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.durations import written
from copydesk.index import Body, Order
from copydesk.index.article import Article, to_body
from copydesk.monitoring.checking import check, never_worked, too_loud
from copydesk.query.terms import Clock
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
    out.print(f"[bold]{plain(title_of(found.article))}[/]  {plain(document.outlet)}{more}")
    when = document.published_at or document.fetched_at
    form = "".join(f"  ({form})" for form in document.form)
    out.print(f"  {when:%Y-%m-%d %H:%M}  {plain(document.url)}{form}", style="dim")
    out.print(f"  {found.snippet}", markup=False)


def check_config() -> None:
    """Check settings, environment, sources, topics and the secrets they name; say what is configured.

    What is wrong is a line on standard error each, and exit code 2; what is worth a look does not change the code.
    Where a server answers, so are sources that were asked and could never be read, and topics that ring more often than
    they expect.
    """
    settings = load_settings()
    findings = [*check(settings), *never_worked(settings), *too_loud(settings)]
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
    app.command(rich_help_panel=PANEL)(search)
    topics.register(app, PANEL)
    status.register(app, PANEL)
    doctor.register(app, PANEL)
    app.command("check-config", rich_help_panel=PANEL)(check_config)
