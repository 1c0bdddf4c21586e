"""When an article was published and changed, from what its page declares. Pure.

A declaration with a time of day and a zone beats one without; what lies in the future is clamped, what is absurd
dropped.
"""

import re
from datetime import UTC, datetime, timedelta

from htmldate import find_date

from copydesk.dates import moment
from copydesk.reading.facts import Facts, strings

__all__ = ["allowed", "doubts", "read_modified", "read_published", "search_published"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; what claims so has an unset clock or dates its subject."""

AHEAD = timedelta(days=1)
"""How far a page may run ahead of the time it was fetched: wrong zones, embargoes. Beyond it the date is dropped."""

MOST = 12
"""Declarations looked at; pages repeat themselves."""

ZONE = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d|GMT|UTC)$")
CLOCK = re.compile(r"\D+")


def published_texts(facts: Facts) -> list[str]:
    """What the page declares as the time of publication, best first."""
    return [
        *strings(facts.article.get("datePublished")),
        *strings(facts.article.get("dateCreated")),
        *facts.every(
            "article:published_time", "article:published:time", "og:published_time", "og:article:published_time",
            "datepublished", "date",
            "pubdate", "publishdate", "publish-date", "dc.date.issued", "dc.date", "dcterms.created",
            "parsely-pub-date",
            "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "last-modified",
        ),
        *(value for marked, value in facts.times if marked),
        *(value for marked, value in facts.times[:1] if not marked),
    ][:MOST]  # fmt: skip


def modified_texts(facts: Facts) -> list[str]:
    """What the page declares as the time of its last change, best first."""
    return [
        *strings(facts.article.get("dateModified")),
        *facts.every(
            "article:modified_time", "article:modified:time", "og:updated_time", "datemodified", "lastmod",
            "dcterms.modified",
        ),
    ][:MOST]  # fmt: skip


def read_published(facts: Facts, fetched_at: datetime) -> datetime | None:
    """When the article was first published, with the time of day where any declaration of that day has one."""
    found = [
        usable for text in _zoned(published_texts(facts)) if (usable := allowed(moment(text), fetched_at))
    ]
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


def read_modified(facts: Facts) -> datetime | None:
    """The last change the page declares, not yet checked by `allowed`."""
    return next((found for text in modified_texts(facts) if (found := moment(text))), None)


def allowed(found: datetime | None, fetched_at: datetime) -> datetime | None:
    """The time if it can be true; not after the page was fetched, and None when it is absurd."""
    if found is None or found < EARLIEST or found > fetched_at + AHEAD:
        return None
    return min(found, fetched_at)


def doubts(facts: Facts, fetched_at: datetime) -> tuple[str, ...]:
    """Declared times that cannot be true, each once, with what was made of it; () for most pages."""
    declared = (("published", published_texts(facts)), ("modified", modified_texts(facts)))
    found = (_doubt(name, text, fetched_at) for name, texts in declared for text in texts)
    return tuple(dict.fromkeys(doubt for doubt in found if doubt))


def _doubt(name: str, text: str, fetched_at: datetime) -> str:
    at = moment(text)
    if at is None or EARLIEST <= at <= fetched_at:
        return ""
    made = "dropped" if allowed(at, fetched_at) is None else "set to the time of fetching"
    return f"{name} {text[:40]}: {'in the future' if at > fetched_at else 'before the web'}, {made}"


def search_published(html: str, url: str, fetched_at: datetime) -> datetime | None:
    """The date htmldate finds in address and text, at midnight UTC."""
    if not html:
        return None
    try:
        text = find_date(
            html,
            url=url,
            original_date=True,
            outputformat="%Y-%m-%d",
            extensive_search=False,
            max_date=fetched_at.replace(tzinfo=None),
        )
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None  # htmldate does not say what it raises; a page loses its date then, not itself
    return allowed(moment(text), fetched_at)
