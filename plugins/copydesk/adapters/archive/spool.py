"""The segment being written, and how its file is closed for good. Touches the disk."""

import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from copydesk.adapters.archive.store import sync_folder

__all__ = ["Spool", "finish", "is_at"]


@dataclass(slots=True)
class Spool:
    """The segment being written: where, since when, and what of it is whole."""

    name: str
    file: io.FileIO | io.BytesIO
    path: Path | None
    since: datetime
    size: int = 0
    unpacked: int = 0
    pages: int = 0
    captures: int = 0


def is_at(file: io.FileIO, path: Path) -> bool:
    """Whether the path still leads to the open file."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def finish(spool: Spool, file: io.FileIO, target: Path) -> None:
    """Make a spool's file durable under its final name, or remove it when it holds nothing."""
    if spool.path is None:
        return
    if not spool.captures:
        spool.path.unlink()
        return
    os.fsync(file.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    spool.path.rename(target)
    sync_folder(target.parent)
