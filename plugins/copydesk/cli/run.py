"""The steps of the street, by hand: setup, poll, ingest, process, deliver, resend, retry."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from copydesk import pipeline, urls
from copydesk.alerting import delivering, outbox
from copydesk.cli.output import AsJson, counts_line, note, working
from copydesk.config.files import known_sources, load_sources, load_topics
from copydesk.config.settings import Settings, load_settings
from copydesk.connect import connect, outside, utc_now
from copydesk.errors import ConfigError, IndexUnreachable
from copydesk.fetching import capturing, polling
from copydesk.fetching.entering import BY_HAND, enter
from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.spooling import fetch_on
from copydesk.model import LONGEST_NAME, Entry, Source
from copydesk.operating import retrying
from copydesk.operating.recovering import recover
from copydesk.outcomes import Reason
from copydesk.ports import Ports
from copydesk.storing import refused
from copydesk.views.sources import source_reports
from copydesk.views.why import NoArticle, why_no_article

__all__ = ["register"]

ALL_SHARDS = range(urls.SHARDS)
BOX = timedelta(hours=12)
"""A person who calls a step waits for its end; the box only keeps a stuck one from lasting for ever."""


def setup() -> None:
    """Make the indices and their templates. Can run again at any time."""
    with connect(load_settings(), patient=False):
        note("ready")


def poll(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources; all that are due if none is named.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Ask feeds and sitemaps what is new; their entries wait in the ledger.

    Sources that are named, inboxes too, are asked now, whenever they are due; those that bring nothing say why.
    """
    settings = load_settings()
    sources, named = _chosen(load_sources(settings.sources), names or []), bool(names)
    with connect(settings, patient=False) as ports, working("polling"):
        recover(ports)
        began = ports.now()
        counts = polling.poll(ports, sources, lease=settings.lease, at_once=named)
        counts += poll_inboxes(ports, sources, lease=settings.lease, at_once=True) if named else Counter()
        reports = source_reports(ports.index, sources, ports.now()) if named else []
    counts_line(counts, as_json=as_json)
    for report in reports:
        if not report.was_asked_since(began) and not report.is_paused:
            note(f"{report.name}: another worker is asking it just now, or the time was up")
        for why in report.why:
            note(f"{report.name}: {why}")
    if any(report.fails or not report.was_asked_since(began) for report in reports):
        raise typer.Exit(1)


