"""Why addresses did not become articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from copydesk.index import Index, Kind
from copydesk.index.records import load
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.urls import url_key

__all__ = ["NoArticle", "why_no_article"]

FETCHED = frozenset({EntryOutcome.CAPTURED, EntryOutcome.UNCHANGED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """An address without an article: how its announcement, or its capture, ended, and why."""

    url: str
    outcome: EntryOutcome | CaptureOutcome
    reason: str
    detail: str


def why_no_article(index: Index, addresses: Sequence[str]) -> list[NoArticle]:
    """Those of the addresses that did not become articles, in their order; what nobody announced is passed over."""
    keys = [url_key(address) for address in addresses]
    ledger = load(index, Kind.LEDGER, LedgerRecord, keys)
    records = [ledger[key] for key in dict.fromkeys(keys) if key in ledger]
    ids = [record.capture_id for record in records if record.capture_id]
    captures = load(index, Kind.CAPTURES, CaptureRecord, ids)
    found = [(record, captures.get(record.capture_id or "")) for record in records]
    return [why for record, capture in found if (why := _why(record, capture)) is not None]


def _why(record: LedgerRecord, capture: CaptureRecord | None) -> NoArticle | None:
    if record.outcome not in FETCHED:
        ended: LedgerRecord | CaptureRecord = record
    elif capture is not None and capture.outcome is CaptureOutcome.REJECTED:
        ended = capture
    else:
        return None
    return NoArticle(url=record.url, outcome=ended.outcome, reason=ended.reason or "", detail=ended.detail)
