"""Fetching, beside a bare aiohttp loop on the same server: pages, polls of feeds that did not change; and bombs.

The server is another process, so that only the client's processor time is counted. Ours is the whole stage: robots.txt,
the guarded connection, turns, ledger and archive, on an Elasticsearch; and the fetcher alone, with the first three.
"""

import asyncio
import multiprocessing
import tempfile
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any, cast

import aiohttp
import psutil
from aiohttp import web

from benches.measure import Cost, Line, spent
from copydesk import urls
from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.clock import utc_now
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import enter
from copydesk.fetching.polling import poll
from copydesk.model import Entry, Source
from copydesk.ports import Fetched, Ports, Wanted

__all__ = ["measure"]

PREFIX = "bench-fetching-"
PAGES, POLLS, ROUNDS, HOSTS = 1500, 1500, 3, 20
AT_ONCE = 64
"""Requests under way, of either side."""

BODY = b"<html><title>t</title><body>" + b"<p>Some words of a page that is as long as most.</p>" * 800
FEED = b'<rss version="2.0"><channel><title>f</title></channel></rss>'
ZEROS = 2 * 2**30
LOOPBACK = ("127.0.0.0/8",)


def measure(url: str) -> list[Line]:
    """All figures, with the index on a server."""
    with _origin() as port:
        return [*_pages(port, url), *_polls(port, url), *_bombs(port)]


def _pages(port: int, url: str) -> list[Line]:
    ours, alone, bare = Cost(), Cost(), Cost()
    for round_ in range(ROUNDS):
        addresses = [_url(port, number, f"page-{round_}-{number}") for number in range(PAGES)]
        with _ports(url) as ports:
            with spent(alone):
                found = sum(
                    1 for one in ports.fetcher.fetch(list(map(_wanted, addresses))) if one is not None
                )
            if found != PAGES:
                raise RuntimeError(f"{found} answers to {PAGES} requests")
            source = Source(name="s", kind="rss", url="http://127.0.0.1/feed", outlet="s")
            entries = [Entry(url=address, source="s") for address in addresses]
            with spent(ours):
                enter(ports.index, source, entries, ports.now())
                until = ports.now() + timedelta(minutes=10)
                counts = capture(ports, shards=range(urls.SHARDS), lease=timedelta(minutes=5), until=until)
        if counts["captured"] != PAGES:
            raise RuntimeError(f"{PAGES} pages, and this came of them: {dict(counts)}")
        with spent(bare):
            asyncio.run(_bare(addresses, status=200))
    count = PAGES * ROUNDS
    return [
        _line("pages fetched, with robots, guard, turns", count, alone, bare, ""),
        _line("and with ledger and archive", count, ours, bare, ">= .75"),
    ]


def _polls(port: int, url: str) -> list[Line]:
    ours, bare = Cost(), Cost()
    addresses = [_url(port, number, f"feed-{number}") for number in range(POLLS)]
    sources = [
        Source(name=f"s{number}", kind="rss", url=address, outlet="s")
        for number, address in enumerate(addresses)
    ]
    with _ports(url) as ports:
        poll(ports, sources, lease=timedelta(minutes=5))
        for _ in range(ROUNDS):
            with spent(ours):
                counts = poll(ports, sources, lease=timedelta(minutes=5), at_once=True)
            if counts["unchanged"] != POLLS:
                raise RuntimeError(f"{POLLS} polls, and this came of them: {dict(counts)}")
            with spent(bare):
                asyncio.run(_bare(addresses, status=304))
    per = 1e6 / (POLLS * ROUNDS)
    return [
        Line(
            what="polls that find nothing new (304)",
            value=f"{ours.cpu * per:.0f} us CPU",
            beside=f"bare aiohttp {bare.cpu * per:.0f}",
            ratio=ours.cpu / bare.cpu,
            target="<= 2",
        )
    ]


