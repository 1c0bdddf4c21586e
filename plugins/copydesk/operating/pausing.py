"""Pausing: a person has a source not asked until a person has it asked again.

It stands in the source's cursor, which replay leaves alone and a backup holds. What was announced before is still
fetched, so that every entry ends in an outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from copydesk.errors import ConfigError
from copydesk.fetching.cursors import first
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.records import load
from copydesk.index.state import PollRecord
from copydesk.model import LONGEST_NAME, Source

__all__ = ["chosen", "pause", "require_asked", "resume"]


def chosen(sources: Sequence[Source], names: Sequence[str]) -> list[Source]:
    """The sources of these names, in their order. Raises ConfigError when there is none of one."""
    known = {source.name: source for source in sources}
    for name in names:
        if name not in known:
            raise ConfigError(f"{name}: no such source; there are {', '.join(sorted(known)) or 'none'}")
    return [known[name] for name in names]


def pause(index: Index, sources: Sequence[Source], who: str, now: datetime) -> Mapping[str, PollRecord]:
    """Have no poll ask these sources; those that were not paused before. A poll under way ends as it does."""
    decide = {source.name: partial(_paused, source, who[:LONGEST_NAME], now) for source in sources}
    return change(index, Kind.POLLS, PollRecord, decide)


def resume(index: Index, sources: Sequence[Source]) -> Mapping[str, PollRecord]:
    """Have polls ask these sources again when they are due; those that were paused."""
    return change(index, Kind.POLLS, PollRecord, dict.fromkeys((source.name for source in sources), _resumed))


def require_asked(index: Index, source: Source) -> None:
    """Raise ConfigError when a source is paused."""
    record = load(index, Kind.POLLS, PollRecord, [source.name]).get(source.name)
    if record is not None and record.paused_at is not None:
        raise ConfigError(
            f"{source.name} is paused, since {record.paused_at:%Y-%m-%d %H:%M} UTC: resume it first"
        )


def _paused(source: Source, who: str, now: datetime, old: PollRecord | None) -> PollRecord | None:
    if old is not None and old.paused_at is not None:
        return None
    return replace(old or first(source, now), paused_at=now, paused_by=who)


def _resumed(old: PollRecord | None) -> PollRecord | None:
    if old is None or old.paused_at is None:
        return None
    return replace(old, paused_at=None, paused_by="")
