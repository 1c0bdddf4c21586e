"""Bytes a source sent → the entries they announce. Pure: nothing is fetched, no entity is looked up.

Adding a kind of source: one file with a `parse` function, one line in PARSERS, and the name in `Source.kind`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TypeAlias

from copydesk.model import Source
from copydesk.sources import feed, inbox, jsonfeed, newsml, ninjs, plain, section, sitemap
from copydesk.sources.announced import Announced, LeftOut, NotAFeed
from copydesk.sources.packed import unpacked

__all__ = ["PARSERS", "Announced", "LeftOut", "NotAFeed", "kind_of", "parse"]

Parser: TypeAlias = Callable[[Source, bytes, str, str], Announced]

PARSERS: Mapping[str, tuple[Parser, ...]] = {
    "rss": (feed.parse, sitemap.parse, jsonfeed.parse, ninjs.parse, newsml.parse),
    "atom": (feed.parse, sitemap.parse, jsonfeed.parse, ninjs.parse, newsml.parse),
    "json": (jsonfeed.parse, ninjs.parse, feed.parse, sitemap.parse, newsml.parse),
    "sitemap": (sitemap.parse, feed.parse, jsonfeed.parse, plain.parse),
    "ninjs": (ninjs.parse, jsonfeed.parse, newsml.parse),
    "newsml": (newsml.parse, ninjs.parse, feed.parse),
    "section": (section.parse,),
    "inbox": (inbox.parse, ninjs.parse, newsml.parse),
}
"""What a kind is read with; what the first takes for none of its kind may be another's. The sitemap protocol
takes feeds for sitemaps, people confuse the kinds, and a site may change its own without a word.
"""

TOLD_APART = ("rss", "json", "sitemap", "ninjs", "newsml")
"""Kinds whose documents say what they are; Atom is read as RSS is."""


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
    content = body if source.kind == "inbox" else unpacked(body)
    first, *others = PARSERS[source.kind]
    try:
        return first(source, content, content_type, base_url)
    except NotAFeed as not_of_its_kind:
        for other in others:
            with suppress(NotAFeed):
                return other(source, content, content_type, base_url)
        raise not_of_its_kind from None


def kind_of(body: bytes, content_type: str, base_url: str) -> tuple[str, Announced] | None:
    """Which kind of source a document is, with what it announces; None when it is none that tells itself."""
    for kind in TOLD_APART:
        source = Source.model_validate({"name": "tried", "kind": kind, "url": base_url, "outlet": "tried"})
        with suppress(NotAFeed):
            return kind, PARSERS[kind][0](source, unpacked(body), content_type, base_url)
    return None
