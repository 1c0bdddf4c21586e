"""The whole street on real pages: served on loopback, fetched, archived, read, judged, indexed."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from benches.measure import Cost, Line, spent
from benches.reading import bare
from benches.samples import Page, capture_of
from benches.site import serving
from copydesk import pipeline, urls
from copydesk.adapters.child.parallel import ParallelReader
from copydesk.adapters.child.parent import BATCH
from copydesk.adapters.elastic.index import open_index
from copydesk.config.settings import ElasticsearchSettings, FetchSettings, load_settings
from copydesk.config.topics import TopicsFile
from copydesk.connect import connect
from copydesk.fetching import capturing
from copydesk.fetching.entering import enter
from copydesk.index import Kind
from copydesk.model import Entry, Source
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.ports import Ports
from copydesk.views.status import funnel

__all__ = ["desk", "measure", "street", "warm"]

PREFIX = "bench-pages-"
ROUNDS = 4
BOX = timedelta(minutes=30)
LEASE = timedelta(minutes=5)


@dataclass(slots=True)
class Run:
    """What the street cost and what bare extraction cost on the same pages, and what differs in the outcome."""

    street: Cost = field(default_factory=Cost)
    bare: Cost = field(default_factory=Cost)
    texts: dict[str, int] = field(default_factory=dict)


def measure(pages: Sequence[Page], url: str, *, report: bool = False) -> list[Line]:
    """Pages a second and processor time a page; with `report` also the funnel and every page that got lost."""
    open_index(url, prefix=PREFIX).tear_down()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(pages) as addresses,
        desk(folder, url, PREFIX) as (ports, reader),
    ):
        run = _run(ports, reader, pages, addresses)
        notes = _notes(ports, dict(zip(addresses, pages, strict=True)), run) if report else []
    open_index(url, prefix=PREFIX).tear_down()
    count = len(pages)
    return [
        Line(
            what=f"whole street, {count} pages",
            value=f"{run.street.cpu * 1000 / count:.1f} ms CPU a page",
            beside=f"trafilatura with metadata {run.bare.cpu * 1000 / count:.1f}",
            ratio=run.street.cpu / run.bare.cpu,
            target="<= 1.25",
        ),
        Line(
            what="the same on the clock, server and site on the same cores",
            value=f"{count / run.street.wall:.1f} pages/s",
            beside=f"{count / run.bare.wall:.1f}",
            ratio=run.bare.wall / run.street.wall,
        ),
        *notes,
    ]


@contextmanager
def desk(archive: str, url: str, prefix: str) -> Iterator[tuple[Ports, ParallelReader]]:
    """The parts as they are, on pages served on loopback; and the reader, whose children's time is counted."""
    settings = load_settings(
        archive=archive,
        elasticsearch=ElasticsearchSettings(url=url, prefix=prefix),
        fetch=FetchSettings(delay=timedelta(0), allow=("127.0.0.0/8",)),
    )
    with connect(settings) as ports:
        if not isinstance(ports.reader, ParallelReader):
            raise TypeError("the processor time of this reader is not known")
        yield ports, ports.reader


def _run(ports: Ports, reader: ParallelReader, pages: Sequence[Page], addresses: Sequence[str]) -> Run:
    """The street and bare extraction in turns."""
    run = Run()
    size = -(-len(pages) // ROUNDS)
    for start in range(0, len(pages), size):
        wanted = addresses[start : start + size]
        warm(reader)
        with spent(run.street, *reader.pids):
            street(ports, wanted)
        with spent(run.bare):
            for page in pages[start : start + size]:
                run.texts[page.url] = len(bare(page))
    return run


def warm(reader: ParallelReader) -> None:
    """Start the children, which a worker does once and not once a page."""
    list(reader.read([capture_of(Page("", "https://example.org/", b"<p>warm</p>"))] * 2 * BATCH))


def street(ports: Ports, addresses: Sequence[str]) -> None:
    """Enter, fetch and work on pages that are served."""
    # announced together, as a feed does; all of one outlet, which only matters to judging
    source = Source(name="bench", kind="rss", url="http://127.0.0.1/feed", outlet="bench")
    enter(ports.index, source, [Entry(url=address, source="bench") for address in addresses], ports.now())
    until = ports.now() + BOX
    capturing.capture(ports, shards=range(urls.SHARDS), lease=LEASE, until=until)
    pipeline.process(ports, TopicsFile(), lease=LEASE, until=until)


def _notes(ports: Ports, by_address: dict[str, Page], run: Run) -> list[Line]:
    """The funnel, whether it balances, and the pages that bare extraction reads and we do not."""
    seen = funnel(ports.index)
    entries, captures = seen.entries["bench"], seen.captures["bench"]
    indexed = captures[CaptureOutcome.INDEXED]
    lines = [
        Line(what="entries", value=" ".join(f"{outcome}={n}" for outcome, n in entries.items())),
        Line(what="captures", value=" ".join(f"{outcome}={n}" for outcome, n in captures.items())),
        Line(
            what="lost",
            value=f"{len(by_address) - entries[EntryOutcome.CAPTURED]} entries, imbalance {seen.imbalance}",
        ),
        Line(what="articles", value=f"{seen.articles} of {indexed}, {seen.stories} stories"),
    ]
    for row in ports.index.find(Kind.CAPTURES, {"outcome": CaptureOutcome.REJECTED.value}):
        page = by_address[str(row.body["url"])]
        lines.append(
            Line(
                what=f"rejected {page.set} {page.url}",
                value=f"{row.body.get('reason')} {row.body.get('detail', '')}",
                beside=f"trafilatura: {run.texts[page.url]} characters",
            )
        )
    return lines
