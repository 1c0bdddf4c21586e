"""`status`: Copydesk's own troubles, what became of everything, and what sources, segments, channels have to tell."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from copydesk.alerting.sweeping import Swept, swept
from copydesk.cli.hosts import show_hosts
from copydesk.cli.output import AsJson, emit, out, table
from copydesk.config.files import known_sources
from copydesk.config.settings import load_settings
from copydesk.connect import connect, open_archive, utc_now
from copydesk.errors import ConfigError
from copydesk.index import Body, Json
from copydesk.index.records import to_record
from copydesk.index.state import SegmentRecord
from copydesk.model import Source
from copydesk.monitoring.watching import AWAY, troubles_now
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.views.hosts import host_states
from copydesk.views.shared import SharedAddress, shared_states
from copydesk.views.silence import paused
from copydesk.views.sources import (
    SourceState,
    SourceTrouble,
    SourceTroubles,
    permissions,
    source_states,
    source_troubles,
)
from copydesk.views.status import Funnel, funnel

__all__ = ["channel_lines", "configured", "register", "show_sources", "trouble_lines"]

SHORT = {"pending": "pend", "captured": "capt", "unchanged": "unch", "refused": "refus", "failed": "fail"} | {
    "indexed": "index",
    "version": "vers",
    "rejected": "rejec",
}
"""Outcomes as the table of `status` calls them, so that it fits into 80 columns."""


def status(
    *,
    hosts: Annotated[bool, typer.Option("--hosts", help="What each host was asked instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show Copydesk's own troubles, then the funnel per source: what became of every entry and every capture.

    With --json a line a source, {"source", "entries": {outcome: number}, "captures": {outcome: number}}, then one
    with articles, originals, stories, alerts, waiting, imbalance, reasons: {reason: number}, failing: the
    sources, parts of sitemap indexes and files of inboxes with something to tell, with reason, detail, failures,
    next_poll_at; polls: the cursor of each source, with polled_at, read_at, new_at, entries, parts, unread, and
    paused_at and paused_by where a person has it not asked; resting:
    the segments of the archive that could not be worked on, with reason, detail, attempts, and retry_at unless they
    were given up; channels: per channel the deliveries by state, and the reasons of dead ones; unrung: what met a
    topic and was not told, with topic, reason, articles; shared: canonical addresses that pages of different
    articles name, with outdated: whether a replay brings articles back; permissions: why a source is read whatever
    its site says to machines; sweep: when what came was held against the topics once more, as at, with missed: how many
    alerts that found which should have rung before, 0 if all is well; and troubles: lines for a person.
    """
    settings = load_settings()
    if hosts:
        with connect(settings, patient=False) as ports:
            states = host_states(ports.index)
        show_hosts(states, as_json=as_json)
        return
    found, _ = troubles_now(settings, open_archive(settings.archive), utc_now())
    troubles = [trouble.line for trouble in found if trouble.key != AWAY]  # that ends this command
    for line in () if as_json else troubles:
        out.print(line, markup=False)
    sources = configured(settings.sources)
    names = None if sources is None else [source.name for source in sources]
    with connect(settings, patient=False) as ports:
        seen = funnel(ports.index, names)
        shared = shared_states(ports.index, ports.archive)
        last = swept(ports.archive)
    for row in _as_json(seen, shared, troubles, sources or (), last) if as_json else ():
        emit(row)
    if not as_json:
        _show(seen, names or ())
        for line in (*_sweep_lines(last), *(one.line for one in shared), *permissions(sources or ())):
            out.print(line, markup=False)


def _as_json(
    seen: Funnel,
    shared: Sequence[SharedAddress],
    troubles: list[str],
    sources: Sequence[Source],
    last: Swept | None,
) -> Iterator[Body]:
    for source in seen.sources:
        yield {"source": source, **seen.outcomes(source)}
    channels: dict[str, Json] = {
        name: {**channel.by_state, "reasons": dict(channel.dead.most_common())}
        for name, channel in seen.channels.items()
    }
    unrung: list[Json] = [
        {"topic": topic, "reason": reason, "articles": number}
        for (topic, reason), number in sorted(seen.unrung.items())
    ]
    yield {
        **seen.totals,
        "reasons": dict(seen.reasons.most_common()),
        "failing": [to_record(record) for record in seen.failing],
        "polls": [to_record(record) for record in seen.polls],
        "resting": [to_record(record) for record in seen.resting],
        "channels": channels,
        "unrung": unrung,
        "shared": [{"address": one.address, "outdated": one.outdated} for one in shared],
        "permissions": {source.name: source.permission for source in sources if source.permission},
        "sweep": last.model_dump(mode="json", exclude={"topics"}) if last else None,
        "troubles": troubles,
    }


