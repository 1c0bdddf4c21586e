"""The sources themselves: when each was asked, and what it, its parts or its files have to tell. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from copydesk.fetching.cursors import is_gone
from copydesk.fetching.inboxes import is_given_up
from copydesk.index.state import PollRecord

__all__ = ["SourceState", "SourceTrouble", "SourceTroubles", "source_states", "source_troubles"]

MOST = 5
"""Parts or files with a trouble that are told of one source; of more only the number."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source and its cursor; None when it was never asked."""

    name: str
    cursor: PollRecord | None


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """What a source, a part or a file has to tell.

    Attributes:
        given_up: Whether it is not asked again by itself.
        gone: Whether it seems to be gone, and is asked again seldom.
    """

    record: PollRecord
    given_up: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True)
class SourceTroubles:
    """The troubles that are told, and how many more parts or files of each source have one."""

    told: tuple[SourceTrouble, ...] = ()
    more: dict[str, int] = field(default_factory=dict)


def source_states(cursors: Iterable[PollRecord], names: Iterable[str]) -> list[SourceState]:
    """Every source that was asked, or is one of the names, by name."""
    known = {record.source: record for record in cursors}
    return [SourceState(name, known.get(name)) for name in sorted({*known, *names})]


def source_troubles(failing: Iterable[PollRecord]) -> SourceTroubles:
    """What is to be told of sources, in the order given; of a source itself always, of its parts or files `MOST`."""
    told: list[SourceTrouble] = []
    parts: Counter[str] = Counter()
    for record in failing:
        parts[record.source] += record.parent is not None
        if record.parent is None or parts[record.source] <= MOST:
            told.append(SourceTrouble(record, given_up=is_given_up(record), gone=is_gone(record)))
    return SourceTroubles(
        tuple(told), {source: number - MOST for source, number in parts.items() if number > MOST}
    )
