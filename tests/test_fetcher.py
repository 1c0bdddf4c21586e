"""The fetcher against a real server on loopback that behaves in every bad way."""

import asyncio
import datetime as dt
import gzip
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

import pytest
from aiohttp import web
from fakes import Shelf
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from copydesk.adapters.download import Response, Unpacker, retry_after
from copydesk.adapters.fetcher import HttpFetcher
from copydesk.adapters.learned import Learned
from copydesk.errors import FetchError
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted

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


@pytest.fixture
def site() -> Iterator[Site]:
    """A running Site."""
    site, loop = Site(), asyncio.new_event_loop()

    async def listen() -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{path:.*}", site.serve)
        runner = web.AppRunner(app, shutdown_timeout=0, access_log=None, handler_cancellation=True)
        await runner.setup()
        place = web.TCPSite(runner, "127.0.0.1", 0)
        await place.start()
        site.port = runner.addresses[0][1]
        return runner

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(listen(), loop).result(timeout=10)
    yield site
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(timeout=10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    """A fetcher that may ask loopback and need not wait."""
    with HttpFetcher(delay=0, allow=LOOPBACK, deadline=5, now=lambda: NINE) as fetcher:
        yield fetcher


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


def test_a_page(site: Site, fetcher: HttpFetcher) -> None:
    """A page comes back with its key, final address, type as sent, etag and the time of the clock."""
    (answer,) = fetch(fetcher, site.url("/a#top"))
    assert answer == Fetched(
        wanted=want(site.url("/a#top")),
        final_url=site.url("/a"),
        status=200,
        content_type="text/html; charset=utf-8",
        body=PAGE,
        fetched_at=NINE,
        etag='"1"',
    )
    assert site.asked == ["kurier/robots.txt", "kurier/a"]
    assert site.headers[1]["User-Agent"].startswith("copydesk/")


def test_one_session_serves_many_fetches(site: Site) -> None:
    """Robots.txt is asked for once, and the contact is part of who we are."""
    with HttpFetcher(contact="desk@kurier.example", delay=0, allow=LOOPBACK) as fetcher:
        for number in range(3):
            fetch(fetcher, *(site.url(f"/{number}/{more}") for more in range(5)))
    assert site.asked.count("kurier/robots.txt") == 1
    assert len(site.asked) == 16
    assert site.headers[0]["User-Agent"].endswith("(+desk@kurier.example)")


def test_conditional_requests(site: Site, fetcher: HttpFetcher) -> None:
    """What is known is sent along; 304 is an answer without a body that keeps the etag."""
    site.pages["/a"] = page(b"", 304)
    (answer,) = fetch(
        fetcher, want(site.url("/a"), etag='W/"1"', last_modified="Tue, 01 Sep 2026 09:00:00 GMT")
    )
    assert isinstance(answer, Fetched)
    assert (answer.status, answer.body, answer.etag) == (304, b"", 'W/"1"')
    assert site.headers[-1]["If-None-Match"] == 'W/"1"'
    assert site.headers[-1]["If-Modified-Since"] == "Tue, 01 Sep 2026 09:00:00 GMT"
    assert failure(fetch(fetcher, site.url("/a"))[0]) == (EntryOutcome.FAILED, Reason.STATUS)


def test_a_stored_etag_cannot_add_headers(site: Site, fetcher: HttpFetcher) -> None:
    """An etag with a line break is not sent."""
    (answer,) = fetch(fetcher, want(site.url("/a"), etag='"1"\r\nX-Other: 1'))
    assert isinstance(answer, Fetched)
    assert "If-None-Match" not in site.headers[-1]


@pytest.mark.parametrize(
    ("status", "header", "reason", "wait"),
    [
        (404, "", Reason.GONE, None),
        (410, "9", Reason.GONE, None),
        (403, "", Reason.STATUS, None),
        (500, "", Reason.STATUS, None),
        (204, "", Reason.STATUS, None),
        (300, "", Reason.STATUS, None),
        (302, "", Reason.STATUS, None),
        (429, "", Reason.STATUS, None),
        (429, "120", Reason.STATUS, 120),
        (503, "Tue, 01 Sep 2026 09:05:00 GMT", Reason.STATUS, 300),
        (503, "999999999", Reason.STATUS, 86400),
        (503, "Mon, 31 Aug 2026 09:00:00 GMT", Reason.STATUS, 0),
        (503, "soon", Reason.STATUS, None),
    ],
)
def test_statuses(
    site: Site,
    fetcher: HttpFetcher,
    status: int,
    header: str,
    reason: Reason,
    wait: float | None,
) -> None:
    """Every status but 200 is a failure; what the server asks for in time is handed on, a day at most."""
    site.pages["/a"] = page(b"", status, **({"Retry_After": header} if header else {}))
    (answer,) = fetch(fetcher, site.url("/a"))
    assert failure(answer) == (EntryOutcome.FAILED, reason)
    assert isinstance(answer, Unfetched)
    assert answer.retry_after == wait


def test_a_host_that_asks_for_it_is_left_alone(site: Site, fetcher: HttpFetcher) -> None:
    """After a 429 nothing more is asked of that host for the time it named, and others are not concerned."""
    site.pages["/a"] = page(b"", 429, Retry_After="120")
    fetch(fetcher, site.url("/a"))
    again, other = fetch(fetcher, site.url("/b")), fetch(fetcher, site.url("/b", "bote"))
    assert failure(again[0]) == (EntryOutcome.FAILED, Reason.STATUS)
    assert isinstance(again[0], Unfetched)
    assert 0 < (again[0].retry_after or 0) <= 120
    assert isinstance(other[0], Fetched)
    assert "kurier/b" not in site.asked


def test_robots_are_asked_once_a_day_by_all_fetchers_together(site: Site) -> None:
    """A second fetcher takes the answer from beside the archive, until a day has passed."""
    learned = Learned(Shelf())
    for now, times in ((NINE, 1), (NINE + dt.timedelta(hours=23), 1), (NINE + dt.timedelta(hours=25), 2)):
        with HttpFetcher(delay=0, allow=LOOPBACK, now=lambda now=now: now, learned=learned) as fetcher:  # type: ignore[misc]
            answers = list(fetcher.fetch([Wanted(key="a", url=site.url("/secret"), kind="page")]))
        assert [a.reason for a in answers if isinstance(a, Unfetched)] == [Reason.ROBOTS]
        assert site.asked.count("kurier/robots.txt") == times


@pytest.mark.parametrize(
    "content", [b"", b"no json", b"[]", b'{"at": 1}', b'{"at": "2026-09-01T09:00:00+00:00"}']
)
def test_what_was_learned_badly_counts_as_unknown(content: bytes) -> None:
    """A file beside the archive that cannot be understood makes us ask again."""
    shelf = Shelf()
    Learned(shelf).keep_robots(URL("http://a.example"), Response(URL(), 200, {}, b"x"), NINE)
    (name,) = shelf.names("learned")
    assert Learned(shelf).robots(URL("http://a.example"), NINE) is not None
    shelf.save(name, content)
    assert Learned(shelf).robots(URL("http://a.example"), NINE) is None


def test_robots(site: Site, fetcher: HttpFetcher) -> None:
    """What robots.txt disallows is refused and not asked for."""
    allowed, refused = sorted(
        fetch(fetcher, site.url("/a"), site.url("/secret/b")),
        key=lambda answer: isinstance(answer, Unfetched),
    )
    assert isinstance(allowed, Fetched)
    assert failure(refused) == (EntryOutcome.REFUSED, Reason.ROBOTS)
    assert isinstance(refused, Unfetched)
    assert refused.retry_after is None
    assert site.asked == ["kurier/robots.txt", "kurier/a"]


@pytest.mark.parametrize(
    ("handler", "fetched"),
    [
        (page(b"", 404), True),
        (page(b"", 403), True),
        (page(b"", 401), True),
        (page(b"", 302, Location="/robots.txt"), True),
        (page(b"\xff\xfe\x00 nonsense"), True),
        (page(b""), True),
        (page(b"User-agent: *\nDisallow: /\nUser-agent: copydesk\nAllow: /a"), True),
        (page(b"# " + b"x" * 600_000 + b"\nUser-agent: *\nDisallow: /"), True),
        (page(b"User-agent: *\nDisallow: /\n" + b"#" * 600_000), False),
        (page(b"User-agent: copydesk\nDisallow: /\nUser-agent: *\nAllow: /"), False),
        (page(b"", 500), False),
        (page(b"", 503), False),
        (page(b"", 429), False),
    ],
)
def test_robots_that_cannot_be_had(site: Site, fetcher: HttpFetcher, handler: Handler, fetched: bool) -> None:  # noqa: FBT001 (a table)
    """No file allows, a site that is ill forbids for now, and half a MiB of the file counts (RFC 9309)."""
    site.pages["/robots.txt"] = handler
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Fetched) is fetched
    if isinstance(answer, Unfetched):
        assert failure(answer) == (EntryOutcome.REFUSED, Reason.ROBOTS)


