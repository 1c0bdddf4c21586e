import asyncio
import gzip
import html
import io
import re
from collections.abc import Iterator
from http import HTTPStatus

import aiohttp
import pytest
from lxml import etree
from multidict import CIMultiDictProxy

import newsworld
from newsworld.server import NewsServer, hosts

pytestmark = pytest.mark.allow_hosts(["127.0.0.0/8", "localhost"])

Got = tuple[int, CIMultiDictProxy[str], bytes]
WORLD = newsworld.build(7, "small")


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with newsworld.running(WORLD) as running:
        yield running


def get(*urls: str, headers: dict[str, str] | None = None, body: str | None = None) -> list[Got]:
    """Fetch the addresses one after the other in one session."""

    async def fetch() -> list[Got]:
        found = []
        async with aiohttp.ClientSession(auto_decompress=False) as session:
            for url in urls:
                method = "GET" if body is None else "POST"
                async with session.request(method, url, headers=headers, data=body) as response:
                    found.append((response.status, response.headers, await response.read()))
        return found

    return asyncio.run(fetch())


def links(feed: bytes) -> list[str]:
    """The addresses that an RSS or Atom feed's entries name; a feed that is no XML raises."""
    root = etree.fromstring(feed)
    rss = [str(node.text) for node in root.iterfind("channel/item/link")]
    atom = [str(node.get("href")) for node in root.iterfind("{*}entry/{*}link")]
    return rss + atom


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def visible(body: bytes) -> str:
    return flat(html.unescape(re.sub(r"<[^>]+>", " ", body.decode())))


def test_truth_stands_on_the_pages(server: NewsServer) -> None:
    """Every paragraph, caption and noise line of the truth is in the HTML that is served for it."""
    rows = [row for row in newsworld.rows(WORLD, server.bases) if row["until"] is None]
    pages = get(*[str(row["url"]) for row in rows])
    for row, (status, _, body) in zip(rows, pages, strict=True):
        assert status == HTTPStatus.OK
        text = visible(body)
        for key in ("paragraphs", "captions", "noise"):
            lines = row[key]
            assert isinstance(lines, list)
            assert [line for line in lines if flat(line) not in text] == []
        assert flat(str(row["title"])) in text


def test_every_feed_reads(server: NewsServer) -> None:
    """RSS and Atom parse without complaint and announce pages; sitemaps list them, packed and by index."""
    announced: set[str] = set()
    for outlet in WORLD.outlets:
        for feed in outlet.feeds:
            [(status, headers, body)] = get(server.url_of(outlet.name, feed.path))
            assert status == HTTPStatus.OK
            assert headers["ETag"]
            assert headers["Last-Modified"].endswith("GMT")
            if feed.kind == "sitemap":
                text = (gzip.decompress(body) if feed.path.endswith(".gz") else body).decode()
                found = re.findall(r"<loc>([^<]+)</loc>", text)
                if "<sitemapindex" in text:
                    parts = [part[2] for part in get(*found)]
                    text = "".join(
                        (gzip.decompress(p) if p[:2] == b"\x1f\x8b" else p).decode() for p in parts
                    )
                    found = re.findall(r"<loc>([^<]+)</loc>", text)
                announced |= set(found)
            else:
                found = links(body)
                assert found
                announced |= {link.partition("?")[0] for link in found}
    assert announced == {str(row["url"]) for row in newsworld.rows(WORLD, server.bases)}


def test_conditional_requests(server: NewsServer) -> None:
    """A feed and a page answer 304 to their ETag or date, 200 to another ETag, and the tag goes first."""
    page = WORLD.pages[-1]
    for url in (server.url_of("harbourpost", "/feed.xml"), server.url_of(page.outlet, page.path)):
        [(_, first, _)] = get(url)
        for headers, status in [
            ({"If-None-Match": first["ETag"]}, 304),
            ({"If-None-Match": f"W/{first['ETag']}"}, 304),
            ({"If-None-Match": '"other"'}, 200),
            ({"If-Modified-Since": first["Last-Modified"]}, 304),
            ({"If-Modified-Since": "Thu, 01 Jan 2015 00:00:00 GMT"}, 200),
            ({"If-None-Match": '"other"', "If-Modified-Since": first["Last-Modified"]}, 200),
        ]:
            [(got, _, body)] = get(url, headers=headers)
            assert got == status
            assert (body == b"") is (status == HTTPStatus.NOT_MODIFIED)


def test_schedule_shows_only_what_is_out() -> None:
    """A feed is empty before the first publication, grows as the world goes on, and pages are 404 until then."""
    page = next(page for page in WORLD.pages if page.outlet == "harbourpost")
    with newsworld.running(WORLD, speed=None) as server:
        feed, url = server.url_of("harbourpost", "/feed.xml"), server.url_of(page.outlet, page.path)
        (_, before, empty), (missing, _, _) = get(feed, url)
        server.publish_until(page.at)
        (_, _, some), (found, _, _) = get(feed, url)
        server.publish_all()
        [(changed, _, every)] = get(feed, headers={"If-None-Match": before["ETag"]})
    sizes = [len(links(body)) for body in (empty, some, every)]
    assert sizes[0] == 0 < sizes[1] < sizes[2]
    assert (missing, found, changed) == (404, 200, 200)


