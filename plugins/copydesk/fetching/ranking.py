"""Which of a host's addresses goes first, and which is too old to be fetched. Pure.

The newest announced goes first, by the time its source gives for it. A sitemap lists years of pages at its first
reading: what it gives no time for then counts as old as the oldest that is fetched, so that it comes last.
"""

from datetime import datetime, timedelta

from copydesk.model import Entry, Source

__all__ = ["announced_at", "max_age_of", "too_old"]

OF_SITEMAPS = timedelta(days=7)
"""Age beyond which pages of a sitemap are not fetched when the source says nothing; a feed holds what is new."""


def max_age_of(source: Source) -> timedelta | None:
    """How old what a source announces may be; None for any age."""
    if source.max_age is not None:
        return source.max_age
    return OF_SITEMAPS if source.kind == "sitemap" else None


def announced_at(source: Source, entry: Entry, now: datetime, *, quiet: bool) -> datetime:
    """The moment by which an address takes its place among those of its host; never later than now."""
    said = _said(entry)
    if said is None:
        is_back_list = quiet and source.kind == "sitemap"
        return now - (max_age_of(source) or timedelta(0)) if is_back_list else now
    return min(said, now)


def too_old(source: Source, entry: Entry, now: datetime) -> str:
    """Why an entry is not to be fetched, "" if it is: its source gives a time for it, and that is long past."""
    most, said = max_age_of(source), _said(entry)
    if most is None or said is None or entry.body is not None or now - said <= most:
        return ""
    return f"of {said:%Y-%m-%d}, older than max_age of {source.name} ({most.total_seconds() / 86_400:g}d)"


def _said(entry: Entry) -> datetime | None:
    """The latest time that a source gives for an entry."""
    return max((at for at in (entry.published_at, entry.updated_at) if at is not None), default=None)
