"""The fetcher against a real server on loopback that behaves in every bad way."""

import asyncio

import pytest
from aiohttp import web

from copydesk.adapters.http.download import retry_after
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.errors import FetchError
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched
from made.sites import LOOPBACK, NINE, PAGE, Handler, Site, failure, fetch, page, want


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
    assert site.headers[0]["From"] == "desk@kurier.example"


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
    ("statuses", "moved"),
    [((301,), "/b"), ((308, 301), "/c"), ((301, 302), "/b"), ((302, 301), ""), ((307,), ""), ((), "")],
)
def test_moves_for_good(site: Site, fetcher: HttpFetcher, statuses: tuple[int, ...], moved: str) -> None:
    """Where the redirects led that say "for good", up to the first that does not."""
    for number, status in enumerate(statuses):
        site.pages[f"/{'abc'[number]}"] = page(b"", status, Location=f"/{'bcd'[number]}")
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Fetched)
    assert answer.moved_to == (site.url(moved) if moved else "")


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


def test_a_closed_port_is_a_failure(site: Site, fetcher: HttpFetcher) -> None:
    """Nobody there means no robots.txt, so nothing is allowed for now."""
    (answer,) = fetch(fetcher, "http://127.0.0.1:9/a")
    assert failure(answer) == (EntryOutcome.FAILED, Reason.CONNECTION)
    assert isinstance(answer, Unfetched)
    assert (answer.retry_after, answer.asked) == (60, False)
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
