"""Refused: what Elasticsearch did not take is kept whole, with the reason, and can be sent again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from copydesk.border import Border, contained
from copydesk.index import Found, Index, Kind, Write
from copydesk.index.guarded import change
from copydesk.index.records import from_record, to_record
from copydesk.index.state import CaptureRecord, RefusedRecord
from copydesk.model import Document, Rejection
from copydesk.outcomes import CaptureOutcome, Reason

__all__ = ["Refused", "keep", "resend"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A write of a document that was refused, and why."""

    document: Document
    write: Write
    reason: str

    @property
    def rejection(self) -> Rejection:
        """How the capture of the document ends."""
        return Rejection(
            url=self.document.url,
            capture_id=self.document.capture_id,
            step="store",
            reason=Reason.INDEX_REFUSED,
            detail=self.reason,
        )


def keep(index: Index, refused: Sequence[Refused], now: datetime) -> None:
    """Keep writes until they are sent again."""
    index.write([_kept_write(one, now) for one in refused])


def _kept_write(one: Refused, now: datetime) -> Write:
    record = RefusedRecord(
        kind=one.write.kind,
        document=one.write.id,
        body=json.dumps(one.write.body),  # whose escapes hold any text, also one that no UTF-8 can
        version=one.write.version,
        reason=one.reason,
        at=now,
    )
    return Write(kind=Kind.REFUSED, id=f"{record.kind}-{record.document}", body=to_record(record))


def resend(index: Index) -> tuple[int, int]:
    """Write again what Elasticsearch had refused, oldest first; how many were taken now, and how many not.

    The captures of what was taken are rejected no longer.
    """
    found = index.find(Kind.REFUSED, {}, sort="at", limit=10_000)
    kept: list[tuple[Found, Write, str]] = []
    for row in found:
        with contained(Border.RECORD, row.id):
            kept.append((row, *_write_of(from_record(RefusedRecord, row.body))))
    answers = index.write([write for _, write, _ in kept])
    # a conflict means that something newer stands there by now: as good as taken
    taken = [one for one, answer in zip(kept, answers, strict=True) if answer.status != "refused"]
    change(
        index,
        Kind.CAPTURES,
        CaptureRecord,
        {capture_id: partial(_accepted, write.kind) for _, write, capture_id in taken},
    )
    index.write([Write(kind=Kind.REFUSED, id=row.id, body=None, seen=row) for row, _, _ in taken])
    return len(taken), len(found) - len(taken)


def _write_of(record: RefusedRecord) -> tuple[Write, str]:
    """A write as it was refused, and the capture it stands on. Pure."""
    body = json.loads(record.body)
    write = Write(
        kind=record.kind,
        id=record.document,
        body=body,
        version=record.version,
        create=record.version is None,
    )
    return write, str(body["capture_id"])


def _accepted(kind: Kind, old: CaptureRecord | None) -> CaptureRecord | None:
    """A capture whose document Elasticsearch has taken after all."""
    if old is None or old.step != "store":
        return None
    outcome = CaptureOutcome.INDEXED if kind is Kind.ARTICLES else CaptureOutcome.VERSION
    return replace(old, outcome=outcome, step=None, reason=None, detail="")
