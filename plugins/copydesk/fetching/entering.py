"""Enter: entries → records of the ledger, one per address, pending until captured.

What is known already changes nothing, unless a further source announces it, the announced change is newer than our
capture, it has another title before there is one, or a person gives the address.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from copydesk import urls
from copydesk.border import Border, Fault, contained
from copydesk.fetching.ranking import announced_at, too_old
from copydesk.index import Index, Kind
from copydesk.index.guarded import change
from copydesk.index.state import LedgerRecord
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.takedowns import outlet_key

__all__ = ["BY_HAND", "LONGEST_ADDRESS", "Entered", "announce", "brought", "enter"]

BY_HAND = "by-hand"
"""Name of the source of what a person gave at the command line."""

LONGEST_ADDRESS = 2000
"""Characters of an address; what is longer is refused, and kept up to here for a person to see."""

LONGEST_TITLE = 1000
MOST_SOURCES = 100
"""Sources that a record names; there are more only where sources are renamed again and again."""

MOST_TITLES = 16
"""Titles of a page that are remembered: one that comes back is no news."""

CLOCKED = timedelta(minutes=2)
"""A time of change this close to the poll, or after it, is that of the server's clock rather than the page's."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of a source's entries: those in the ledger by their ids, how many are new, and what failed alone."""

    entries: Mapping[str, Entry]
    new: int
    faults: tuple[Fault, ...] = ()


def enter(
    index: Index,
    source: Source,
    entries: Sequence[Entry],
    now: datetime,
    *,
    quiet: bool = False,
) -> Entered:
    """Bring a source's entries into the ledger. Idempotent.

    What is entered as `quiet` never rings an alert. An entry that fails alone is left out. Of several with one address
    the first counts, for feeds begin with what is new; in an inbox the last, which lies there since the others.
    """
    by_key, faults = _keyed(entries if source.kind == "inbox" else reversed(entries))
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
    new = sum(record.first_seen_at == now and record.attempts == 0 for record in written.values())
    return Entered(by_key, new, tuple(faults))


def _keyed(entries: Iterable[Entry]) -> tuple[dict[str, Entry], list[Fault]]:
    """The entries by the ids of their addresses, of several the last, and what could not be understood. Pure."""
    by_key: dict[str, Entry] = {}
    faults: list[Fault] = []
    for entry in entries:
        with contained(Border.ENTRY, entry.url[:LONGEST_ADDRESS]) as caught:
            urls.shard(urls.host(entry.url))
            by_key[urls.url_key(entry.url)] = entry
        if caught.fault is not None:
            faults.append(caught.fault)
    return by_key, faults


def taken_down(index: Index, outlets: Mapping[str, str]) -> set[str]:
    """Of address keys with their outlets those that a takedown forbids, of the address or of the outlet."""
    whole = {key: outlet_key(outlet) for key, outlet in outlets.items()}
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
    known = source.name in old.sources or len(old.sources) >= MOST_SOURCES
    record = old if known else replace(old, sources=tuple(sorted({*old.sources, source.name})))
    changed = None if down else _changed(source, entry, now, old, record, quiet=quiet)
    return changed or (None if known else record)


def _changed(
    source: Source, entry: Entry, now: datetime, old: LedgerRecord, record: LedgerRecord, *, quiet: bool
) -> LedgerRecord | None:
    """The record of a known address after an announcement that says something new of it."""
    if _is_old_no_more(source, entry, old, now):
        return replace(_again(record, now), announced_at=announced_at(source, entry, now, quiet=old.quiet))
    if _is_newer(source, entry, old, now):
        record = _again(record, None if entry.body is not None else now)
        return replace(
            record,
            entry_title=_title(entry) or old.entry_title,
            entry_titles=_titles(entry, old),
            entry_updated_at=entry.updated_at or old.entry_updated_at,
            announced_at=announced_at(source, entry, now, quiet=False),
        )
    if source.name == BY_HAND and entry.body is None and _has_ended(old):
        anew = replace(_again(record, now), etag=None, last_modified=None)  # a person means the whole page
        return replace(anew, quiet=old.quiet and quiet) if old.capture_id is None else anew
    if old.fetched_at is None and _is_renamed(source, entry, old):
        return replace(record, entry_title=_title(entry), entry_titles=_titles(entry, old))
    return None


