"""Recover: what killed workers left archived but unregistered → registered segments, as if nothing had been."""

import logging
from dataclasses import replace
from functools import partial

from copydesk import urls
from copydesk.index import Kind
from copydesk.index.guarded import change
from copydesk.index.state import LedgerRecord
from copydesk.index.unreadable import field_of
from copydesk.model import Capture, Segment
from copydesk.operating.backup import require_restored
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Ports
from copydesk.segments import pages_in, pending_record, register
from copydesk.segments.contents import contents_of
from copydesk.takedowns import mark_cut_of
from copydesk.takedowns.forgetting import obey

__all__ = ["recover"]

log = logging.getLogger(__name__)

RECENT = 5000
"""Segments looked at: some hours at one every two seconds, far more than a crash leaves behind."""


def recover(ports: Ports) -> int:
    """Register what a killed worker left archived but unregistered; how many segments were gained. Idempotent.

    What cannot be read now is left for the next time. Raises ConfigError when nothing is registered although there
    are backups: then all of it was lost, not a bit.
    """
    require_restored(ports.index, ports.archive)
    ports.archive.recover()
    recent = ports.archive.segments(newest=RECENT)
    known = ports.index.get(Kind.SEGMENTS, [segment.name for segment in recent])
    gained = 0
    for segment in recent:
        if segment.name in known:
            continue
        contents = contents_of(ports.archive, [segment.name])
        if contents.missing or contents.unread:
            continue
        pages = [page.capture for page in contents.pages.values()]
        lost = max(0, segment.captures - len(pages))
        if lost:  # damaged, or cut out by a takedown: those have names
            mark_cut_of(ports.index, ports.archive, {segment.name})
        register(ports.index, segment, pages, ports.now(), lost=lost)
        decided = {urls.url_key(page.url): partial(_found, page) for page in pages}
        change(ports.index, Kind.LEDGER, LedgerRecord, decided)
        obey(ports, {page.id: pending_record(page, segment.name) for page in pages})
        log.warning("recover segment=%s captures=%d", segment.name, len(pages))
        gained += 1
    return gained + _register_gone(ports)


def _register_gone(ports: Ports) -> int:
    """Register segments that were lost from the archive before they were: some captures of them are known, and wait.

    They end as lost then, with those that nobody knows by name.
    """
    ports.index.refresh(Kind.CAPTURES)
    rows = ports.index.find(Kind.CAPTURES, {"outcome": "pending"}, sort="first_seen_at", limit=RECENT)
    waiting = {str(field_of(row, "segment")) for row in rows}
    unknown = sorted(waiting - ports.index.get(Kind.SEGMENTS, sorted(waiting)).keys())
    gone = contents_of(ports.archive, unknown).missing
    for name in sorted(gone):
        register(ports.index, Segment(name=name, captures=0), [], ports.now(), lost=pages_in(name))
        log.warning("recover segment=%s is gone", name)
    return len(gone)


def _found(made: Capture, old: LedgerRecord | None) -> LedgerRecord | None:
    """An address whose capture turned up in the archive although the ledger did not hear of it.

    One that is older than the last capture, or went with another title than was announced since, holds no such change:
    the address goes on waiting.
    """
    if old is None or old.outcome is EntryOutcome.CAPTURED or old.reason == Reason.TAKEN_DOWN:
        return None
    if old.fetched_at is not None and made.fetched_at <= old.fetched_at:
        return None
    if made.entry_title != old.entry_title:
        return None
    return replace(
        old,
        outcome=EntryOutcome.CAPTURED,
        reason=None,
        detail="",
        retry_at=None,
        leased_until=None,
        fetched_at=made.fetched_at,
        capture_id=made.id,
    )
