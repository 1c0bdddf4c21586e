"""A web server in a thread and requests to it, for tests of the fetcher; the fixtures stand in conftest.py."""

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.servers import serving, web_served

LOOPBACK = ("127.0.0.0/8",)
NINE = dt.datetime(2026, 9, 1, 9, tzinfo=dt.UTC)
PAGE = "<html><body>Größe</body></html>".encode()
ROBOTS = b"User-agent: *\nDisallow: /secret\nCrawl-delay: 0\n"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """A web server in a thread; every name below localhost leads to it."""

    port: int = 0
    pages: dict[str, Handler] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "kurier") -> str:
        """Address of a path on one of its hosts."""
        return f"http://{host}.localhost:{self.port}{path}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page of that path, robots.txt and PAGE being there without being asked for."""
        self.asked.append(f"{request.host.partition('.')[0]}{request.path_qs}")
        self.headers.append(dict(request.headers))
        handler = self.pages.get(request.path)
        if handler is not None:
            return await handler(request)
        if request.path == "/robots.txt":
            return web.Response(body=ROBOTS)
        return web.Response(body=PAGE, content_type="text/html", charset="utf-8", headers={"ETag": '"1"'})


@contextmanager
def running() -> Iterator[Site]:
    """A running Site."""
    site = Site()
    with serving(web_served(site.serve)) as site.port:
        yield site


def want(
    url: str,
    *,
    kind: Literal["page", "feed"] = "page",
    etag: str | None = None,
    last_modified: str | None = None,
) -> Wanted:
    return Wanted(key=url, url=url, kind=kind, etag=etag, last_modified=last_modified)


def fetch(fetcher: HttpFetcher, *wanted: Wanted | str) -> list[Fetched | Unfetched]:
    requests = [want(one) if isinstance(one, str) else one for one in wanted]
    return [answer for answer in fetcher.fetch(requests) if answer is not None]


def page(body: bytes = PAGE, status: int = 200, **headers: str) -> Handler:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status, headers=named)

    return handler


def failure(answer: Fetched | Unfetched) -> tuple[EntryOutcome, Reason]:
    assert isinstance(answer, Unfetched), answer
    return answer.outcome, answer.reason
