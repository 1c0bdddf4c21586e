"""Retain: articles that are too old → nothing. What rang of them, and that they were there, stays."""

from collections.abc import Mapping
from datetime import datetime

from copydesk.index import Generations, Kind

__all__ = ["retain", "too_old"]

KINDS = (Kind.ARTICLES, Kind.VERSIONS, Kind.FINGERPRINTS)


def retain(index: Generations, kept_since: datetime) -> list[str]:
    """Drop the months of articles that ended before a time; the names of the indices deleted.

    The ledger outlives the articles, so that old entries of a sitemap do not come back as new.
    """
    return [name for kind in KINDS for name in index.drop_older_than(kind, _month(kept_since))]


def too_old(index: Generations, kept_since: datetime) -> Mapping[Kind, Mapping[str, int]]:
    """What `retain` would drop: documents by kind and by the day on which they were first seen. Writes nothing."""
    return {kind: index.days_older_than(kind, _month(kept_since)) for kind in KINDS}


def _month(kept_since: datetime) -> str:
    return f"{kept_since:%Y.%m}"
