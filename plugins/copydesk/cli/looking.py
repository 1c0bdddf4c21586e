"""What can be looked at: search, topics, status, the configuration."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated

import typer

from copydesk.cli.output import AsJson, emit, first_words, note, out, show_rows, table
from copydesk.cli.polled import configured, print_polls, trouble_lines
from copydesk.cli.told import told_as_json, told_lines
from copydesk.config.files import load_sources, load_topics
from copydesk.config.settings import load_settings
from copydesk.connect import connect, open_archive, utc_now
from copydesk.errors import ConfigError
from copydesk.index import Body, Hit, Json, Kind
from copydesk.index.article import Article
from copydesk.index.records import from_record, to_record
from copydesk.model import Topic
from copydesk.monitoring.checking import check
from copydesk.monitoring.watching import AWAY, troubles_now
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.ports import Ports
from copydesk.query.evaluator import find_matches
from copydesk.views.status import Funnel, funnel

__all__ = ["register"]

SHORT = {"pending": "pend", "captured": "capt", "unchanged": "unch", "refused": "refus", "failed": "fail"} | {
    "indexed": "index",
    "version": "vers",
    "rejected": "rejec",
}
"""Outcomes as the table of `status` calls them, so that it fits into 80 columns."""


def search(
    words: Annotated[
        list[str] | None, typer.Argument(help='Words and "phrases", -word for without; the newest if none.')
    ] = None,
    *,
    outlet: Annotated[str, typer.Option(help="Only this outlet.")] = "",
    language: Annotated[str, typer.Option(help="Only this language, such as en.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Stories at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Search the articles; one line a story, its copies folded.

    With --json a line has the fields of the article (id, url, outlet, title, text, family, story, ...), snippet, and
    copies: how many articles of the story were found.
    """
    where = {name: value for name, value in (("outlet", outlet), ("language", language)) if value}
    with connect(load_settings(), patient=False) as ports:
        hits = ports.index.search(" ".join(words or []), where=where, limit=limit)
    if as_json:
        for hit in hits:
            emit({"id": hit.id, **hit.body, "snippet": hit.snippet, "copies": hit.copies})
        return
    for hit in hits:
        _print_hit(hit)
    if not hits:
        out.print("nothing found")


def _print_hit(hit: Hit) -> None:
    more = f", {hit.copies - 1} more" if hit.copies > 1 else ""
    out.print(f"[bold]{_plain(_title(hit.body))}[/]  {_plain(hit.body.get('outlet'))}{more}")
    when = str(hit.body.get("published_at") or hit.body.get("fetched_at") or "")[:16].replace("T", " ")
    out.print(f"  {when}  {_plain(hit.body.get('url'))}", style="dim")
    out.print(f"  {hit.snippet}", markup=False)


def _title(body: Body) -> str:
    return str(body.get("title") or "") or first_words(str(body.get("text") or ""))


def _plain(value: Json) -> str:
    return str(value or "").replace("[", "\\[")


