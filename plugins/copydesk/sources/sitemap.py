"""Sitemaps, sitemap indexes and Google News sitemaps → entries, or the sitemaps an index names."""

import datetime as dt
from urllib.parse import urldefrag, urljoin

from lxml.etree import _Element as Element

from copydesk.border import Fault
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, each_once, left_out, zone_of
from copydesk.sources.markup import collect, local, parts_of, text_of

__all__ = ["parse"]

ROOTS = frozenset({"urlset", "sitemapindex"})

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """The pages of a sitemap, and of an index its sitemaps, newest first. Raises NotAFeed for anything else."""

    def entry_of(element: Element) -> tuple[str, Entry] | None:
        return _entry_of(source, element, base_url)

    found = collect(body, content_type, roots=ROOTS, tags=("url", "sitemap"), make=entry_of, item=base_url)
    made = [one for one in found if isinstance(one, tuple)]
    parts = sorted(
        (entry for kind, entry in made if kind == "sitemap"),
        key=lambda entry: entry.updated_at or NEVER,
        reverse=True,
    )
    return Announced(
        entries=each_once(entry for kind, entry in made if kind == "url"),
        more=tuple(dict.fromkeys(entry.url for entry in parts)),
        changed={part.url: part.updated_at for part in reversed(parts) if part.updated_at},
        left_out=left_out(
            (one for one in found if isinstance(one, Fault)),
            Reason.ADDRESS,
            "no web address",
            found.count(None),
        ),
    )


def _entry_of(source: Source, element: Element, base_url: str) -> tuple[str, Entry] | None:
    """One `url` or `sitemap` element; None when it names no web address."""
    own = list(parts_of(element))
    news = [part for child in own if local(child) == "news" for part in parts_of(child)]
    fields = {local(part): text_of(part) for part in reversed([*news, *own])}
    try:
        url = urldefrag(urljoin(base_url, fields.get("loc", ""))).url
    except ValueError:
        return None
    if not fields.get("loc") or not url.lower().startswith(("http://", "https://")):
        return None
    entry = Entry(
        url=url,
        source=source.name,
        title=fields.get("title") or None,
        published_at=moment(fields.get("publication_date"), zone_of(source)),
        updated_at=moment(fields.get("lastmod"), zone_of(source)),
    )
    return local(element), entry
