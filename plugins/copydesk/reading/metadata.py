"""What a page says about its article: title, authors, times, address, section and the like. Pure.

Each field has one function, with its sources in order of trust: JSON-LD, Open Graph and other meta elements,
what the page shows, and last what htmldate or the feed know.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from copydesk.cleaning.furniture import is_known
from copydesk.reading.addresses import read_address
from copydesk.reading.authors import read_authors
from copydesk.reading.dates import Clock, allowed, doubts, read_modified, read_published, search_published
from copydesk.reading.facts import Facts, first_text, squeeze, strings
from copydesk.reading.language import primary_tag
from copydesk.reading.mending import completed
from copydesk.reading.titles import read_title, titles
from copydesk.urls import join

__all__ = ["Metadata", "read_metadata", "titles"]

LONGEST_TAG = 60
MOST_TAGS = 30
"""A longer tag is a sentence, and more tags are there for search engines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of a Document that come from declarations; None, "" or () where nobody says.

    Attributes:
        standing: Summaries that are none of the page's own: they stand on many pages of its outlet.
    """

    url: str
    title: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    site_name: str | None = None
    image: str | None = None
    standfirst: str | None = None
    standing: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def read_metadata(
    facts: Facts,
    *,
    url: str,
    fetched_at: datetime,
    announced_at: datetime | None = None,
    html: str = "",
    zone: tzinfo = UTC,
    shared: Collection[str] = (),
    furniture: Collection[str] = (),
) -> Metadata:
    """Read every field from the declarations of a page.

    Args:
        facts: What the page declares.
        url: The address that answered.
        fetched_at: Dates later than a day after it are dropped, slightly later ones set to it.
        announced_at: What the feed said.
        html: The stripped page, in which times and names are looked for that the declarations lack, and faulty JSON-LD.
        zone: Meant by times that name none.
        shared: Keys of addresses that are no page's own, see `addresses`.
        furniture: What the memory of the outlet holds.
    """
    facts = completed(facts, html)
    site_name = read_site_name(facts)
    clock = Clock(fetched_at=fetched_at, language=_language(facts), zone=zone)
    summaries = read_summaries(facts)
    standing = tuple(text for text in summaries if is_known(text, furniture))
    published_at = (
        read_published(facts, clock, html)
        or allowed(announced_at, fetched_at)
        or search_published(facts, html, url, fetched_at)
    )
    modified_at = read_modified(facts, clock)
    if published_at and modified_at and modified_at < published_at:
        modified_at = None
    return Metadata(
        url=read_address(facts, url, shared),
        title=read_title(facts, site_name or "", url),
        authors=read_authors(facts, site_name or "", url, html),
        published_at=published_at,
        modified_at=modified_at,
        section=first_text(facts.article.get("articleSection"))
        or facts.first("article:section", "section")
        or None,
        site_name=site_name,
        image=read_image(facts, url),
        standfirst=next((text for text in summaries if text not in standing), None),
        standing=standing,
        tags=read_tags(facts),
        doubts=doubts(facts, clock),
    )


def _language(facts: Facts) -> str:
    """What the page is written in, with its country where one of its declarations has it; ""."""
    said = [tag for tag in (facts.language, facts.first("og:locale")) if primary_tag(tag)]
    longer = (tag for tag in said if len(tag) > len(said[0]) and primary_tag(tag) == primary_tag(said[0]))
    return next(longer, said[0]) if said else ""


def read_site_name(facts: Facts) -> str | None:
    """The name of the site."""
    publisher = facts.article.get("publisher")
    return facts.first("og:site_name", "application-name") or first_text(publisher) or None


def read_image(facts: Facts, url: str) -> str | None:
    """Absolute address of the lead image."""
    declared = facts.first("og:image", "og:image:url", "twitter:image") or _image_url(
        facts.article.get("image")
    )
    return (join(url, declared) or None) if declared else None


def _image_url(value: object) -> str:
    item = value[0] if isinstance(value, list) and value else value
    return (
        first_text(item.get("url") or item.get("contentUrl")) if isinstance(item, dict) else first_text(item)
    )


def read_summaries(facts: Facts) -> tuple[str, ...]:
    """The summaries the page gives of itself, the most trusted first."""
    said = (
        facts.first("og:description"),
        facts.first("description"),
        first_text(facts.article.get("description")),
    )
    return tuple(dict.fromkeys(filter(None, said)))


def read_tags(facts: Facts) -> tuple[str, ...]:
    """Keywords, each once, in order."""
    declared = [
        *strings(facts.article.get("keywords")),
        *facts.every("article:tag", "news_keywords", "keywords"),
    ]
    tags: dict[str, str] = {}
    for text in declared:
        for part in re.split(r"[,;]", text):
            if (tag := squeeze(part)) and len(tag) < LONGEST_TAG:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:MOST_TAGS]
