"""Which articles people mean by the addresses they give."""

from collections.abc import Sequence

from copydesk.errors import ConfigError
from copydesk.index import Found, Index, Kind
from copydesk.outcomes import Reason
from copydesk.urls import canonicalize, url_key

__all__ = ["articles_at"]


def articles_at(index: Index, addresses: Sequence[str]) -> list[Found]:
    """The articles at addresses, in their order: canonical ones, those they were fetched from, or ids of articles.

    Raises ConfigError naming the first address that no article has.
    """
    return [_article_at(index, address) for address in addresses]


def _article_at(index: Index, address: str) -> Found:
    ids = [address]
    if "://" in address:
        url = canonicalize(address)
        fetched = index.find(Kind.CAPTURES, {"url": [address, url]}, sort="-first_seen_at", limit=10)
        ids = [url_key(url), *(str(row.body["article"]) for row in fetched if row.body.get("article"))]
    found = index.get(Kind.ARTICLES, ids)
    for id_ in ids:
        if id_ in found:
            return found[id_]
    if _is_down(index, ids):
        raise ConfigError(f"{address}: was taken out with `copydesk forget`")
    raise ConfigError(f"{address}: no article has this address")


def _is_down(index: Index, ids: Sequence[str]) -> bool:
    """Whether a takedown is of one of the addresses, or its ledger row says so, as it does for an outlet's."""
    rows = index.get(Kind.LEDGER, ids).values()
    return bool(index.get(Kind.TAKEDOWNS, ids)) or any(
        row.body.get("reason") == Reason.TAKEN_DOWN for row in rows
    )