def test_an_ill_site_is_asked_again_later(site: Site, fetcher: HttpFetcher) -> None:
    """A refusal that rests on an unreachable robots.txt names a time, so that it is not for ever."""
    site.pages["/robots.txt"] = page(b"", 500)
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Unfetched)
    assert answer.retry_after == 600


def hop(path: str) -> Handler:
    return page(b"", 302, Location=path)


def test_redirects(site: Site, fetcher: HttpFetcher) -> None:
    """Five redirects are followed, also to other hosts, each with its own robots.txt."""
    for number in range(4):
        site.pages[f"/{number}"] = hop(f"/{number + 1}")
    site.pages["/4"] = hop(site.url("/end#x", "bote"))
    (answer,) = fetch(fetcher, site.url("/0"))
    assert isinstance(answer, Fetched)
    assert answer.final_url == site.url("/end", "bote")
    assert site.asked[-2:] == ["bote/robots.txt", "bote/end"]


@pytest.mark.parametrize(
    ("location", "outcome", "reason"),
    [
        ("/a", EntryOutcome.FAILED, Reason.REDIRECTS),
        ("/secret", EntryOutcome.REFUSED, Reason.ROBOTS),
        ("http://10.0.0.1/", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("http://169.254.169.254/latest/meta-data", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("http://[::1]:1/", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("file:///etc/hosts", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("ftp://kurier.example/", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("http://user:x@kurier.localhost/", EntryOutcome.REFUSED, Reason.ADDRESS),
        ("http://[bad", EntryOutcome.REFUSED, Reason.ADDRESS),
    ],
)
def test_redirects_obey_every_rule(site: Site, location: str, outcome: EntryOutcome, reason: Reason) -> None:
    """Loops end, and no redirect leads where a request may not go."""
    site.pages["/a"] = hop(location)
    with HttpFetcher(contact="desk@kurier.example", delay=0, allow=LOOPBACK) as fetcher:
        assert failure(fetch(fetcher, site.url("/a"))[0]) == (outcome, reason)


async def reset(request: web.Request) -> web.StreamResponse:
    """Half of the promised bytes, then a reset."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"x" * 500)
    assert request.transport is not None
    request.transport.abort()
    return response


async def short(request: web.Request) -> web.StreamResponse:
    """Half of the promised bytes, then an orderly end."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"x" * 500)
    assert request.transport is not None
    request.transport.close()
    return response


async def torn_chunks(request: web.Request) -> web.StreamResponse:
    """A chunked body without its end."""
    response = web.StreamResponse()
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write(b"x" * 500)
    assert request.transport is not None
    request.transport.close()
    return response


async def noise(request: web.Request) -> web.StreamResponse:
    """No HTTP at all."""
    assert request.transport is not None
    request.transport.write(b"220 mail.kurier.example ESMTP\r\n")
    request.transport.close()
    return web.Response()


def packed(body: bytes, encoding: str = "gzip") -> Handler:
    return page(body, Content_Encoding=encoding)


BOMB = gzip.compress(bytes(6 << 20))
NARROW = b"".join([gzip.compress(bytes(1 << 20), compresslevel=9)] * 4)


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (reset, Reason.CONNECTION),
        (short, Reason.CONNECTION),
        (torn_chunks, Reason.CONNECTION),
        (noise, Reason.CONNECTION),
        (packed(gzip.compress(PAGE)[:-9]), Reason.CONNECTION),
        (packed(PAGE), Reason.CONNECTION),
        (packed(PAGE, "br"), Reason.CONNECTION),
        (page(b"x" * (5 * 1024 * 1024 + 1)), Reason.TOO_LARGE),
        (packed(BOMB), Reason.TOO_LARGE),
        (packed(NARROW), Reason.TOO_LARGE),
        (packed(zlib.compress(bytes(6 << 20)), "deflate"), Reason.TOO_LARGE),
    ],
    ids=[
        "reset",
        "short",
        "torn",
        "noise",
        "cut gzip",
        "no gzip",
        "br",
        "large",
        "bomb",
        "ratio",
        "deflate bomb",
    ],
)
def test_bodies_that_are_not_whole(
    site: Site, fetcher: HttpFetcher, handler: Handler, reason: Reason
) -> None:
    """What is cut, garbled, or too large packed or unpacked, is never handed out as a page; the next one is."""
    site.pages["/a"] = handler
    assert failure(fetch(fetcher, site.url("/a"))[0]) == (EntryOutcome.FAILED, reason)
    assert isinstance(fetch(fetcher, site.url("/b"))[0], Fetched)


@pytest.mark.parametrize(
    "handler",
    [
        packed(gzip.compress(PAGE)),
        packed(gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:])),
        packed(gzip.compress(PAGE) + b"trailing"),
        packed(zlib.compress(PAGE), "deflate"),
        packed(zlib.compress(PAGE, wbits=-15), "deflate"),
        page(PAGE, Content_Encoding="identity"),
    ],
)
def test_packed_bodies(site: Site, fetcher: HttpFetcher, handler: Handler) -> None:
    """Gzip and both kinds of deflate are unpacked."""
    site.pages["/a"] = handler
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Fetched)
    assert answer.body == PAGE


