"""Retry: what ended because of us, of the archive, of Elasticsearch or of a site → due again, whatever it ended as.

For when the cause was mended: a new version, a file that was brought back, a site that answers again. Everything
still ends in one outcome; only whoever asks for it gets a second one.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from copydesk import urls
from copydesk.alerting.telling import again
from copydesk.errors import ConfigError
from copydesk.fetching.answered import PAUSES
from copydesk.index import Found, Index, Kind, Write
from copydesk.index.guarded import change
from copydesk.index.state import CaptureRecord, LedgerRecord, PollRecord, SegmentRecord
from copydesk.index.unreadable import field_of
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.ports import Ports
from copydesk.storing.refused import resend

__all__ = ["CAPTURES", "retry"]

log = logging.getLogger(__name__)

CAPTURES = (Reason.INTERNAL, Reason.DAMAGED, Reason.ARCHIVE_LOST, Reason.INDEX_REFUSED)
"""Why a capture was rejected though its page may be good; other reasons are asked for by name."""

LEFT = (Reason.GONE,)
"""Why an address is not fetched again unless it is asked for by this reason; what was taken down never is."""

CHUNK = 1000


def retry(ports: Ports, *, names: Collection[str] = (), reason: str = "", lease: timedelta) -> Counter[str]:
    """Make due again what failed; how many captures, segments, addresses, polls, refused documents and alerts.

    Args:
        ports: The world.
        names: Sources, segments or addresses; all if none is named.
        reason: Only what ended for this one.
        lease: How long a segment is held while its captures are made pending.

    Raises ConfigError for what was taken down.
    """
    if reason == Reason.TAKEN_DOWN:
        raise ConfigError("retry: what was taken down is never tried again")
    index, now = ports.index, ports.now()
    index.refresh(Kind.CAPTURES, Kind.SEGMENTS, Kind.LEDGER, Kind.POLLS)
    counts: Counter[str] = Counter()
    if not names and reason in {"", Reason.INDEX_REFUSED}:
        counts["resent"], _ = resend(index)
        index.refresh(Kind.CAPTURES)
    wanted = partial(_is_wanted, {*names, *map(urls.canonicalize, names)})
    counts += _captures(index, wanted, [reason] if reason else CAPTURES, now, lease)
    counts["segments"] = _segments(index, wanted, reason, now)
    counts["addresses"] = _addresses(index, wanted, reason, now)
    counts["polls"] = _polls(index, wanted, reason, now)
    if not names and reason in {"", Reason.INTERNAL, Reason.INDEX_REFUSED}:
        counts["alerts"] = again(index, now)
    log.info("retry %s", " ".join(f"{name}={number}" for name, number in counts.items()))
    return counts


def _is_wanted(names: Collection[str], row: Found) -> bool:
    return not names or any(field_of(row, field) in names for field in ("source", "segment", "url", "name"))


def _captures(
    index: Index, wanted: Callable[[Found], bool], reasons: Collection[str], now: datetime, lease: timedelta
) -> Counter[str]:
    """Open the segments of rejected captures again, and make those pending.

    Each segment is held meanwhile: nobody may finish it between the two writes, or a capture would wait for ever.
    """
    by_segment: dict[str, list[str]] = {}
    nameless: dict[str, list[str]] = {}
    rows = index.scan(Kind.CAPTURES)
    for row in (one for one in rows if field_of(one, "outcome") == CaptureOutcome.REJECTED):
        if field_of(row, "reason") in reasons and wanted(row):
            segment = str(field_of(row, "segment"))
            # what stands for a capture whose name nobody knows gives way to the capture itself
            group = nameless if row.id.startswith(f"{segment}-") else by_segment
            group.setdefault(segment, []).append(row.id)
    segments = by_segment.keys() | nameless.keys()
    opened = change(
        index, Kind.SEGMENTS, SegmentRecord, dict.fromkeys(segments, partial(_open, now, now + lease))
    )
    counts: Counter[str] = Counter()
    for segment in opened:
        ids = by_segment.get(segment, [])
        written = change(index, Kind.CAPTURES, CaptureRecord, dict.fromkeys(ids, partial(_pending, reasons)))
        index.write([Write(kind=Kind.CAPTURES, id=id_, body=None) for id_ in nameless.get(segment, [])])
        counts["captures"] += len(written) + len(nameless.get(segment, []))
    change(index, Kind.SEGMENTS, SegmentRecord, dict.fromkeys(opened, _let_go))
    return counts


def _open(now: datetime, until: datetime, old: SegmentRecord | None) -> SegmentRecord | None:
    """Not done, and held until then; None for one that somebody works on now: it would be finished too early. Pure."""
    if old is None or (old.leased_until and old.leased_until > now):
        return None
    fresh = replace(old, processed_at=None, attempts=0, retry_at=None, reason=None, detail="")
    return replace(fresh, leased_until=until)


def _let_go(old: SegmentRecord | None) -> SegmentRecord | None:
    return replace(old, leased_until=None) if old is not None else None


def _pending(reasons: Collection[str], old: CaptureRecord | None) -> CaptureRecord | None:
    if old is None or old.outcome is not CaptureOutcome.REJECTED or old.reason not in reasons:
        return None
    return replace(old, outcome=CaptureOutcome.PENDING, step=None, reason=None, detail="")


def _segments(index: Index, wanted: Callable[[Found], bool], reason: str, now: datetime) -> int:
    """Wake the segments that rest, and open again those that were given up."""

    def woken(old: SegmentRecord | None) -> SegmentRecord | None:
        if old is None or old.reason is None:
            return None
        return replace(old, processed_at=None, attempts=0, retry_at=now, reason=None, detail="")

    rows = (row for row in index.scan(Kind.SEGMENTS) if field_of(row, "reason") and wanted(row))
    ids = [row.id for row in rows if not reason or field_of(row, "reason") == reason]
    return len(change(index, Kind.SEGMENTS, SegmentRecord, dict.fromkeys(ids, woken)))


def _addresses(index: Index, wanted: Callable[[Found], bool], reason: str, now: datetime) -> int:
    """Let failed addresses be fetched now, and count their attempts from the first.

    What an inbox delivered is taken when it is delivered again: nothing can be fetched there.
    """

    def due(old: LedgerRecord | None) -> LedgerRecord | None:
        if old is None or old.outcome is not EntryOutcome.FAILED:
            return None
        was_delivered = old.reason == Reason.INTERNAL and old.retry_at is None and old.attempts <= len(PAUSES)
        at = now if urls.host(old.url) and not was_delivered else None
        return replace(old, outcome=EntryOutcome.PENDING, reason=None, detail="", attempts=0, retry_at=at)

    def is_meant(row: Found) -> bool:
        why = field_of(row, "reason")
        return field_of(row, "outcome") == EntryOutcome.FAILED and (
            why == reason if reason else why not in LEFT
        )

    ids = [row.id for row in index.scan(Kind.LEDGER) if is_meant(row) and wanted(row)]
    parts = (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
    return sum(len(change(index, Kind.LEDGER, LedgerRecord, dict.fromkeys(part, due))) for part in parts)


def _polls(index: Index, wanted: Callable[[Found], bool], reason: str, now: datetime) -> int:
    """Let failing sources, their parts and files be asked now, and count their failures from the first."""

    def due(old: PollRecord | None) -> PollRecord | None:
        return replace(old, next_poll_at=now, failures=1) if old is not None and old.failures else None

    rows = (row for row in index.scan(Kind.POLLS) if field_of(row, "failures") and wanted(row))
    ids = [row.id for row in rows if not reason or field_of(row, "reason") == reason]
    return len(change(index, Kind.POLLS, PollRecord, dict.fromkeys(ids, due)))