def topics(
    name: Annotated[str, typer.Argument(help="Show what this topic finds in the index.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List the topics, or show the articles that one of them meets now.

    With --json a line has the keys of the topic, or the fields of the article, its id, and matched.
    """
    settings = load_settings()
    known = {topic.name: topic for topic in load_topics(settings.topics).topics}
    if not name:
        for topic in known.values():
            emit(topic.model_dump(mode="json")) if as_json else _print_topic(topic)
        return
    if name not in known:
        raise ConfigError(f"{name}: no such topic in {settings.topics}; there are {', '.join(sorted(known))}")
    with connect(settings, patient=False) as ports:
        met = list(_met(ports, known[name]))
    if as_json or met:
        show_rows(met, ("published_at", "outlet", "title", "matched"), as_json=as_json)
    else:
        out.print("nothing found")


def _print_topic(topic: Topic) -> None:
    out.print(f"[bold]{topic.name}[/]  {_plain(topic.title)}")
    for key in ("any", "all", "none", "outlets", "languages", "channels"):
        if values := getattr(topic, key):
            out.print(f"  {key}: {', '.join(values)}", markup=False)


def _met(ports: Ports, topic: Topic) -> Iterator[Mapping[str, Json]]:
    newest = ports.index.find(Kind.ARTICLES, {"duplicate_of": None}, sort="-published_at", limit=1000)
    found = {row.id: from_record(Article, row.body) for row in newest}
    documents = {id_: article.document for id_, article in found.items()}
    for match in find_matches([topic], documents)[0]:
        body = to_record(found[match.article])
        yield {**body, "title": _title(body), "matched": match.matched}


def status(*, as_json: AsJson = False) -> None:
    """Show Copydesk's own troubles, then the funnel per source: what became of every entry and every capture.

    With --json a line a source, {"source", "entries": {outcome: number}, "captures": {outcome: number}}, then one
    with articles, originals, stories, alerts, waiting, imbalance, reasons: {reason: number}, failing: the
    sources, parts of sitemap indexes and files of inboxes with something to tell, with reason, detail, failures,
    next_poll_at; polls: the cursor of each source, with polled_at, read_at, new_at, entries, parts, unread; resting:
    the segments of the archive that could not be worked on, with reason, detail, attempts, and retry_at unless they
    were given up; channels: per channel the deliveries by state, and the reasons of dead ones; unrung: what met a
    topic and was not told, with topic, reason, articles; and troubles: lines for a person.
    """
    settings = load_settings()
    found, _ = troubles_now(settings, open_archive(settings), utc_now())
    troubles = [trouble.line for trouble in found if trouble.key != AWAY]  # that ends this command
    for line in () if as_json else troubles:
        out.print(line, markup=False)
    with connect(settings, patient=False) as ports:
        seen = funnel(ports.index)
    sources = sorted(seen.entries.keys() | seen.captures.keys())
    if as_json:
        for source in sources:
            entries, captures = _outcomes(seen, source)
            emit({"source": source, "entries": entries, "captures": captures})
        failing = [to_record(record) for record in seen.failing]
        resting = [to_record(record) for record in seen.resting]
        emit(
            {
                **_totals(seen),
                "reasons": dict(seen.reasons.most_common()),
                "failing": failing,
                "polls": [to_record(record) for record in seen.polls],
                "resting": resting,
                **told_as_json(seen),
                "troubles": troubles,
            }
        )
        return
    _print_funnel(seen, sources)
    out.print(" ".join(f"{name}={number}" for name, number in _totals(seen).items()))
    for reason, number in seen.reasons.most_common():
        out.print(f"  {reason}: {number}")
    print_polls(seen.polls, configured(settings.sources))
    for line in trouble_lines(seen.failing):
        out.print(line, markup=False)
    for segment in seen.resting:
        until = f"tried again {segment.retry_at:%Y-%m-%d %H:%M} UTC" if segment.retry_at else "given up"
        out.print(
            f"segment {segment.name}: {segment.reason} {segment.detail}; failed {segment.attempts}x, {until}",
            markup=False,
        )
    for line in told_lines(seen):
        out.print(line, markup=False)


def _print_funnel(seen: Funnel, sources: list[str]) -> None:
    headings = ["source", *(SHORT[outcome] for outcome in (*EntryOutcome, *CaptureOutcome))]
    first = 1 + len(EntryOutcome)
    headings[1], headings[first] = f"entries:\n{headings[1]}", f"captures:\n{headings[first]}"
    rows = []
    for source in sources:
        entries, captures = _outcomes(seen, source)
        rows.append([source, *(str(number or "·") for number in (*entries.values(), *captures.values()))])
    table(
        [heading if "\n" in heading else f"\n{heading}" for heading in headings], rows, numbers=range(1, 11)
    )


def _outcomes(seen: Funnel, source: str) -> tuple[dict[str, int], dict[str, int]]:
    entries = seen.entries.get(source, Counter[EntryOutcome]())
    captures = seen.captures.get(source, Counter[CaptureOutcome]())
    return {str(o): entries[o] for o in EntryOutcome}, {str(o): captures[o] for o in CaptureOutcome}


def _totals(seen: Funnel) -> Mapping[str, int]:
    return {
        "articles": seen.articles,
        "originals": seen.originals,
        "stories": seen.stories,
        "alerts": seen.alerts,
        "waiting": seen.waiting,
        "imbalance": seen.imbalance,
    }


def check_config() -> None:
    """Check settings, environment, sources, topics and the secrets they name; say what is configured.

    What is wrong is a line on standard error each, and exit code 2; what is worth a look does not change the code.
    """
    settings = load_settings()
    findings = check(settings)
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
        seconds = value.total_seconds()
        unit, size = next(
            (pair for pair in (("d", 86400), ("h", 3600), ("m", 60)) if seconds and seconds % pair[1] == 0),
            ("s", 1),
        )
        return f"{seconds / size:g}{unit}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (search, topics, status):
        app.command()(command)
    app.command("check-config")(check_config)