@given(
    st.binary(max_size=2000),
    st.lists(st.integers(1, 60), min_size=1),
    st.integers(1, 3),
    st.sampled_from([1, 200]),
)
def test_unpacking_does_not_depend_on_the_pieces(
    body: bytes,
    sizes: list[int],
    members: int,
    times: int,
) -> None:
    """However a packed body is cut into pieces, it unpacks to the same bytes, and an end too early is noticed."""
    body = body * times
    whole = gzip.compress(body) * members
    unpacker, found, at = Unpacker("gzip"), b"", 0
    while at < len(whole):
        size = sizes[at % len(sizes)]
        found += b"".join(unpacker.feed(whole[at : at + size]))
        at += size
        assert unpacker.whole() or at < len(whole)
    assert found == body * members


def test_feeds_may_be_larger_and_sitemaps_larger_still(site: Site, fetcher: HttpFetcher) -> None:
    """Ten MiB for a feed, fifty for a sitemap, five for a page."""
    site.pages["/feed"] = page(b"<rss>" + b" " * (6 << 20))
    site.pages["/large"] = page(b"<rss>" + b" " * (11 << 20))
    site.pages["/sitemap"] = page(b"<?xml version='1.0'?><urlset>" + b" " * (11 << 20))
    answers = {
        answer.wanted.key.rpartition("/")[2]: isinstance(answer, Fetched)
        for answer in fetch(
            fetcher, *(want(site.url(f"/{name}"), kind="feed") for name in ("feed", "large", "sitemap"))
        )
    }
    assert answers == {"feed": True, "large": False, "sitemap": True}


