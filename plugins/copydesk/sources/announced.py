"""What a source's document turns out to say, or that it says nothing: the values every parser hands back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from copydesk.border import Fault
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason

__all__ = ["Announced", "LeftOut", "NotAFeed", "each_once", "left_out", "zone_of"]


class NotAFeed(ValueError):  # noqa: N818 (it says what the document is, and becomes Reason.NOT_A_FEED)
    """The document is none of the kind its source promises: a web page, a log-in form, nothing at all.

    The message is one line for a person. Nothing may be concluded from such a document, least of all that
    entries are gone.
    """


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Entries of a document that are not among its entries: how many, and why."""

    reason: Reason
    detail: str
    number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What a document of a source announces.

    Attributes:
        entries: In the order of the document, each address once.
        more: Addresses of further documents of the same kind (the parts of a sitemap index), newest first.
        changed: When those of them changed last, as far as the index says so.
        left_out: What else stood in the document.
    """

    entries: tuple[Entry, ...] = ()
    more: tuple[str, ...] = ()
    changed: Mapping[str, datetime] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()


def each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries in their order, of several with one address the first."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.setdefault(entry.url, entry)
    return tuple(found.values())


def left_out(faults: Iterable[Fault], reason: Reason, detail: str, number: int) -> tuple[LeftOut, ...]:
    """What is missing of a document: entries with a fault of ours, and a number of others with their reason."""
    ours = list(faults)
    internal = (LeftOut(Reason.INTERNAL, str(ours[0]), len(ours)),) if ours else ()
    return internal + ((LeftOut(reason, detail, number),) if number else ())


def zone_of(source: Source) -> tzinfo:
    """What the times of a source are meant in that name no zone."""
    return ZoneInfo(source.zone) if source.zone else UTC
