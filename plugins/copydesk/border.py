"""The border: one item of many, in which whatever happens ends as a value, so that the others go on.

The only place of the library where a broad `except` may stand; `docs/decisions/0014-borders.md` lists who calls it.
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from copydesk.errors import CopydeskError

__all__ = ["Border", "Caught", "Fault", "contained"]

log = logging.getLogger(__name__)

OURS = Path(__file__).parent
LONGEST = 300
"""Characters of an exception's message that are kept."""


class Border(StrEnum):
    """Where items are handled one by one."""

    ANSWER = "answer"  # what a source or a page answered
    ENTRY = "entry"  # one announcement of a document
    INBOX = "inbox"  # one file of an inbox
    LINE = "line"  # one line of such a file
    PAGE = "page"  # one capture, while it is read, judged and stored
    SEGMENT = "segment"  # one file of the archive
    RECORD = "record"  # one document on its way into the index
    TOPIC = "topic"
    DELIVERY = "delivery"
    LOOK = "look"  # one kind of trouble that is looked for, to be told to the operator


@dataclass(frozen=True, slots=True)
class Fault:
    """What nobody expected.

    Attributes:
        item: What it happened to: an address, a name, an id.
        place: File and line of the innermost code of ours, such as "sources/feed.py:47".
    """

    border: Border
    item: str
    type: str
    message: str
    place: str

    def __str__(self) -> str:
        return (
            f"{self.type}: {self.message} ({self.place})" if self.message else f"{self.type} ({self.place})"
        )


@dataclass(slots=True)
class Caught:
    """What became of a block: no fault when it ran to its end."""

    fault: Fault | None = None


@contextmanager
def contained(border: Border, item: str, *, alone: bool = True) -> Iterator[Caught]:
    """Run a block for one item; an exception nobody expected is logged once, with its traceback, and kept.

    What Copydesk raises on purpose passes: it speaks of more than one item. A block for several items, not `alone`,
    logs no traceback: whoever runs it finds out which item it is, and that one's border does.
    """
    caught = Caught()
    try:
        yield caught
    except CopydeskError:
        raise
    except Exception as exc:
        caught.fault = _fault(border, item, exc)
        named = item.encode(
            "utf-8", "backslashreplace"
        ).decode()  # a log is a file, and half a character has no bytes
        if alone:
            log.exception("internal border=%s item=%s", border, named)
        else:
            log.warning("internal border=%s item=%s %s", border, named, caught.fault)


def _fault(border: Border, item: str, exc: Exception) -> Fault:
    frames = traceback.extract_tb(exc.__traceback__)[1:]  # the first is our own `yield`
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(OURS)]
    where = (ours or frames)[-1]
    name = Path(where.filename)
    shown = name.relative_to(OURS) if name.is_relative_to(OURS) else Path(name.name)
    message = " ".join(str(exc).split())[:LONGEST]
    return Fault(border, item, type(exc).__name__, message, f"{shown.as_posix()}:{where.lineno}")
