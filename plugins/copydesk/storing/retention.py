"""Retain: articles that are too old → nothing. What rang of them, and that they were there, stays."""

from datetime import datetime

from copydesk.index import Generations, Kind

__all__ = ["retain"]


def retain(index: Generations, kept_since: datetime) -> list[str]:
    """Drop the months of articles that ended before a time; the names of the indices deleted.

    The ledger outlives the articles, so that old entries of a sitemap do not come back as new.
    """
    month = f"{kept_since:%Y.%m}"
    kinds = (Kind.ARTICLES, Kind.VERSIONS, Kind.FINGERPRINTS)
    return [name for kind in kinds for name in index.drop_older_than(kind, month)]
