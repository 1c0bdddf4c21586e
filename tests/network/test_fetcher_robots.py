"""The fetcher and robots.txt: asked once, obeyed, and what counts when it cannot be had."""

import datetime as dt

import pytest
from yarl import URL

from copydesk.adapters.http.download import Failure, Response
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.robots import rules
from copydesk.adapters.http.robots_cache import Learned
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.sites import LOOPBACK, NINE, Handler, Site, failure, fetch, page
from made.world import Shelf


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


@pytest.mark.parametrize(
    "between",
    ["", "Foo: bar", "Sitemap: http://a.example/s.xml", "Request-rate: 1/5", "junk", "Disallow2: /"],
)
@pytest.mark.parametrize(
    "names", [("*", "other"), ("other", "*"), ("copydesk", "other"), ("other", "Copydesk")]
)
def test_a_line_that_is_no_rule_ends_no_group(between: str, names: tuple[str, str]) -> None:
    """What stands between two names, and is neither allowed nor disallowed, leaves one group (RFC 9309, 2.2.1)."""
    text = f"User-agent: {names[0]}\n{between}\nUser-agent: {names[1]}\nDisallow: /a\n"
    found = rules(Response(URL("http://a.example"), 200, {}, text.encode()))
    with pytest.raises(Failure):
        found.check("http://a.example/a")
    found.check("http://a.example/b")


@pytest.mark.parametrize(
    "word", ["Disallow", "disallow", " DISALLOW", "Dissallow", "Disalow", "Diasllow", "Disallaw"]
)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_rules_are_read_however_they_are_written(word: str, end: str) -> None:
    """In any case, with any end of lines, and as the usual slips of the pen have them."""
    text = end.join(["user-agent : *", "Foo: bar", f"{word}: /a # not here", "Crawl-delay: 3"])
    found = rules(Response(URL("http://a.example"), 200, {}, text.encode()))
    assert found.delay == 3.0
    with pytest.raises(Failure):
        found.check("http://a.example/a")


def test_an_ill_site_is_asked_again_later(site: Site, fetcher: HttpFetcher) -> None:
    """A refusal that rests on an unreachable robots.txt names a time, so that it is not for ever."""
    site.pages["/robots.txt"] = page(b"", 500)
    (answer,) = fetch(fetcher, site.url("/a"))
    assert isinstance(answer, Unfetched)
    assert answer.retry_after == 600


def test_a_host_is_left_alone_by_the_next_fetcher_too(site: Site) -> None:
    """What a 429 asks for outlives the fetcher that heard it, and ends when it said."""
    site.pages["/busy"] = page(b"", 429, Retry_After="3600")
    learned = Learned(Shelf())
    found = []
    for path, later in (("/busy", 0), ("/a", 60), ("/a", 3601)):
        now = NINE + dt.timedelta(seconds=later)
        with HttpFetcher(delay=0, allow=LOOPBACK, now=lambda now=now: now, learned=learned) as fetcher:  # type: ignore[misc]
            found += fetch(fetcher, site.url(path))
    assert failure(found[1]) == (EntryOutcome.FAILED, Reason.STATUS)
    assert isinstance(found[1], Unfetched)
    assert 3500 < (found[1].retry_after or 0) <= 3540
    assert isinstance(found[2], Fetched)
    assert site.asked.count("kurier/a") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"until": 7}',
        b'{"until": "9999-12-31T23:59:59+00:00"}',
        b'{"until": "2026-09-01T10:00:00"}',
    ],
)
def test_a_spoiled_file_closes_no_host(content: bytes) -> None:
    """A file beside the archive that cannot be understood, or asks for more than a day, asks for nothing."""
    shelf, origin = Shelf(), URL("http://a.example")
    Learned(shelf).keep_closed(origin, NINE + dt.timedelta(hours=1))
    assert Learned(shelf).closed(origin, NINE) == dt.timedelta(hours=1)
    (name,) = shelf.names("learned/closed")
    shelf.save(name, content)
    assert Learned(shelf).closed(origin, NINE) == dt.timedelta(0)