def _bombs(port: int) -> list[Line]:
    """Bodies that unpack to two gigabytes or never end, while pages of other hosts are fetched."""
    wicked = ["gzip", "deflate", "endless"] * 4
    with HttpFetcher(delay=0, allow=LOOPBACK, deadline=10) as fetcher:
        list(fetcher.fetch([_wanted(_url(port, 0, "page-warm"))]))
        idle = psutil.Process().memory_info().rss
        with _peak() as peak:
            wanted = [_wanted(_url(port, number, f"{kind}-{number}")) for number, kind in enumerate(wicked)]
            answers = [answer for answer in fetcher.fetch(wanted) if answer is not None]
    if any(isinstance(answer, Fetched) for answer in answers) or len(answers) != len(wicked):
        raise RuntimeError("a bomb was taken for a page")
    return [
        Line(
            what=f"{len(wicked)} bombs of 2 GB and endless bodies: most memory",
            value=f"{peak[0] / 2**20:.0f} MB",
            beside=f"before {idle / 2**20:.0f} MB",
            ratio=peak[0] / idle,
            target="<= 1.5",
        )
    ]


def _line(what: str, count: int, ours: Cost, bare: Cost, target: str) -> Line:
    return Line(
        what=what,
        value=f"{count / ours.cpu:.0f} a second of CPU",
        beside=f"bare aiohttp {count / bare.cpu:.0f}",
        ratio=bare.cpu / ours.cpu,
        target=target,
    )


@contextmanager
def _ports(url: str) -> Iterator[Ports]:
    index = open_index(url, prefix=PREFIX)
    index.setup()
    with (
        closing(index),
        tempfile.TemporaryDirectory() as folder,
        HttpFetcher(delay=0, allow=LOOPBACK, concurrency=AT_ONCE) as fetcher,
    ):
        nothing = cast("Any", None)
        yield Ports(
            fetcher=fetcher,
            archive=Archive(folder),
            reader=nothing,
            index=index,
            notifier=nothing,
            inbox=lambda _source, _since: iter(()),
            now=utc_now,
            wait=lambda _pause: None,
        )
        index.tear_down()


async def _bare(addresses: Sequence[str], *, status: int) -> None:
    """Ask for all, so many at once, and read what comes."""
    headers = {"If-None-Match": '"1"'} if status != 200 else {}  # noqa: PLR2004
    waiting = iter(addresses)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def work() -> None:
            for address in waiting:
                async with session.get(address, headers=headers) as response:
                    await response.read()
                    if response.status != status:
                        raise RuntimeError(f"{response.status} for {address}")

        await asyncio.gather(*(work() for _ in range(AT_ONCE)))


def _url(port: int, number: int, path: str) -> str:
    return f"http://127.1.0.{number % HOSTS + 1}:{port}/{path}"


def _wanted(url: str) -> Wanted:
    return Wanted(key=url, url=url, kind="page")


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The most memory that this process takes in the block, looked at every ten milliseconds."""
    found, over, own = [0], threading.Event(), psutil.Process()

    def look() -> None:
        while not over.wait(0.01):
            found[0] = max(found[0], own.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


@contextmanager
def _origin() -> Iterator[int]:
    """The server, for as long as the block; its port."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield int(here.recv())
    finally:
        process.terminate()
        process.join()


def _serve(told: Connection) -> None:
    asyncio.run(_serving(told))


async def _serving(told: Connection) -> None:
    packed = {"gzip": _packed(31), "deflate": _packed(15)}

    async def answer(request: web.Request) -> web.StreamResponse:
        kind = request.path.strip("/").partition("-")[0]
        if kind == "robots.txt":
            return web.Response(status=404)
        if kind in packed:
            return web.Response(
                body=packed[kind], headers={"Content-Encoding": kind, "Content-Type": "text/html"}
            )
        if kind == "endless":
            return await _endless(request)
        if request.headers.get("If-None-Match"):
            return web.Response(status=304, headers={"ETag": '"1"'})
        body, media = (FEED, "application/rss+xml") if kind == "feed" else (BODY, "text/html")
        return web.Response(body=body, content_type=media, headers={"ETag": '"1"'})

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = 0
    for number in range(HOSTS):
        await web.TCPSite(runner, f"127.1.0.{number + 1}", port, backlog=1024).start()
        port = port or runner.addresses[0][1]
    told.send(port)
    await asyncio.Event().wait()


def _packed(form: int) -> bytes:
    """Two gigabytes of zeros."""
    packer, block = zlib.compressobj(9, wbits=form), bytes(2**20)
    return b"".join([*(packer.compress(block) for _ in range(ZEROS // 2**20)), packer.flush()])


async def _endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    block = bytes(range(256)) * 256
    with suppress(ConnectionError):  # whoever asked has had enough
        while True:
            await response.write(block)
    return response
