"""Any query as a feed: the newest stories it finds, one item each, for programs that cannot log in."""

import hashlib

from copydesk.channels.syndication import WRITTEN_AS, Feed, Item
from copydesk.errors import ConfigError
from copydesk.index import Order
from copydesk.judging.fingerprint import appeared
from copydesk.page.desk import Asked, Desk
from copydesk.page.export import File
from copydesk.page.results import found_by
from copydesk.page.tokens import signed
from copydesk.views.articles import title_of
from copydesk.views.search import Result

__all__ = ["feed"]

LONGEST = 50


def feed(desk: Desk, asked: Asked, address: str) -> File:
    """The newest stories that a query finds, as one of `WRITTEN_AS`; `address` is where the feed itself stands.

    A story is one item, however many copies come later. Raises ConfigError for another format, QueryError for a query
    that has no meaning.
    """
    form = asked.get("format", "atom")
    if form not in WRITTEN_AS:
        raise ConfigError(f"format {form!r}: must be {' or '.join(WRITTEN_AS)}")
    media_type, write = WRITTEN_AS[form]
    with desk.index() as index:
        found = found_by(index, desk, {**asked, "sort": Order.NEWEST}, LONGEST)
    named = f"{asked.get('q', '').strip() or 'Newest'} · Copydesk"
    made = Feed(
        id=f"urn:sha256:{hashlib.sha256(signed(asked)).hexdigest()}",
        title=named,
        items=[_item(one) for one in found.results],
        address=address,
    )
    return File(f"copydesk.{form}", media_type, write(made))


def _item(result: Result) -> Item:
    document = result.article.document
    at = appeared(document.published_at, document.first_seen_at)
    more = (
        f" ({document.outlet}, {result.copies} articles found)"
        if result.copies > 1
        else f" ({document.outlet})"
    )
    return Item(
        id=f"urn:copydesk:story:{result.article.judgement.story}",
        title=title_of(result.article),
        text=f"{result.snippet}{more}",
        updated_at=at,
        published_at=at,
        links=[document.url],
    )
