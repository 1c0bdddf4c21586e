"""Poll: sources → entries in the ledger, pending until they are captured.

A feed document is archived before it is parsed, and a source's cursor (etag, next poll) moves only after the
ledger knows the entries. Twice at once is harmless: an entry is the ledger record of its address.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from copydesk.border import Border, contained
from copydesk.errors import IndexRefused
from copydesk.fetching.archiving import UNCHANGED, closed, feed_capture
from copydesk.fetching.capturing import take_in
from copydesk.fetching.cursors import Brought, claim_due, next_poll
from copydesk.fetching.entering import enter
from copydesk.fetching.freshness import conditions
from copydesk.fetching.outages import is_outage
from copydesk.fetching.redirected import asked_at
from copydesk.fetching.sitemaps import MOST_DOCUMENTS, Listing, due, enlist, parts_of, source_of, unread
from copydesk.fetching.tallying import counted
from copydesk.index import Kind
from copydesk.index.guarded import change
from copydesk.index.state import PollRecord
from copydesk.model import Capture, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Ports, Unfetched, Wanted
from copydesk.segments import register
from copydesk.sources import LeftOut, NotAFeed, parse
from copydesk.sources.hints import hinted
from copydesk.sources.hubs import hub_of

__all__ = ["poll"]

log = logging.getLogger(__name__)

SOON = timedelta(minutes=5)
"""When the first reading of an index goes on that one poll could not finish."""


@dataclass(slots=True)
class Round:
    """What one round of polling knows.

    Attributes:
        started: Parts are due again from here on, or they would be just too late for the source's next poll.
        records: The cursors by their keys, of sources and of the parts that are asked.
        quiet: Sources that must not ring.
        indexes: Sources whose parts are to be read, with how many more may be.
        parts: Of these how often parts were asked, unchanged, and how much new they brought.
        moves: What the answers of a segment make of their cursors: they are moved together.
        outage: Whether nearly nothing can be connected to just now.
    """

    started: datetime
    sources: dict[str, Source]
    records: dict[str, PollRecord]
    quiet: set[str] = field(default_factory=set)
    indexes: dict[str, int] = field(default_factory=dict)
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    moves: dict[str, Callable[[PollRecord | None], PollRecord | None]] = field(default_factory=dict)
    outage: bool = False


def poll(
    ports: Ports,
    sources: Sequence[Source],
    *,
    lease: timedelta,
    until: datetime | None = None,
    at_once: bool = False,
    early: bool = False,
) -> Counter[str]:
    """Ask every due feed and sitemap, or all `at_once`, what is new; counts of polled, failed, announced and new.

    With `early` also those that are nearly due, to go along with the others.
    """
    now, web = ports.now(), [source for source in sources if source.kind != "inbox"]
    records = claim_due(ports.index, web, now, lease, at_once=at_once, early=early)
    this = Round(now, {source.name: source for source in sources if source.name in records}, records)
    this.quiet = {name for name in records if _is_quiet(ports, this, name)}
    _ask(ports, this, list(records), until)
    _follow(ports, this, until)
    if this.counts:
        log.info("poll %s", " ".join(f"{name}={number}" for name, number in sorted(this.counts.items())))
    return this.counts


def _is_quiet(ports: Ports, this: Round, name: str) -> bool:
    """Whether a source must not ring: not all that it held was read yet, and it was not asked to ring at once."""
    record = this.records[name]
    if this.sources[name].ring_first or not record.quiet:
        return False
    return record.read_at is None or bool(unread(parts_of(ports.index, name).values()))


def _follow(ports: Ports, this: Round, until: datetime | None) -> None:
    """Read the parts of indexes that are due, those of nested ones too, as many as one poll may."""
    asked: set[str] = set()
    while this.indexes:
        wanted: list[str] = []
        for name, most in this.indexes.items():
            parts = {id_: part for id_, part in parts_of(ports.index, name).items() if id_ not in asked}
            chosen = due(parts, this.started, most)
            this.records |= {id_: parts[id_] for id_ in chosen}
            this.indexes[name] -= len(chosen)
            wanted += chosen
        if not wanted or not _ask(ports, this, wanted, until):
            break
        asked |= set(wanted)
    for name in this.indexes:
        parts = parts_of(ports.index, name)
        told = this.parts.get(name, Counter())
        decide = partial(_followed, len(parts), len(unread(parts.values())), told, ports.now())
        change(ports.index, Kind.POLLS, PollRecord, {name: decide})


def _followed(
    parts: int, waiting: int, told: Counter[str], now: datetime, old: PollRecord | None
) -> PollRecord | None:
    """The cursor of an index after a poll of its parts: quiet until none of them waits for its first reading. Pure."""
    if old is None:
        return None
    soon = min(old.next_poll_at, now + SOON) if waiting and not old.failures else old.next_poll_at
    old = replace(
        counted(old, told["new"], now), asked=old.asked + told["asked"], same=old.same + told["same"]
    )
    old = replace(old, new_at=now if told["new"] else old.new_at)
    return replace(old, parts=parts, unread=waiting, quiet=old.quiet and waiting > 0, next_poll_at=soon)


def _ask(ports: Ports, this: Round, keys: Sequence[str], until: datetime | None) -> int:
    """Fetch, archive, parse, enter; how many answers came."""

    def capture(answer: Fetched) -> Capture:
        return feed_capture(answer, this.sources[source_of(answer.wanted.key)])

    answered = 0
    wanted = [_wanted(this, key) for key in keys]
    for segment, batch in closed(ports.archive, ports.fetcher.fetch(wanted, until=until), capture):
        if not batch:
            continue
        register(ports.index, segment, [made for _, made in batch if made], ports.now())
        this.outage = is_outage(ports.index, [answer for answer, _ in batch], ports.now())
        for answer, _capture in batch:
            answered += 1
            try:
                with contained(Border.ANSWER, answer.wanted.key) as caught:
                    _record_answer(ports, this, answer)
            except IndexRefused as refused:
                _fail(ports, this, _trouble(answer.wanted, Reason.INDEX_REFUSED, str(refused)))
            if caught.fault is not None:
                _fail(ports, this, _trouble(answer.wanted, Reason.INTERNAL, str(caught.fault)))
        moves, this.moves = this.moves, {}
        change(ports.index, Kind.POLLS, PollRecord, moves)
    return answered


def _wanted(this: Round, key: str) -> Wanted:
    record = this.records[key]
    url = asked_at(record, this.started) or record.url or this.sources[source_of(key)].url
    etag, last_modified = conditions(record, this.sources[source_of(key)].every, this.started)
    return Wanted(key=key, url=url, kind="feed", etag=etag, last_modified=last_modified)


def _record_answer(ports: Ports, this: Round, answer: Fetched | Unfetched) -> None:
    """Bring one answer into the ledger, then move its cursor."""
    source, record = this.sources[source_of(answer.wanted.key)], this.records[answer.wanted.key]
    if isinstance(answer, Unfetched):
        _fail(ports, this, answer)
        return
    if answer.status == UNCHANGED:
        this.counts["unchanged"] += 1
        _move(ports, this, answer, Brought())
        return
    try:
        announced = parse(source, answer.body, answer.content_type, answer.final_url)
    except NotAFeed as exc:
        _fail(ports, this, _trouble(answer.wanted, Reason.NOT_A_FEED, str(exc)))
        return
    quiet = source.name in this.quiet or (record.parent is not None and record.quiet)
    fetched = [entry for entry in announced.entries if entry.body is None]
    delivered = [entry for entry in announced.entries if entry.body is not None]
    entered = enter(ports.index, source, fetched, ports.now(), quiet=quiet)
    taken = take_in(ports, source, delivered, quiet=quiet) if delivered else Counter[str]()
    left_out = [*announced.left_out, *(LeftOut(Reason.INTERNAL, str(fault)) for fault in entered.faults)]
    is_index = bool(announced.more or record.parts)
    if is_index:
        listing = Listing(url=record.url or source.url, depth=record.depth, quiet=quiet)
        left_out += enlist(ports.index, source, listing, announced, this.started)
        this.indexes.setdefault(source.name, MOST_DOCUMENTS)
    new = entered.new + taken[EntryOutcome.CAPTURED]
    hint = hinted(answer.body) if not is_index else timedelta(0)
    hub = hub_of(answer.body, answer.link, answer.final_url) if not is_index else None
    brought = Brought(len(announced.entries), new, tuple(left_out), whole=not is_index, hint=hint, hub=hub)
    _move(ports, this, answer, brought)
    this.counts += Counter(announced=brought.entries, new=new, polled=1)


def _trouble(wanted: Wanted, reason: Reason, detail: str) -> Unfetched:
    return Unfetched(wanted=wanted, outcome=EntryOutcome.FAILED, reason=reason, detail=detail)


def _fail(ports: Ports, this: Round, answer: Unfetched) -> None:
    log.warning("poll source=%s failed reason=%s %s", answer.wanted.key, answer.reason, answer.detail)
    this.counts["failed"] += 1
    _move(ports, this, answer, Brought())


def _move(ports: Ports, this: Round, answer: Fetched | Unfetched, brought: Brought) -> None:
    """Have the cursor of the source or part that answered moved, with those of the others in its segment."""
    key = answer.wanted.key
    source, record = this.sources[source_of(key)], this.records[key]
    now = ports.now() if record.parent is None else this.started
    if record.parent is not None:
        same = isinstance(answer, Fetched) and answer.status == UNCHANGED
        this.parts.setdefault(source.name, Counter()).update(asked=1, same=same, new=brought.new)
    this.moves[key] = partial(next_poll, source, answer, now, brought, outage=this.outage)
