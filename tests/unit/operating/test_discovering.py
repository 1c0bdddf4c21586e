"""What an address would bring, before it is a source."""

from copydesk.model import Document, Rejection
from copydesk.operating.discovering import Trial, find, try_source
from copydesk.outcomes import Reason
from copydesk.ports import Unfetched
from copydesk.sources.offers import named_by_page, named_by_robots
from made.texts import paragraphs
from made.world import World, feed, page, source

HOME, FEED, NEWS = "https://one.example/", "https://one.example/feed.xml", "https://one.example/news.xml"
ARTICLE = "https://one.example/a"
SITE = f"""<html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel=alternate type=application/rss+xml href=/feed.xml><link rel="stylesheet" href="/feed.css">
<!-- <link rel="alternate" type="application/rss+xml" href="/old.xml"> --></head>
<body><a href="/rss/sport">RSS</a><a href="/fearless">Fearless</a><a href="{ARTICLE}">A</a></body></html>"""


def site() -> World:
    world = World()
    world.web.pages = {
        HOME: SITE.encode(),
        FEED: feed(ARTICLE),
        "https://one.example/robots.txt": f"Sitemap: /all.xml\nsitemap: {NEWS}".encode(),
        NEWS: f"<urlset><url><loc>{ARTICLE}</loc></url></urlset>".encode(),
        ARTICLE: page("Quay opened", *paragraphs(3)),
    }
    return world


def found(world: World, url: str) -> list[Trial]:
    return find(world.web, world.ports.reader, url)


def test_a_site_is_asked_for_what_it_offers() -> None:
    """Feeds its page names, sitemaps its robots.txt names; each with one page read; what is not there is no trouble."""
    feed_, news = found(site(), HOME)
    assert [(one.kind, one.url) for one in (feed_, news)] == [("rss", FEED), ("sitemap", NEWS)]
    for one in (feed_, news):
        assert [entry.url for entry in one.announced.entries] == [ARTICLE]
        assert isinstance(one.page, Document)


def test_what_is_named_where() -> None:
    """Head before links, those of comments last; not what is commented out, nor words that only look alike."""
    assert named_by_page(SITE.encode(), "text/html", HOME) == (
        FEED, "https://one.example/rss/sport", "https://one.example/comments/feed",
    )  # fmt: skip
    assert named_by_robots(b"Sitemap: /all.xml\nsitemap: /news.xml", HOME) == (
        NEWS,
        "https://one.example/all.xml",
    )


def test_the_usual_places_are_looked_at_last() -> None:
    """Where page and robots.txt name nothing, the first place that holds something."""
    world = site()
    world.web.pages |= {HOME: b"<html><a href='/x'>x</a></html>", "https://one.example/robots.txt": 404}
    assert [trial.url for trial in found(world, HOME)] == [FEED]
    world.web.pages |= {FEED: 404, NEWS: 404}
    (nothing,) = found(world, HOME)
    assert nothing.trouble == "neither a feed nor a sitemap, and its site names none"


def test_an_address_that_is_a_feed_is_tried_itself() -> None:
    """And one that cannot be had says why."""
    world = site()
    assert [(trial.kind, trial.trouble) for trial in found(world, FEED)] == [("rss", "")]
    world.web.pages[FEED] = Reason.ROBOTS
    assert [trial.trouble for trial in found(world, FEED)] == ["robots"]


def test_a_source_of_the_file_is_tried_as_it_is_written() -> None:
    """By its own kind; a page that is none, or cannot be had, is told."""
    world = site()
    section = source("s", kind="section", url=HOME, links="^/a$")
    assert [entry.url for entry in try_source(world.web, world.ports.reader, section).announced.entries] == [
        ARTICLE
    ]
    assert try_source(world.web, world.ports.reader, source(url=HOME)).trouble.startswith("not-a-feed ")
    world.web.pages[ARTICLE] = b"<html></html>"
    assert isinstance(try_source(world.web, world.ports.reader, section).page, Rejection)
    world.web.pages[ARTICLE] = Reason.GONE
    assert isinstance(try_source(world.web, world.ports.reader, section).page, Unfetched)


def test_an_item_that_brings_its_text_is_read_from_there() -> None:
    """Nothing is asked for its page."""
    world = site()
    text = "".join(f"<p>{one}</p>" for one in paragraphs(3))
    world.web.pages[FEED] = f'[{{"uri": "urn:x:1", "headline": "Quay", "body_html": "{text}"}}]'.encode()
    (trial,) = found(world, FEED)
    assert (trial.kind, [wanted.url for wanted in world.web.asked]) == ("ninjs", [FEED])
    assert isinstance(trial.page, Document)