def _sweep_lines(last: Swept | None) -> Iterator[str]:
    if last is not None:
        when = f", the last at {last.missed_at:%Y-%m-%d %H:%M} UTC" if last.missed_at else ""
        yield f"sweep at {last.at:%Y-%m-%d %H:%M} UTC: {last.missed} alerts had not rung in time{when}"


def _show(seen: Funnel, names: Iterable[str]) -> None:
    _show_funnel(seen)
    out.print(" ".join(f"{name}={number}" for name, number in seen.totals.items()))
    for reason, number in seen.reasons.most_common():
        out.print(f"  {reason}: {number}")
    show_sources(source_states(seen.polls, names))
    for line in (
        *(f"source {one.source}: {paused(one)}" for one in seen.polls if one.paused_at),
        *trouble_lines(source_troubles(seen.failing)),
        *map(_segment_line, seen.resting),
        *channel_lines(seen),
    ):
        out.print(line, markup=False)


def _show_funnel(seen: Funnel) -> None:
    headings = ["source", *(SHORT[outcome] for outcome in (*EntryOutcome, *CaptureOutcome))]
    first = 1 + len(EntryOutcome)
    headings[1], headings[first] = f"entries:\n{headings[1]}", f"captures:\n{headings[first]}"
    rows = []
    for source in seen.sources:
        counts = seen.outcomes(source)
        numbers = (*counts["entries"].values(), *counts["captures"].values())
        rows.append([source, *(str(number or "·") for number in numbers)])
    table(
        [heading if "\n" in heading else f"\n{heading}" for heading in headings], rows, numbers=range(1, 11)
    )


def _segment_line(segment: SegmentRecord) -> str:
    until = f"tried again {segment.retry_at:%Y-%m-%d %H:%M} UTC" if segment.retry_at else "given up"
    return f"segment {segment.name}: {segment.reason} {segment.detail}; failed {segment.attempts}x, {until}"


def configured(path: Path) -> Sequence[Source] | None:
    """The sources that are to be polled; None without a file, or while it is wrong: that is told elsewhere."""
    try:
        return known_sources(path) if path.exists() else None
    except ConfigError:
        return None


def show_sources(states: Iterable[SourceState]) -> None:
    """A line a source: when it was asked, read, brought something new; also one that was never asked."""
    if rows := [_cells(state) for state in states]:
        headings = ["source", "asked", "read", "new", "entries", "parts"]
        table(headings, rows, numbers=range(4, 6))


def _cells(state: SourceState) -> list[str]:
    cursor = state.cursor
    if cursor is None:
        return [state.name, "never", "never", "never", "·", "·"]
    parts = f"{cursor.parts}, {cursor.unread} unread" if cursor.unread else str(cursor.parts or "·")
    times = (cursor.polled_at, cursor.read_at, cursor.new_at)
    return [state.name, *map(_when, times), str(cursor.entries or "·"), parts]


def _when(at: datetime | None) -> str:
    return f"{at:%m-%d %H:%M}" if at else "never"


def trouble_lines(troubles: SourceTroubles) -> Iterator[str]:
    """A line for each source, part and file with something to tell."""
    yield from map(_source_line, troubles.told)
    for source, number in troubles.more.items():
        yield f"source {source}: {number} more of its parts or files with a trouble"


def _source_line(trouble: SourceTrouble) -> str:
    record = trouble.record
    what = f"source {record.source}" + (f", {record.url}" if record.parent is not None else "")
    reason = record.reason or ""
    why = record.detail if record.detail.startswith(reason) else f"{reason} {record.detail}".strip()
    if not record.failures:
        return f"{what}: {why}"
    again = f"{record.next_poll_at:%Y-%m-%d %H:%M} UTC"
    if trouble.given_up:
        return f"{what}: {why}; given up"
    if trouble.closed:
        return f"{what}: {why}, said twice: closed until `copydesk poll {record.source}`"
    seldom = ", once a week" if trouble.gone else ""
    return f"{what}: {why}; failed {record.failures}x, asked again {again}{seldom}"


def channel_lines(seen: Funnel) -> Iterator[str]:
    """A line a channel, with the reasons of what is dead, and one for what did not ring and why."""
    for name, channel in seen.channels.items():
        counts = " ".join(f"{state}={number}" for state, number in channel.by_state.items())
        yield f"channel {name}: {counts}"
        for reason, number in channel.dead.most_common():
            yield f"  dead: {number}: {reason}"
    for (topic, reason), number in sorted(seen.unrung.items()):
        yield f"topic {topic}: not told of {number}: {reason}"


def register(app: typer.Typer, panel: str) -> None:
    """Add the command of this file."""
    app.command(rich_help_panel=panel)(status)
