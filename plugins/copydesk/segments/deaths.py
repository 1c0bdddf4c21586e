"""Deaths: what workers were at when they died, so that what kills whoever works on it is found, and ends.

    working/SEGMENT.json    the captures that are worked on together now, by their ids; none while the segment is read
    killed/SEGMENT.json     those of it at which, alone, a worker died; its own name when it was being read

A note of work is removed when the work is over, however it ended: one that is still there is of a worker that was
killed, by the machine, by a person, or by a page. Who takes up the segment next works on ever smaller parts of what
the note names. What has killed alone twice in a row rests like all else that fails, and is tried alone when its rest is
over; once may have been the machine, or a person.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isqrt

import orjson

from copydesk.errors import ArchiveError
from copydesk.isolating import Trouble
from copydesk.outcomes import Reason
from copydesk.ports import Archive

__all__ = ["Deaths", "deaths_of", "noted"]

log = logging.getLogger(__name__)

WORKING = "working"
KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Deaths:
    """What is known of the workers that died at some segments.

    Attributes:
        segments: Those whose reading has just killed once more, with the trouble.
        captures: Those that have just killed alone once more, with the trouble.
        alone: Captures that have killed alone.
        most: How many of the others may be worked on together; None for all of them.
    """

    segments: Mapping[str, Trouble] = field(default_factory=dict)
    captures: Mapping[str, Trouble] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    most: int | None = None

    def parts(self, captures: Sequence[str]) -> list[list[str]]:
        """What is worked on together, what may kill last; nothing that has just killed. Pure."""
        usual = [id_ for id_ in captures if id_ not in self.captures and id_ not in self.alone]
        most = self.most or max(len(usual), 1)
        last = [[id_] for id_ in captures if id_ in self.alone and id_ not in self.captures]
        return [usual[at : at + most] for at in range(0, len(usual), most)] + last


@contextmanager
def noted(archive: Archive, segment: str, captures: Sequence[str] = ()) -> Iterator[None]:
    """Have it written down for as long as the block that this is being worked on."""
    _keep(archive, WORKING, segment, captures)
    try:
        yield
    finally:
        _drop(archive, segment)


def deaths_of(archive: Archive, segments: Sequence[str]) -> Deaths:
    """What workers died at that held these segments before; what killed alone is remembered from now on."""
    left = {name: ids for name in segments if (ids := _load(archive, WORKING, name)) is not None}
    known = {name: _load(archive, KILLED, name) or [] for name in segments}
    fresh = {name: (ids or [name])[0] for name, ids in left.items() if len(ids) <= 1}
    again = {name: one for name, one in fresh.items() if one in known[name]}
    for name, ids in left.items():
        log.error("a worker died at segment=%s captures=%d %s", name, len(ids), " ".join(ids[:1]))
        if name in fresh:
            _keep(archive, KILLED, name, sorted({*known[name], fresh[name]}))
        _drop(archive, name)
    longest = max(map(len, left.values()), default=0)
    return Deaths(
        segments={name: _trouble("read this segment") for name, one in again.items() if one == name},
        captures={one: _trouble("worked on this page") for name, one in again.items() if one != name},
        alone=frozenset([*fresh.values(), *(id_ for ids in known.values() for id_ in ids)]),
        most=isqrt(longest) if longest > 1 else None,
    )


def _trouble(doing: str) -> Trouble:
    return Trouble(Reason.INTERNAL, f"the process that {doing} was killed, or died of it")


def _keep(archive: Archive, folder: str, segment: str, captures: Sequence[str]) -> None:
    """Write it down; where that cannot be done it is worked on all the same."""
    try:
        archive.save(_name(folder, segment), orjson.dumps(list(captures)))
    except ArchiveError as exc:
        log.warning("what is worked on cannot be noted: %s", exc)


def _drop(archive: Archive, segment: str) -> None:
    try:
        archive.remove(_name(WORKING, segment))
    except ArchiveError as exc:
        log.warning("note of work cannot be removed: %s", exc)


def _load(archive: Archive, folder: str, segment: str) -> list[str] | None:
    """The captures noted of a segment; None when there is no note, or none that can be read."""
    try:
        content = archive.load(_name(folder, segment))
        return [str(id_) for id_ in orjson.loads(content)] if content is not None else None
    except (ArchiveError, TypeError, ValueError) as exc:
        log.warning("note %s cannot be read: %s", _name(folder, segment), exc)
        return None


def _name(folder: str, segment: str) -> str:
    return f"{folder}/{segment}.json"
