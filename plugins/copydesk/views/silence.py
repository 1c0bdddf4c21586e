"""Why a source brings nothing, or less than it could, in words for a person. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from copydesk.fetching.hubs import is_told
from copydesk.fetching.redirected import has_moved
from copydesk.fetching.tallying import per_day_at
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.outcomes import EntryOutcome

__all__ = ["Page", "hub_words", "paused", "silence"]

DAY = timedelta(days=1)
LOST = frozenset({EntryOutcome.FAILED, EntryOutcome.REFUSED})
MUCH = 0.5
"""Share of a host's pages that are lost, or of a source's that are rejected, from which on the source is told to bring
less than it could."""


@dataclass(frozen=True, slots=True)
class Page:
    """Addresses of one host that ended alike: how many."""

    host: str
    outcome: EntryOutcome
    reason: str
    number: int

    @property
    def is_lost(self) -> bool:
        """Whether they were asked for, or should have been, and are not there."""
        return self.outcome in LOST


def silence(
    source: Source,
    cursor: PollRecord | None,
    parts: Sequence[PollRecord],
    pages: Sequence[Page],
    read: Counter[str],
    now: datetime,
) -> tuple[str, ...]:
    """What keeps a source from bringing something, the nearest reason first; nothing when it does what it should.

    Of the pages that were fetched it says by reason how many were `read` and rejected, by "" how many were not.
    """
    if cursor is not None and cursor.paused_at is not None:
        return (paused(cursor),)
    if cursor is None or cursor.polled_at is None:
        return ("was never asked: no poll has run since it was written down",)
    told = (*_own(cursor), *_of_parts(source, cursor, parts), *_of_pages(pages), *_of_reading(read))
    return tuple(_reasons(cursor, told, now))


def paused(cursor: PollRecord) -> str:
    """Since when a source is paused, and by whom, in words."""
    by = f" by {cursor.paused_by}" if cursor.paused_by else ""
    return f"paused since {_day(cursor.paused_at)}{by}: `copydesk sources resume {cursor.source}` has it asked again"


def hub_words(cursor: PollRecord, now: datetime) -> str:
    """Whether a hub tells us of what is new in a source, in words; "" where there is none, or none was asked."""
    if is_told(cursor, now):
        return f"told of by {cursor.hub} until {_day(cursor.hub_until)}"
    if cursor.hub_said:
        return f"not told of by {cursor.hub}: {cursor.hub_said}"
    return (
        f"{cursor.hub} has not confirmed that it tells of it"
        if cursor.hub and _was_asked(cursor, now)
        else ""
    )


def _was_asked(cursor: PollRecord, now: datetime) -> bool:
    return cursor.hub_at is not None and cursor.hub_at > now


def _reasons(cursor: PollRecord, told: Sequence[str], now: datetime) -> Iterator[str]:
    yield from told
    first, *others = per_day_at(cursor, now)
    if not told and not first and not any(others[:1]):
        yield _known(cursor)
    yield from _moved(cursor, now)
    if cursor.overflow_at is not None and now - cursor.overflow_at < DAY:
        yield f"all it held was new on {_day(cursor.overflow_at)}: some may have come and gone; set its `every` lower"


def _moved(cursor: PollRecord, now: datetime) -> Iterator[str]:
    if has_moved(cursor, now):
        name = cursor.source
        yield f"has moved for good, and is asked at {cursor.moved_to}: `copydesk sources moved {name}` writes that down"


def _own(cursor: PollRecord) -> Iterator[str]:
    reason, detail = cursor.reason or "", cursor.detail
    words = detail if detail.startswith(reason) else f"{reason} {detail}".strip()
    if cursor.failures:
        read = f"read last {_day(cursor.read_at)}" if cursor.read_at else "never read"
        yield f"{words or 'failed'}; failed {cursor.failures}x, {read}"
    elif cursor.reason:
        yield f"{cursor.entries} entries, {words}"
    elif cursor.empty_since:
        yield f"its document names nothing since {_day(cursor.empty_since)}"


def _of_parts(source: Source, cursor: PollRecord, parts: Sequence[PollRecord]) -> Iterator[str]:
    failing = [part for part in parts if part.failures]
    what = "files" if source.kind == "inbox" else "parts"
    if failing:
        words, number = Counter(part.detail or part.reason or "failed" for part in failing).most_common(1)[0]
        most = f", {number} of them" if number < len(failing) else ""
        yield f"{len(failing)} of {max(cursor.parts, len(failing))} {what} fail{most}: {words}"
    lacking = sum(part.left_out for part in parts if not part.failures)
    if lacking and what == "parts":
        yield f"{lacking} entries of its parts left out: see `copydesk status`"


def _of_pages(pages: Sequence[Page]) -> Iterator[str]:
    """The hosts of which most pages are lost, with the reason that most of them have."""
    asked: Counter[str] = Counter()
    lost: dict[str, Counter[str]] = {}
    for page in pages:
        asked[page.host] += 0 if page.outcome is EntryOutcome.PENDING else page.number
        if page.is_lost:
            lost.setdefault(page.host, Counter())[page.reason or "failed"] += page.number
    for host, reasons in lost.items():
        if reasons.total() >= MUCH * asked[host]:
            reason, number = reasons.most_common(1)[0]
            yield f"{reason} at pages of {host}: {number} of {asked[host]}"


def _of_reading(read: Counter[str]) -> Iterator[str]:
    """The reason for which most fetched pages are rejected, where most are."""
    rejected = Counter({reason: number for reason, number in read.items() if reason})
    if rejected and rejected.total() >= MUCH * read.total():
        reason, number = rejected.most_common(1)[0]
        yield f"{reason} in pages that were fetched: {number} of {read.total()}"


def _known(cursor: PollRecord) -> str:
    since = f"nothing new since {_day(cursor.new_at)}" if cursor.new_at else "none was ever new"
    if cursor.parts:
        return f"every entry of its parts is known; {since}"
    return f"every entry is known ({cursor.entries}); {since}"


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else "never"
