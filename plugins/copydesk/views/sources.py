"""The sources themselves: when each was asked, what it brought, and what it, its parts or its files have to tell."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from copydesk.fetching.cursors import is_closed, is_gone
from copydesk.fetching.inboxes import is_given_up
from copydesk.fetching.redirected import asked_at
from copydesk.fetching.tallying import per_day_at
from copydesk.index import Index, Kind
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord, PollRecord
from copydesk.index.unreadable import field_of
from copydesk.model import Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.urls import registrable_domain
from copydesk.views.silence import Page, hub_words, silence

__all__ = [
    "SourceReport",
    "SourceState",
    "SourceTrouble",
    "SourceTroubles",
    "moved_sources",
    "permissions",
    "source_reports",
    "source_states",
    "source_troubles",
]

LOOKED_AT = 1000
"""Pages of a source with a status that are looked at one by one."""

MOST = 5
"""Parts or files with a trouble that are told of one source; of more only the number."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and its cursor; None when it was never asked."""

    name: str
    cursor: PollRecord | None


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """What a source, a part or a file has to tell.

    Attributes:
        given_up: Whether it is not asked again by itself.
        gone: Whether it seems to be gone, and is asked again seldom; or never, when it is `closed`.
    """

    record: PollRecord
    given_up: bool = False
    gone: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True)
class SourceTroubles:
    """The troubles that are told, and how many more parts or files of each source have one."""

    told: tuple[SourceTrouble, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """How a source does.

    Attributes:
        cursor: None when it was never asked.
        today, usual: New addresses of this day (UTC), and of a day of the two weeks before it; None for less than one.
        per_article: Requests for each new article: polls, of parts too, and one for the page.
        unchanged: Which share of the polls was answered by "unchanged".
        pages: The addresses it announced first that were not captured, by host, outcome and reason.
        why: In words, why it brings nothing, or less than it could; nothing while all is well.
        hub: In words, whether a hub tells us of what is new in it.
    """

    name: str
    cursor: PollRecord | None
    today: int = 0
    usual: float | None = None
    per_article: float | None = None
    unchanged: float | None = None
    pages: tuple[Page, ...] = ()
    why: tuple[str, ...] = ()
    hub: str = ""

    @property
    def fails(self) -> bool:
        """Whether it could not be read when it was asked last."""
        return self.cursor is not None and self.cursor.failures > 0 and not self.is_paused

    @property
    def is_paused(self) -> bool:
        """Whether a person has it not asked."""
        return self.cursor is not None and self.cursor.paused_at is not None

    @property
    def was_never_asked(self) -> bool:
        """Whether no poll of it has ended yet."""
        return self.cursor is None or self.cursor.polled_at is None

    def was_asked_since(self, moment: datetime) -> bool:
        """Whether an answer came since then."""
        return (
            self.cursor is not None and self.cursor.polled_at is not None and self.cursor.polled_at >= moment
        )


def source_reports(index: Index, sources: Sequence[Source], now: datetime) -> list[SourceReport]:
    """How each of these sources does, in their order. Reads only."""
    index.refresh(Kind.POLLS, Kind.LEDGER, Kind.CAPTURES)
    rows = (row for row in index.scan(Kind.POLLS) if field_of(row, "next_poll_at") is not None)
    cursors: dict[str, list[PollRecord]] = {}
    for record in (from_record(PollRecord, row.body) for row in rows):
        cursors.setdefault(record.source, []).append(record)
    counts = index.count(Kind.LEDGER, "source", "host", "outcome", "reason")
    pages: dict[str, list[Page]] = {}
    for (source, host, outcome, reason), number in counts.items():
        pages.setdefault(source, []).append(Page(host, EntryOutcome(outcome), reason, number))
    read: dict[str, Counter[str]] = {}
    for (source, reason), number in index.count(Kind.CAPTURES, "source", "reason").items():
        read.setdefault(source, Counter())[reason] += number
    return [
        _report(
            source,
            cursors.get(source.name, []),
            _worded(index, source.name, pages.get(source.name, [])),
            read.get(source.name, Counter()),
            now,
        )
        for source in sources
    ]


def _report(
    source: Source, records: Sequence[PollRecord], pages: Sequence[Page], read: Counter[str], now: datetime
) -> SourceReport:
    cursor = next((record for record in records if record.parent is None), None)
    parts = [record for record in records if record.parent is not None]
    why = silence(source, cursor, parts, pages, read, now)
    lost = tuple(page for page in pages if page.is_lost)
    if cursor is None:
        return SourceReport(name=source.name, cursor=None, pages=lost, why=why)
    today, *before = per_day_at(cursor, now)
    return SourceReport(
        name=source.name,
        cursor=cursor,
        today=today,
        usual=sum(before) / len(before) if before else None,
        per_article=(cursor.asked + cursor.fresh) / cursor.fresh if cursor.fresh else None,
        unchanged=cursor.same / cursor.asked if cursor.asked else None,
        pages=lost,
        why=why,
        hub=hub_words(cursor, now),
    )


def _worded(index: Index, source: str, pages: Sequence[Page]) -> Sequence[Page]:
    """The pages with statuses told by their number: which of them a site answers says whom it does not want."""
    if not any(page.reason == Reason.STATUS for page in pages):
        return pages
    rows = index.find(Kind.LEDGER, {"source": source, "reason": str(Reason.STATUS)}, limit=LOOKED_AT)
    seen = Counter(
        (record.host, record.outcome, record.detail)
        for record in (from_record(LedgerRecord, row.body) for row in rows)
    )
    others = [page for page in pages if page.reason != Reason.STATUS or page.number > LOOKED_AT]
    return [*others, *(Page(*found, number) for found, number in seen.items())]


def permissions(sources: Iterable[Source]) -> list[str]:
    """A line for each source that is read whatever its site says to machines, with what permits it."""
    return [
        f"{source.name}: read whatever {registrable_domain(source.url)} says to machines: {source.permission}"
        for source in sources
        if source.permission
    ]


def moved_sources(index: Index, sources: Sequence[Source], now: datetime) -> dict[str, str]:
    """The names of sources that are somewhere else for good, with the addresses at which they are asked now."""
    rows = index.get(Kind.POLLS, [source.name for source in sources])
    cursors = {name: from_record(PollRecord, row.body) for name, row in rows.items()}
    own = {source.name: source.url for source in sources}
    found = {name: asked_at(cursor, now) for name, cursor in cursors.items() if cursor.url == own[name]}
    return {name: url for name, url in found.items() if url}


def source_states(cursors: Iterable[PollRecord], names: Iterable[str]) -> list[SourceState]:
    """Every source that was asked, or is one of the names, by name."""
    known = {record.source: record for record in cursors}
    return [SourceState(name, known.get(name)) for name in sorted({*known, *names})]


def source_troubles(failing: Iterable[PollRecord]) -> SourceTroubles:
    """What is to be told of sources, in the order given; of a source itself always, of its parts or files `MOST`."""
    told: list[SourceTrouble] = []
    parts: Counter[str] = Counter()
    for record in failing:
        parts[record.source] += record.parent is not None
        if record.parent is None or parts[record.source] <= MOST:
            gone, closed = is_gone(record), is_closed(record)
            told.append(SourceTrouble(record, given_up=is_given_up(record), gone=gone, closed=closed))
    return SourceTroubles(
        tuple(told), {source: number - MOST for source, number in parts.items() if number > MOST}
    )