def ingest(
    urls_given: Annotated[list[str] | None, typer.Argument(metavar="URL...", help="Pages to ingest.")] = None,
    *,
    inbox: Annotated[Path | None, typer.Option(help="A folder of .txt, .html and .jsonl files.")] = None,
    ring: Annotated[bool, typer.Option("--ring", help="Let what is ingested by hand ring alerts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Ingest pages or an inbox, or poll all sources once; to the end: fetched, read, judged, stored, matched."""
    settings = load_settings()
    topics = load_topics(settings.topics)
    addresses = [_checked(address) for address in urls_given or ()]
    if inbox is not None and (addresses or not inbox.is_dir()):
        raise ConfigError(f"--inbox {inbox}: must be a folder, and no address beside it")
    counts: Counter[str] = Counter()
    by_itself = inbox is None and not addresses
    with _spooling(settings, on=by_itself), connect(settings, patient=False) as ports, working("ingesting"):
        recover(ports)
        if inbox is not None:
            counts += _take_inbox(ports, inbox, ring=ring)
        elif addresses:
            counts += _take_addresses(ports, settings, addresses, ring=ring)
        else:
            sources = load_sources(settings.sources)
            counts += pipeline.ingest_once(
                ports,
                sources,
                shards=ALL_SHARDS,
                lease=settings.lease,
                until=ports.now() + BOX,
                looks=settings.fetch.revisit,
            )
        known = known_sources(settings.sources)
        until, most = ports.now() + BOX, settings.batch
        counts += pipeline.process(ports, topics, known, lease=settings.lease, until=until, most=most)
        troubles = [_line(why) for why in why_no_article(ports.index, addresses)]
    counts_line(counts, as_json=as_json)
    for trouble in troubles:
        note(trouble)
    if troubles:
        raise typer.Exit(1)


@contextmanager
def _spooling(settings: Settings, *, on: bool) -> Iterator[None]:
    """When the server is away, or goes away in the block: fetch what was due into the archive, then fail."""
    try:
        yield
    except IndexUnreachable:
        if on:
            with outside(settings) as (fetcher, archive):
                until, limit = utc_now() + BOX, settings.fetch.spool
                counts = fetch_on(fetcher, archive, shards=ALL_SHARDS, until=until, limit=limit)
            note(f"{counts['spooled']} pages fetched into the archive meanwhile")
        raise


def _checked(address: str) -> str:
    if not urls.host(address):
        raise ConfigError(f"{address}: must be an address that begins with http:// or https://")
    return address


def _line(why: NoArticle) -> str:
    return f"{why.url}: {why.outcome}: {why.reason} {why.detail}".rstrip(": ")


def _take_inbox(ports: Ports, folder: Path, *, ring: bool) -> Counter[str]:
    source = Source(name=BY_HAND, kind="inbox", url=str(folder), outlet=BY_HAND)
    entries: list[Entry] = []
    for one in ports.inbox(source, None):
        if isinstance(one, Entry):
            entries.append(replace(one, outlet=_outlet(one.url)))
        else:
            note(f"{one.name or folder}: {one.reason}: {one.detail}")
    return capturing.take_in(ports, source, entries, quiet=not ring)


def _outlet(address: str) -> str:
    """Whose text it is: the host's, else nobody's who has another one, lest copies count as one's own."""
    return urls.host(address) or f"{BY_HAND}-{urls.url_key(address)[:8]}"


def _take_addresses(ports: Ports, settings: Settings, addresses: list[str], *, ring: bool) -> Counter[str]:
    new = 0
    for address in addresses:
        source = Source(name=BY_HAND, kind="inbox", url="", outlet=urls.host(address)[:LONGEST_NAME])
        entries = [Entry(url=address, source=BY_HAND)]
        new += enter(ports.index, source, entries, ports.now(), quiet=not ring).new
    counts = capturing.capture(
        ports,
        shards=ALL_SHARDS,
        lease=settings.lease,
        until=ports.now() + BOX,
        source=BY_HAND,
    )
    return counts + Counter(known=len(addresses) - new)


def process(*, as_json: AsJson = False) -> None:
    """Work on the segments that wait: read, judge, store, match, deliver."""
    settings = load_settings()
    with connect(settings, patient=False) as ports, working("processing"):
        recover(ports)
        counts = pipeline.process(
            ports,
            load_topics(settings.topics),
            known_sources(settings.sources),
            lease=settings.lease,
            until=ports.now() + BOX,
            most=settings.batch,
        )
    counts_line(counts, as_json=as_json)


def deliver(
    *,
    dead: Annotated[
        str, typer.Option(metavar="CHANNEL", help="What was given up of this channel is due again.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Send the deliveries that are due."""
    settings = load_settings()
    channels = load_topics(settings.topics).channels
    if dead and dead not in channels:
        raise ConfigError(
            f"--dead {dead}: no such channel in {settings.topics}; there are {', '.join(sorted(channels))}"
        )
    with connect(settings, patient=False) as ports:
        counts = Counter(revived=outbox.revive(ports.index, dead, ports.now())) if dead else Counter[str]()
        counts += delivering.deliver(
            ports.index,
            ports.notifier,
            channels,
            ports.now(),
            archive=ports.archive,
            sources=known_sources(settings.sources),
        )
    counts_line(counts, as_json=as_json)


def resend(*, as_json: AsJson = False) -> None:
    """Send again what Elasticsearch refused, after the reason has been mended."""
    with connect(load_settings(), patient=False) as ports:
        taken, still = refused.resend(ports.index)
    counts_line({"taken": taken, "refused": still}, as_json=as_json)
    if still:
        raise typer.Exit(1)


def retry(
    names: Annotated[
        list[str] | None, typer.Argument(help="Sources, segments or addresses; all if none is named.")
    ] = None,
    *,
    reason: Annotated[str, typer.Option(help="Only what ended for this reason, as `status` names it.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make due again what failed: rejected captures, resting segments, failed addresses, failing sources.

    Of rejected captures those that are internal, damaged, archive-lost or index-refused, and of failed addresses
    all but those that are gone, unless a reason is given.
    """
    if reason and reason not in set(Reason):
        raise ConfigError(f"--reason {reason}: no such reason; there are {', '.join(Reason)}")
    settings = load_settings()
    with connect(settings, patient=False) as ports:
        counts = retrying.retry(ports, names=names or [], reason=reason, lease=settings.lease)
    counts_line(counts, as_json=as_json)


def _chosen(sources: tuple[Source, ...], names: list[str]) -> list[Source]:
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            raise ConfigError(f"{name}: no such source; there are {', '.join(sorted(known))}")
    return [known[name] for name in names] or list(sources)


def register(app: typer.Typer) -> None:
    """Add the commands of this file."""
    for command in (setup, poll, ingest, process, deliver, resend, retry):
        app.command(rich_help_panel="Run")(command)
