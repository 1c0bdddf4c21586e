"""Thinning the files that Airflow writes for each try of each task: 9,000 a day, 17 KB each.

A try that went quietly is looked at for a few days at most; one that went wrong may be asked about later.
"""

import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

__all__ = ["COMPONENTS", "QUIET_KEPT", "WRONG_KEPT", "shorten", "thin"]

COMPONENTS = "COPYDESK_AIRFLOW_LOGS"
"""Names the folder of what Airflow's components print, where it goes into files."""
LARGEST = 10 * 2**20
LAST = 5 * 2**20
"""Bytes of a component's log: it is cut to its last part when it has grown too large."""

QUIET_KEPT = timedelta(days=3)
WRONG_KEPT = timedelta(days=30)
EMPTY_KEPT = timedelta(days=1)
"""A folder is made a moment before the file in it."""

WRONG = re.compile(rb'"level": ?"(error|critical)"')
FIRST = re.compile(r"attempt=1(\.log)?(\..*)?")
TRY = re.compile(r"attempt=\d+\.log(\..*)?")


def thin(folder: Path, now: datetime) -> int:
    """Remove old log files below a folder, and folders left empty; how many files. Links are left as they are.

    A try counts as wrong when it was not the first, or logged an error.
    """
    removed = 0
    for path, age in _files(folder, now):
        if age > WRONG_KEPT or (age > QUIET_KEPT and not _went_wrong(path)):
            path.unlink(missing_ok=True)
            removed += 1
    for path in sorted(_folders(folder), reverse=True):  # those inside first
        if _age(path, now) > EMPTY_KEPT and not any(path.iterdir()):
            path.rmdir()
    return removed


def shorten(folder: Path) -> int:
    """Cut log files that are still written on to their last whole lines; how many were too large.

    Their writers append, so that they go on at the new end; what they write at that very moment may be lost.
    """
    large = [
        path
        for path in sorted(folder.glob("*.log"))
        if not path.is_symlink() and path.stat().st_size > LARGEST
    ]
    for path in large:
        with path.open("r+b") as file:
            file.seek(-LAST, os.SEEK_END)
            last = file.read().partition(b"\n")[2]
            file.seek(0)
            file.write(last)
            file.truncate()
    return len(large)


def _files(folder: Path, now: datetime) -> Iterator[tuple[Path, timedelta]]:
    """The log files below a folder, with how long ago they were last written to."""
    for directory, _, names in os.walk(folder):  # follows no links
        for name in names:
            path = Path(directory, name)
            if ".log" in path.suffixes and not path.is_symlink() and path.is_file():
                yield path, _age(path, now)


def _folders(folder: Path) -> Iterator[Path]:
    for directory, names, _ in os.walk(folder):
        yield from (path for name in names if not (path := Path(directory, name)).is_symlink())


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)


def _went_wrong(path: Path) -> bool:
    if not TRY.fullmatch(path.name):
        return False
    with path.open("rb") as file:
        return not FIRST.fullmatch(path.name) or any(WRONG.search(line) for line in file)
