"""Backup and restore of what cannot be derived from the archive, as NDJSON beside it.

A line is one document: {"kind", "id", "body"}. Restoring only fills gaps: what is there already stays. What rang and
was sent since the last backup stands in the journal, which a restore reads as well, whichever backup it takes.
"""

import gzip
import logging
import zlib
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from copydesk.alerting import journal
from copydesk.alerting.telling import FOLLOWED, follow
from copydesk.errors import ConfigError
from copydesk.index import Index, Kind, Write
from copydesk.ports import Archive

__all__ = ["KEPT", "backup", "require_restored", "restore", "thin"]

log = logging.getLogger(__name__)

KEPT = (
    Kind.POLLS,  # read first: a cursor must not be newer than the entries it stands for
    Kind.LEDGER,
    Kind.SEGMENTS,
    Kind.ALERTS,
    Kind.TOLD,
    Kind.DELIVERIES,
    Kind.TAKEDOWNS,
    Kind.RULINGS,
    Kind.REFUSED,
    Kind.HOSTS,
)
"""The kinds that replay never touches."""

FOLDER = "backups"
ENDING = ".ndjson.gz"
CHUNK = 1000
NEWEST = 48
DAILY = 30
"""Of backups the newest are kept, then the last of each of so many days, then the last of each month."""


def backup(index: Index, archive: Archive, now: datetime) -> tuple[str, Counter[str]]:
    """Write all kept documents into one file of the archive; its name, and how many of each kind.

    What the journal holds and the backup before this one held as well is taken out of it: should this file be damaged,
    that one and the journal still know whatever rang.
    Raises ConfigError as `require_restored` does: a backup of nothing must not become the newest.
    """
    require_restored(index, archive)
    written, before = archive.names(journal.FOLDER), archive.names(FOLDER)
    index.refresh(*KEPT, Kind.STORIES)
    if follow(index, now, now - FOLLOWED):
        index.refresh(Kind.TOLD)
    counts: Counter[str] = Counter()
    kept = []
    for kind in KEPT:
        index.refresh(kind)  # each in its turn, or entries might be seen less new than their cursor
        for row in index.scan(kind):
            kept.append(Write(kind=kind, id=row.id, body=row.body))
            counts[kind] += 1
    name = f"{FOLDER}/{now:{journal.TIME}}{ENDING}"
    archive.save(name, gzip.compress(journal.to_lines(kept)))
    if before and (made_at := _made_at(before[-1])):
        journal.fold(archive, written, made_at)
    return name, counts


def _made_at(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, f"{FOLDER}/{journal.TIME}{ENDING}").replace(tzinfo=UTC)
    except ValueError:
        return None  # a file that somebody put there


def thin(archive: Archive) -> list[str]:
    """Remove backups that are one of many; their names. What is no backup of ours stays."""
    names = [name for name in archive.names(FOLDER) if _made_at(name) is not None]
    kept = worth_keeping(names)
    removed = [name for name in names if name not in kept]
    for name in removed:
        archive.remove(name)
    return removed


def worth_keeping(names: Iterable[str]) -> set[str]:
    """The newest backups, the last of each of the days before, and the last of each month. Pure.

    Counted are backups, not hours: after a long time down nothing goes that is not outdone by something newer.
    """
    made = sorted((at, name) for name in names if (at := _made_at(name)) is not None)
    by_day = {at.date(): name for at, name in made}
    by_month = {(at.year, at.month): name for at, name in made}
    days = [by_day[day] for day in sorted(by_day)]
    return {*(name for _, name in made[-NEWEST:]), *days[-DAILY:], *by_month.values()}


def require_restored(index: Index, archive: Archive) -> None:
    """Raise ConfigError when the index has forgotten everything, as on a server that was lost or emptied.

    Whoever went on then would take all archived segments for new, and ring again for what they hold.
    """
    index.refresh(Kind.SEGMENTS)
    if index.find(Kind.SEGMENTS, {}, limit=1) or not archive.segments():
        return
    if archive.names(FOLDER) or archive.names(journal.FOLDER):
        raise ConfigError(
            "the index knows no segment, but the archive holds some, and backups: "
            "run `copydesk restore`, then `copydesk replay`"
        )


def restore(index: Index, archive: Archive, name: str = "") -> tuple[str, Counter[str]]:
    """Fill the index from a backup, by default the newest, and the journal; its name, and how many were missing.

    What rang and was sent is taken from all newer backups as well. What the server refuses counts as "refused".
    Raises ConfigError when there is no such backup, or when it is damaged.
    """
    names, written = archive.names(FOLDER), journal.written_down(archive)
    if not (name or names or written):
        raise ConfigError(f"{FOLDER}/: the archive holds no backup")
    name = name or (names or [journal.FOLDER])[-1]
    if name not in names and name != journal.FOLDER:
        raise ConfigError(f"{name}: no such backup; there are {', '.join(names) or 'none'}")
    chosen = _documents(archive, name, names) if name in names else []
    newer = [one for later in names if later > name for one in _readable(archive, later, names)]
    best: dict[tuple[Kind, str], Write] = {}
    for one in (*chosen, *(one for one in (*newer, *written) if one.kind in journal.KINDS)):
        known = best.get((one.kind, one.id))
        best[one.kind, one.id] = one if known is None else journal.better(known, one)
    return name, _fill(index, list(best.values()))


def _fill(index: Index, writes: list[Write]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for start in range(0, len(writes), CHUNK):
        some = writes[start : start + CHUNK]
        for one, answer in zip(some, index.write(some), strict=True):
            if answer.status == "stored":
                counts[one.kind] += 1
            elif answer.status == "refused":
                counts["refused"] += 1
                log.warning("restore: %s %s is refused: %s", one.kind, one.id, answer.reason)
    return counts


def _readable(archive: Archive, name: str, names: list[str]) -> Iterable[Write]:
    """A newer backup than the one that was chosen; it may be the damaged one that was passed over."""
    try:
        return _documents(archive, name, names)
    except ConfigError as exc:
        log.warning("restore: %s", exc)
        return []


def _documents(archive: Archive, name: str, names: list[str]) -> list[Write]:
    content = archive.load(name)
    try:
        return list(journal.read_lines(gzip.decompress(content or b"empty")))
    except (OSError, EOFError, ValueError, zlib.error) as exc:
        earlier = [one for one in names if one < name]
        way = f"; the one before is restored by `copydesk restore {earlier[-1]}`" if earlier else ""
        raise ConfigError(f"{name}: the backup is damaged ({exc}){way}") from exc
