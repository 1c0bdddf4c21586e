"""The sheet of an export: what it takes to cite it, to check a file by it, and to say later what has changed since."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copydesk import __version__
from copydesk.index import Body, Index
from copydesk.index.article import articles_of
from copydesk.index.served import Health
from copydesk.views.exports import as_lines
from copydesk.views.search import Found
from copydesk.views.sources import SourceReport

__all__ = ["Changes", "Gap", "Sheet", "changes_since", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A source that was not read when the export was made: when it last was, None if never, and why in words."""

    source: str
    read_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What an export was made of.

    Attributes:
        copydesk, elasticsearch: The versions of both.
        generation, mapping: Which building of the index was asked, and how its fields are kept.
        stories, articles: How many the query found; `rows` stand in the file, all articles of these stories.
        sha256: Of the rows as JSON lines, whatever they were written as.
        gaps: Sources that the rows cannot speak for.
        texts: The checksum of each article's text, by its id.
    """

    query: str
    asked_at: datetime
    copydesk: str
    elasticsearch: str
    generation: int
    mapping: int
    stories: int
    articles: int
    rows: int
    sha256: str
    gaps: tuple[Gap, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of articles that an earlier sheet lacks, that it alone has, and whose texts it has otherwise."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


def sheet_of(
    index: Index,
    query: str,
    found: Found,
    rows: Sequence[Body],
    *,
    server: Health,
    sources: Iterable[SourceReport],
    now: datetime,
) -> Sheet:
    """The sheet of rows that were made of what a query found."""
    articles = articles_of(index, [str(row["article"]) for row in rows])
    return Sheet(
        query=query,
        asked_at=now,
        copydesk=__version__,
        elasticsearch=server.version,
        generation=server.generation,
        mapping=server.mapping,
        stories=found.stories,
        articles=found.articles,
        rows=len(rows),
        sha256=hashlib.sha256(as_lines(rows).encode()).hexdigest(),
        gaps=tuple(_gaps(sources)),
        texts={id_: article.document.checksum for id_, article in sorted(articles.items())},
    )


def changes_since(before: Mapping[str, str], now: Mapping[str, str]) -> Changes:
    """What is otherwise than in an earlier sheet, by the checksums of both. Pure."""
    return Changes(
        new=tuple(sorted(now.keys() - before.keys())),
        gone=tuple(sorted(before.keys() - now.keys())),
        changed=tuple(sorted(id_ for id_ in now.keys() & before.keys() if now[id_] != before[id_])),
    )


def _gaps(sources: Iterable[SourceReport]) -> Iterable[Gap]:
    for source in sources:
        read_at = source.cursor.read_at if source.cursor else None
        if source.cursor is None or source.cursor.failures or read_at is None or source.is_paused:
            yield Gap(source.name, read_at, "; ".join(source.why))
