"""Crawlers on a loop whose time is made, over sites that note when they were asked."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from random import Random
from typing import Any, cast

import aiohttp
from yarl import URL

from copydesk.adapters.http.crawler import Crawler, Manners
from copydesk.adapters.http.download import Response
from copydesk.adapters.http.turns import OwnBook, SharedBook, Turns
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.ports import Fetched, Unfetched, Wanted
from made.virtual import MadeLoop, apart
from made.world import START

HOST = "https://one.example"
SESSION = cast("aiohttp.ClientSession", None)


@dataclass
class Web:
    """Sites that note when they were asked; an answer takes as long as drawn."""

    loop: MadeLoop
    chance: Random
    robots: bytes = b""
    slowest: float = 5.0
    status: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    paths: list[str] = field(default_factory=list)

    async def exchange(self, _session: object, url: URL, _headers: Mapping[str, str], **_: Any) -> Response:
        self.asked[str(url.origin())].append(self.loop.time())
        self.paths.append(url.path)
        await asyncio.sleep(self.chance.random() ** 3 * self.slowest)
        status, headers = self.status.get(url.path, (200, {}))
        return Response(url, status, headers, self.robots if url.path == "/robots.txt" else b"<p>x</p>")


def crawler(web: Web, index: MemoryIndex | None, delay: float = 2.0) -> Crawler:
    def now() -> datetime:
        return web.loop.now(START)

    book = OwnBook() if index is None else SharedBook(index)
    manners = Manners(
        contact=True,
        delay=delay,
        allow=(),
        concurrency=64,
        deadline=30,
        now=now,
        turns=Turns(book, now, apart),
    )
    return Crawler(SESSION, manners, exchange=web.exchange)


async def ask(one: Crawler, url: str, at: float, until: datetime | None = None) -> Fetched | Unfetched | None:
    await asyncio.sleep(at)
    return await one.answer(Wanted(key=url, url=url, kind="page"), until)


def closest(asked: Mapping[str, Sequence[float]]) -> float:
    """The shortest time between two requests to one host."""
    gaps = [later - before for times in asked.values() for before, later in pairwise(sorted(times))]
    return min(gaps, default=float("inf"))
