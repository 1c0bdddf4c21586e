"""The whole flow: the only file that knows the order of the steps.

    ingest    poll → enter → capture            sources to registered segments, in a time box
    process   read → plan → judge → store → refresh → look again → settle → match → deliver

What `process` fails on is put down alone, and taken up again after a rest; everything beside it goes on. Law 1,
archive first: `process` sees nothing but closed segments. Law 2, one outcome: `record` gives every capture exactly
one, once. Law 3, same input, same ids: every call here may be repeated, or made twice at once.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from copydesk.alerting.delivering import deliver
from copydesk.alerting.freeing import freed
from copydesk.alerting.matching import match
from copydesk.border import Border, contained
from copydesk.config.topics import TopicsFile
from copydesk.fetching.capturing import capture
from copydesk.fetching.cursors import due_names
from copydesk.fetching.hubs import subscribe
from copydesk.fetching.inboxes import poll_inboxes
from copydesk.fetching.moving import follow
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.isolating import isolate
from copydesk.judging.applying import judge, look_again, relatives
from copydesk.model import Capture, Document, Rejection, Source
from copydesk.outcomes import CaptureOutcome
from copydesk.outlets.addresses import clashing, keep
from copydesk.outlets.profile import profiles_of
from copydesk.ports import Ports
from copydesk.segments import claim_segments, pending_record, record
from copydesk.segments.closing import close
from copydesk.segments.contents import Page, contents_of
from copydesk.segments.deaths import Deaths, deaths_of, noted
from copydesk.storing.settling import outdated, settle
from copydesk.storing.versions import Plan, plan
from copydesk.storing.writing import store
from copydesk.takedowns import forbidden, mark_cut_of, names_of
from copydesk.takedowns.forgetting import erase, obey, obey_stored

__all__ = ["ingest", "ingest_once", "process", "work"]

log = logging.getLogger(__name__)

BATCH = 200
"""Captures taken up together: one lease outlasts them many times over."""
BATCH_BYTES = 64 * 1024 * 1024
"""Of pages that are worked on together: two hundred usual ones have twenty million."""

IDLE = timedelta(seconds=1)

POLLED = timedelta(seconds=2)
"""How often sources are looked through for those that are due, while pages are fetched."""


def ingest(
    ports: Ports,
    sources: Sequence[Source],
    *,
    shards: Sequence[int],
    lease: timedelta,
    until: datetime,
    looks: Sequence[timedelta] = (),
) -> Counter[str]:
    """Poll what is due and capture what is pending until the time is up; what was not reached stays pending.

    Young pages are looked at again after each of `looks`.
    """
    counts = subscribe(ports, sources, until=until)
    known: set[str] = set()
    while ports.now() < until:
        done = ingest_once(ports, sources, shards=shards, lease=lease, until=until, known=known, looks=looks)
        counts += done
        if not done:
            ports.wait(IDLE)
    return counts


def ingest_once(
    ports: Ports,
    sources: Sequence[Source],
    *,
    shards: Sequence[int],
    lease: timedelta,
    until: datetime,
    known: set[str] | None = None,
    looks: Sequence[timedelta] = (),
) -> Counter[str]:
    """Ask the sources that are due, fetch all that is pending; while that lasts, ask again.

    Sources that are `known` have cursors, so that those that are due can be found by time; the others are put there.
    """
    counts: Counter[str] = Counter()
    asked_at = ports.now() - POLLED
    known = set() if known is None else known

    def ask() -> None:
        nonlocal asked_at
        if ports.now() - asked_at < POLLED:
            return
        due = due_names(ports.index, ports.now()) if known else set()
        some = [one for one in sources if one.name in due or one.name not in known]
        counts.update(poll(ports, some, lease=lease, until=until, early=True))
        counts.update(poll_inboxes(ports, some, lease=lease))
        known.update(one.name for one in sources)
        asked_at = ports.now()

    ask()
    counts.update(capture(ports, shards=shards, lease=lease, until=until, meanwhile=ask, looks=looks))
    return counts


def process(
    ports: Ports,
    topics: TopicsFile,
    sources: Sequence[Source] = (),
    *,
    lease: timedelta,
    until: datetime,
    idle: timedelta = timedelta(0),
    most: int = BATCH_BYTES,
) -> Counter[str]:
    """Work on registered segments, `most` bytes of pages and one segment at a time; counts of outcomes and alerts rung.

    Ends when the time is up, or when nothing came for as long as `idle`, and then sends what is due anyway. Of the
    sources the selectors are used, and digests say which of them were not seen.
    """
    counts: Counter[str] = Counter()
    last = ports.now()
    while ports.now() < until:
        segments = claim_segments(ports.index, now=ports.now(), lease=lease, most=BATCH)
        if not segments and ports.now() - last >= idle:
            break
        if not segments:
            ports.wait(IDLE)
            continue
        deaths = deaths_of(ports.archive, [segment.name for segment in segments])
        while segments:
            done, segments = work_through(ports, topics, sources, segments, deaths, most)
            counts += done
        send(ports, topics, sources)
        last = ports.now()
    send(ports, topics, sources)
    if counts:
        log.info("process %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def send(ports: Ports, topics: TopicsFile, sources: Sequence[Source] = ()) -> None:
    """Send what is due; what fails waits, and what breaks unforeseen is contained."""
    channels, now = topics.channels, ports.now()
    with contained(Border.DELIVERY, "process"):
        deliver(ports.index, ports.notifier, channels, now, archive=ports.archive, sources=sources)


def work_through(
    ports: Ports,
    topics: TopicsFile,
    sources: Sequence[Source],
    segments: Sequence[SegmentRecord],
    deaths: Deaths,
    most: int,
) -> tuple[Counter[str], list[SegmentRecord]]:
    """Claimed segments → every capture ends, or its segment rests; counts by outcome, and of alerts rung.

    And the segments that were one too many to be held at once.
    """
    died = any(segment.leased_until or segment.attempts for segment in segments)
    names = [segment.name for segment in segments if segment.name not in deaths.segments]
    contents = contents_of(ports.archive, names, around=partial(noted, ports.archive), most=most)
    left = [segment for segment in segments if segment.name in contents.left]
    segments = [segment for segment in segments if segment.name not in contents.left]
    contents.unread.update({one.name: deaths.segments[one.name] for one in segments if one.name not in names})

    def step(ids: Sequence[str], again: bool) -> Counter[str]:  # noqa: FBT001 (what `isolate` calls)
        pages = {id_: contents.pages[id_] for id_ in ids}
        with noted(ports.archive, pages[ids[0]].segment, ids):
            outcomes, fresh = work(ports, pages, sources, again=again or died)
            rung = match(ports.index, topics.topics, fresh, ports.now(), ports.archive)
            obey_stored(ports, ids)
            if outcomes[CaptureOutcome.REJECTED]:
                follow(ports.index, ids, ports.now())
        return outcomes + Counter(alerts=len(rung))

    results, troubles = isolate(deaths.parts(list(contents.pages)), step)
    troubles |= {id_: trouble for id_, trouble in deaths.captures.items() if id_ in contents.pages}
    cut = partial(mark_cut_of, ports.index, ports.archive)
    return sum(results, close(ports.index, segments, contents, troubles, cut, ports.now())), left


def work(
    ports: Ports, pages: Mapping[str, Page], sources: Sequence[Source] = (), *, again: bool = False
) -> tuple[Counter[str], list[str]]:
    """Pages → indexed articles; counts by outcome, and the ids of the new articles, which may ring.

    A is stored. B, a copy of A, comes to us, and C, another copy, to another worker at the same time. We judge A and B
    a family, store B with that, and settle A, whose article has now a copy. Neither worker saw the other's text; each
    looks again after the refresh, and the later one finds all three: what changed of A, B or C is settled too.

    `again` says that they were worked on before and left: what was judged then may not be stored. Replay calls this
    too, on an index of its own.
    """
    batch = _read(ports, pages, sources)
    plans = plan(ports.index, [one for one in batch.documents if one.capture_id not in batch.down])
    ends = {made.capture_id: made.outcome for made in plans} | batch.rejected
    outcomes = record(ports.index, batch.pending, ends)
    refused, changed = _judged(ports, plans, again=again)
    outcomes |= record(ports.index, batch.pending, refused)
    down = batch.down | _obeyed(ports, batch)
    outcomes |= dict.fromkeys(down, CaptureOutcome.REJECTED)
    silent = down | {id_ for id_, page in pages.items() if page.capture.quiet}
    fresh = [
        made.document.id for made in plans if made.current and made.changed and made.capture_id not in silent
    ]
    return Counter(outcomes.values()), list(dict.fromkeys([*fresh, *freed(ports.index, changed)]))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Pages that were read: their records, what came of them, and those that are taken down."""

    pending: Mapping[str, CaptureRecord]
    documents: Sequence[Document]
    rejected: dict[str, Rejection]
    down: set[str]


