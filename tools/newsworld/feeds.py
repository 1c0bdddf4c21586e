"""What outlets announce: RSS, Atom, news sitemaps with index and gzip, robots.txt. Pure."""

import datetime as dt
import gzip
from collections.abc import Iterable, Mapping, Sequence
from email.utils import format_datetime
from html import escape

from newsworld.model import Feed, Outlet, Page, World

TRACKING = "?utm_source=rss&amp;utm_medium=feed"
INDEX_PARTS = ("/sitemap-news-1.xml", "/sitemap-news-2.xml.gz")
XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


def announced(world: World, outlet: Outlet, feed: Feed, now: float) -> list[Page]:
    """The pages a feed shows at world second ``now``, newest first, each in its state of then."""
    pages = [
        page
        for page in world.pages
        if page.outlet == outlet.name
        and page.is_shown(now)
        and feed.section in {"", page.section}
        and feed.language in {"", page.language}
    ]
    return sorted(pages, key=lambda page: (-page.first_at, page.path))


def is_index(feed: Feed) -> bool:
    """Whether a sitemap's address leads to an index of the two files in INDEX_PARTS."""
    return feed.kind == "sitemap" and "index" in feed.path


def document(
    world: World, outlet: Outlet, feed: Feed, pages: Sequence[Page], bases: Mapping[str, str]
) -> bytes:
    """The feed's bytes; those of a path ending in .gz are gzip."""
    if is_index(feed):
        return sitemap_index(bases[outlet.name])
    makers = {"rss": _rss, "atom": _atom, "sitemap": _sitemap}
    text = makers[feed.kind](world, outlet, feed, pages, bases[outlet.name])
    return packed(feed.path, text)


def packed(path: str, text: str) -> bytes:
    """The text as bytes, gzipped without a date if the path ends in .gz."""
    body = text.encode("utf-8")
    return gzip.compress(body, mtime=0) if path.endswith(".gz") else body


def _rss(world: World, outlet: Outlet, feed: Feed, pages: Sequence[Page], base: str) -> str:
    entries = "".join(_rss_entry(world, feed, page, base) for page in pages)
    return (
        XML
        + '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        + 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        + f"<title>{escape(outlet.title)}</title><link>{base}/</link>"
        + f"<description>{escape(outlet.title)}</description>{entries}</channel></rss>\n"
    )


def _rss_entry(world: World, feed: Feed, page: Page, base: str) -> str:
    parts = [
        f"<title>{escape(page.title)}</title>",
        f"<link>{base}{page.path}{TRACKING if feed.tracked else ''}</link>",
        f'<guid isPermaLink="false">{page.outlet}{page.path}</guid>',
        f"<pubDate>{format_datetime(world.time_of(page.first_at))}</pubDate>",
        *[f"<dc:creator>{escape(author)}</dc:creator>" for author in page.authors],
        f"<description>{escape(page.paragraphs[0])}</description>",
    ]
    if feed.fulltext:
        text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in page.paragraphs)
        parts.append(f"<content:encoded><![CDATA[{text}]]></content:encoded>")
        parts.append(f"<atom:updated>{world.time_of(page.at).isoformat()}</atom:updated>")
    return f"<item>{''.join(parts)}</item>\n"


def _atom(world: World, outlet: Outlet, feed: Feed, pages: Sequence[Page], base: str) -> str:
    newest = max((page.at for page in pages), default=0)
    entries = "".join(
        f"<entry><id>tag:{page.outlet}.example,2026:{page.path}</id><title>{escape(page.title)}</title>"
        f'<link rel="alternate" href="{base}{page.path}"/>'
        f"<published>{world.time_of(page.first_at).isoformat()}</published>"
        f"<updated>{world.time_of(page.at).isoformat()}</updated>"
        + "".join(f"<author><name>{escape(author)}</name></author>" for author in page.authors)
        + f'<summary type="text">{escape(page.paragraphs[0])}</summary></entry>\n'
        for page in pages
    )
    return (
        XML
        + f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{base}{feed.path}</id>'
        + f"<title>{escape(outlet.title)}</title><updated>{world.time_of(newest).isoformat()}</updated>"
        + f'<link rel="self" href="{base}{feed.path}"/>\n{entries}</feed>\n'
    )


def _sitemap(world: World, outlet: Outlet, _feed: Feed, pages: Sequence[Page], base: str) -> str:
    return sitemap(world, outlet, pages, base)


def sitemap(world: World, outlet: Outlet, pages: Iterable[Page], base: str) -> str:
    """A Google News sitemap of the pages."""
    entries = "".join(
        f"<url><loc>{base}{page.path}</loc><lastmod>{world.time_of(page.at).isoformat()}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.title)}</news:name>"
        f"<news:language>{page.language}</news:language></news:publication>"
        f"<news:publication_date>{world.time_of(page.first_at).isoformat()}</news:publication_date>"
        f"<news:title>{escape(page.title)}</news:title></news:news></url>\n"
        for page in pages
    )
    return (
        XML
        + '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        + f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{entries}</urlset>\n'
    )


def sitemap_index(base: str) -> bytes:
    """An index of the two files every indexed sitemap is split into."""
    entries = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in INDEX_PARTS)
    text = (
        f'{XML}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>\n'
    )
    return text.encode("utf-8")


def robots(outlet: Outlet, base: str) -> str:
    """robots.txt: at most one forbidden section, and the sitemaps."""
    rules = f"Disallow: /{outlet.disallowed}/" if outlet.disallowed else "Disallow:"
    maps = [f"Sitemap: {base}{feed.path}" for feed in outlet.feeds if feed.kind == "sitemap"]
    return "\n".join(["User-agent: *", rules, "Disallow: /admin/", *maps]) + "\n"


def last_change(world: World, pages: Iterable[Page]) -> dt.datetime:
    """When a feed changed last: the newest state it shows, the world's start if it is empty."""
    return world.time_of(max((page.at for page in pages), default=0))
