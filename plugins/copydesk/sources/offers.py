"""What a site offers to be polled: feeds and sitemaps its home page and robots.txt name, and where they usually are."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from copydesk.sources.linked import address
from copydesk.sources.section import href, opened

__all__ = ["named_by_page", "named_by_robots", "usual"]

LINK = re.compile(r"<link(?=\s)", re.IGNORECASE)
ALTERNATE = re.compile(r"rel\s*=\s*[\"']?[^\"'>]*\balternate\b", re.IGNORECASE)
FEED = re.compile(r"application/(?:rss|atom|feed)\+(?:xml|json)|application/json|text/xml", re.IGNORECASE)
WORDS = re.compile(r"(?:^|[/._-])(?:rss|feeds?|atom)(?:[/._?-]|\d|$)", re.IGNORECASE)
CLICKED = re.compile(r"<a(?=\s)", re.IGNORECASE)
COMMENTS = re.compile(r"comments?/feed|/comments?\b", re.IGNORECASE)
SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)

USUAL = ("feed", "rss", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json", "news-sitemap.xml",
         "sitemap_news.xml", "sitemap-news.xml", "sitemap.xml")  # fmt: skip
"""Paths at which content systems put theirs."""

MOST = 12
"""Addresses that are looked at of those a page names."""


def named_by_page(body: bytes, content_type: str, base_url: str) -> tuple[str, ...]:
    """The feeds a page names in its head, then links whose address looks like one; those of comments last."""
    page = opened(body, content_type)
    links = [rest.partition(">")[0] for rest in LINK.split(page)[1:]]
    head = (href(rest) for rest in links if ALTERNATE.search(rest) and FEED.search(rest))
    clicked = (href(rest.partition(">")[0]) for rest in CLICKED.split(page)[1:])
    found = [
        *_addresses(head, base_url),
        *(url for url in _addresses(clicked, base_url) if WORDS.search(url)),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda url: COMMENTS.search(url) is not None))[:MOST]


def named_by_robots(body: bytes, base_url: str) -> tuple[str, ...]:
    """The sitemaps a robots.txt names, those of news first."""
    found = _addresses(SITEMAP.findall(body.decode("utf-8", errors="replace")), base_url)
    return tuple(sorted(dict.fromkeys(found), key=lambda url: "news" not in url.lower()))[:MOST]


def usual(base_url: str) -> tuple[str, ...]:
    """Where feeds and sitemaps of a site usually are."""
    return tuple(urljoin(base_url, f"/{path}") for path in USUAL)


def _addresses(links: Iterator[str] | list[str], base_url: str) -> Iterator[str]:
    return filter(None, (address(link, base_url) for link in links if link))
