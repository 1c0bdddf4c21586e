"""The whole flow: the only file that knows the order of the steps.

    ingest    poll → enter → capture            sources to registered segments, in a time box
    process   read → plan → judge → store → refresh → look again → settle → match → deliver

Law 1, archive first: `process` sees nothing but closed segments. Law 2, one outcome: `record` gives every capture
exactly one, once. Law 3, same input, same ids: every call here may be repeated, or made twice at once.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from copydesk.alerting import match
from copydesk.capturing import capture, take_in
from copydesk.delivering import deliver
from copydesk.habits import habits_of
from copydesk.index import Kind
from copydesk.judging.deciding import judge, look_again, relatives
from copydesk.model import Document, Rejection, Source
from copydesk.outcomes import CaptureOutcome
from copydesk.polling import poll, poll_inboxes
from copydesk.ports import Ports
from copydesk.segments import claim_segments, finish, pending_record, record
from copydesk.storing import outdated, plan, settle, store
from copydesk.topics import TopicsFile

__all__ = ["ingest", "ingest_once", "process", "work"]

log = logging.getLogger(__name__)

BATCH = 200
"""Captures worked on together: their pages fit in memory, and one lease outlasts them many times over."""

IDLE = timedelta(seconds=1)


def ingest(
    ports: Ports,
    sources: Sequence[Source],
    *,
    shards: Sequence[int],
    lease: timedelta,
    until: datetime,
) -> Counter[str]:
    """Poll what is due and capture what is pending until the time is up; what was not reached stays pending."""
    counts: Counter[str] = Counter()
    while ports.now() < until:
        done = ingest_once(ports, sources, shards=shards, lease=lease, until=until)
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
) -> Counter[str]:
    """One round over the sources that are due, and over all that is pending then."""
    counts = poll(ports, sources, lease=lease, until=until)
    for source, entries, quiet in poll_inboxes(ports, sources, lease=lease):
        counts += take_in(ports, source, entries, quiet=quiet)
    return counts + capture(ports, shards=shards, lease=lease, until=until)


def process(
    ports: Ports,
    topics: TopicsFile,
    sources: Sequence[Source] = (),
    *,
    lease: timedelta,
    until: datetime,
    idle: timedelta = timedelta(0),
) -> Counter[str]:
    """Work on registered segments; counts by outcome, and of alerts rung.

    Ends when the time is up, or when nothing came for as long as `idle`. Of the sources the selectors are used.
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
        names = [segment.name for segment in segments]
        died = any(segment.leased_until for segment in segments)
        outcomes, fresh = work(ports, names, sources, again=died)
        rung = match(ports.index, topics.topics, fresh, ports.now())
        deliver(ports.index, ports.notifier, topics.channels, ports.now())
        finish(ports.index, names, ports.now())
        counts += outcomes + Counter(alerts=len(rung))
        last = ports.now()
    if counts:
        log.info("process %s", " ".join(f"{name}={number}" for name, number in sorted(counts.items())))
    return counts


def work(
    ports: Ports, segments: Sequence[str], sources: Sequence[Source] = (), *, again: bool = False
) -> tuple[Counter[str], list[str]]:
    """Segments → indexed articles; counts by outcome, and the ids of the new articles, which may ring.

    `again` says that a worker died on them: it may have judged what it did not store. Replay calls this too, on an
    index of its own.
    """
    pages = {
        page.id: (page, name) for name in segments for page in ports.archive.read(name) if page.kind == "page"
    }
    pending = {id_: pending_record(page, name) for id_, (page, name) in pages.items()}
    habits = habits_of(ports.archive, sources)
    answers = list(ports.reader.read([page for page, _ in pages.values()], habits))
    plans = plan(ports.index, [answer for answer in answers if isinstance(answer, Document)])
    pending |= {m.capture_id: replace(pending[m.capture_id], article=m.document.id) for m in plans}
    ends: dict[str, CaptureOutcome | Rejection] = {made.capture_id: made.outcome for made in plans}
    ends |= {str(answer.capture_id): answer for answer in answers if isinstance(answer, Rejection)}
    outcomes = record(ports.index, pending, ends)

    current = {made.document.id: made.document for made in plans if made.current}
    changed = judge(ports.index, list(current.values()))
    refused = store(ports.index, plans, ports.now())
    outcomes |= record(ports.index, pending, refused)
    ports.index.refresh(Kind.FINGERPRINTS)
    changed |= look_again(ports.index, list(current)) | (relatives(ports.index, current) if again else set())
    settle(ports.index, changed | set(current))
    while left_behind := outdated(ports.index, current):
        settle(ports.index, judge(ports.index, left_behind) | set(current))
    ports.index.refresh(Kind.ARTICLES)
    fresh = [m.document.id for m in plans if m.current and m.changed and not pages[m.capture_id][0].quiet]
    return Counter(outcomes.values()), fresh
