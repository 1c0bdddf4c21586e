"""Poll: sources → entries in the ledger, pending until they are captured.

A feed document is archived before it is parsed, and a source's cursor (etag, next poll) moves only after the
ledger knows the entries. Twice at once is harmless: an entry is the ledger record of its address.
"""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from copydesk.archiving import UNCHANGED, closed, feed_capture
from copydesk.border import Border, contained
from copydesk.entering import enter
from copydesk.guarded import change
from copydesk.index import Index, Kind, Write
from copydesk.model import Capture, Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Ports, Unfetched, Wanted
from copydesk.records import to_record
from copydesk.segments import register
from copydesk.sources import LeftOut, NotAFeed, parse
from copydesk.state import PollRecord

__all__ = ["Brought", "next_poll", "poll", "poll_inboxes"]

log = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(hours=24)
"""A failing source is asked at least once a day: feeds come back, so none is given up for good."""

MOST_DOCUMENTS = 50
"""Sub-sitemaps followed from one index per poll."""


@dataclass(slots=True)
class Round:
    """What one round of polling knows: its sources by name, those of them that must not ring, its counts so far."""

    sources: dict[str, Source]
    quiet: frozenset[str]
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a document of a source brought; it is whole when it names no further documents."""

    entries: int = 0
    left_out: tuple[LeftOut, ...] = ()
    whole: bool = True


def poll(
    ports: Ports,
    sources: Sequence[Source],
    *,
    lease: timedelta,
    until: datetime | None = None,
) -> Counter[str]:
    """Ask every due feed and sitemap what is new; counts of polled, failed, announced and new."""
    records = _claim_due(
        ports.index, [source for source in sources if source.kind != "inbox"], ports.now(), lease
    )
    this = Round(
        sources={source.name: source for source in sources if source.name in records},
        quiet=frozenset(s.name for s in sources if _is_quiet(s, records.get(s.name))),
    )
    wanted = [
        Wanted(
            key=name,
            url=this.sources[name].url,
            kind="feed",
            etag=record.etag,
            last_modified=record.last_modified,
        )
        for name, record in records.items()
    ]
    further = _ask(ports, this, wanted, until)
    _ask(ports, this, further, until)
    if this.counts:
        log.info("poll %s", " ".join(f"{name}={number}" for name, number in sorted(this.counts.items())))
    return this.counts


def _claim_due(
    index: Index,
    sources: Sequence[Source],
    now: datetime,
    lease: timedelta,
) -> dict[str, PollRecord]:
    """The sources whose time has come and that no other worker polls, marked as ours."""

    def take(name: str, old: PollRecord | None) -> PollRecord | None:
        if old is None:
            return PollRecord(source=name, next_poll_at=now, leased_until=now + lease)
        free = old.leased_until is None or old.leased_until <= now
        return replace(old, leased_until=now + lease) if free and old.next_poll_at <= now else None

    return change(
        index, Kind.POLLS, PollRecord, {source.name: partial(take, source.name) for source in sources}
    )


def poll_inboxes(
    ports: Ports,
    sources: Sequence[Source],
    *,
    lease: timedelta,
) -> Iterator[tuple[Source, list[Entry], bool]]:
    """What the due inboxes hold since their last poll, and whether it must not ring; then move their cursors."""
    inboxes = {source.name: source for source in sources if source.kind == "inbox"}
    for name, record in _claim_due(ports.index, list(inboxes.values()), ports.now(), lease).items():
        source, now = inboxes[name], ports.now()
        entries = list(ports.inbox(source, record.polled_at))
        yield source, entries, _is_quiet(source, record)
        cursor = PollRecord(source=name, polled_at=now, next_poll_at=now + source.every, entries=len(entries))
        ports.index.write([Write(kind=Kind.POLLS, id=name, body=to_record(cursor))])


def _is_quiet(source: Source, record: PollRecord | None) -> bool:
    """Whether this is the first poll of a source that was not asked to ring at once."""
    return (record is None or record.polled_at is None) and not source.ring_first


def _ask(ports: Ports, this: Round, wanted: Sequence[Wanted], until: datetime | None) -> list[Wanted]:
    """Fetch, archive, parse, enter; the further documents that were announced."""

    def capture(answer: Fetched) -> Capture:
        return feed_capture(answer, this.sources[answer.wanted.key])

    further: list[Wanted] = []
    for segment, batch in closed(ports.archive, ports.fetcher.fetch(wanted, until=until), capture):
        register(ports.index, segment, [made for _, made in batch if made], ports.now())
        for answer, _capture in batch:
            with contained(Border.ANSWER, answer.wanted.key) as caught:
                further += _settle(ports, this, answer)
            if caught.fault is not None:
                _fail(ports, this, _trouble(answer.wanted, Reason.INTERNAL, str(caught.fault)))
    return further


def _settle(ports: Ports, this: Round, answer: Fetched | Unfetched) -> list[Wanted]:
    """Bring one answer into the ledger and move the source's cursor; its further documents."""
    source, now = this.sources[answer.wanted.key], ports.now()
    if isinstance(answer, Unfetched):
        _fail(ports, this, answer)
        return []
    if answer.status == UNCHANGED:
        this.counts["unchanged"] += 1
        _move(ports.index, source, answer, now, Brought())
        return []
    try:
        announced = parse(source, answer.body, answer.content_type, answer.final_url)
    except NotAFeed as exc:
        _fail(ports, this, _trouble(answer.wanted, Reason.NOT_A_FEED, str(exc)))
        return []
    entered = enter(ports.index, source, announced.entries, now, quiet=source.name in this.quiet)
    faults = [LeftOut(Reason.INTERNAL, str(fault)) for fault in entered.faults]
    brought = Brought(len(announced.entries), (*announced.left_out, *faults), whole=not announced.more)
    _move(ports.index, source, answer, now, brought)
    this.counts += Counter(announced=brought.entries, new=entered.new, polled=1)
    further = announced.more[:MOST_DOCUMENTS] if answer.wanted.url == source.url else ()
    return [Wanted(key=source.name, url=url, kind="feed") for url in further]


