"""One worker's archive: the real one, over a folder or in memory, on a disk that fills, tears and fails as drawn."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from weakref import WeakSet

from copydesk.adapters.archive.warc import Archive
from copydesk.errors import ArchiveError
from copydesk.model import Capture, Segment
from made.world import Clock
from simulation.faults import Hold

__all__ = ["Disk", "ShakyFile", "open_disk"]

Finished: TypeAlias = Callable[[Iterable[Segment]], None]
"""Called with segments that have just got into their place."""

READS = frozenset({"segments", "read", "load", "names"})


class ShakyFile(io.FileIO):
    """The file of an open segment."""

    def __init__(self, path: Path, mode: str, hold: Hold) -> None:
        self.hold = hold
        self.written = False
        super().__init__(path, mode)

    def write(self, data: Any) -> int:
        """All of it, or half and an end: of the worker, of the disk's room, of the disk."""
        how = self.hold.write("disk.write", "disk full", "disk error")
        self.written = True
        if how in {"middle", "disk full"}:
            written = super().write(bytes(data)[: len(data) // 2])
            self.hold.survive(how)
            return written
        if how == "disk error":
            raise OSError(5, "Input/output error, as drawn")
        written = super().write(data)
        self.hold.survive(how)
        return written

    def fileno(self) -> int:
        """Asked for before a file that was written is synced."""
        if self.written and not self.hold.cut and self.hold.write("disk.sync", "sync fails") == "sync fails":
            raise OSError(5, "Input/output error on sync, as drawn")
        return super().fileno()


@dataclass(eq=False)
class Disk:
    """An Archive as one worker sees it; `behind` is the real one, `finished` is told of what gets into its place."""

    behind: Archive
    hold: Hold
    finished: Finished

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.behind, name)
        if name in READS:
            return self._read(method, name)
        return self._written(method, name)

    def _read(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def touched(*given: Any, **named: Any) -> Any:
            if self.hold.touch("archive away"):
                raise ArchiveError(f"{name}: the archive is away, as drawn")
            return method(*given, **named)

        return touched

    def _written(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def touched(*given: Any) -> Any:
            how = self.hold.write(f"archive.{name}", "archive away")
            if how == "archive away":
                raise ArchiveError(f"{name}: the archive is away, as drawn")
            if how == "middle":  # whole or not at all: the middle is where the real code touches the disk
                self.hold.die()
            done = method(*given)
            if name == "recover":
                self.finished(done)
            self.hold.survive(how)
            return done

        return touched

    def append(self, capture: Capture) -> None:
        """As the port says: the file below it fails and tears."""
        self.hold.touch()
        self.behind.append(capture)

    def due(self) -> bool:
        """As the port says."""
        return self.behind.due()

    def close(self) -> Segment | None:
        """As the port says; a worker may die before and after, and when the file is synced."""
        how = self.hold.write("archive.close")
        if how == "middle":
            self.hold.die()
        segment = self.behind.close()
        self.finished([segment] if segment else [])
        self.hold.survive(how)
        return segment


def open_disk(address: str, clock: Clock, hold: Hold, mark: Callable[[], str], finished: Finished) -> Disk:
    """A worker's archive; when the worker is cut, the kernel closes its files and so lets go of their locks."""
    files: WeakSet[ShakyFile] = WeakSet()

    def open_file(path: Path, mode: str) -> io.FileIO:
        file = ShakyFile(path, mode, hold)
        files.add(file)
        return file

    def let_go() -> None:
        for file in list(files):
            file.close()

    hold.ended.append(let_go)
    return Disk(Archive(address, now=clock.now, suffix=mark, open_file=open_file), hold, finished)
