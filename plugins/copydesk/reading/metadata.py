"""What a page says about its article: title, authors, times, address, section and the like. Pure.

Each field has one function, with its sources in order of trust: JSON-LD, Open Graph and other meta elements,
what the page shows, and last what htmldate or the feed know.
"""
# ruff: noqa: RUF001 (marks and words of several scripts)

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from htmldate import find_date

from copydesk.reading.facts import Facts, Node, first_text, squeeze, strings
from copydesk.reading.people import names
from copydesk.sources.dates import moment
from copydesk.urls import canonicalize, host, registrable_domain

__all__ = ["Metadata", "read_metadata", "titles"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; what claims so has an unset clock or dates its subject."""

AHEAD = timedelta(days=1)
"""How far a page may run ahead of the time it was fetched: wrong zones, embargoes. Beyond it the date is dropped."""

LONGEST_TAG = 60
MOST_TAGS = 30
"""A longer tag is a sentence, and more tags are there for search engines."""

SEPARATORS = re.compile(r"\s+[|–—·•»:-]\s+|\s*[|»•：]\s*")
ZONE = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d|GMT|UTC)$")
CLOCK = re.compile(r"\D+")
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


def read_metadata(
    facts: Facts, *, url: str, fetched_at: datetime, announced_at: datetime | None = None, html: str = ""
) -> Metadata:
    """Read every field from the declarations of a page.

    Args:
        facts: What the page declares.
        url: The address that answered.
        fetched_at: Dates later than a day after it are dropped, slightly later ones set to it.
        announced_at: What the feed said.
        html: The stripped page, searched for a date by htmldate when neither page nor feed give one.
    """
    site_name = read_site_name(facts)
    published_at = (
        read_published(facts, fetched_at)
        or _allowed(announced_at, fetched_at)
        or _searched(html, url, fetched_at)
    )
    modified_at = _allowed(_modified(facts), fetched_at)
    if published_at and modified_at and modified_at < published_at:
        modified_at = None
    return Metadata(
        url=read_url(facts, url),
        title=read_title(facts, site_name or ""),
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
    )


def read_url(facts: Facts, url: str) -> str:
    """The canonical address: the declared one if it belongs to the same owner, else the one that answered."""
    for declared in (facts.canonical, facts.first("og:url")):
        if declared:
            absolute = canonicalize(urljoin(url, declared)) if _joinable(declared) else ""
            if absolute.startswith("http") and registrable_domain(absolute) == registrable_domain(url):
                return absolute
    return canonicalize(url)


def _joinable(address: str) -> bool:
    return len(address) < 2_000 and "[" not in address  # noqa: PLR2004 (urljoin raises on broken IPv6 hosts)


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


def read_title(facts: Facts, site_name: str) -> str:
    """The headline, without the name of the site.

    og:title comes first, it is what editors write for readers elsewhere; unless it merely repeats the title element
    while heading and JSON-LD agree on another wording.
    """
    heading = without_site(next(iter(facts.headings), ""), site_name)
    linked = first_text(facts.article.get("headline"))
    shared = facts.first("og:title")
    if linked and linked == heading and shared == facts.title:
        return linked
    document = without_site(facts.title, site_name, (heading, linked))
    best = without_site(shared, site_name, (heading, linked)) or linked
    return best or (heading if _akin(heading, document) or not document else document)


def without_site(title: str, site_name: str, others: tuple[str, ...] = ()) -> str:
    """The title without a part that names the site, at either end, or that none of its other wordings has."""
    for cut in [match.start() for match in SEPARATORS.finditer(title)]:
        if title[:cut].strip() in others:
            return title[:cut].strip()
    parts = SEPARATORS.split(title)
    site = _letters(site_name)
    for part, rest in ((parts[-1], title.removesuffix(parts[-1])), (parts[0], title.removeprefix(parts[0]))):
        letters = _letters(part)
        if (
            len(parts) > 1
            and site
            and letters
            and (letters in site or site in letters)
            and len(part) < len(title) / 2
        ):
            return rest.strip(" |–—·•»:：-")
    return title


def _letters(text: str) -> str:
    return "".join(WORDS.findall(text.casefold()))


def _akin(heading: str, title: str) -> bool:
    """Whether two titles share at least half of the words of the shorter one."""
    one, two = set(WORDS.findall(heading.casefold())), set(WORDS.findall(title.casefold()))
    return bool(one and two) and len(one & two) >= 0.5 * min(len(one), len(two))


def read_authors(facts: Facts, site_name: str, url: str) -> tuple[str, ...]:
    """Names of the authors, in the order given; the outlet itself only when it is declared and nobody else."""
    by_id = {
        node["@id"]: node for node in facts.nodes if isinstance(node.get("@id"), str) and node.get("name")
    }
    declared = facts.article.get("author") or facts.article.get("creator")
    told = [
        _called(person, by_id) for person in (declared if isinstance(declared, list) else [declared])[:20]
    ]
    outlets = {
        _letters(name) for name in (site_name, first_text(facts.article.get("publisher")), host(url)) if name
    }
    for bylines in (
        told,
        facts.every(
            "author",
            "article:author",
            "parsely-author",
            "sailthru.author",
            "dc.creator",
            "byl",
            "cxenseparse:author",
        ),
        facts.byline,
    ):
        found = names(bylines)
        if any(not any(_letters(name) in outlet for outlet in outlets) for name in found):
            return found
    return tuple(name for name in told if name)[:1]


def _called(person: object, by_id: dict[object, Node]) -> str:
    """The name of a JSON-LD person or organization, looked up by its id when it has none of its own."""
    if isinstance(person, dict):
        if not person.get("name"):
            person = by_id.get(person.get("@id"), person)
        full = " ".join([*strings(person.get("givenName")), *strings(person.get("familyName"))])
        return first_text(person.get("name")) or full
    return first_text(person)


def read_published(facts: Facts, fetched_at: datetime) -> datetime | None:
    """When the article was first published, with the time of day where any declaration of that day has one."""
    declared = [
        *strings(facts.article.get("datePublished")),
        *strings(facts.article.get("dateCreated")),
        *facts.every(
            "article:published_time", "article:published:time", "og:published_time", "og:article:published_time", "datepublished", "date",
            "pubdate", "publishdate", "publish-date", "dc.date.issued", "dc.date", "dcterms.created", "parsely-pub-date",
            "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "last-modified",
        ),
        *(value for marked, value in facts.times if marked),
        *(value for marked, value in facts.times[:1] if not marked),
    ]  # fmt: skip
    found = [allowed for text in _zoned(declared[:12]) if (allowed := _allowed(moment(text), fetched_at))]
    if not found:
        return None
    first = found[0]
    if (first.hour, first.minute, first.second) == (0, 0, 0):
        return next(
            (other for other in found if abs(other - first) < AHEAD and other.minute + other.hour), first
        )
    return first


def _zoned(texts: list[str]) -> list[str]:
    """The texts, each without a zone replaced by another one that gives the same clock time with a zone."""
    zoned = {CLOCK.sub("", text)[:12]: text for text in reversed(texts) if ZONE.search(text)}
    return [text if ZONE.search(text) else zoned.get(CLOCK.sub("", text)[:12], text) for text in texts]


def _modified(facts: Facts) -> datetime | None:
    declared = [
        *strings(facts.article.get("dateModified")),
        *facts.every(
            "article:modified_time",
            "article:modified:time",
            "og:updated_time",
            "datemodified",
            "lastmod",
            "dcterms.modified",
        ),
    ]
    return next((found for text in declared if (found := moment(text))), None)


def _allowed(found: datetime | None, fetched_at: datetime) -> datetime | None:
    if found is None or found < EARLIEST or found > fetched_at + AHEAD:
        return None
    return min(found, fetched_at)


def _searched(html: str, url: str, fetched_at: datetime) -> datetime | None:
    """The date htmldate finds in address and text, at midnight UTC."""
    if not html:
        return None
    text = find_date(
        html,
        url=url,
        original_date=True,
        outputformat="%Y-%m-%d",
        extensive_search=False,
        max_date=fetched_at.replace(tzinfo=None),
    )
    return _allowed(moment(text), fetched_at)


def read_image(facts: Facts, url: str) -> str | None:
    """Absolute address of the lead image."""
    told = facts.first("og:image", "og:image:url", "twitter:image") or _image_url(facts.article.get("image"))
    absolute = urljoin(url, told) if told and _joinable(told) else ""
    return absolute if absolute.startswith("http") else None


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