def test_a_slow_host_delays_only_itself(site: Site, fetcher: HttpFetcher) -> None:
    """While one host drips, the pages of another all arrive; then the slow one may end."""
    served = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not served.is_set():
            await response.write(b".")
            await asyncio.sleep(0.01)
        return response

    async def last(_: web.Request) -> web.Response:
        served.set()
        return web.Response(body=PAGE)

    site.pages |= {"/drip": drip, "/last": last}
    fast = [site.url(f"/{number}", "fast") for number in range(20)]
    answers = fetch(fetcher, site.url("/drip", "slow"), *fast, site.url("/last", "fast"))
    assert [answer.wanted.key for answer in answers] == [
        *fast,
        site.url("/last", "fast"),
        site.url("/drip", "slow"),
    ]


def test_one_request_at_a_time_per_host(site: Site, fetcher: HttpFetcher) -> None:
    """No host ever sees two requests of ours at once."""
    under_way: dict[str, int] = {"a": 0, "b": 0}
    most = dict(under_way)

    async def counted(request: web.Request) -> web.Response:
        name = request.host.partition(".")[0]
        under_way[name] += 1
        most[name] = max(most[name], under_way[name])
        await asyncio.sleep(0)
        under_way[name] -= 1
        return web.Response(body=PAGE)

    site.pages["/x"] = counted
    fetch(fetcher, *(site.url(f"/x?{number}", name) for number in range(10) for name in "ab"))
    assert most == {"a": 1, "b": 1}