def _trouble(wanted: Wanted, reason: Reason, detail: str) -> Unfetched:
    return Unfetched(wanted=wanted, outcome=EntryOutcome.FAILED, reason=reason, detail=detail)


def _fail(ports: Ports, this: Round, answer: Unfetched) -> None:
    source = this.sources[answer.wanted.key]
    log.warning("poll source=%s failed reason=%s %s", source.name, answer.reason, answer.detail)
    this.counts["failed"] += 1
    _move(ports.index, source, answer, ports.now(), Brought())


def _move(index: Index, source: Source, answer: Fetched | Unfetched, now: datetime, brought: Brought) -> None:
    """Move the cursor of a source; sub-documents of an index have none of their own."""
    if answer.wanted.url == source.url:
        decide = partial(next_poll, source, answer, now, brought)
        change(index, Kind.POLLS, PollRecord, {source.name: decide})


def next_poll(
    source: Source,
    answer: Fetched | Unfetched,
    now: datetime,
    brought: Brought,
    old: PollRecord | None,
) -> PollRecord:
    """The cursor after an answer. Pure.

    A failing source waits twice as long each time, up to a day, or as long as the server asked. The etag of an
    index is forgotten (it is not `whole`), or a sub-sitemap that failed would stay unread until the index changes.
    """
    failures = (old.failures if old else 0) + 1 if isinstance(answer, Unfetched) else 0
    record = PollRecord(
        source=source.name,
        polled_at=now,
        next_poll_at=now + source.every,
        etag=old.etag if old else None,
        last_modified=old.last_modified if old else None,
        entries=brought.entries,
    )
    if isinstance(answer, Unfetched):
        asked = timedelta(seconds=answer.retry_after or 0)
        pause = min(max(source.every * 2 ** min(failures, 20), asked), LONGEST_PAUSE)
        return replace(
            record,
            next_poll_at=now + pause,
            failures=failures,
            outcome=answer.outcome,
            reason=answer.reason,
            detail=answer.detail,
        )
    if answer.status == UNCHANGED:
        return replace(record, outcome=EntryOutcome.UNCHANGED)
    missing = max(brought.left_out, key=lambda left: left.reason == Reason.INTERNAL, default=None)
    return replace(
        record,
        etag=answer.etag if brought.whole else None,
        last_modified=answer.last_modified if brought.whole else None,
        left_out=sum(left.number for left in brought.left_out),
        reason=missing.reason if missing else None,
        detail="; ".join(f"{left.number} left out: {left.detail}" for left in brought.left_out[:3]),
    )
