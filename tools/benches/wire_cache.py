"""Rows → documents as reading makes them, kept beside the user's other caches until rows or reading change."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import copydesk
from benches.made_sets import Row
from copydesk.cli.given import PLAIN, made
from copydesk.index.records import from_record, to_record
from copydesk.model import Document, Rejection
from copydesk.reading.documents import read

__all__ = ["checksum", "folder", "kept_rows", "read_rows"]


def folder() -> Path:
    """Where documents are kept; may be removed at any time."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "copydesk-benches"


def checksum(*places: Path) -> str:
    """Of code and data files, and of those in folders; taken when code is imported, for files may change meanwhile."""
    digest = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.suffix in {".py", ".txt", ".yml", ".gz"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def kept_rows(name: str, make: Callable[[], list[Row]]) -> list[Row]:
    """The rows that `make` gives; the name must be another when they are."""
    place = _place(name.encode())
    if place.exists():
        return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]
    rows = make()
    _keep(place, [json.dumps(row) for row in rows])
    return rows


PARTS = ("reading", "cleaning", "dates", "border.py", "model.py", "urls.py")
"""Of the library what makes a document of a text."""
SOURCES = checksum(*(Path(copydesk.__file__).parent / part for part in PARTS))


def read_rows(rows: Sequence[Row]) -> list[Document]:
    """The documents of rows, in order, with the rows' ids; those without a text of their own are left out."""
    place = _place((SOURCES + json.dumps(list(rows), sort_keys=True)).encode())
    if place.exists():
        lines = place.read_text(encoding="utf-8").splitlines()
        return [from_record(Document, json.loads(line)) for line in lines]
    documents = [one for row in rows if (one := _document(row)) is not None]
    _keep(place, [json.dumps(to_record(one)) for one in documents])
    return documents


def _place(what: bytes) -> Path:
    return folder() / f"{hashlib.sha256(what).hexdigest()[:32]}.jsonl"


def _keep(place: Path, lines: Sequence[str]) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(f".{os.getpid()}")
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(place)


def _document(row: Row) -> Document | None:
    """A row read as `copydesk judge --jsonl` reads it."""
    at = datetime.fromisoformat(row["published"])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    capture = replace(
        made(f"inbox:{row['id']}", row["text"].encode(), PLAIN, at),
        outlet=row["source"],
        publisher=row["source"],
        entry_title=row["title"] or None,
        entry_published_at=at,
    )
    answer = read(capture)
    return None if isinstance(answer, Rejection) else replace(answer, id=row["id"])