def test_too_slow_is_a_failure(site: Site) -> None:
    """A host that does not end within the deadline is given up; its neighbours are not."""

    async def never(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b".")
            await asyncio.sleep(0.01)

    site.pages["/never"] = never
    with HttpFetcher(delay=0, allow=LOOPBACK, deadline=0.3) as fetcher:
        by_key = {
            answer.wanted.key: answer for answer in fetch(fetcher, site.url("/never"), site.url("/a", "fast"))
        }
    assert failure(by_key[site.url("/never")]) == (EntryOutcome.FAILED, Reason.TIMEOUT)
    assert isinstance(by_key[site.url("/a", "fast")], Fetched)


def test_time_passes_while_nothing_answers(site: Site, fetcher: HttpFetcher) -> None:
    """A caller that waits is given None now and then; ending early cancels what is under way."""

    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    site.pages["/silent"] = silent
    answers = fetcher.fetch([want(site.url("/silent"))])
    assert next(answers) is None
    answers.close()  # type: ignore[attr-defined]
    assert isinstance(fetch(fetcher, site.url("/a"))[0], Fetched)


def test_nothing_begins_after_the_time_box(site: Site) -> None:
    """What cannot begin in time is not answered, and not asked for; what has begun is finished."""
    time = NINE

    async def late(_: web.Request) -> web.Response:
        nonlocal time
        time = NINE + dt.timedelta(minutes=1)
        return web.Response(body=PAGE)

    site.pages["/late"] = late
    with HttpFetcher(delay=0, allow=LOOPBACK, now=lambda: time) as fetcher:
        wanted = [want(site.url(path)) for path in ("/late", "/b", "/c")]
        until = NINE + dt.timedelta(seconds=30)
        answers = [answer for answer in fetcher.fetch(wanted, until=until) if answer]
        assert [answer.wanted.url for answer in answers] == [site.url("/late")]
        assert list(fetcher.fetch([want(site.url("/d", "other"))], until=until)) == []
    assert site.asked == ["kurier/robots.txt", "kurier/late"]


def test_pacing_counts_as_waiting(site: Site) -> None:
    """A second page whose turn comes after the time box is left for later at once."""
    with HttpFetcher(delay=3600, allow=LOOPBACK, now=lambda: NINE) as fetcher:
        wanted = [want(site.url(path)) for path in ("/a", "/b")]
        answers = [answer for answer in fetcher.fetch(wanted, until=NINE + dt.timedelta(minutes=1)) if answer]
    assert [answer.wanted.url for answer in answers] == [site.url("/a")]


