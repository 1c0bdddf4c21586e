"""JSON Feed (1, 1.1) → entries."""

from copydesk.border import Fault
from copydesk.dates import moment
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.sources.announced import Announced, NotAFeed, each_once, left_out, zone_of
from copydesk.sources.linked import address, is_web
from copydesk.sources.structured import Row, each, loaded, rows, text

__all__ = ["parse"]


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:  # noqa: ARG001 (as all parsers)
    """The items of a JSON Feed that carry a web address. Raises NotAFeed for anything else."""
    feed = loaded(body)
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise NotAFeed("JSON, but not an object with items")
    if "jsonfeed" not in text(feed, "version") and not any(
        "id" in row or "url" in row for row in rows(feed["items"])
    ):
        raise NotAFeed("JSON with items, but none of a JSON Feed")

    def entry(item: Row) -> Entry | None:
        return _entry(source, item, base_url)

    found = list(each(rows(feed["items"]), entry, base_url))
    return Announced(
        entries=each_once(one for one in found if isinstance(one, Entry)),
        left_out=left_out(
            (one for one in found if isinstance(one, Fault)),
            Reason.ADDRESS,
            "neither an url nor an id is a web address",
            found.count(None),
        ),
    )


def _entry(source: Source, item: Row, base_url: str) -> Entry | None:
    """An item: its page, else where it links to, else an id that is a web address."""
    links = (text(item, "url"), text(item, "external_url"), one if is_web(one := text(item, "id")) else "")
    url = next(filter(None, (address(link, base_url) for link in links)), None)
    if url is None:
        return None
    return Entry(
        url=url,
        source=source.name,
        title=" ".join(text(item, "title").split()) or None,
        published_at=moment(text(item, "date_published"), zone_of(source)),
        updated_at=moment(text(item, "date_modified"), zone_of(source)),
    )
