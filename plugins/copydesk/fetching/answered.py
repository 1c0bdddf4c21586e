"""What the ledger shall say of an address once it was asked for: the outcome, and when it is tried again. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from copydesk.fetching.outages import OF_THE_NETWORK
from copydesk.fetching.revisiting import is_look, next_look
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched

__all__ = ["PAUSES", "PENDING_FOR", "ended", "is_open", "outcome_of", "released"]

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
"""How long a failed address waits before each further try; after the last it is given up."""

GONE_PAUSES = (timedelta(minutes=5), timedelta(hours=1))
"""The same for a page that is not there: content systems announce pages before they publish them."""

LONGEST_PAUSE = timedelta(hours=24)

OUTAGE_PAUSE = timedelta(minutes=5)
"""Until an address is asked for again that our own network kept from being asked."""

PENDING_FOR = timedelta(days=7)
"""How long an address is kept in line that was never asked for, because its host could not be."""


def ended(answer: Fetched | Unfetched, made: Capture | None) -> EntryOutcome:
    """How one request ended; what the ledger says of its address may be older, when it was only looked at. Pure."""
    if isinstance(answer, Unfetched):
        return answer.outcome
    return EntryOutcome.UNCHANGED if made is None else EntryOutcome.CAPTURED


def released(old: LedgerRecord | None) -> LedgerRecord | None:
    """An address that the time box did not reach: pending for whoever comes next."""
    return replace(old, leased_until=None) if old is not None else None


def outcome_of(
    answer: Fetched | Unfetched,
    made: Capture | None,
    now: datetime,
    old: LedgerRecord | None,
    *,
    delivered: bool = False,
    outage: bool = False,
    looks: Sequence[timedelta] = (),
) -> LedgerRecord | None:
    """What the ledger shall say after an answer; None when the address is gone from it, or taken down. Pure.

    In an `outage` of our own a failure to connect says nothing of the address. A young page is looked at again after
    each of `looks`; a look that fails, or finds nothing else, leaves what the ledger says as it was.
    """
    if old is None or old.reason == Reason.TAKEN_DOWN:
        return None
    record = replace(old, leased_until=None, retry_at=None, reason=None, detail="")
    if is_look(old) and (made is None or isinstance(answer, Unfetched)):
        seen_at = old.fetched_at if isinstance(answer, Unfetched) else answer.fetched_at
        return replace(record, fetched_at=seen_at, retry_at=next_look(record, now, looks))
    if isinstance(answer, Unfetched):
        ours = outage and answer.reason in OF_THE_NETWORK
        failed = _put_off(answer, record, now) if ours else _failed(answer, record, now)
        return replace(failed, retry_at=None) if delivered else failed
    if made is None:
        same = replace(record, outcome=EntryOutcome.UNCHANGED, fetched_at=answer.fetched_at)
        return replace(same, retry_at=next_look(same, now, looks))
    captured = replace(
        record,
        outcome=EntryOutcome.CAPTURED,
        fetched_at=answer.fetched_at,
        etag=answer.etag,
        last_modified=answer.last_modified,
        capture_id=made.id,
    )
    return captured if delivered else replace(captured, retry_at=next_look(captured, now, looks))


def _failed(answer: Unfetched, record: LedgerRecord, now: datetime) -> LedgerRecord:
    """A refusal is final unless the refusing side named a time; a failure is tried again until `PAUSES` end.

    A page that is not there may only be late, so it is asked for again some hours long. What was not even asked for,
    because its host wants to be left alone or hides its robots.txt, has used up none of its tries.
    """
    asked = timedelta(seconds=min(answer.retry_after or 0, LONGEST_PAUSE.total_seconds()))
    pauses = GONE_PAUSES if answer.reason is Reason.GONE else PAUSES
    record = replace(
        record,
        outcome=answer.outcome,
        reason=answer.reason,
        detail=answer.detail,
        attempts=record.attempts + answer.asked,
    )
    if not answer.asked:
        waits = now - max(record.first_seen_at, record.announced_at or record.first_seen_at)
        pause = max(min(waits / 4, LONGEST_PAUSE), PAUSES[0], asked)
        return record if waits > PENDING_FOR else replace(record, retry_at=now + pause)
    final = answer.outcome is EntryOutcome.REFUSED and answer.retry_after is None
    if final or record.attempts > len(pauses):
        return record
    return replace(record, retry_at=now + max(pauses[record.attempts - 1], asked))


def _put_off(answer: Unfetched, record: LedgerRecord, now: datetime) -> LedgerRecord:
    """An address after an outage of ours: as it was, and asked for again soon."""
    return replace(
        record,
        outcome=answer.outcome,
        reason=answer.reason,
        detail=answer.detail,
        retry_at=now + OUTAGE_PAUSE,
    )


def is_open(record: LedgerRecord) -> bool:
    """Whether a delivered address is still to be captured. Pure."""
    failed = record.outcome is EntryOutcome.FAILED and record.reason == Reason.INTERNAL
    return record.outcome is EntryOutcome.PENDING or (failed and record.attempts <= len(PAUSES))
