"""What the archive gives of segments, and what becomes of the captures it no longer gives.

A capture that is registered and cannot be read ends as `archive-lost` when the file of its segment is gone, as
`damaged` when it is in none of the records that are whole (law 2). A file that is there and cannot be read now is
no loss: its segment waits.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from copydesk.border import Border, contained
from copydesk.errors import ArchiveError, SegmentMissing
from copydesk.index import Index, Kind
from copydesk.index.article import articles_of
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord
from copydesk.isolating import Trouble
from copydesk.model import Capture, Rejection, Segment
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.ports import Archive
from copydesk.segments import begun_at, pending_record
from copydesk.storing.writing import version_id

__all__ = ["Contents", "Page", "contents_of", "failures", "losses"]

log = logging.getLogger(__name__)

MOST = 10_000
"""Captures looked for in one segment, which is closed at some hundreds."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the archive, and the name of its segment."""

    capture: Capture
    segment: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What was read of segments.

    Attributes:
        pages: By the id of the capture, in the order they were written.
        missing: Segments whose file is gone.
        unread: Segments that could not be read this time, with the trouble.
        left: Segments that were not looked at, for those before them hold enough.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    unread: dict[str, Trouble] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)


def contents_of(
    archive: Archive,
    names: Sequence[str],
    *,
    around: Callable[[str], AbstractContextManager[object]] = nullcontext,
    most: int | None = None,
) -> Contents:
    """Read segments, each by itself and in a block that is made `around` it, until their pages have `most` bytes."""
    contents, size = Contents(), 0
    for name in names:
        if most is not None and size >= most:
            contents.left.append(name)
            continue
        try:
            with contained(Border.SEGMENT, name) as caught, around(name):
                pages = [page for page in archive.read(name) if page.kind == "page"]
                contents.pages.update({page.id: Page(page, name) for page in pages})
                size += sum(len(page.body) for page in pages)
            if caught.fault:
                contents.unread[name] = Trouble(Reason.INTERNAL, str(caught.fault))
        except SegmentMissing as exc:
            log.warning("segment=%s %s %s", name, Reason.ARCHIVE_LOST, exc)
            contents.missing.add(name)
        except ArchiveError as exc:
            log.warning("segment=%s %s %s", name, Reason.UNREADABLE, exc)
            contents.unread[name] = Trouble(Reason.UNREADABLE, str(exc))
    return contents


def losses(
    index: Index,
    registered: Mapping[str, int],
    contents: Contents,
    mark_cut: Callable[[Collection[str]], None],
) -> tuple[dict[str, CaptureRecord], dict[str, Rejection]]:
    """The captures of segments that are registered and could not be read: their records, and why they end.

    `registered` says how many captures each segment holds. What takedowns cut out has a name beside the archive, by
    which `mark_cut` lets it end. Others that the index does not know by name (it was lost, and their names with it) get
    one made of the segment's, so that they count all the same.
    """
    given: dict[str, set[str]] = {name: set() for name in registered}
    for id_, page in contents.pages.items():
        given[page.segment].add(id_)
    short = [
        name
        for name, number in registered.items()
        if name not in contents.unread and len(given[name]) < number
    ]
    if not short:
        return {}, {}
    mark_cut(short)
    index.refresh(Kind.CAPTURES)
    records: dict[str, CaptureRecord] = {}
    for name in short:
        known = _known(index, name)
        nameless = registered[name] - len(known.keys() | given[name])
        records |= {
            id_: _anew(record)
            for id_, record in known.items()
            if id_ not in given[name] and record.reason != Reason.TAKEN_DOWN
        }
        records |= {record.id: record for record in (_nameless(name, number) for number in range(nameless))}
    return records, {id_: _lost(record, contents) for id_, record in records.items()}


def failures(
    index: Index, given_up: Mapping[str, Trouble], contents: Contents, troubles: Mapping[str, Trouble]
) -> tuple[dict[str, CaptureRecord], dict[str, Rejection]]:
    """The captures on which segments were given up: their records, and why they end.

    They are those that failed alone, or all of a segment that could not even be read. What is stored all the same
    (it failed behind that) keeps its outcome.
    """
    ids = {id_ for id_ in troubles if contents.pages[id_].segment in given_up}
    rows = index.get(Kind.CAPTURES, sorted(ids))
    records = {id_: from_record(CaptureRecord, row.body) for id_, row in rows.items()}
    pages = {id_: contents.pages[id_] for id_ in ids - records.keys()}
    records |= {id_: pending_record(page.capture, page.segment) for id_, page in pages.items()}
    whole = given_up.keys() & contents.unread.keys()
    if whole:
        index.refresh(Kind.CAPTURES)
    for name in whole:
        records |= _known(index, name)
    open_: dict[str, CaptureRecord] = {}
    for id_, record in records.items():
        stored = False
        with contained(Border.PAGE, id_):
            stored = _is_stored(index, record)
        open_ |= {} if stored else {id_: record}
    ends = {
        id_: Rejection(
            url=record.url,
            capture_id=id_,
            step="work",
            reason=troubles.get(id_, given_up[record.segment]).reason,
            detail=troubles.get(id_, given_up[record.segment]).detail,
        )
        for id_, record in open_.items()
    }
    return open_, ends


def _known(index: Index, segment: str) -> dict[str, CaptureRecord]:
    rows = index.find(Kind.CAPTURES, {"segment": segment}, limit=MOST)
    return {row.id: from_record(CaptureRecord, row.body) for row in rows}


def _is_stored(index: Index, record: CaptureRecord) -> bool:
    """Whether a capture has nothing more to come: rejected, unchanged, or its text is in the index."""
    if record.outcome in {CaptureOutcome.REJECTED, CaptureOutcome.UNCHANGED}:
        return True
    if record.article is None:
        return False
    found = articles_of(index, [record.article]).get(record.article)
    if found and found.document.capture_id == record.id:
        return True
    return bool(index.get(Kind.VERSIONS, [version_id(record.article, record.id)]))


def _anew(record: CaptureRecord) -> CaptureRecord:
    """As it was when it was registered."""
    return replace(record, outcome=CaptureOutcome.PENDING, step=None, reason=None, detail="")


def _nameless(segment: str, number: int) -> CaptureRecord:
    return CaptureRecord(
        id=f"{segment}-{number}",
        segment=segment,
        source="",
        outlet="",
        url="",
        first_seen_at=begun_at(Segment(name=segment, captures=0)),
    )


def _lost(record: CaptureRecord, contents: Contents) -> Rejection:
    reason = Reason.ARCHIVE_LOST if record.segment in contents.missing else Reason.DAMAGED
    return Rejection(
        url=record.url, capture_id=record.id, step="read", reason=reason, detail=f"segment {record.segment}"
    )
