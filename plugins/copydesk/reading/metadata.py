"""What a page says about its article: title, authors, times, address, section and the like. Pure.

Each field has one function, with its sources in order of trust: JSON-LD, Open Graph and other meta elements,
what the page shows, and last what htmldate or the feed know.
"""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from copydesk.cleaning.lines import fold
from copydesk.reading.addresses import read_address
from copydesk.reading.dates import Clock, allowed, doubts, read_modified, read_published, search_published
from copydesk.reading.facts import Facts, Node, first_text, squeeze, strings
from copydesk.reading.language import primary_tag
from copydesk.reading.people import is_source, names
from copydesk.urls import host, join, registrable_domain

__all__ = ["Metadata", "read_metadata", "titles"]

LONGEST_TAG = 60
MOST_TAGS = 30
"""A longer tag is a sentence, and more tags are there for search engines."""

SEPARATORS = re.compile(r"\s+[|–—·•»:-]\s+|\s*(?:[|｜•：_]|--)\s*")
MARKS = " |｜–—·•:：_-"
WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The fields of a Document that come from declarations; None, "" or () where nobody says."""

    url: str
    title: str = ""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    modified_at: datetime | None = None
    section: str | None = None
    site_name: str | None = None
    image: str | None = None
    standfirst: str | None = None
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
) -> Metadata:
    """Read every field from the declarations of a page.

    Args:
        facts: What the page declares.
        url: The address that answered.
        fetched_at: Dates later than a day after it are dropped, slightly later ones set to it.
        announced_at: What the feed said.
        html: The stripped page, in which times are looked for that the declarations lack.
        zone: Meant by times that name none.
        shared: Keys of addresses that are no page's own, see `addresses`.
    """
    site_name = read_site_name(facts)
    clock = Clock(fetched_at=fetched_at, language=_language(facts), zone=zone)
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
        authors=read_authors(facts, site_name or "", url),
        published_at=published_at,
        modified_at=modified_at,
        section=first_text(facts.article.get("articleSection"))
        or facts.first("article:section", "section")
        or None,
        site_name=site_name,
        image=read_image(facts, url),
        standfirst=read_standfirst(facts),
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


def titles(facts: Facts) -> list[str]:
    """Every wording of the headline that the page declares or shows, best first."""
    declared = (
        facts.first("og:title"),
        first_text(facts.article.get("headline")),
        facts.first("twitter:title", "title"),
        facts.title,
        *facts.headings,
    )
    return [title for title in declared if title]


def read_title(facts: Facts, site_name: str, url: str = "") -> str:
    """The headline, without the name of the site.

    og:title comes first: it is what editors write for readers elsewhere. It gives way where heading and JSON-LD agree
    and it merely repeats the title element or differs in punctuation, and where it holds the heading and more.
    """
    sites = (site_name, registrable_domain(url).partition(".")[0])
    heading = without_site(_heading(facts, sites), sites)
    linked = without_site(first_text(facts.article.get("headline")), sites, (heading,))
    shared = without_site(facts.first("og:title"), sites, (heading, linked))
    document = without_site(facts.title, sites, (heading, linked))
    if linked and linked == heading and fold(shared) in {fold(document), fold(heading)}:
        return linked
    return shared or linked or (heading if _akin(heading, document) or not document else document)


def _heading(facts: Facts, sites: tuple[str, ...]) -> str:
    """The heading most like the title element; on many pages the first one is the name of the site."""
    document = without_site(facts.title, sites)
    return max(facts.headings, key=lambda heading: _likeness(heading, document), default="")


def without_site(title: str, sites: tuple[str, ...], others: tuple[str, ...] = ()) -> str:
    """The title without a part that names the site, at either end, or that none of its other wordings has."""
    wordings = {fold(other) for other in others}
    if fold(title) in wordings:
        return title
    for match in SEPARATORS.finditer(title):
        for part in (title[: match.start()].strip(), title[match.end() :].strip()):
            if part and fold(part) in wordings:
                return part
    parts = SEPARATORS.split(title)
    for part, rest in ((parts[-1], title.removesuffix(parts[-1])), (parts[0], title.removeprefix(parts[0]))):
        if len(parts) > 1 and len(part) < len(title) / 2 and any(_names(part, site) for site in sites):
            return rest.strip(MARKS).removesuffix(" »")
    return title


def _names(part: str, site: str) -> bool:
    """Whether a part of a title is the name of a site, shortened or with a word more."""
    one, two = _letters(part), _letters(site)
    return bool(one and two) and (one in two or two in one)


def _letters(text: str) -> str:
    return "".join(WORDS.findall(text.casefold()))


def _likeness(one: str, two: str) -> float:
    """The share of words that two titles have in common, 0 to 1."""
    first, second = set(WORDS.findall(one.casefold())), set(WORDS.findall(two.casefold()))
    return len(first & second) / max(1, len(first | second))


def _akin(heading: str, title: str) -> bool:
    """Whether two titles share at least half of the words of the shorter one."""
    one, two = set(WORDS.findall(heading.casefold())), set(WORDS.findall(title.casefold()))
    return bool(one and two) and len(one & two) >= 0.5 * min(len(one), len(two))


def read_authors(facts: Facts, site_name: str, url: str) -> tuple[str, ...]:
    """Names of the authors, in the order given; the outlet itself only when it is declared and nobody else."""
    by_id = {str(node["@id"]): node for node in facts.nodes if "@id" in node and node.get("name")}
    declared = facts.article.get("author") or facts.article.get("creator")
    people = (declared if isinstance(declared, list) else [declared])[:20]
    declared = [_called(person, by_id) for person in people]
    outlets = {
        _letters(name) for name in (site_name, first_text(facts.article.get("publisher")), host(url)) if name
    }
    for bylines in (
        declared,
        facts.every(*AUTHOR_NAMES),
        labelled(facts),
        [byline for byline in facts.byline if not is_source(byline)],
    ):
        found = names(bylines)
        if any(not any(_letters(name) in outlet for outlet in outlets) for name in found):
            return found
    return tuple(name for name in declared if name)[:1]


AUTHOR_NAMES = (
    "author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator",
    "dcterms.creator", "byl",
    "cxenseparse:author", "twitter:misc:written by",
)  # fmt: skip


def labelled(facts: Facts) -> list[str]:
    """Authors from the label and data pairs of cards: "Written by" beside a name."""
    return [
        name
        for number in "123"
        if WRITTEN_BY.match(facts.first(f"twitter:label{number}"))
        for name in facts.every(f"twitter:data{number}")
    ]


WRITTEN_BY = re.compile(
    r"written by|by$|author|verfasst von|geschrieben von|von$|autor|écrit par|auteur|escrito por|scritto da|"
    r"geschreven door|skriv\w+ (?:av|af)|napisane przez|автор|kirjoittanut|yazan|ditulis oleh|كتب|作者|著者|執筆者",
    re.IGNORECASE,
)


def _called(person: object, by_id: Mapping[str, Node]) -> str:
    """The name of a JSON-LD person or organization, looked up by its id when it has none of its own."""
    if isinstance(person, dict):
        named = person.get("@id")
        if not person.get("name") and isinstance(named, str):
            person = by_id.get(named, person)
        full = " ".join([*strings(person.get("givenName")), *strings(person.get("familyName"))])
        return first_text(person.get("name")) or full
    return first_text(person)


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


def read_standfirst(facts: Facts) -> str | None:
    """The summary the page gives of itself."""
    return (
        facts.first("og:description", "description") or first_text(facts.article.get("description")) or None
    )


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