def test_agency_replaces_a_page_in_place() -> None:
    """An updated item stands at the old address with another text."""
    page = next(page for page in WORLD.pages if page.until is not None)
    with newsworld.running(WORLD, speed=None) as server:
        server.publish_until(page.at)
        [(_, first, _)] = get(server.url_of(page.outlet, page.path))
        server.publish_all()
        [(status, second, _)] = get(
            server.url_of(page.outlet, page.path), headers={"If-None-Match": first["ETag"]}
        )
    assert status == HTTPStatus.OK
    assert first["Last-Modified"] != second["Last-Modified"]


def test_robots_forbids_what_a_feed_announces(server: NewsServer) -> None:
    """One outlet's feed announces pages of a section its robots.txt forbids."""
    robots, feed = get(server.url_of("fenlandecho", "/robots.txt"), server.url_of("fenlandecho", "/rss.xml"))
    assert b"Disallow: /premium/" in robots[2]
    assert b"/premium/" in feed[2]


@pytest.mark.parametrize(("fault", "hits"), [("500", 3), ("503:1", 1), ("404:2", 2)])
def test_status_faults(server: NewsServer, fault: str, hits: int) -> None:
    """A status is answered for all requests or for the first ones only."""
    server.set_fault("/harbourpost/feed.xml", fault)
    found = get(*[server.url_of("harbourpost", "/feed.xml")] * 3)
    assert [status for status, _, _ in found] == [int(fault[:3])] * hits + [200] * (3 - hits)


def test_html_in_place_of_a_feed() -> None:
    """The fault html-feed sends a page with status 200."""
    with newsworld.running(WORLD, faults={"/harbourpost/feed.xml": "html-feed"}) as server:
        [(status, headers, body)] = get(server.url_of("harbourpost", "/feed.xml"))
    assert status == HTTPStatus.OK
    assert headers["Content-Type"].startswith("text/html")
    assert b"<h1>" in body


def test_reset_mid_body(server: NewsServer) -> None:
    """The fault reset ends the connection before the promised length."""
    server.set_fault("/harbourpost/feed.xml", "reset")
    with pytest.raises(aiohttp.ClientError):
        get(server.url_of("harbourpost", "/feed.xml"))


def test_bomb_is_small_and_unpacks_to_much(server: NewsServer) -> None:
    """The fault bomb sends less than 1 MiB of gzip that begins as a long run of zeros."""
    server.set_fault("/harbourpost/feed.xml", "bomb")
    [(_, headers, body)] = get(server.url_of("harbourpost", "/feed.xml"))
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < 1 << 20
    with gzip.open(io.BytesIO(body)) as packed:
        assert packed.read(1 << 16) == bytes(1 << 16)


def test_drip_sends_a_byte_at_a_time(server: NewsServer) -> None:
    """The fault drip promises the whole length and sends one byte first."""
    server.set_fault("/harbourpost/feed.xml", "drip")

    async def first() -> tuple[int | None, bytes]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(server.url_of("harbourpost", "/feed.xml")) as response,
        ):
            return response.content_length, await response.content.readany()

    length, start = asyncio.run(first())
    assert length is not None
    assert length > 1
    assert start == b"<"


@pytest.mark.parametrize("fault", ["nonsense", "200", "700", "500:x"])
def test_unknown_faults_are_refused(server: NewsServer, fault: str) -> None:
    """A fault nobody knows is refused."""
    with pytest.raises(ValueError, match=r"fault|invalid literal"):
        server.set_fault("/harbourpost/feed.xml", fault)


def test_control_endpoint_switches_faults(server: NewsServer) -> None:
    """Another process can switch a fault on and off and read the visits."""
    url = server.url_of("harbourpost", "/feed.xml")
    get(f"{server.control}/faults", body='{"path": "/harbourpost/feed.xml", "fault": "500"}')
    [(broken, _, _)] = get(url)
    get(f"{server.control}/faults", body='{"path": "/harbourpost/feed.xml"}')
    (whole, _, _), (status, _, visits) = get(url, f"{server.control}/visits")
    [(bad, _, text)] = get(f"{server.control}/faults", body='{"path": "/a/b", "fault": "odd"}')
    assert (broken, whole, status, bad) == (500, 200, 200, 400)
    assert b"harbourpost" in visits
    assert b"expected a status" in text


def test_visits_are_logged(server: NewsServer) -> None:
    """The log says who asked for what, when, with which headers, and what was answered."""
    get(server.url_of("coastwire", "/robots.txt"), headers={"User-Agent": "desk/1"})
    get(server.url_of("coastwire", "/nothing"))
    first, second = server.visits
    assert (first.outlet, first.path, first.status) == ("coastwire", "/robots.txt", 200)
    assert first.headers["User-Agent"] == "desk/1"
    assert second.status == HTTPStatus.NOT_FOUND
    assert first.at <= second.at


def test_hosts_are_distinct() -> None:
    """Each outlet has a host of its own, by name or by address."""
    for form in ("names", "addresses", "auto"):
        assert len(set(hosts(WORLD.outlets, form).values())) == len(WORLD.outlets)
    with pytest.raises(ValueError, match="hosts: expected one of auto, names, addresses"):
        hosts(WORLD.outlets, "numbers")
