"""Capture: pending entries of the ledger → closed, registered segments in the archive.

Every address that is taken up ends as captured, unchanged, refused or failed, with its reason; what the time
box does not reach stays pending. The order is: archive, tell the ledger, then register the segment. A crash in
between is healed by `recovering.recover`, which does both: no page that lies in the archive is fetched again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from copydesk import urls
from copydesk.fetching.answered import ended, is_open, outcome_of, released
from copydesk.fetching.archiving import closed, page_capture
from copydesk.fetching.claiming import Hand, claim_more, due_in
from copydesk.fetching.entering import brought, enter
from copydesk.fetching.outages import is_outage
from copydesk.fetching.spooling import Due, spooled
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture, Entry, Segment, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.outlets.snapshots import newest
from copydesk.ports import Fetched, Ports, Unfetched, Wanted
from copydesk.segments import pending_record, register
from copydesk.takedowns import forbidden
from copydesk.takedowns.forgetting import bar, erase

__all__ = ["capture", "take_in"]

log = logging.getLogger(__name__)

BEHIND = 3000
"""Addresses behind the claimed ones that are written down for the case that the index goes away."""

Answer: TypeAlias = Fetched | Unfetched | None
"""What a fetcher yields."""


@dataclass(slots=True)
class Work:
    """One stream of requests: what was claimed for it, while it grows.

    Attributes:
        records: What was claimed, by keys.
        fresh: What the fetcher has not been handed yet.
        asked: What it has.
        heard: The keys of what was answered.
        looks: After how long young pages are looked at again.
        outcomes: How that ended, and what a takedown forbids.
        whole: Whether the fetcher came to its end by itself: what it did not answer then was too late to begin.
    """

    heard: set[str]
    looks: Sequence[timedelta] = ()
    records: dict[str, LedgerRecord] = field(default_factory=dict)
    fresh: list[Wanted] = field(default_factory=list)
    asked: list[Wanted] = field(default_factory=list)
    outcomes: dict[str, str] = field(default_factory=dict)
    whole: bool = False

    def hand_out(self) -> list[Wanted]:
        """What is to be asked for now."""
        fresh, self.fresh = self.fresh, []
        self.asked += fresh
        return fresh


def capture(
    ports: Ports,
    *,
    shards: Sequence[int],
    lease: timedelta,
    until: datetime,
    source: str = "",
    meanwhile: Callable[[], object] = lambda: None,
    looks: Sequence[timedelta] = (),
) -> Counter[str]:
    """Fetch what is due in these shards (0..15) until nothing is or the time is up; counts by outcome.

    Hosts do not wait for one another: more is claimed while the fetcher works. `meanwhile` is called again and again,
    whenever no segment is open. With a source only what that one announced. Young pages are looked at again after each
    of `looks`.
    """
    counts: Counter[str] = Counter()
    hand = Hand()
    claim = partial(claim_more, ports.index, hand, shards, lease=lease, source=source)
    while ports.now() < until:
        records = claim(now=ports.now())
        if not records:
            break
        due = Due() if source else _due(ports.index, records, shards, ports.now())
        with spooled(ports.archive, shards, due) as heard:
            work = Work(heard, looks)
            _admit(ports, work, records)

            def between(work: Work = work, due: Due = due) -> None:
                meanwhile()
                for key in work.outcomes.keys() & hand.hosts.keys():
                    hand.put_down(key)
                if not work.whole and ports.now() < until and hand.wants_more(ports.now()):
                    more = claim(now=ports.now())
                    due.records.update(more)
                    _admit(ports, work, more)

            try:
                _fetch(ports, work, until, between)
            finally:
                hand.hosts.clear()
        answered = Counter(work.outcomes.values())
        counts += answered
        if not answered:
            break
    if counts:
        log.info("capture %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def _due(index: Index, records: Mapping[str, LedgerRecord], shards: Sequence[int], now: datetime) -> Due:
    """The claimed addresses and those that are due behind them, for the case that the index goes away."""
    others = index.find(Kind.LEDGER, due_in(shards, now), sort="-announced_at", limit=BEHIND)
    return Due({**{row.id: from_record(LedgerRecord, row.body) for row in others}, **records})


def _admit(ports: Ports, work: Work, records: Mapping[str, LedgerRecord]) -> None:
    """Bring claimed addresses into the work, but for those that a takedown forbids."""
    down = forbidden(ports.index, {key: ((key,), record.outlet) for key, record in records.items()})
    bar(ports.index, down)
    work.records.update(records)
    work.outcomes.update(dict.fromkeys(down, EntryOutcome.REFUSED.value))
    work.fresh += [
        Wanted(key=key, url=record.url, kind="page", etag=record.etag, last_modified=record.last_modified)
        for key, record in records.items()
        if key not in down
    ]


def _fetch(ports: Ports, work: Work, until: datetime, between: Callable[[], None]) -> None:
    """Fetch what was claimed and what `between` adds; what the time box does not reach is released."""
    wanted = work.hand_out()
    answers = ports.fetcher.fetch(wanted, until=until, more=work.hand_out)
    for _ in _kept(ports, work.records, _noted(answers, work), work.outcomes, looks=work.looks):
        between()
    parts = [] if work.whole else _halves(work, work.asked)
    while parts and ports.now() < until:
        part = parts.pop()
        again = _noted(ports.fetcher.fetch(part, until=until), work)
        for _ in _kept(ports, work.records, again, work.outcomes, looks=work.looks):
            pass
        if len(part) > 1:
            parts += [] if work.whole else _halves(work, part)
        elif not (work.whole or ports.now() >= until or part[0].key in work.heard):
            for _ in _kept(ports, work.records, [_broken(part[0])], work.outcomes):
                pass
    left = work.records.keys() - work.outcomes.keys()
    change(ports.index, Kind.LEDGER, LedgerRecord, dict.fromkeys(left, released))


def _halves(work: Work, part: Sequence[Wanted]) -> list[list[Wanted]]:
    """What the fetcher broke off at, in two parts, the first last: so at which address it was is soon found. Pure."""
    silent = [one for one in part if one.key not in work.heard]
    half = (len(silent) + 1) // 2
    return [rest for rest in (silent[half:], silent[:half]) if rest]


def _noted(answers: Iterable[Answer], work: Work) -> Iterator[Answer]:
    """The answers, while it is noted what was answered, and whether they came to their end."""
    work.whole = False
    for answer in answers:
        if answer is not None:
            work.heard.add(answer.wanted.key)
        yield answer
    work.whole = True


def _broken(wanted: Wanted) -> Unfetched:
    """The answer to a request at which the fetcher broke off; the log says how. Pure."""
    return Unfetched(
        wanted=wanted,
        outcome=EntryOutcome.FAILED,
        reason=Reason.INTERNAL,
        detail="the fetcher broke off at this address; the log has the traceback",
    )


def _kept(
    ports: Ports,
    records: Mapping[str, LedgerRecord],
    answers: Iterable[Answer],
    outcomes: dict[str, str],
    *,
    delivered: bool = False,
    looks: Sequence[timedelta] = (),
) -> Iterator[None]:
    """Archive, tell the ledger, register; the outcome of each address that was answered is put into `outcomes`.

    Yields after each batch, and when time passes without, while no segment is open. What was taken down meanwhile is
    taken out again. What was `delivered` with its content is never fetched: when it fails it waits to be delivered
    again.
    """
    furniture = newest(ports.archive)

    def capture_page(answer: Fetched) -> Capture:
        return page_capture(answer, records[answer.wanted.key], furniture)

    for segment, batch in closed(ports.archive, answers, capture_page):
        if not batch:
            yield
            continue
        outage = not delivered and is_outage(ports.index, [answer for answer, _ in batch], ports.now())
        decided = {
            answer.wanted.key: partial(
                outcome_of, answer, made, ports.now(), delivered=delivered, outage=outage, looks=looks
            )
            for answer, made in batch
        }
        written = change(ports.index, Kind.LEDGER, LedgerRecord, decided)
        register(ports.index, segment, [made for _, made in batch if made], ports.now())
        outcomes |= {
            answer.wanted.key: ended(answer, made) for answer, made in batch if answer.wanted.key in written
        }
        outcomes |= dict.fromkeys(_obey(ports, records, segment, batch), EntryOutcome.REFUSED.value)
        yield


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
    outcomes: dict[str, str] = {}
    for _ in _kept(ports, pending, answers, outcomes, delivered=True):
        pass
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
