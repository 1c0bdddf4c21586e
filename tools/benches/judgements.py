"""Judgements of made texts in an index in memory: in order, or by several workers who see each other late."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from benches.made_sets import Row
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.judging.applying import judge, look_again
from copydesk.model import Document
from copydesk.reading.documents import read_text

__all__ = ["BATCH", "answers", "by_workers", "cleaned", "document", "families", "judged", "judged_twice"]

WORKERS, LATE = 4, 50
BATCH = 200


def document(row: Row, text: str | None = None) -> Document:
    """A row as the document reading would make of it; its text cleaned, if no other is given."""
    at = datetime.fromisoformat(row["published"])
    text = cleaned(row) if text is None else text
    return Document(
        id=row["id"],
        url=row["id"],
        sources=(row["source"],),
        outlet=row["source"],
        publisher=row["source"],
        title=row["title"],
        text=text,
        language="und",
        checksum=hashlib.sha256(f"{row['title']}\n{text}".encode()).hexdigest(),
        capture_id=row["id"],
        fetched_at=at,
        first_seen_at=at,
        published_at=at,
    )


def cleaned(row: Row) -> str:
    """The text of a row as reading keeps it."""
    return "\n".join(read_text(row["text"], row["title"]).kept)


def judged(documents: Sequence[Document], batch: int = BATCH) -> dict[str, Row]:
    """The judgements of documents that come in this order, without their revisions."""
    index = MemoryIndex()
    for start in range(0, len(documents), batch):
        judge(index, documents[start : start + batch])
    return answers(index)


def judged_twice(documents: Sequence[Document], batch: int = BATCH) -> dict[str, Row]:
    """The same, each batch looked at again after a refresh, as a worker does."""
    index = MemoryIndex()
    for start in range(0, len(documents), batch):
        some = documents[start : start + batch]
        judge(index, some)
        index.refresh(*Kind)
        look_again(index, [one.id for one in some])
    return answers(index)


def by_workers(documents: Sequence[Document]) -> dict[str, Row]:
    """The same by several workers at once, each blind to the last texts of all; each looks again after a refresh."""
    index = MemoryIndex(lag=True)
    for start in range(0, len(documents), LATE):
        window = documents[start : start + LATE]
        for worker in range(WORKERS):
            judge(index, window[worker::WORKERS])
        index.refresh(*Kind)
        for worker in range(WORKERS):
            look_again(index, [one.id for one in window[worker::WORKERS]])
    index.refresh(*Kind)
    return answers(index)


def answers(index: MemoryIndex) -> dict[str, Row]:
    """All judgements, without what depends on the way there."""
    return {
        row.id: {k: v for k, v in row.body.items() if k != "revision"} for row in index.scan(Kind.JUDGEMENTS)
    }


def families(result: Mapping[str, Row]) -> dict[str, str]:
    """The family of each text."""
    return {id_: row["family"] for id_, row in result.items()}
