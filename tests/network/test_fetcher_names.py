"""What goes wrong before a site says anything: names that lead nowhere, certificates that nobody vouches for."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from copydesk.adapters.http.crawler import Crawler, Manners
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched
from made.certificates import key_and_certificate
from made.servers import serving
from made.sites import LOOPBACK, NINE, failure, fetch, want

MANNERS = Manners(contact=True, delay=0, allow=(), concurrency=4, deadline=5, now=lambda: NINE)


class Nowhere(AbstractResolver):
    """A resolver that knows no name, for one reason or another."""

    def __init__(self, why: str) -> None:
        self.why = why

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        raise OSError(-3, f"{self.why}: {host}:{port} {family}")

    async def close(self) -> None:
        """Hold nothing."""


@pytest.mark.parametrize("why", ["Temporary failure in name resolution", "Name or service not known"])
def test_a_name_that_leads_nowhere_is_a_failure_to_connect(why: str) -> None:
    """It is no refusal, it says what happened, and the site is asked again later."""

    async def ask() -> Fetched | Unfetched | None:
        connector = aiohttp.TCPConnector(resolver=Nowhere(why))
        async with aiohttp.ClientSession(connector=connector) as session:
            return await Crawler(session, MANNERS).answer(want("https://kurier.example/a"), None)

    answer = asyncio.run(ask())
    assert isinstance(answer, Unfetched)
    assert failure(answer) == (EntryOutcome.FAILED, Reason.CONNECTION)
    assert why in answer.detail
    assert (answer.retry_after, answer.asked) == (60, False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for a name below localhost that only its maker vouches for."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(b"".join(key_and_certificate("kurier.localhost")))
    return path


@pytest.fixture
def secret_site(certificate: Path) -> Iterator[tuple[int, list[str]]]:
    """The port of a site behind that certificate, and what it was asked for."""
    asked: list[str] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="secret")

    @asynccontextmanager
    async def served() -> AsyncIterator[int]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield runner.addresses[0][1]
        await runner.cleanup()

    with serving(served()) as port:
        yield port, asked


def test_a_certificate_that_nobody_vouches_for_fails_closed(secret_site: tuple[int, list[str]]) -> None:
    """No request goes through, and the reason is the connection, not robots.txt."""
    port, asked = secret_site
    with HttpFetcher(delay=0, allow=LOOPBACK, deadline=5, now=lambda: NINE) as fetcher:
        (answer,) = fetch(fetcher, f"https://kurier.localhost:{port}/a")
    assert isinstance(answer, Unfetched)
    assert failure(answer) == (EntryOutcome.FAILED, Reason.CONNECTION)
    assert "certificate" in answer.detail.lower()
    assert asked == []
