"""When an article was published and changed, from what its page declares. Pure.

A declaration with a time of day and a zone beats one without, and it beats what the page shows; what lies in the future
is clamped, what is absurd dropped. When the file or the page changed last is never a time of publication.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from htmldate import find_date

from copydesk.dates import moment
from copydesk.reading.facts import Facts, strings
from copydesk.reading.shown import shown_as_published

__all__ = ["Clock", "allowed", "doubts", "read_modified", "read_published", "search_published"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; what claims so has an unset clock or dates its subject."""

AHEAD = timedelta(days=1)
"""How far a page may run ahead of the time it was fetched: wrong zones, embargoes. Beyond it the date is dropped."""

MOST = 12
"""Declarations looked at; pages repeat themselves."""

ZONE = re.compile(r"(?:[Zz]|[+-]\d\d:?\d\d|GMT|UTC)$")
NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How a page writes times: its language decides between 5/4 and 4/5, its zone is meant where none is named.

    `fetched_at` bounds what can be true.
    """

    fetched_at: datetime
    language: str = ""
    zone: tzinfo = UTC

    def read(self, text: str) -> datetime | None:
        """The time a declaration names, not yet checked."""
        return moment(text, self.zone, self.language)

    def usable(self, found: datetime | None) -> datetime | None:
        """The time if it can be true, see `allowed`."""
        return allowed(found, self.fetched_at)


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
            "sailthru.date", "cxenseparse:recs:publishtime", "article.published",
        ),
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


def read_published(facts: Facts, clock: Clock, html: str = "") -> datetime | None:
    """When the article was first published, with the time of day where anything about that day has one.

    Args:
        facts: What the page declares.
        clock: How it writes times.
        html: The stripped page, in which times are looked for that the declarations lack.
    """
    said = [usable for text in _zoned(published_texts(facts)) if (usable := clock.usable(clock.read(text)))]
    if said and not _is_day(said[0]):
        return said[0]
    shown = shown_as_published(html, clock.language, clock.zone) if html else _marked(facts, clock)
    found = [*said, *(usable for at in shown if (usable := clock.usable(at)))]
    if not found:
        return None
    return next((at for at in found if abs(at - found[0]) < AHEAD and not _is_day(at)), found[0])


def _marked(facts: Facts, clock: Clock) -> list[datetime | None]:
    """The time elements of a page that was not kept, those marked as times of publication first."""
    texts = sorted(facts.times[:MOST], key=lambda time: not time[0])
    return [clock.read(text) for marked, text in texts if marked or text == facts.times[0][1]]


def _is_day(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _zoned(texts: list[str]) -> list[str]:
    """The texts, each without a zone replaced by another one that gives the same clock time with a zone."""
    zoned = {NOT_DIGITS.sub("", text)[:12]: text for text in reversed(texts) if ZONE.search(text)}
    return [text if ZONE.search(text) else zoned.get(NOT_DIGITS.sub("", text)[:12], text) for text in texts]


def read_modified(facts: Facts, clock: Clock) -> datetime | None:
    """The last change the page declares, if it can be true."""
    found = (clock.read(text) for text in modified_texts(facts))
    return clock.usable(next((at for at in found if at), None))


def allowed(found: datetime | None, fetched_at: datetime) -> datetime | None:
    """The time if it can be true; not after the page was fetched, and None when it is absurd."""
    if found is None or found < EARLIEST or found > fetched_at + AHEAD:
        return None
    return min(found, fetched_at)


def doubts(facts: Facts, clock: Clock) -> tuple[str, ...]:
    """Declared times that cannot be true, each once, with what was made of it; () for most pages."""
    declared = (("published", published_texts(facts)), ("modified", modified_texts(facts)))
    found = (_doubt(name, text, clock) for name, texts in declared for text in texts)
    return tuple(dict.fromkeys(doubt for doubt in found if doubt))


def _doubt(name: str, text: str, clock: Clock) -> str:
    at = clock.read(text)
    if at is None or EARLIEST <= at <= clock.fetched_at:
        return ""
    made = "dropped" if clock.usable(at) is None else "set to the time of fetching"
    return f"{name} {text[:40]}: {'in the future' if at > clock.fetched_at else 'before the web'}, {made}"


def search_published(facts: Facts, html: str, url: str, fetched_at: datetime) -> datetime | None:
    """The date htmldate finds in address and text, at midnight UTC.

    It falls back on when page or file changed last; such a day counts only where the address has it too.
    """
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
    linked = [text for node in facts.nodes for text in strings(node.get("dateModified"))[:MOST]]
    changes = (
        moment(said) for said in (*modified_texts(facts), *facts.every("last-modified"), *linked[:MOST])
    )
    changed = text and text in {f"{at:%Y-%m-%d}" for at in changes if at}
    in_address = text and NOT_DIGITS.sub("", text) in NOT_DIGITS.sub("", url)
    return None if changed and not in_address else allowed(moment(text), fetched_at)
