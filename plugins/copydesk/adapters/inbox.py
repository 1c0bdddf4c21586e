"""Inbox folders: the files somebody put there → entries with their content. Reads the folder, changes nothing.

Whoever writes a file there should write it under a name beginning with "." or ending in ".part" and rename it:
such names are passed over, every other file counts as whole. Whoever may write there may not read by us what lies
elsewhere: links that leave the folder are not followed, and nothing but regular files is opened.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copydesk.border import Border, contained
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.ports import Untaken
from copydesk.sources import Announced, LeftOut, NotAFeed, parse

__all__ = ["inbox_entries", "inside"]

TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".json": "application/jsonl",
    ".xml": "application/xml",
}

LARGEST = {"application/jsonl": 50 * 1024 * 1024, "application/xml": 50 * 1024 * 1024}
LARGEST_ARTICLE = 5 * 1024 * 1024
"""Bytes; as for a page that is fetched."""

OVERLAP = timedelta(seconds=10)
"""Files this much older than the last look are looked at again: file systems stamp coarsely, and some late."""

NO_LINKS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""A pipe put in place of a file must not make us wait, nor a link lead us away between looking and opening."""


class Odd(Exception):  # noqa: N818 (it is a state of the file, not a mistake)
    """A file that is not taken, with the reason."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def inbox_entries(source: Source, since: datetime | None) -> Iterator[Entry | Untaken]:
    """The articles of the files that came or changed since then, in the order of their names, and what was not taken.

    A file that is gone again while the folder is read is passed over.
    """
    try:
        folder = Path(source.url).resolve(strict=True)
        names = sorted(os.listdir(folder))  # noqa: PTH208 (names, of which some may be no text)
    except (OSError, RuntimeError) as exc:
        why = f"the inbox {source.url} cannot be read: {_why(exc)}"
        yield Untaken(name="", reason=Reason.UNREADABLE, detail=why, passes=True)
        return
    for name in names:
        if name.startswith(".") or name.endswith(".part"):
            continue
        shown = name.encode(errors="backslashreplace").decode()
        found: tuple[Entry | Untaken, ...] = ()
        with contained(Border.INBOX, f"{source.name}/{shown}") as caught:
            found = _taken(source, folder, name, shown, since)
        if caught.fault is not None:
            found = (Untaken(name=shown, reason=Reason.INTERNAL, detail=str(caught.fault), passes=True),)
        yield from found


def _taken(
    source: Source, folder: Path, name: str, shown: str, since: datetime | None
) -> tuple[Entry | Untaken, ...]:
    """What one name of the folder brings, if it changed since then."""
    changed_at = None
    try:
        changed_at = _changed(folder / name)
        if since is not None and changed_at <= since - OVERLAP:
            return ()
        announced = _announced(source, folder, name, shown)
    except FileNotFoundError:
        return ()
    except (NotAFeed, Odd, OSError) as exc:
        return (_trouble(shown, changed_at, exc),)
    return (*announced.entries, *(_left_out(shown, left, changed_at) for left in announced.left_out))


def _announced(source: Source, folder: Path, name: str, shown: str) -> Announced:
    target = inside(folder, name)
    if target.is_dir():
        return Announced()
    content_type = TYPES.get(Path(name).suffix.lower())
    if content_type is None:
        raise Odd(Reason.NOT_TEXT, f"its ending is none of {', '.join(TYPES)}")
    body = _read(folder, target, LARGEST.get(content_type, LARGEST_ARTICLE))
    return parse(source, body, content_type, shown)


def _trouble(shown: str, changed_at: datetime | None, exc: NotAFeed | Odd | OSError) -> Untaken:
    passes = isinstance(exc, OSError)
    detail = f"cannot be read: {_why(exc)}" if isinstance(exc, OSError) else str(exc)
    reason = exc.reason if isinstance(exc, Odd) else Reason.UNREADABLE if passes else Reason.NOT_A_FEED
    return Untaken(name=shown, reason=reason, detail=detail, changed_at=changed_at, passes=passes)


def _left_out(shown: str, left: LeftOut, changed_at: datetime | None) -> Untaken:
    lines = "1 line" if left.number == 1 else f"{left.number} lines"
    return Untaken(
        name=shown,
        reason=left.reason,
        detail=f"{lines} left out: {left.detail}",
        changed_at=changed_at,
        passes=left.reason is Reason.INTERNAL,
    )


def _changed(path: Path) -> datetime:
    """When the content changed or the file was moved here, whichever is later; of a link also when that was made."""
    seen = [path.lstat()]
    if path.is_symlink():
        with suppress(OSError):
            seen.append(path.stat())
    return datetime.fromtimestamp(max(max(one.st_mtime, one.st_ctime) for one in seen), UTC)


def inside(folder: Path, name: str) -> Path:
    """Where a name leads, which must be inside the folder."""
    path = folder / name
    if not path.is_symlink():
        return path
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, RuntimeError) as exc:
        raise Odd(Reason.UNREADABLE, "a link to nothing") from exc
    if not target.is_relative_to(folder) or target == folder:
        raise Odd(Reason.ADDRESS, "a link that leaves the inbox")
    return target


def _read(folder: Path, target: Path, limit: int) -> bytes:
    """A regular file inside the folder. No name on the way may be a link by now."""
    with ExitStack() as stack:

        def opened(name: str | Path, flags: int, beside: int | None) -> int:
            handle = os.open(name, flags, dir_fd=beside)
            stack.callback(os.close, handle)
            return handle

        handle = opened(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, None)
        *ways, last = target.relative_to(folder).parts
        for way in ways:
            handle = opened(way, NO_LINKS | os.O_DIRECTORY, handle)
        if not stat.S_ISREG(os.stat(last, dir_fd=handle, follow_symlinks=False).st_mode):
            raise Odd(Reason.NOT_TEXT, "no regular file")
        handle = opened(last, NO_LINKS, handle)
        seen = os.fstat(handle)
        if not stat.S_ISREG(seen.st_mode):
            raise Odd(Reason.NOT_TEXT, "no regular file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            body = file.read(limit + 1)
    if len(body) > limit:
        raise Odd(Reason.TOO_LARGE, f"more than {limit // 1024**2} MiB")
    return body


def _why(exc: Exception) -> str:
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