def test_crawl_delay_is_honoured(site: Site, fetcher: HttpFetcher) -> None:
    """A delay that robots.txt asks for counts like our own, up to thirty seconds."""
    site.pages["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 3600")
    wanted = [want(site.url(path)) for path in ("/a", "/b")]
    for seconds, number in ((29, 1), (1, 0)):
        until = NINE + dt.timedelta(seconds=seconds)
        assert len([answer for answer in fetcher.fetch(wanted, until=until) if answer]) == number


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://kurier.example/a", Reason.NO_CONTACT),
        ("http://8.8.8.8/", Reason.NO_CONTACT),
        ("http://[2606:4700::1111]/", Reason.NO_CONTACT),
        ("http://127.1/", Reason.NO_CONTACT),
    ],
)
def test_without_a_contact_nobody_is_asked(fetcher: HttpFetcher, url: str, reason: Reason) -> None:
    """Before a contact is set only loopback is asked; not even a name is looked up."""
    assert failure(fetch(fetcher, url)[0]) == (EntryOutcome.REFUSED, reason)


FORMS = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/", "http://2130706433:{port}/",
    "http://0x7f000001:{port}/", "http://0x7f.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
    "http://0.0.0.0:{port}/", "http://0:{port}/", "http://127.127.127.127:{port}/", "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/", "http://kurier.localhost:{port}/", "http://[::1]:{port}/", "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[::127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://\uff11\uff12\uff17.0.0.1:{port}/", "http://a.example\\@127.0.0.1:{port}/",
    "http://a.example@127.0.0.1:{port}/", "http://127.0.0.1%2f:{port}/", "http://127.0.0.1。:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_loopback_is_not_reached_unless_allowed(site: Site, form: str) -> None:
    """However loopback is spelled, no request arrives there; another network being allowed changes nothing."""
    with HttpFetcher(contact="desk@kurier.example", delay=0, allow=["192.0.2.0/24"], deadline=2) as fetcher:
        (answer,) = fetch(fetcher, form.format(port=site.port))
    assert isinstance(answer, Unfetched)
    assert answer.reason in {Reason.ADDRESS, Reason.CONNECTION, Reason.ROBOTS}
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["", "x", "/a", "mailto:a@kurier.example", "http://", "http://a:99999/", "http://a b/", "inbox:1"]
)
def test_what_is_no_web_address_is_refused(fetcher: HttpFetcher, url: str) -> None:
    """Garbage is an answer, too."""
    outcome, reason = failure(fetch(fetcher, url)[0])
    assert outcome is EntryOutcome.REFUSED
    assert reason in {Reason.ADDRESS, Reason.NO_CONTACT}


def test_a_closed_port_is_a_failure(site: Site, fetcher: HttpFetcher) -> None:
    """Nobody there means no robots.txt, so nothing is allowed for now."""
    (answer,) = fetch(fetcher, "http://127.0.0.1:9/a")
    assert failure(answer) == (EntryOutcome.REFUSED, Reason.ROBOTS)
    assert isinstance(answer, Unfetched)
    assert answer.retry_after == 600
    assert site.asked == []


def test_closing_while_fetching_is_said(site: Site) -> None:
    """A fetcher that is closed under its caller says so, and closing twice is harmless."""

    async def silent(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(60)
        return web.Response()

    site.pages["/silent"] = silent
    fetcher = HttpFetcher(delay=0, allow=LOOPBACK)
    answers = fetcher.fetch([want(site.url("/silent"))])
    next(answers)
    fetcher.close()
    with pytest.raises(FetchError):
        list(answers)
    fetcher.close()


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("-5", None),
        ("1e9", None),
        ("Tue, 01 Sep 2026 09:00:10", 10),
        (None, None),
        ("", None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    """Seconds or a date, nothing else."""
    assert retry_after(text, NINE) == seconds
