"""The archive: closed WARC segments by day, and small files beside them, below any fsspec address.

    segments/2026/09/01/20260901T101112345Z-3f9a1c2b-12.warc.gz   closed for good; 12 pages when it was closed
    open/20260901T101112345Z-3f9a1c2b.warc.gz.open                being written (in a folder; elsewhere in memory)
    anything/else                                                 small files

A writer holds a lock (`flock`) on its open file for as long as it lives; the kernel lets go of it however the
writer dies. So `recover` touches exactly the files nobody is writing, on one machine or on a file system that
carries locks between machines (NFS 4 does).
"""

import fcntl
import io
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copydesk.adapters.archive.names import ENDING, OPEN, SEGMENTS, beside, is_name, name_of, path_of
from copydesk.adapters.archive.record import LARGEST, information, stretches, to_member
from copydesk.adapters.archive.spool import Spool, finish, is_at
from copydesk.adapters.archive.store import Store
from copydesk.border import Border, contained
from copydesk.clock import utc_now
from copydesk.errors import ArchiveError, SegmentMissing
from copydesk.model import Capture, Segment

__all__ = ["Archive"]

logger = logging.getLogger(__name__)

MOST_BEHIND = LARGEST + 1024 * 1024
"""Bytes of a segment's file behind those at which it is due to be closed: one record, hardly packed."""


