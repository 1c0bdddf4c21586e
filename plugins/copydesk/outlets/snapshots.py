"""What was known of the outlets' furniture at a time: frozen, numbered files beside the archive.

    learned/furniture/000042.json    {outlet: [checksums of lines]}, sorted

Workers share them. A capture names the one in force when it was made, so that it is read the same way for ever;
a file is never changed, but that a takedown takes its outlet out.
"""

import re
from collections.abc import Mapping
from typing import TypeAlias

import orjson

from copydesk.errors import ArchiveError
from copydesk.ports import Archive

__all__ = ["Snapshot", "drop_outlet", "freeze", "load", "newest"]

FOLDER = "learned/furniture"
NAME = re.compile(rf"{FOLDER}/(\d{{6,}})\.json")

Snapshot: TypeAlias = Mapping[str, frozenset[str]]
"""Outlet -> what `cleaning.furniture.checksum` makes of each of its lines."""


def newest(archive: Archive) -> int | None:
    """Number of the snapshot in force, None while there is none."""
    return max(_numbers(archive), default=None)


def load(archive: Archive, number: int) -> Snapshot:
    """A snapshot by its number. Raises ArchiveError when it is missing or broken: what names it cannot be read."""
    content = archive.load(_name(number))
    try:
        return {outlet: frozenset(lines) for outlet, lines in orjson.loads(content or b"").items()}
    except (AttributeError, TypeError, ValueError) as exc:
        what = "is missing" if content is None else "is broken"
        raise ArchiveError(
            f"{_name(number)}: {what}, and pages were captured under it: bring it back, "
            "or put {} there to read them without what was known"
        ) from exc


def freeze(archive: Archive, snapshot: Snapshot) -> int | None:
    """Make this the snapshot in force; its number, or None when another maker was quicker."""
    number = (newest(archive) or 0) + 1
    return number if archive.create(_name(number), _content(snapshot)) else None


def drop_outlet(archive: Archive, outlet: str) -> int:
    """Take an outlet out of all snapshots, for a takedown; how many held it."""
    changed = 0
    for number in _numbers(archive):
        snapshot = load(archive, number)
        if outlet in snapshot:
            rest = {name: lines for name, lines in snapshot.items() if name != outlet}
            archive.save(_name(number), _content(rest))
            changed += 1
    return changed


def _numbers(archive: Archive) -> list[int]:
    return [int(found[1]) for name in archive.names(FOLDER) if (found := NAME.fullmatch(name))]


def _name(number: int) -> str:
    return f"{FOLDER}/{number:06}.json"


def _content(snapshot: Snapshot) -> bytes:
    return orjson.dumps({outlet: sorted(snapshot[outlet]) for outlet in sorted(snapshot)})
