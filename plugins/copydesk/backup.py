"""Backup and restore of what cannot be derived from the archive, as NDJSON beside it.

A line is one document: {"kind", "id", "body"}. Restoring only fills gaps: what is there already stays.
"""

import gzip
from collections import Counter
from datetime import datetime

import orjson

from copydesk.errors import ConfigError
from copydesk.index import Index, Kind, Write
from copydesk.ports import Archive

__all__ = ["KEPT", "backup", "require_restored", "restore"]

KEPT = (
    Kind.LEDGER,
    Kind.SEGMENTS,
    Kind.POLLS,
    Kind.ALERTS,
    Kind.DELIVERIES,
    Kind.TAKEDOWNS,
    Kind.RULINGS,
    Kind.REFUSED,
)
"""The kinds that replay never touches."""

FOLDER = "backups"
CHUNK = 1000


def backup(index: Index, archive: Archive, now: datetime) -> tuple[str, Counter[str]]:
    """Write all kept documents into one file of the archive; its name, and how many of each kind.

    Raises ConfigError as `require_restored` does: a backup of nothing must not become the newest.
    """
    require_restored(index, archive)
    index.refresh(*KEPT)
    counts: Counter[str] = Counter()
    lines = []
    for kind in KEPT:
        for row in index.scan(kind):
            lines.append(orjson.dumps({"kind": kind, "id": row.id, "body": row.body}))
            counts[kind] += 1
    name = f"{FOLDER}/{now:%Y%m%dT%H%M%S}.ndjson.gz"
    archive.save(name, gzip.compress(b"\n".join(lines)))
    return name, counts


def require_restored(index: Index, archive: Archive) -> None:
    """Raise ConfigError when the index has forgotten everything, as on a server that was lost or emptied.

    Whoever went on then would take all archived segments for new, and ring again for what they hold.
    """
    index.refresh(Kind.SEGMENTS)
    if not index.find(Kind.SEGMENTS, {}, limit=1) and archive.names(FOLDER) and archive.segments():
        raise ConfigError(
            "the index knows no segment, but the archive holds some, and backups: "
            "run `copydesk restore`, then `copydesk replay`"
        )


def restore(index: Index, archive: Archive, name: str = "") -> tuple[str, Counter[str]]:
    """Fill the index from a backup, by default the newest; its name, and how many documents were missing.

    Raises ConfigError when there is no such backup.
    """
    names = archive.names(FOLDER)
    if not (name or names):
        raise ConfigError(f"{FOLDER}/: the archive holds no backup")
    name = name or names[-1]
    content = archive.load(name)
    if content is None:
        raise ConfigError(f"{name}: no such backup; there are {', '.join(names) or 'none'}")
    rows = [orjson.loads(line) for line in gzip.decompress(content).splitlines()]
    counts: Counter[str] = Counter()
    for start in range(0, len(rows), CHUNK):
        writes = [
            Write(kind=Kind(row["kind"]), id=row["id"], body=row["body"], create=True)
            for row in rows[start : start + CHUNK]
        ]
        answers = index.write(writes)
        counts.update(w.kind for w, answer in zip(writes, answers, strict=True) if answer.status == "stored")
    return name, counts
