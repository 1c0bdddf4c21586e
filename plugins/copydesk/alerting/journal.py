"""Journal: what rang and what was sent since the last backup, in small files beside the archive.

One file a batch that rang and one a round of deliveries, written before an alert is in the index and after a
message is out: an index that is lost between two backups loses neither, and nobody is told twice.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

import orjson

from copydesk.index import Kind, Write
from copydesk.index.records import texts_of
from copydesk.index.state import DeliveryState
from copydesk.ports import Archive

__all__ = ["FOLDER", "KINDS", "better", "fold", "keep", "read_lines", "to_lines", "written_down"]

log = logging.getLogger(__name__)

FOLDER = "journal"
KINDS = (Kind.ALERTS, Kind.TOLD, Kind.DELIVERIES)
"""What is written down at once; the other kinds wait for the backup."""
TIME = "%Y%m%dT%H%M%S"
ENDS = {str(DeliveryState.PENDING): 0, str(DeliveryState.SENT): 2}
"""Which state of a delivery says most; `deliver --dead` begins again to count the attempts."""
MARGIN = timedelta(minutes=10)
"""By how much clocks may differ, and an alert be later in the index than in the journal."""


def keep(archive: Archive | None, writes: Sequence[Write], now: datetime) -> None:
    """Write documents down, in one file; without an archive, as in memory, nothing is kept."""
    if archive is None or not writes:
        return
    content = to_lines(writes)
    archive.save(f"{FOLDER}/{now:{TIME}}-{hashlib.sha256(content).hexdigest()[:16]}.ndjson", content)


def written_down(archive: Archive) -> list[Write]:
    """All that is written down; files that are damaged are passed over, and named in the log."""
    found = []
    for name in archive.names(FOLDER):
        try:
            found += list(read_lines(archive.load(name) or b""))
        except ValueError as exc:
            log.warning("journal %s is damaged: %s", name, exc)
    return found


def fold(archive: Archive, names: Sequence[str], before: datetime) -> int:
    """Delete the files that a backup made at that time holds; how many."""
    last = f"{FOLDER}/{before - MARGIN:{TIME}}"
    done = [name for name in names if name < last]
    for name in done:
        archive.remove(name)
    return len(done)


def to_lines(writes: Sequence[Write]) -> bytes:
    """Documents as NDJSON, a line each: {"kind", "id", "body"}. Pure."""
    return b"\n".join(orjson.dumps({"kind": one.kind, "id": one.id, "body": one.body}) for one in writes)


def read_lines(content: bytes) -> Iterator[Write]:
    """The documents of such lines, to be created where there are none. Pure.

    Kinds that this version does not know are passed over. Raises ValueError for lines that are none.
    """
    kinds = {str(kind): kind for kind in Kind}
    unknown = set()
    for number, line in enumerate(content.splitlines(), 1):
        row = orjson.loads(line)
        if not (
            isinstance(row, dict) and {"kind", "id", "body"} <= row.keys() and isinstance(row["body"], dict)
        ):
            raise ValueError(f"line {number} is no document")
        if row["kind"] in kinds:
            yield Write(kind=kinds[row["kind"]], id=str(row["id"]), body=row["body"], create=True)
        else:
            unknown.add(str(row["kind"]))
    if unknown:
        log.warning("documents of kinds that are unknown here are left out: %s", ", ".join(sorted(unknown)))


def better(one: Write, other: Write) -> Write:
    """Of two states of a document the later one: a delivery that ended, an article that a topic was told of. Pure.

    Of a digest that was not tried yet, what both hold.
    """
    best = max(one, other, key=_progress)  # of equals the first
    body = best.body or {}
    if not body.get("digest_at") or _progress(best) > (ENDS[str(DeliveryState.PENDING)], 0):
        return best
    held = dict.fromkeys(chain.from_iterable(map(_held, (best, one, other))))
    return replace(best, body={**body, "also": [id_ for id_ in held if id_ != body.get("alert")]})


def _held(write: Write) -> list[str]:
    body = write.body or {}
    return [str(body.get("alert")), *texts_of(body, "also")]


def _progress(write: Write) -> tuple[int, int]:
    body = write.body or {}
    attempts = body.get("attempts")
    ended = ENDS.get(str(body.get("state")), 1) if write.kind is Kind.DELIVERIES else int("alert" in body)
    return ended, attempts if isinstance(attempts, int) else 0
