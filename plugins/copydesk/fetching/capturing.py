"""Capture: pending entries of the ledger → closed, registered segments in the archive.

Every address that is taken up ends as captured, unchanged, refused or failed, with its reason; what the time
box does not reach stays pending. The order is: archive, tell the ledger, then register the segment. A crash in
between is healed by `recovering.recover`, which does both: no page that lies in the archive is fetched again.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from copydesk import urls
from copydesk.fetching.answered import is_open, outcome_of, released
from copydesk.fetching.archiving import closed, page_capture
from copydesk.fetching.entering import brought, enter
from copydesk.fetching.spooling import Due, spooled
from copydesk.index import Found, Index, Kind, Range, Where
from copydesk.index.guarded import change, claim
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture, Entry, Segment, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.outlets.snapshots import newest
from copydesk.ports import Fetched, Ports, Unfetched, Wanted
from copydesk.segments import pending_record, register
from copydesk.takedowns import forbidden
from copydesk.takedowns.forgetting import bar, erase

__all__ = ["capture", "claim_pending", "take_in"]

log = logging.getLogger(__name__)

PER_HOST = 30
"""Addresses of one host taken up at once: more would hold leases longer than a time box lasts."""

TAKEN = 300
"""Addresses taken up at once over all hosts; looked for among ten times as many, lest one host fill the view."""

Answer: TypeAlias = Fetched | Unfetched | None
"""What a fetcher yields."""


def capture(
    ports: Ports,
    *,
    shards: Sequence[int],
    lease: timedelta,
    until: datetime,
    source: str = "",
) -> Counter[str]:
    """Fetch what is pending in these shards (0..15) until nothing is due or the time is up; counts by outcome.

    With a source only what that one announced.
    """
    counts: Counter[str] = Counter()
    while ports.now() < until:
        ports.index.refresh(Kind.LEDGER)
        rows = claim_pending(ports.index, shards, ports.now(), lease, source)
        if not rows:
            break
        due = Due() if source else _due(ports.index, rows, shards, ports.now())
        with spooled(ports.archive, shards, due) as heard:
            answered = _fetch(ports, rows, until, heard)
        counts += answered
        if not answered:
            break
    if counts:
        log.info("capture %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def claim_pending(
    index: Index,
    shards: Sequence[int],
    now: datetime,
    lease: timedelta,
    source: str = "",
) -> list[Found]:
    """Due addresses that nobody holds, longest due first, at most `PER_HOST` of one host."""
    due: Where = {"retry_at": Range(lt=now.isoformat()), "shard": list(shards)}
    if source:
        due = {**due, "sources": source}
    return claim(
        index, Kind.LEDGER, due, now=now, lease=lease, sort="retry_at", limit=10 * TAKEN, choose=_share_out
    )


def _share_out(rows: Sequence[Found]) -> list[Found]:
    """The first `TAKEN` of the addresses, not counting those of a host after its first `PER_HOST`. Pure."""
    per_host: dict[str, list[Found]] = {}
    for row in rows:
        per_host.setdefault(from_record(LedgerRecord, row.body).host, []).append(row)
    allowed = {row.id for some in per_host.values() for row in some[:PER_HOST]}
    return [row for row in rows if row.id in allowed][:TAKEN]


def _due(index: Index, rows: Sequence[Found], shards: Sequence[int], now: datetime) -> Due:
    """The claimed addresses and those that are due behind them, for the case that the index goes away."""
    due: Where = {"retry_at": Range(lt=now.isoformat()), "shard": list(shards)}
    others = index.find(Kind.LEDGER, due, sort="retry_at", limit=10 * TAKEN)
    return Due({row.id: from_record(LedgerRecord, row.body) for row in (*rows, *others)})


def _fetch(ports: Ports, rows: Sequence[Found], until: datetime, heard: set[str]) -> Counter[str]:
    """Fetch the addresses of claimed ledger rows; those the time box does not reach are released.

    The keys of what was answered are put into `heard`.
    """
    records = {row.id: from_record(LedgerRecord, row.body) for row in rows}
    down = forbidden(ports.index, {key: ((key,), record.outlet) for key, record in records.items()})
    bar(ports.index, down)
    wanted = [
        Wanted(key=key, url=record.url, kind="page", etag=record.etag, last_modified=record.last_modified)
        for key, record in records.items()
        if key not in down
    ]
    outcomes = dict.fromkeys(down, EntryOutcome.REFUSED.value)
    parts = [wanted]
    while parts and ports.now() < until:
        part = parts.pop()
        outcomes |= _keep(ports, records, _noted(ports.fetcher.fetch(part, until=until), heard))
        silent = [one for one in part if one.key not in heard]
        if ports.now() >= until or not silent:
            continue
        # whatever is asked for in time is answered: so the fetcher broke off, and at which address is soon found
        if len(part) == 1:
            outcomes |= _keep(ports, records, [_broken(one) for one in part])
        else:
            half = (len(silent) + 1) // 2
            parts += [rest for rest in (silent[half:], silent[:half]) if rest]
    change(ports.index, Kind.LEDGER, LedgerRecord, dict.fromkeys(records.keys() - outcomes.keys(), released))
    return Counter(outcomes.values())


def _noted(answers: Iterable[Answer], heard: set[str]) -> Iterator[Answer]:
    """The answers, while the keys of what was answered are put into `heard`."""
    for answer in answers:
        if answer is not None:
            heard.add(answer.wanted.key)
        yield answer


def _broken(wanted: Wanted) -> Unfetched:
    """The answer to a request at which the fetcher broke off; the log says how. Pure."""
    return Unfetched(
        wanted=wanted,
        outcome=EntryOutcome.FAILED,
        reason=Reason.INTERNAL,
        detail="the fetcher broke off at this address; the log has the traceback",
    )


def _keep(
    ports: Ports,
    records: Mapping[str, LedgerRecord],
    answers: Iterable[Answer],
    *,
    delivered: bool = False,
) -> dict[str, str]:
    """Archive, tell the ledger, register; the outcome of each address that was answered.

    What was taken down meanwhile is taken out again. What was `delivered` with its content is never fetched: when it
    fails it waits to be delivered again.
    """
    furniture = newest(ports.archive)

    def capture_page(answer: Fetched) -> Capture:
        return page_capture(answer, records[answer.wanted.key], furniture)

    outcomes: dict[str, str] = {}
    for segment, batch in closed(ports.archive, answers, capture_page):
        decided = {
            answer.wanted.key: partial(outcome_of, answer, made, ports.now(), delivered=delivered)
            for answer, made in batch
        }
        written = change(ports.index, Kind.LEDGER, LedgerRecord, decided)
        register(ports.index, segment, [made for _, made in batch if made], ports.now())
        outcomes |= {key: record.outcome for key, record in written.items()}
        outcomes |= dict.fromkeys(_obey(ports, records, segment, batch), EntryOutcome.REFUSED.value)
    return outcomes


def _obey(
    ports: Ports,
    records: Mapping[str, LedgerRecord],
    segment: Segment | None,
    batch: Sequence[tuple[Fetched | Unfetched, Capture | None]],
) -> set[str]:
    """Take out again what was taken down while it was fetched, also under the address a redirect led to."""
    made = {answer.wanted.key: capture for answer, capture in batch if capture is not None}
    items = {
        key: ({key, *([urls.url_key(made[key].final_url)] if key in made else [])}, records[key].outlet)
        for key in (answer.wanted.key for answer, _ in batch)
    }
    down = forbidden(ports.index, items)
    bar(ports.index, down)
    if segment is not None:
        pages = [made[key] for key in down if key in made]
        erase(ports, {page.id: pending_record(page, segment.name) for page in pages})
    return down


def take_in(ports: Ports, source: Source, entries: Sequence[Entry], *, quiet: bool = False) -> Counter[str]:
    """Capture entries that bring their content along; what is captured already is left alone.

    What could not be captured is tried again when it is delivered again, until its attempts are used up.
    """
    by_key = enter(ports.index, source, entries, ports.now(), quiet=quiet).entries
    records = {
        key: from_record(LedgerRecord, row.body)
        for key, row in ports.index.get(Kind.LEDGER, list(by_key)).items()
    }
    pending = {key: brought(record, by_key[key]) for key, record in records.items() if is_open(record)}
    answers = (_delivered(key, by_key[key], ports.now()) for key in pending)
    outcomes = _keep(ports, pending, answers, delivered=True)
    counts = Counter({EntryOutcome.CAPTURED.value: 0, "known": len(by_key) - len(outcomes)})
    counts.update(outcomes.values())
    return counts


def _delivered(key: str, entry: Entry, now: datetime) -> Fetched:
    """An entry with its content, as the answer a fetcher would have given. Pure."""
    return Fetched(
        wanted=Wanted(key=key, url=entry.url, kind="page"),
        final_url=entry.url,
        status=200,
        content_type=entry.content_type,
        body=entry.body or b"",
        fetched_at=now,
    )
