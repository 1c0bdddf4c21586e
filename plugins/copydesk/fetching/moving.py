"""Follow: pages that send their readers on → addresses of their own in the ledger, as if they had been announced.

Called by `work_through` when captures have ended, never by replay, which asks for nothing. The page itself stays
rejected as moved. What it was announced by goes on with the address; how often in a row is bounded, for some servers
send their readers on for ever.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial

from copydesk import urls
from copydesk.fetching.entering import LONGEST_ADDRESS
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.outcomes import EntryOutcome, Reason

__all__ = ["MOST_HOPS", "follow"]

MOST_HOPS = 5
"""Pages that may send on to one another, one after the other; browsers show none that do so more often."""


def follow(index: Index, captures: Iterable[str], now: datetime) -> int:
    """Announce where those of these captures lead that ended as moved; how many addresses are new. Idempotent."""
    rows = index.get(Kind.CAPTURES, list(captures)).values()
    ended = [from_record(CaptureRecord, row.body) for row in rows]
    moved = {urls.url_key(one.url): one.detail for one in ended if one.reason == Reason.MOVED}
    if not moved:
        return 0
    known = index.get(Kind.LEDGER, list(moved))
    before = {key: from_record(LedgerRecord, row.body) for key, row in known.items()}
    targets = {
        urls.url_key(moved[key]): partial(_announced, record, moved[key], now)
        for key, record in sorted(before.items())
        if record.hops < MOST_HOPS and _can_be_asked(moved[key])
    }
    return len(change(index, Kind.LEDGER, LedgerRecord, targets)) if targets else 0


def _can_be_asked(url: str) -> bool:
    return bool(urls.host(url)) and len(url) <= LONGEST_ADDRESS


def _announced(
    before: LedgerRecord, url: str, now: datetime, old: LedgerRecord | None
) -> LedgerRecord | None:
    """The record of an address that a page leads to; None where it is known, for its own announcement counts."""
    if old is not None:
        return None
    host = urls.host(url)
    return replace(
        before,
        url=urls.canonicalize(url),
        host=host,
        shard=urls.shard(host),
        sources=(before.source,),
        first_seen_at=now,
        outcome=EntryOutcome.PENDING,
        reason=None,
        detail="",
        attempts=0,
        retry_at=now,
        leased_until=None,
        fetched_at=None,
        etag=None,
        last_modified=None,
        capture_id=None,
        hops=before.hops + 1,
    )
