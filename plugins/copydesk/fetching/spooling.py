"""Spool: while Elasticsearch is away, what was announced before is fetched into the archive, up to so many bytes.

    due/0-1-2.json      what was due in these shards when the server last answered, and the bytes spooled since

`recover` registers it when the server is back, and the ledger hears of it; until then nobody knows what was fetched
but this list. Nothing is asked for that was not due, and nothing but pages: what is new is told by sources, which
keep their entries for hours. See docs/decisions/0021-spooling.md.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

import orjson

from copydesk.border import Border, contained
from copydesk.errors import IndexUnreachable
from copydesk.fetching.archiving import closed, page_capture
from copydesk.index.records import from_record, to_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Capture
from copydesk.outlets.snapshots import newest
from copydesk.ports import Archive, Fetched, Fetcher, Wanted

__all__ = ["Due", "fetch_on", "load_due", "spooled"]

log = logging.getLogger(__name__)

FOLDER = "due"


@dataclass(frozen=True, slots=True)
class Due:
    """Addresses to be fetched, by their ids, and how many bytes were spooled since the server last answered."""

    records: dict[str, LedgerRecord] = field(default_factory=dict)
    spooled: int = 0


@contextmanager
def spooled(archive: Archive, shards: Sequence[int], due: Due) -> Iterator[set[str]]:
    """Keep the list beside the archive for as long as the block works through it; what it has done it puts in the set.

    When the index goes away in the block, what was done lies in the archive and is not to be fetched again.
    """
    done: set[str] = set()
    _note_due(archive, shards, due)
    try:
        yield done
    except IndexUnreachable:
        _note_due(archive, shards, _without(due, done))
        raise
    _note_due(archive, shards, _without(due, done))


def load_due(archive: Archive, shards: Sequence[int]) -> Due:
    """What was written down last; nothing when there is no list, or none that can be read."""
    content = archive.load(_name(shards))
    due = Due()
    if content is not None:
        with contained(Border.RECORD, _name(shards)):
            saved = orjson.loads(content)
            records = {key: from_record(LedgerRecord, body) for key, body in saved["records"].items()}
            due = Due(records, int(saved["spooled"]))
    return due


def fetch_on(
    fetcher: Fetcher,
    archive: Archive,
    *,
    shards: Sequence[int],
    until: datetime,
    limit: int,
) -> Counter[str]:
    """Fetch what is due into the archive, without an index; how many pages were spooled, and how many gave none.

    Ends when nothing is due, the time is up, or `limit` bytes are spooled (and at most one segment more). What gave no
    page is left to the ledger, where it is still due.
    """
    due, counts = load_due(archive, shards), Counter[str]()
    if due.spooled >= limit:
        log.warning(
            "spool is full: %d bytes of %d; fetching rests until the index is back", due.spooled, limit
        )
        return counts
    furniture = newest(archive)

    def capture(answer: Fetched) -> Capture:
        return page_capture(answer, due.records[answer.wanted.key], furniture)

    wanted = [
        Wanted(key=key, url=record.url, kind="page", etag=record.etag, last_modified=record.last_modified)
        for key, record in due.records.items()
    ]
    left = due
    for _, batch in closed(archive, fetcher.fetch(wanted, until=until), capture) if wanted else ():
        if not batch:
            continue
        size = sum(len(made.body) for _, made in batch if made is not None)
        left = replace(
            _without(left, {answer.wanted.key for answer, _ in batch}), spooled=left.spooled + size
        )
        _note_due(archive, shards, left)
        counts.update("spooled" if made is not None else "left" for _, made in batch)
        if left.spooled >= limit:
            log.warning(
                "spool is full: %d bytes of %d; fetching rests until the index is back", left.spooled, limit
            )
            break
    log.info("spool bytes=%d due=%d %s", left.spooled, len(left.records), dict(counts))
    return counts


def _note_due(archive: Archive, shards: Sequence[int], due: Due) -> None:
    """Write down beside the archive what is due; a list that cannot be made stops no fetching."""
    with contained(Border.RECORD, _name(shards)):
        records = {key: to_record(record) for key, record in due.records.items()}
        archive.save(_name(shards), orjson.dumps({"spooled": due.spooled, "records": records}))


def _without(due: Due, done: Collection[str]) -> Due:
    """The list without what is done. Pure."""
    return replace(due, records={key: record for key, record in due.records.items() if key not in done})


def _name(shards: Sequence[int]) -> str:
    return f"{FOLDER}/{'-'.join(map(str, sorted(shards)))}.json"
