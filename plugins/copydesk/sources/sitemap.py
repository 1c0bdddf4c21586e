"""Sitemaps, sitemap indexes and Google News sitemaps → entries, or the sitemaps an index names."""

import datetime as dt
import gzip
import io
import zlib
from urllib.parse import urldefrag, urljoin

from lxml.etree import _Element as Element

from copydesk.model import Entry, Source
from copydesk.sources.announced import Announced, NotAFeed, each_once
from copydesk.sources.dates import moment
from copydesk.sources.markup import collect, local, text_of

__all__ = ["parse"]

ROOTS = frozenset({"urlset", "sitemapindex"})
LARGEST = 50 * 1024 * 1024
"""Bytes after unpacking; the limit of the sitemap protocol."""

CHUNK = 256 * 1024

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The pages of a sitemap, and of an index its sitemaps, newest first. Raises NotAFeed for anything else."""

    def place(element: Element) -> tuple[str, Entry] | None:
        return _place(source, element, base_url)

    unpacked = _unpack(body) if body.startswith(b"\x1f\x8b") else body
    found = collect(unpacked, content_type, roots=ROOTS, tags=("url", "sitemap"), make=place)
    parts = sorted(
        (entry for kind, entry in found if kind == "sitemap"),
        key=lambda entry: entry.updated_at or NEVER,
        reverse=True,
    )
    return Announced(
        entries=each_once(entry for kind, entry in found if kind == "url"),
        more=tuple(dict.fromkeys(entry.url for entry in parts)),
    )


def _unpack(body: bytes) -> bytes:
    """A gzip file's content as far as it goes; damage costs what follows it."""
    content = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
            while chunk := file.read1(CHUNK):
                content += chunk
                if len(content) > LARGEST:
                    raise NotAFeed(f"unpacks to more than {LARGEST // 1024**2} MiB")
    except (OSError, EOFError, zlib.error) as error:
        if not content:
            raise NotAFeed(f"not a gzip file: {error}") from error
    return bytes(content)


def _place(source: Source, element: Element, base_url: str) -> tuple[str, Entry] | None:
    """One `url` or `sitemap` element; None when it names no web address."""
    news = [part for child in element if local(child) == "news" for part in child]
    told = {local(part): text_of(part) for part in (*element, *news)}
    try:
        url = urldefrag(urljoin(base_url, told.get("loc", ""))).url
    except ValueError:
        return None
    if not told.get("loc") or not url.lower().startswith(("http://", "https://")):
        return None
    entry = Entry(
        url=url,
        source=source.name,
        title=told.get("title") or None,
        published_at=moment(told.get("publication_date")),
        updated_at=moment(told.get("lastmod")),
    )
    return local(element), entry