def _read(ports: Ports, pages: Mapping[str, Page], sources: Sequence[Source]) -> _Batch:
    """Read what is not taken down, by its address before and by what it turned out to be afterwards."""
    pending = {id_: pending_record(page.capture, page.segment) for id_, page in pages.items()}
    down = set(forbidden(ports.index, {id_: names_of(page.capture) for id_, page in pages.items()}))
    allowed = [page.capture for id_, page in pages.items() if id_ not in down]
    answers = _answers(ports, allowed, sources)
    documents = [answer for answer in answers if isinstance(answer, Document)]
    pending |= {one.capture_id: replace(pending[one.capture_id], article=one.id) for one in documents}
    down |= forbidden(ports.index, {one.capture_id: ((one.id,), one.outlet) for one in documents})
    rejected = {str(answer.capture_id): answer for answer in answers if isinstance(answer, Rejection)}
    return _Batch(pending, documents, rejected, down)


def _answers(
    ports: Ports, captures: Sequence[Capture], sources: Sequence[Source]
) -> list[Document | Rejection]:
    """Read captures, and those again whose canonical address turns out to be that of other articles too."""
    answers = list(ports.reader.read(captures, profiles_of(ports.archive, sources)))
    by_id = {capture.id: capture for capture in captures}
    documents = [answer for answer in answers if isinstance(answer, Document)]
    shared = clashing(ports.index, by_id, documents)
    for address in sorted(shared):
        keep(ports.archive, address)
    again = [by_id[one.capture_id] for one in documents if one.url in shared]
    anew = (
        {one.capture_id: one for one in ports.reader.read(again, profiles_of(ports.archive, sources))}
        if again
        else {}
    )
    return [anew.get(answer.capture_id, answer) for answer in answers]


def _judged(ports: Ports, plans: Sequence[Plan], *, again: bool) -> tuple[dict[str, Rejection], set[str]]:
    """Judge, store and settle until nothing is left behind: what the index refused, and whose judgement changed."""
    current = {made.document.id: made.document for made in plans if made.current}
    changed = judge(ports.index, list(current.values()))
    changed |= relatives(ports.index, current) if again else set()
    # before an article says where its changed text is now: if this worker dies, it still leads to those it was with
    settle(ports.index, changed - current.keys())
    refused = store(ports.index, plans, ports.now())
    ports.index.refresh(Kind.FINGERPRINTS)
    more = look_again(ports.index, list(current))
    while True:
        settle(ports.index, more - current.keys())
        settle(ports.index, current)
        changed |= more
        left_behind = outdated(ports.index, current)
        if not left_behind:
            break
        more = judge(ports.index, left_behind)
    ports.index.refresh(Kind.ARTICLES)
    return refused, changed


def _obeyed(ports: Ports, batch: _Batch) -> set[str]:
    """Take out what was taken down before or meanwhile; the captures that were."""
    erase(ports, {id_: batch.pending[id_] for id_ in batch.down})
    return obey(ports, {id_: held for id_, held in batch.pending.items() if id_ not in batch.down})
