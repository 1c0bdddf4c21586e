"""Sitemaps, their indexes, and Google's news extension."""

import datetime as dt
import gzip

import pytest

from copydesk.model import Source
from copydesk.sources import NotAFeed, parse

SOURCE = Source(name="kurier", kind="sitemap", url="https://kurier.example/sitemap.xml", outlet="kurier")
BASE = "https://kurier.example/sitemap.xml"

NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://kurier.example/a/1#x </loc><lastmod>2026-09-01T10:00:00Z</lastmod>
<image:image><image:loc>https://kurier.example/i.jpg</image:loc><image:title>Bild</image:title></image:image></url>
<url><loc>https://kurier.example/a/2?x=1&y=2</loc><news:news><news:publication><news:name>Kurier</news:name></news:publication>
<news:publication_date>2026-09-01</news:publication_date><news:title>Hafen &amp; Stadt</news:title></news:news></url>
<url><loc></loc></url><url/><url><loc>ftp://kurier.example/</loc></url></urlset>"""

INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://kurier.example/old.xml</loc><lastmod>2026-08-01</lastmod></sitemap>
<sitemap><loc>/undated.xml.gz</loc></sitemap>
<sitemap><loc>https://kurier.example/new.xml</loc><lastmod>2026-09-01</lastmod></sitemap></sitemapindex>"""


@pytest.mark.parametrize("body", [NEWS, gzip.compress(NEWS), NEWS[:-9], gzip.compress(NEWS) + b"trailing"])
def test_pages(body: bytes) -> None:
    """Address, title and both dates, from plain, packed and damaged files; a picture's title is the page's no more."""
    first, second = parse(SOURCE, body, "application/xml", BASE).entries
    assert (first.url, first.updated_at) == (
        "https://kurier.example/a/1",
        dt.datetime(2026, 9, 1, 10, tzinfo=dt.UTC),
    )
    assert (first.title, first.published_at) == (None, None)
    assert second.url == "https://kurier.example/a/2?x=1&y=2"
    assert (second.title, second.published_at) == ("Hafen & Stadt", dt.datetime(2026, 9, 1, tzinfo=dt.UTC))


def test_an_index_names_more_documents() -> None:
    """The parts of an index come newest first, those without a date last, and are no entries."""
    announced = parse(SOURCE, INDEX, "", BASE)
    assert announced.entries == ()
    assert announced.more == (
        "https://kurier.example/new.xml",
        "https://kurier.example/old.xml",
        "https://kurier.example/undated.xml.gz",
    )


def test_a_cut_gzip_file_gives_what_it_holds() -> None:
    """Pages before the damage are kept."""
    pages = "".join(f"<url><loc>https://kurier.example/{n * 7919 % 10007}</loc></url>" for n in range(3000))
    packed = gzip.compress(f"<urlset>{pages}</urlset>".encode())
    found = parse(SOURCE, packed[: len(packed) // 2], "", BASE).entries
    assert 500 < len(found) < 3000


def test_a_gzip_bomb_is_refused() -> None:
    """Beyond the protocol's 50 MiB nothing is unpacked."""
    with pytest.raises(NotAFeed, match="50 MiB"):
        parse(SOURCE, gzip.compress(b"<urlset>" + b" " * (60 << 20)), "", BASE)
