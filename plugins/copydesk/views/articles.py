"""Which articles people mean by the addresses they give, and how an article without a title is called."""

from collections.abc import Sequence

from copydesk.errors import ConfigError
from copydesk.index import Index, Kind
from copydesk.index.article import Article, articles_of
from copydesk.index.headline import headline_of
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.outcomes import Reason
from copydesk.urls import canonicalize, url_key

__all__ = ["articles_at", "articles_known", "first_words", "is_taken_out", "title_of"]


def articles_at(index: Index, addresses: Sequence[str]) -> list[Article]:
    """The articles at addresses, in their order: canonical ones, those they were fetched from, or ids of articles.

    Raises ConfigError naming the first address that no article has.
    """
    return [_article_at(index, address) for address in addresses]


def articles_known(index: Index, ids: Sequence[str]) -> dict[str, Article]:
    """Those of the articles that are kept, by id."""
    return articles_of(index, ids)


def _article_at(index: Index, address: str) -> Article:
    ids = [address]
    if "://" in address:
        url = canonicalize(address)
        fetched = index.find(Kind.CAPTURES, {"url": [address, url]}, sort="-first_seen_at", limit=10)
        captures = (from_record(CaptureRecord, row.body) for row in fetched)
        ids = [url_key(url), *(one.article for one in captures if one.article)]
    found = articles_of(index, ids)
    for id_ in ids:
        if id_ in found:
            return found[id_]
    if is_taken_out(index, ids):
        raise ConfigError(f"{address}: was taken out with `copydesk forget`")
    raise ConfigError(f"{address}: no article has this address")


def is_taken_out(index: Index, ids: Sequence[str]) -> bool:
    """Whether a takedown is of one of the addresses, given by id, or its ledger row says so, as for an outlet's."""
    records = load(index, Kind.LEDGER, LedgerRecord, ids).values()
    return bool(index.get(Kind.TAKEDOWNS, ids)) or any(one.reason == Reason.TAKEN_DOWN for one in records)


def title_of(article: Article) -> str:
    """Its title, or its first sentence."""
    return headline_of(article.document)


def first_words(text: str, most: int = 70) -> str:
    """The beginning of a text, on one line. Pure."""
    flat = " ".join(text[: 4 * most].split())
    return flat if len(flat) <= most else flat[:most].rpartition(" ")[0] + " …"
