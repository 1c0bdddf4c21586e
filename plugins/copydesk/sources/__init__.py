"""Bytes a source sent → the entries they announce. Pure: nothing is fetched, no entity is looked up.

Adding a kind of source: one file with a `parse` function, one line in PARSERS, and the name in `Source.kind`.
"""

from collections.abc import Callable, Mapping

from copydesk.model import Source
from copydesk.sources import feed, inbox, sitemap
from copydesk.sources.announced import Announced, NotAFeed

__all__ = ["PARSERS", "Announced", "NotAFeed", "parse"]

PARSERS: Mapping[str, Callable[[Source, bytes, str, str], Announced]] = {
    "rss": feed.parse,
    "atom": feed.parse,
    "sitemap": sitemap.parse,
    "inbox": inbox.parse,
}


def parse(source: Source, body: bytes, content_type: str, base_url: str) -> Announced:
    """What one document of the source announces.

    Args:
        source: Whose document it is; its kind decides how it is read.
        body: The document, content encodings undone (a gzip file inside is opened here).
        content_type: As the server sent it; only a hint for the character set. For an inbox it decides.
        base_url: The address the document came from; relative links are resolved against it.

    Raises:
        NotAFeed: The document is not of that kind. A damaged document is: what stands before the damage counts.
    """
    return PARSERS[source.kind](source, body, content_type, base_url)
