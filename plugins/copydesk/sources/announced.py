"""What a source's document turns out to say, or that it says nothing: the values every parser hands back."""

from collections.abc import Iterable
from dataclasses import dataclass

from copydesk.model import Entry

__all__ = ["Announced", "NotAFeed", "each_once"]


class NotAFeed(ValueError):  # noqa: N818 (it says what the document is, and becomes Reason.NOT_A_FEED)
    """The document is none of the kind its source promises: a web page, a log-in form, nothing at all.

    The message is one line for a person. Nothing may be concluded from such a document, least of all that
    entries are gone.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a document of a source announces.

    Attributes:
        entries: In the order of the document, each address once.
        more: Addresses of further documents of the same kind (the parts of a sitemap index), newest first.
    """

    entries: tuple[Entry, ...] = ()
    more: tuple[str, ...] = ()


def each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries in their order, of several with one address the first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.url, entry)
    return tuple(found.values())
