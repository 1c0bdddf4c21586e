"""Forget: take an address or a whole outlet out of index and archive, for good.

The takedown is written down first, then everything is taken out that is there already. Whoever has such a page in
hand at that time (fetches, reads, stores, rings) looks for takedowns after its own last write, and erases what it
wrote: of the two, the one who comes second cleans up. Every step can run again; a capture's record is marked last of
all, so that a run that died finds again what it had not finished.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from copydesk import urls
from copydesk.errors import SegmentMissing
from copydesk.index import Found, Index, Kind, Where, Write
from copydesk.index.article import articles_beside
from copydesk.index.guarded import change
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, LedgerRecord
from copydesk.index.unreadable import field_of
from copydesk.judging.applying import relatives, withdraw
from copydesk.model import Capture
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.outlets.snapshots import drop_outlet
from copydesk.ports import Archive, Ports
from copydesk.segments import pending_record
from copydesk.storing.settling import settle
from copydesk.storing.writing import version_id
from copydesk.takedowns import (
    Target,
    cut_captures,
    forbidden,
    keep_cut,
    load_takedowns,
    mark_cut,
    names_of,
    target_of,
    write_down,
)
from copydesk.takedowns.hushing import hush, redact_backups, redact_journal

__all__ = ["bar", "barred", "erase", "forget", "obey", "obey_stored", "renew"]

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Records taken at once: what is forgotten may be larger than the memory, and than what a search gives at once."""

OTHER = [str(reason) for reason in Reason if reason is not Reason.TAKEN_DOWN]
SEEN = (Kind.LEDGER, Kind.CAPTURES, Kind.ARTICLES, Kind.VERSIONS, Kind.ALERTS, Kind.DELIVERIES, Kind.REFUSED)


def forget(ports: Ports, text: str) -> Counter[str]:
    """Forget an address, or an outlet by its name; how many addresses, articles and captures are gone.

    Announcements in archived feed documents stay: they are the feed's words, not the article's.
    """
    target = target_of(text)
    write_down(ports, target)
    counts = _take_out(ports, target)
    _cut_unregistered(ports, target)
    if not target.is_address:
        drop_outlet(ports.archive, target.name)
    redact_backups(ports.archive, target, _articles(ports.archive, target))
    log.info("forget target=%s %s", target.name, " ".join(f"{name}={n}" for name, n in counts.items()))
    return counts


def renew(ports: Ports) -> int:
    """Forget again what stands beside the archive, for an index that was filled from a backup; how many takedowns.

    A backup that was being made while something was forgotten may tell of it.
    """
    number = load_takedowns(ports.index, ports.archive)
    ports.index.refresh(Kind.TAKEDOWNS)
    for row in list(ports.index.scan(Kind.TAKEDOWNS)):
        target = target_of(str(field_of(row, "target")))
        _take_out(ports, target)
        ports.index.refresh(*SEEN)
        hush(ports.index, _articles(ports.archive, target), {target.name} if target.is_address else ())
    return number


def _take_out(ports: Ports, target: Target) -> Counter[str]:
    """Take out of the index and of registered segments what is there by now."""
    of_target: Where = {"url" if target.is_address else "outlet": target.name}
    counts: Counter[str] = Counter(addresses=0, articles=0, captures=0)
    for rows in _open(ports.index, Kind.LEDGER, of_target):
        counts["addresses"] += bar(ports.index, [row.id for row in rows])
    for where in (of_target, {"article": target.key}) if target.is_address else (of_target,):
        for rows in _open(ports.index, Kind.CAPTURES, where):
            counts += erase(ports, {row.id: from_record(CaptureRecord, row.body) for row in rows})
    counts["articles"] += _drop_rest(ports.index, target, of_target)
    return counts


def _articles(archive: Archive, target: Target) -> set[str]:
    """The ids of all articles that are the target's, by what was cut."""
    if target.is_address:
        return {target.key}
    cut = (record for record in cut_captures(archive).values() if record.outlet == target.name)
    return {record.article or urls.url_key(record.url) for record in cut}


def obey(ports: Ports, records: Mapping[str, CaptureRecord]) -> set[str]:
    """Erase those of the captures that a takedown forbids; their ids. To be called after one's own last write.

    Also those that were erased before: whoever had them in hand may have written since.
    """
    items = {
        id_: ({urls.url_key(record.url), record.article or ""}, record.outlet)
        for id_, record in records.items()
    }
    down = forbidden(ports.index, items)
    erase(ports, {id_: records[id_] for id_ in down})
    if down:
        redact_journal(ports.archive, *_told_of(ports.index, [records[id_] for id_ in down]))
    return down


def _told_of(index: Index, records: Collection[CaptureRecord]) -> tuple[set[str], set[str]]:
    """The articles of erased captures that are gone, and the addresses of these captures."""
    articles = {record.article or urls.url_key(record.url) for record in records}
    return articles - index.get(Kind.ARTICLES, sorted(articles)).keys(), {
        urls.canonicalize(record.url) for record in records
    }


def obey_stored(ports: Ports, ids: Sequence[str]) -> set[str]:
    """The same for captures by their ids, as they stand in the index."""
    rows = ports.index.get(Kind.CAPTURES, ids)
    return obey(ports, {id_: from_record(CaptureRecord, row.body) for id_, row in rows.items()})


