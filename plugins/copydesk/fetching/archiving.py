"""Archive first: answers of the fetcher → captures on disk, in segments closed before anybody parses them.

Stands between fetching and everything else: `closed` hands a batch out only once its segment is durable.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeAlias

from copydesk.border import Border, contained
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture, Segment, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Archive, Fetched, Unfetched

__all__ = ["UNCHANGED", "capture_id", "closed", "feed_capture", "page_capture"]

UNCHANGED = 304

Archived: TypeAlias = tuple[Fetched | Unfetched, Capture | None]
"""An answer, and what of it was archived."""


def closed(
    archive: Archive,
    answers: Iterable[Fetched | Unfetched | None],
    capture: Callable[[Fetched], Capture],
) -> Iterator[tuple[Segment | None, list[Archived]]]:
    """Append each answer's capture; hand answers out in batches, each once its segment is closed.

    An answer without a capture (304, failure) waits for the next close as well, so answers keep their order.
    A batch that held no capture comes without a segment. None among the answers only lets time pass; when nothing waits
    then, a batch without answers is handed out, so that the caller may do something else meanwhile. An answer of
    which no capture can be made is `failed`; a fetcher that breaks off has given its last answer.
    """
    waiting: list[Archived] = []
    with contained(Border.ANSWER, "fetching"):
        for answer in answers:
            if answer is not None:
                waiting.append(_archived(archive, answer, capture))
            if archive.due():
                yield archive.close(), waiting
                waiting = []
            elif answer is None and not waiting:
                yield None, []
    if waiting:
        yield archive.close(), waiting


def _archived(
    archive: Archive, answer: Fetched | Unfetched, capture: Callable[[Fetched], Capture]
) -> Archived:
    """An answer with its capture in the open segment, or as failed when it cannot be put there."""
    if not isinstance(answer, Fetched) or answer.status == UNCHANGED:
        return answer, None
    with contained(Border.ANSWER, answer.wanted.url) as caught:
        made = capture(answer)
        archive.append(made)
    if caught.fault is None:
        return answer, made
    detail = str(caught.fault)
    return (
        Unfetched(wanted=answer.wanted, outcome=EntryOutcome.FAILED, reason=Reason.INTERNAL, detail=detail),
        None,
    )


def capture_id(url: str, fetched_at: datetime) -> str:
    """Id of a capture: the same address fetched at the same moment is the same capture. Pure."""
    return hashlib.sha256(f"{url}\n{fetched_at.isoformat()}".encode()).hexdigest()[:32]


def page_capture(answer: Fetched, record: LedgerRecord, furniture: int | None = None) -> Capture:
    """A page as received, with what the ledger knew when it was asked for, and the snapshot in force. Pure."""
    return Capture(
        id=capture_id(record.url, answer.fetched_at),
        url=record.url,
        final_url=answer.final_url,
        source=record.source,
        outlet=record.outlet,
        publisher=record.publisher,
        fetched_at=answer.fetched_at,
        first_seen_at=record.first_seen_at,
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
        language=record.language,
        entry_title=record.entry_title,
        entry_published_at=record.entry_published_at,
        quiet=record.quiet,
        furniture=furniture,
    )


def feed_capture(answer: Fetched, source: Source) -> Capture:
    """A feed document as received. Pure."""
    return Capture(
        id=capture_id(answer.wanted.url, answer.fetched_at),
        url=answer.wanted.url,
        final_url=answer.final_url,
        source=source.name,
        outlet=source.outlet,
        publisher=source.publisher or source.outlet,
        fetched_at=answer.fetched_at,
        first_seen_at=answer.fetched_at,
        kind="feed",
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
        language=source.language,
    )
