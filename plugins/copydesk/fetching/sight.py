"""Silence told from blindness: how many sources were seen, which were not, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from copydesk.index import Index, Kind
from copydesk.index.records import load
from copydesk.index.state import PollRecord
from copydesk.model import Source

__all__ = ["Blind", "Sight", "blind_since", "sight_of"]

LATE = timedelta(minutes=15)
"""How long after its time a source may be asked; a later one is not seen, as when no task runs."""

NEVER = "never asked"

NAMED = 3
"""Sources that are named in a line; of more only how many."""


@dataclass(frozen=True, slots=True)
class Blind:
    """A source that was not seen, since when (None: never), and why, in a word."""

    source: str
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Sight:
    """How many sources there are, and those of them that were not seen, who was seen last first."""

    sources: int
    blind: tuple[Blind, ...] = ()

    @property
    def line(self) -> str:
        """For a person; "" where there are no sources."""
        if not self.sources:
            return ""
        if not self.blind:
            return (
                f"All {self.sources} sources were seen." if self.sources > 1 else "Its one source was seen."
            )
        named = ", ".join(f"{one.source} ({_why(one)})" for one in self.blind[:NAMED])
        more = len(self.blind) - NAMED
        seen = self.sources - len(self.blind)
        return f"{seen} of {self.sources} sources were seen; not {named}{f' and {more} more' if more > 0 else ''}."


def sight_of(index: Index, sources: Sequence[Source], now: datetime) -> Sight:
    """Which of the sources were seen at their time, as far as that is visible to searches."""
    cursors = load(index, Kind.POLLS, PollRecord, [source.name for source in sources])
    blind = [one for source in sources if (one := blind_since(source.name, cursors.get(source.name), now))]
    never = datetime.min.replace(tzinfo=now.tzinfo)
    return Sight(len(sources), tuple(sorted(blind, key=lambda one: one.since or never, reverse=True)))


def blind_since(source: str, cursor: PollRecord | None, now: datetime) -> Blind | None:
    """Why a source is not seen, None when it is. Pure."""
    if cursor is None or cursor.polled_at is None:
        return Blind(source, None, NEVER)
    if cursor.paused_at is not None:
        return Blind(source, cursor.read_at, "paused")
    if cursor.failures:
        return Blind(source, cursor.read_at, cursor.reason or "failed")
    if now - cursor.next_poll_at > LATE:
        return Blind(source, cursor.read_at, "not asked in time")
    return None


def _why(one: Blind) -> str:
    if one.since:
        return f"{one.why}, last seen {one.since:%Y-%m-%d %H:%M} UTC"
    return one.why if one.why == NEVER else f"{one.why}, never seen"