def erase(ports: Ports, records: Mapping[str, CaptureRecord]) -> Counter[str]:
    """Take captures out: what rang, articles, versions, refused documents, archived pages; counts of what is gone.

    An article that stands on another capture stays, but for one that is taken down as such.
    """
    if not records:
        return Counter()
    index = ports.index
    index.refresh(*SEEN)
    bar(index, {urls.url_key(record.url) for record in records.values()})
    named = {record.article or urls.url_key(record.url) for record in records.values()}
    found = index.get(Kind.ARTICLES, sorted(named))
    whole = forbidden(index, {id_: ((id_,), str(field_of(row, "outlet"))) for id_, row in found.items()})
    stay = {
        id_ for id_, row in found.items() if id_ not in whole and field_of(row, "capture_id") not in records
    }
    gone = named - stay
    hush(index, gone, {urls.canonicalize(record.url) for record in records.values()})
    _drop(index, gone)
    states = {version_id(record.article or "", id_): record for id_, record in records.items()}
    index.write(
        [Write(kind=Kind.VERSIONS, id=id_, body=None) for id_ in index.get(Kind.VERSIONS, list(states))]
    )
    refused = [f"{Kind.VERSIONS}-{id_}" for id_ in states] + [f"{Kind.ARTICLES}-{id_}" for id_ in gone]
    index.write([Write(kind=Kind.REFUSED, id=id_, body=None) for id_ in index.get(Kind.REFUSED, refused)])
    _cut(ports, records)
    return Counter(articles=len(gone & found.keys()), captures=len(records))


def bar(index: Index, keys: Collection[str]) -> int:
    """Mark addresses as taken down, so that no announcement brings them back; how many were not yet."""
    return len(change(index, Kind.LEDGER, LedgerRecord, dict.fromkeys(keys, barred)))


def barred(old: LedgerRecord | None) -> LedgerRecord | None:
    """What the ledger keeps of an address that was taken down: that it is, and nothing the page or feed said. Pure."""
    if old is None or old.reason == Reason.TAKEN_DOWN:
        return None
    return replace(
        old,
        outcome=EntryOutcome.REFUSED,
        reason=Reason.TAKEN_DOWN.value,
        detail="",
        retry_at=None,
        leased_until=None,
        entry_title=None,
        entry_titles=(),
        etag=None,
        last_modified=None,
    )


def _open(index: Index, kind: Kind, where: Where) -> Iterator[list[Found]]:
    """Records that do not say yet that they are taken down, some at a time; each time the rest is looked for anew."""
    for reason in (None, OTHER):
        while True:
            index.refresh(*SEEN)
            rows = index.find(kind, {**where, "reason": reason}, limit=AT_ONCE)
            if not rows:
                break
            yield rows


def _drop(index: Index, gone: Collection[str]) -> None:
    """Delete articles, their versions and what was judged of them; the others of their families are settled."""
    while versions := index.find(Kind.VERSIONS, {"article": sorted(gone)}, limit=AT_ONCE) if gone else []:
        index.write([Write(kind=Kind.VERSIONS, id=row.id, body=None) for row in versions])
        index.refresh(Kind.VERSIONS)
    found = index.get(Kind.ARTICLES, sorted(gone))
    others = articles_beside(
        index, found.keys()
    )  # to which the articles lead that go, so these are deleted last
    changed = withdraw(index, gone)
    settle(index, (changed | others | relatives(index, others)) - set(gone))
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=None) for id_ in found])


def _drop_rest(index: Index, target: Target, where: Where) -> int:
    """Articles of which no capture is known."""
    dropped = 0
    while True:
        index.refresh(*SEEN)
        ids = {row.id for row in index.find(Kind.ARTICLES, where, limit=AT_ONCE)}
        ids |= index.get(Kind.ARTICLES, [target.key]).keys()
        if not ids:
            return dropped
        hush(index, ids, set())
        _drop(index, ids)
        dropped += len(ids)


def _cut(ports: Ports, records: Mapping[str, CaptureRecord]) -> None:
    """Rewrite the segments without the captures, then let these end as taken down."""
    by_segment: dict[str, dict[str, CaptureRecord]] = {}
    for id_, record in records.items():
        by_segment.setdefault(record.segment, {})[id_] = record
    for segment, cut in by_segment.items():
        keep_cut(ports.archive, segment, list(cut.values()))
        _rewrite(ports, segment, frozenset(cut))
        mark_cut(ports.index, cut)


def _rewrite(ports: Ports, segment: str, dropped: frozenset[str]) -> None:
    try:
        ports.archive.rewrite(segment, partial(_keeps, dropped))
    except SegmentMissing:
        log.warning("forget segment=%s is missing: nothing to cut", segment)


def _keeps(dropped: frozenset[str], capture: Capture) -> bool:
    return capture.id not in dropped


def _cut_unregistered(ports: Ports, target: Target) -> None:
    """Cut the pages out of segments that no worker has registered yet; whoever registers them obeys as well."""
    names = [segment.name for segment in ports.archive.segments()]
    for start in range(0, len(names), AT_ONCE):
        some = names[start : start + AT_ONCE]
        for segment in sorted(set(some) - ports.index.get(Kind.SEGMENTS, some).keys()):
            with_it = [c for c in ports.archive.read(segment) if c.kind == "page" and _is_of(target, c)]
            if with_it:
                keep_cut(ports.archive, segment, [pending_record(c, segment) for c in with_it])
                _rewrite(ports, segment, frozenset(c.id for c in with_it))


def _is_of(target: Target, capture: Capture) -> bool:
    if target.is_address:
        return target.key in names_of(capture)[0]
    return capture.outlet == target.name
