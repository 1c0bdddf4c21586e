"""Inbox folders: the files somebody put there → entries with their content. Reads the folder, changes nothing.

Whoever writes a file there should write it under a name beginning with "." or ending in ".part" and rename it:
such names are passed over, every other file counts as whole.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copydesk.errors import ConfigError
from copydesk.model import Entry, Source
from copydesk.sources import NotAFeed, parse

__all__ = ["inbox_entries"]

logger = logging.getLogger(__name__)

TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".jsonl": "application/jsonl",
    ".ndjson": "application/jsonl",
    ".json": "application/jsonl",
}

LARGEST = {"application/jsonl": 50 * 1024 * 1024}
LARGEST_ARTICLE = 5 * 1024 * 1024
"""Bytes; as for a page that is fetched."""

OVERLAP = timedelta(seconds=10)
"""Files this much older than the last look are looked at again: file systems stamp coarsely, and some late."""


def inbox_entries(source: Source, since: datetime | None) -> Iterator[Entry]:
    """The articles of the files that came or changed since then, in the order of their names.

    Files that are too large, no article or of an unknown kind are named in the log. Raises ConfigError when the
    source's address is no folder.
    """
    folder = Path(source.url)
    if not folder.is_dir():
        raise ConfigError(f"source {source.name}: the inbox {source.url} is not a folder")
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name.endswith(".part") or not path.is_file():
            continue
        if since is None or _changed(path) > since - OVERLAP:
            yield from _entries(source, path)


def _changed(path: Path) -> datetime:
    """When the content changed or the file was moved here, whichever is later."""
    stat = path.stat()
    return datetime.fromtimestamp(max(stat.st_mtime, stat.st_ctime), UTC)


def _entries(source: Source, path: Path) -> tuple[Entry, ...]:
    content_type = TYPES.get(path.suffix.lower())
    if content_type is None:
        logger.warning(
            "inbox source=%s file=%s left out: its ending is none of %s", source.name, path.name, [*TYPES]
        )
        return ()
    if path.stat().st_size > LARGEST.get(content_type, LARGEST_ARTICLE):
        logger.warning("inbox source=%s file=%s left out: too large", source.name, path.name)
        return ()
    try:
        return parse(source, path.read_bytes(), content_type, path.name).entries
    except NotAFeed as exc:
        logger.warning("inbox source=%s file=%s left out: %s", source.name, path.name, exc)
        return ()
