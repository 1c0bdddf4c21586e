"""What can be looked at: search, topics, status, the configuration."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from copydesk.cli.output import AsJson, emit, out, show_rows
from copydesk.config import load_sources, load_topics
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.model import CaptureOutcome, EntryOutcome, Topic
from copydesk.ports import Hit, Json, Kind, Ports
from copydesk.settings import load_settings
from copydesk.status import Funnel, funnel

__all__ = ["register"]


def search(
    words: Annotated[
        list[str] | None, typer.Argument(help='Words and "phrases"; the newest if none.')
    ] = None,
    *,
    outlet: Annotated[str, typer.Option(help="Only this outlet.")] = "",
    language: Annotated[str, typer.Option(help="Only this language, such as en.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Stories at most.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Search the articles; one line a story, its copies folded."""
    where = {name: value for name, value in (("outlet", outlet), ("language", language)) if value}
    with connect(load_settings()) as ports:
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
    body = hit.body
    more = f", {hit.copies - 1} more" if hit.copies > 1 else ""
    out.print(f"[bold]{_plain(body.get('title'))}[/]  {_plain(body.get('outlet'))}{more}")
    out.print(f"  {_plain(body.get('published_at'))}  {_plain(body.get('url'))}", style="dim")
    out.print(f"  {hit.snippet}", markup=False)


def _plain(value: Json) -> str:
    return str(value or "").replace("[", "\\[")


def topics(
    name: Annotated[str, typer.Argument(help="Show what this topic finds in the index.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List the topics, or show the articles that one of them meets now."""
    settings = load_settings()
    known = {topic.name: topic for topic in load_topics(settings.topics).topics}
    if not name:
        rows = (dict(topic.model_dump(mode="json")) for topic in known.values())
        show_rows(rows, ("name", "any", "all", "none", "outlets", "languages", "channels"), as_json=as_json)
        return
    if name not in known:
        raise ConfigError(f"{name}: no such topic in {settings.topics}; there are {', '.join(sorted(known))}")
    with connect(settings) as ports:
        show_rows(
            list(_met(ports, known[name])), ("published_at", "outlet", "title", "matched"), as_json=as_json
        )


def _met(ports: Ports, topic: Topic) -> Iterator[Mapping[str, Json]]:
    newest = ports.index.find(Kind.ARTICLES, {"duplicate_of": None}, sort="-published_at", limit=1000)
    bodies = {row.id: row.body for row in newest}
    for match in ports.index.match([topic], list(bodies)):
        yield {"id": match.article, **bodies[match.article], "matched": match.matched}


def status(*, as_json: AsJson = False) -> None:
    """The funnel per source: what became of every entry and every capture, and whether it balances."""
    with connect(load_settings()) as ports:
        seen = funnel(ports.index)
    if as_json:
        for row in _rows(seen):
            emit(row)
        emit(dict(_totals(seen)))
        return
    outcomes = [*(f"entry {o}" for o in EntryOutcome), *(f"capture {o}" for o in CaptureOutcome)]
    show_rows(_rows(seen), ("source", *outcomes), as_json=False)
    out.print(" ".join(f"{name}={number}" for name, number in _totals(seen).items()))
    for reason, number in seen.reasons.most_common():
        out.print(f"  {reason}: {number}")


def _rows(seen: Funnel) -> Iterator[Mapping[str, Json]]:
    for source in sorted(seen.entries.keys() | seen.captures.keys()):
        entries = seen.entries.get(source, Counter[EntryOutcome]())
        captures = seen.captures.get(source, Counter[CaptureOutcome]())
        yield {
            "source": source,
            **{f"entry {outcome}": entries[outcome] for outcome in EntryOutcome},
            **{f"capture {outcome}": captures[outcome] for outcome in CaptureOutcome},
        }


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
    """Check settings, sources and topics; say what is configured."""
    settings = load_settings()
    sources = load_sources(settings.sources)
    topics_file = load_topics(settings.topics)
    out.print(f"{settings.sources}: {len(sources)} sources")
    out.print(f"{settings.topics}: {len(topics_file.topics)} topics, {len(topics_file.channels)} channels")
    for name, value in settings.model_dump(mode="json").items():
        out.print(f"{name}: {value}", markup=False)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (search, topics, status):
        app.command()(command)
    app.command("check-config")(check_config)