def _is_old_no_more(source: Source, entry: Entry, old: LedgerRecord, now: datetime) -> bool:
    """Whether what was too old is announced by another source, or with another date."""
    return old.reason == Reason.TOO_OLD and entry.body is None and not too_old(source, entry, now)


def brought(record: LedgerRecord, entry: Entry) -> LedgerRecord:
    """A record for the capture of what an entry brought along: title and date are those that came with it. Pure.

    The ledger may know others: of another state, when it was restored or somebody delivers at the same time.
    """
    return replace(
        record,
        entry_title=_title(entry) or record.entry_title,
        entry_published_at=entry.published_at or record.entry_published_at,
    )


def _again(record: LedgerRecord, at: datetime | None) -> LedgerRecord:
    return replace(record, outcome=EntryOutcome.PENDING, reason=None, detail="", attempts=0, retry_at=at)


def _has_ended(old: LedgerRecord) -> bool:
    """Whether nobody is about to ask for an address that can be asked for at all."""
    return (
        old.outcome is not EntryOutcome.PENDING
        and urls.host(old.url) != ""
        and len(old.url) < LONGEST_ADDRESS
    )


def _first(source: Source, entry: Entry, now: datetime, *, down: bool, quiet: bool) -> LedgerRecord:
    url, host = urls.canonicalize(entry.url), urls.host(entry.url)[:LONGEST_ADDRESS]
    too_long = f"longer than {LONGEST_ADDRESS:,} characters" if len(url) > LONGEST_ADDRESS else ""
    old = too_old(source, entry, now)
    barred = down or bool(too_long or old)
    return LedgerRecord(
        url=url[:LONGEST_ADDRESS],
        host=host,
        shard=urls.shard(host),
        source=source.name,
        sources=(source.name,),
        outlet=entry.outlet or source.outlet,
        publisher=entry.outlet or source.publisher or source.outlet,
        language=source.language,
        first_seen_at=now,
        outcome=EntryOutcome.REFUSED if barred else EntryOutcome.PENDING,
        reason=Reason.TAKEN_DOWN if down else Reason.ADDRESS if too_long else Reason.TOO_OLD if old else None,
        detail="" if down else too_long or old,
        retry_at=None if barred or entry.body is not None else now,
        entry_title=None if down else _title(entry) or None,
        entry_titles=() if down else _titles(entry, None),
        entry_published_at=entry.published_at,
        entry_updated_at=entry.updated_at,
        quiet=quiet,
        announced_at=announced_at(source, entry, now, quiet=quiet),
    )


def _is_newer(source: Source, entry: Entry, old: LedgerRecord, now: datetime) -> bool:
    """Whether a change is announced that our last capture cannot hold yet: a later time, or a title not seen yet.

    Many feeds name no time of change. Titles count only for the source that announced the address first, since
    two sources may always differ. A feed that gives every entry the time of the poll says nothing by it: then the
    page is asked for as long after the last capture again as that came after the first announcement.
    """
    if old.fetched_at is None:
        return False
    if entry.updated_at is not None and entry.updated_at > (old.entry_updated_at or old.fetched_at):
        waited = now - old.fetched_at >= 2 * (old.fetched_at - old.first_seen_at)
        return entry.updated_at < now - CLOCKED or waited
    return _is_renamed(source, entry, old)


def _is_renamed(source: Source, entry: Entry, old: LedgerRecord) -> bool:
    title = _title(entry)
    return (
        source.name == old.source
        and bool(title)
        and title != old.entry_title
        and _checksum(title) not in old.entry_titles
    )


def _title(entry: Entry) -> str:
    return (entry.title or "")[:LONGEST_TITLE]


def _titles(entry: Entry, old: LedgerRecord | None) -> tuple[str, ...]:
    """The titles a page has had, with this one, the latest last."""
    title, before = _title(entry), old.entry_titles if old else ()
    if not title:
        return before
    if old is not None and old.entry_title and not before:
        before = (_checksum(old.entry_title),)
    return (*(one for one in before if one != _checksum(title)), _checksum(title))[-MOST_TITLES:]


def _checksum(title: str) -> str:
    return hashlib.sha256(title.encode(errors="replace")).hexdigest()[:8]
