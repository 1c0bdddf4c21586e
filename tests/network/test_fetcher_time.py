"""The fetcher and time: hosts side by side, deadlines, pacing, the time box."""

import asyncio
import datetime as dt

from aiohttp import web

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.robots_cache import Learned
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched
from made.sites import LOOPBACK, NINE, PAGE, Site, failure, fetch, page, want
from made.world import Shelf


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
    """What comes to its turn after the time box is left for later at once; robots.txt takes a turn as a page does."""
    learned, answered = Learned(Shelf()), []
    for _ in range(2):
        with HttpFetcher(delay=3600, allow=LOOPBACK, now=lambda: NINE, learned=learned) as fetcher:
            wanted = [want(site.url(path)) for path in ("/a", "/b")]
            until = NINE + dt.timedelta(minutes=1)
            answered.append([answer.wanted.url for answer in fetcher.fetch(wanted, until=until) if answer])
    assert answered == [[], [site.url("/a")]]
    assert site.asked == ["kurier/robots.txt", "kurier/a"]


def test_crawl_delay_is_honoured(site: Site, fetcher: HttpFetcher) -> None:
    """A delay that robots.txt asks for counts like our own, up to thirty seconds."""
    site.pages["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 3600")
    wanted = [want(site.url(path)) for path in ("/a", "/b")]
    for seconds, number in ((29, 1), (1, 0)):
        until = NINE + dt.timedelta(seconds=seconds)
        assert len([answer for answer in fetcher.fetch(wanted, until=until) if answer]) == number