class Archive:
    """Segments and small files below one address; one object has at most one segment open."""

    def __init__(
        self,
        address: str,
        *,
        max_bytes: int = 5 * 1024 * 1024,
        max_unpacked: int = 32 * 1024 * 1024,
        max_age: timedelta = timedelta(seconds=2),
        now: Callable[[], datetime] = utc_now,
        suffix: Callable[[], str] = lambda: secrets.token_hex(4),
        open_file: Callable[[Path, str], io.FileIO] = io.FileIO,
    ) -> None:
        """Make an archive; nothing is touched yet.

        Args:
            address: Folder or fsspec address.
            max_bytes: Size at which the open segment is due.
            max_unpacked: The same for what it holds, unpacked: whoever reads a segment holds all of it.
            max_age: Age at which it is.
            now: The clock.
            suffix: What tells segments begun at the same moment apart.
            open_file: How the files of open segments are opened; tests fill the disk here.
        """
        self._store = Store(address)
        self._max_bytes = max_bytes
        self._max_unpacked = max_unpacked
        self._max_age = max_age
        self._now = now
        self._suffix = suffix
        self._open_file = open_file
        self._spool: Spool | None = None

    def append(self, capture: Capture) -> None:
        """Add to the open segment, beginning one if there is none.

        It outlives this process at once, a power cut only once `close` has handed the segment out. Raises
        ArchiveError, and then the open segment is as before.
        """
        if self._spool is None:
            self._spool = self._begin()
        spool, member = self._spool, to_member(capture)
        self._write(spool, member)
        spool.unpacked += len(capture.body)
        spool.captures += 1
        spool.pages += capture.kind == "page"

    def _begin(self) -> Spool:
        since = self._now().astimezone(UTC)
        name = f"{since:%Y%m%dT%H%M%S}{since.microsecond // 1000:03}Z-{self._suffix()}"
        path = self._store.folder and self._store.folder / OPEN / f"{name}{ENDING}.{OPEN}"
        spool = Spool(name=name, file=io.BytesIO(), path=path, since=since)
        if path is not None:
            spool.file = self._create(path)
        try:
            self._write(spool, information(name + ENDING))
        except ArchiveError:
            self._finish(spool)  # it holds nothing, so that nothing stays
            raise
        return spool

    def _create(self, path: Path) -> io.FileIO:
        """A new file, ours by its lock. `recover` of another process may take it away in between: then again."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            while True:
                file = self._open_file(path, "wb")
                fcntl.flock(file, fcntl.LOCK_EX)
                if is_at(file, path):
                    return file
                file.close()
        except OSError as exc:
            raise ArchiveError(f"{self._store.address}: cannot begin {path.name}: {exc}") from exc

    def _write(self, spool: Spool, member: bytes) -> None:
        failure: OSError | None = None
        try:
            written = spool.file.write(member)
        except OSError as exc:
            written, failure = -1, exc
        if written != len(member):
            spool.file.truncate(spool.size)
            spool.file.seek(spool.size)
            why = failure or "no space left"
            raise ArchiveError(f"{self._store.address}: cannot write {spool.name}: {why}") from failure
        spool.size += len(member)

    def due(self) -> bool:
        """Whether the open segment has reached its size or its age."""
        spool = self._spool
        return spool is not None and (
            spool.size >= self._max_bytes
            or spool.unpacked >= self._max_unpacked
            or self._now() - spool.since >= self._max_age
        )

    def close(self) -> Segment | None:
        """Sync and rename the open segment; None when nothing was appended.

        Feed documents are in the segment and not in its count: they need no outcome. Raises ArchiveError, and
        then the open segment is left to `recover`.
        """
        spool, self._spool = self._spool, None
        return None if spool is None else self._finish(spool)

    def _finish(self, spool: Spool) -> Segment | None:
        """Close a spool; one without captures leaves nothing behind."""
        name = f"{spool.name}-{spool.pages}"
        with spool.file as file:
            if isinstance(file, io.BytesIO):
                if spool.captures:
                    self._store.write(path_of(name), file.getvalue())
            elif spool.path is not None and self._store.folder is not None:
                try:
                    finish(spool, file, self._store.folder / path_of(name))
                except OSError as exc:
                    raise ArchiveError(f"{self._store.address}: cannot close {spool.name}: {exc}") from exc
        return Segment(name=name, captures=spool.pages) if spool.captures else None

    def segments(self, *, newest: int | None = None) -> list[Segment]:
        """All closed segments, or so many of the newest, oldest first.

        Their counts are those of the closing: a takedown may have taken some. What else lies there is passed over.
        """
        paths = self._store.names(SEGMENTS) if newest is None else self._store.last(SEGMENTS, newest, name_of)
        names = sorted(name for name in map(name_of, paths) if name)
        return [Segment(name=name, captures=int(name.rpartition("-")[2])) for name in names]

    def read(self, segment: str) -> Iterator[Capture]:
        """The captures of a segment in order; what is damaged is logged and passed over.

        Whoever knows how many there were knows how many are missing: `contents.losses`.
        """
        content = self._content(segment)
        if content is None:
            raise SegmentMissing(f"{self._store.address}: there is no segment {segment}")
        yield from (held for _, held in stretches(segment, content) if isinstance(held, Capture))

    def _content(self, segment: str) -> bytes | None:
        """What a segment's file holds, as far as a writer of ours could have come; None when there is none."""
        return self._store.read(path_of(segment), most=self._most())

    def _most(self) -> int:
        return self._max_bytes + MOST_BEHIND

    def rewrite(self, segment: str, keep: Callable[[Capture], bool]) -> int:
        """Replace a segment by one without the captures that `keep` denies; the number dropped. Idempotent.

        The segment keeps its name, even when nothing is left of it. Where something is dropped, damaged stretches
        go too, since nobody can say that they may stay. A segment that is missing has nothing to be dropped.
        """
        kept: list[bytes] = []
        dropped = 0
        for packed, held in stretches(segment, self._content(segment) or b""):
            if held is None or (isinstance(held, Capture) and keep(held)):
                kept.append(packed)
            else:
                dropped += isinstance(held, Capture)
        if dropped:
            self._store.write(path_of(segment), b"".join(kept))
        return dropped

    def recover(self) -> list[Segment]:
        """Close what killed writers left open, cut after the last whole record; the segments gained, oldest first.

        Files of living writers, this one among them, are not touched, nor is what cannot be read or bears no name of
        ours: the log says so. Elsewhere than in a folder nothing is ever left open: there a killed writer's pages are
        fetched again.
        """
        folder = self._store.folder
        if folder is None or not (folder / OPEN).is_dir():
            return []
        gained: list[Segment] = []
        for path in sorted((folder / OPEN).glob(f"*{ENDING}.{OPEN}")):
            with contained(Border.SEGMENT, path.name):
                segment = self._adopt(path)
                gained += [segment] if segment is not None else []
        return gained

    def _adopt(self, path: Path) -> Segment | None:
        name = path.name.removesuffix(f"{ENDING}.{OPEN}")
        if not is_name(f"{name}-0"):
            logger.warning("archive file=%s lies in %s/ and has no name of ours", path.name, OPEN)
            return None
        try:
            file = self._open_file(path, "r+b")
        except FileNotFoundError:
            return None
        except OSError as exc:
            logger.warning("archive file=%s cannot be recovered: %s", path.name, exc)
            return None
        spool = Spool(name, file, path, self._now())
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_at(file, path):
                self._cut(spool, file)
                return self._finish(spool)
        except BlockingIOError:
            pass
        except OSError as exc:
            logger.warning("archive file=%s cannot be recovered: %s", path.name, exc)
        file.close()
        return None

    def _cut(self, spool: Spool, file: io.FileIO) -> None:
        """Count what an open file holds, and cut it behind its last whole record."""
        at = 0
        for packed, held in stretches(spool.name, file.read(self._most())):
            at += len(packed)
            if isinstance(held, Capture):
                spool.size = at
                spool.captures += 1
                spool.pages += held.kind == "page"
        file.truncate(spool.size)

    def save(self, name: str, content: bytes) -> None:
        """Write a small file beside the segments, durable and whole or not at all."""
        self._store.write(beside(name), content)

    def create(self, name: str, content: bytes) -> bool:
        """The same, unless there is a file of that name; whether it was written. Of two at once one is."""
        return self._store.create(beside(name), content)

    def load(self, name: str) -> bytes | None:
        """Its content, or None."""
        return self._store.read(name)

    def names(self, folder: str) -> list[str]:
        """Names, as `load` takes them, of the small files in a folder and below, sorted."""
        return self._store.names(folder)

    def remove(self, name: str) -> None:
        """Delete a small file; one that is not there is no trouble."""
        self._store.remove(beside(name))
