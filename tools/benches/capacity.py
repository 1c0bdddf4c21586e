"""What a page takes: processor time, memory, bytes in the archive and the index, requests; of a tenth, and of all."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil
from elasticsearch import Elasticsearch

from benches.measure import Cost, Line, spent
from benches.pages import desk, street, warm
from benches.samples import Page
from benches.site import serving
from copydesk.adapters.elastic.index import open_index
from copydesk.urls import host

__all__ = ["measure"]

PREFIX = "bench-capacity-"
LOOK = 0.1
"""Seconds between two looks at the memory."""

PAGES = frozenset({"_bulk", "_mget", "_search", "_refresh", "_count", "_alias", "_doc", "_pit"})
"""Last words of the routes that pages cause; the others make indices, or measure."""


def measure(pages: Sequence[Page], url: str) -> list[Line]:
    """The same figures at one size and at ten times it."""
    return [line for some in (pages[::10], pages) for line in _of(some, url)]


def _of(pages: Sequence[Page], url: str) -> list[Line]:
    index = open_index(url, prefix=PREFIX)
    index.tear_down()
    client, cost = index.server.client, Cost()
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(pages) as addresses,
        desk(folder, url, PREFIX) as (ports, reader),
    ):
        warm(reader)
        before = _requests(client)
        with _most([None, *reader.pids]) as memory, spent(cost, *reader.pids):
            street(ports, addresses)
        asked = _requests(client) - before
        kept = sum(file.stat().st_size for file in Path(folder).rglob("*.warc.gz"))
    stored = _stored(client)
    index.tear_down()
    count = len(pages)
    given = sum(len(page.body) for page in pages)

    def line(what: str, value: str, beside: str = "") -> Line:
        return Line(what=f"{count} pages: {what}", value=value, beside=beside)

    return [
        line("CPU", f"{cost.cpu * 1000 / count:.1f} ms a page", f"{count / cost.wall:.0f} pages/s"),
        line("memory", f"{memory[0] / 2**20:.0f} MB", f"and readers {memory[1] / 2**20:.0f}"),
        line("archive", f"{kept / count / 1000:.1f} kB a page", f"of {given / count / 1000:.0f} as received"),
        line("index", f"{sum(stored.values()) / count / 1000:.1f} kB a page", _parts(stored, count)),
        line(
            "requests to Elasticsearch",
            f"{asked / count:.2f} a page",
            f"{_hosts(addresses)} new hosts among them",
        ),
    ]


def _hosts(addresses: Sequence[str]) -> int:
    """How many hosts there are, each with a robots.txt: two requests for what is noted of it once a day."""
    return len(set(map(host, addresses)))


def _requests(client: Elasticsearch) -> int:
    """How many requests the server has had so far that a page may cause."""
    (node,) = client.nodes.stats(metric="http")["nodes"].values()
    routes: dict[str, Any] = node["http"]["routes"]
    return sum(told["requests"]["count"] for route, told in routes.items() if PAGES & set(route.split("/")))


def _stored(client: Elasticsearch) -> dict[str, int]:
    """Bytes of each kind of record, in one segment each, so that it does not matter what was merged just now."""
    client.indices.forcemerge(index=f"{PREFIX}*", max_num_segments=1)
    found: dict[str, int] = {}
    for name, told in client.indices.stats(index=f"{PREFIX}*", metric="store")["indices"].items():
        kind = name.removeprefix(PREFIX).partition("-")[0]
        found[kind] = found.get(kind, 0) + told["primaries"]["store"]["size_in_bytes"]
    return found


def _parts(stored: dict[str, int], count: int) -> str:
    largest = sorted(stored, key=lambda kind: -stored[kind])[:4]
    return ", ".join(f"{kind} {stored[kind] / count / 1000:.1f}" for kind in largest)


@contextmanager
def _most(pids: Sequence[int | None]) -> Iterator[list[int]]:
    """The most memory that is this process's own in the block, and the most of the others with their children."""
    found, over = [0, 0], Event()
    own, *others = [psutil.Process(pid) for pid in pids]

    def look() -> None:
        while not over.wait(LOOK):
            found[0] = max(found[0], own.memory_info().rss)
            found[1] = max(found[1], sum(map(_own, others)))

    thread = Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _own(process: psutil.Process) -> int:
    """The memory of a process and its forks that nobody else holds too."""
    taken = 0
    for one in [process, *process.children()]:
        try:
            taken += one.memory_full_info().uss
        except psutil.NoSuchProcess:  # a fork ends when it has read its pages
            continue
    return taken
