"""Enter: entries → records of the ledger, one per address, pending until captured.

What is known already changes nothing, unless a further source announces it or the announced change is newer
than our capture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from copydesk import urls
from copydesk.guarded import change
from copydesk.index import Index, Kind
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.state import LedgerRecord

__all__ = ["announce", "enter"]


def enter(
    index: Index,
    source: Source,
    entries: Sequence[Entry],
    now: datetime,
    *,
    quiet: bool = False,
) -> int:
    """Bring a source's entries into the ledger; how many addresses were new. Idempotent.

    What is entered as `quiet` never rings an alert.
    """
    by_key = {urls.url_key(entry.url): entry for entry in reversed(entries)}
    down = taken_down(index, {key: entry.outlet or source.outlet for key, entry in by_key.items()})
    written = change(
        index,
        Kind.LEDGER,
        LedgerRecord,
        {
            key: partial(announce, source, entry, now, down=key in down, quiet=quiet)
            for key, entry in by_key.items()
        },
    )
    return sum(record.first_seen_at == now and record.attempts == 0 for record in written.values())


def taken_down(index: Index, outlets: Mapping[str, str]) -> set[str]:
    """Of address keys with their outlets those that a takedown forbids, of the address or of the outlet."""
    whole = {key: f"outlet:{outlet}" for key, outlet in outlets.items()}
    found = index.get(Kind.TAKEDOWNS, [*whole, *sorted(set(whole.values()))])
    return {key for key in whole if key in found or whole[key] in found}


def announce(
    source: Source,
    entry: Entry,
    now: datetime,
    old: LedgerRecord | None,
    *,
    down: bool = False,
    quiet: bool = False,
) -> LedgerRecord | None:
    """What the ledger shall say after an announcement, or None when it says so already. Pure."""
    if old is None:
        return _first(source, entry, now, down=down, quiet=quiet)
    known = source.name in old.sources
    record = old if known else replace(old, sources=tuple(sorted({*old.sources, source.name})))
    if not down and _is_newer(source, entry, old):
        return replace(
            record,
            outcome=EntryOutcome.PENDING,
            reason=None,
            detail="",
            attempts=0,
            retry_at=None if entry.body is not None else now,
            entry_title=entry.title or old.entry_title,
            entry_updated_at=entry.updated_at or old.entry_updated_at,
        )
    return None if known else record


def _first(source: Source, entry: Entry, now: datetime, *, down: bool, quiet: bool) -> LedgerRecord:
    host = urls.host(entry.url)
    return LedgerRecord(
        url=urls.canonicalize(entry.url),
        host=host,
        shard=urls.shard(host),
        source=source.name,
        sources=(source.name,),
        outlet=entry.outlet or source.outlet,
        publisher=entry.outlet or source.publisher or source.outlet,
        language=source.language,
        first_seen_at=now,
        outcome=EntryOutcome.REFUSED if down else EntryOutcome.PENDING,
        reason=Reason.TAKEN_DOWN if down else None,
        retry_at=None if down or entry.body is not None else now,
        entry_title=entry.title,
        entry_published_at=entry.published_at,
        entry_updated_at=entry.updated_at,
        quiet=quiet,
    )


def _is_newer(source: Source, entry: Entry, old: LedgerRecord) -> bool:
    """Whether a change is announced that our last capture cannot hold yet: a later time, or another title.

    Many feeds name no time of change. Titles count only for the source that announced the address first, since
    two sources may always differ.
    """
    if old.fetched_at is None:
        return False
    if entry.updated_at is not None and entry.updated_at > (old.entry_updated_at or old.fetched_at):
        return True
    return source.name == old.source and bool(entry.title) and entry.title != old.entry_title
