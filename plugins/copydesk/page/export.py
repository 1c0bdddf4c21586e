"""What a search finds, as a file to take away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from copydesk.errors import ConfigError
from copydesk.index import Body
from copydesk.page.desk import Asked, Desk
from copydesk.page.results import MOST, found_by
from copydesk.views.exports import READ, as_csv, as_lines, unfolded

__all__ = ["WRITTEN_AS", "File", "export"]


@dataclass(frozen=True, slots=True)
class File:
    """Its name, media type and content."""

    name: str
    media_type: str
    content: bytes


WRITTEN_AS: Mapping[str, tuple[str, Callable[[Iterable[Body]], str]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "ndjson": ("application/x-ndjson", as_lines),
}


def export(desk: Desk, asked: Asked) -> File:
    """The articles of all stories that a query finds, MOST stories at most; `format` is one of `WRITTEN_AS`.

    Raises ConfigError for another format, QueryError for a query that has no meaning.
    """
    form = asked.get("format", "")
    if form not in WRITTEN_AS:
        raise ConfigError(f"format {form!r}: must be {' or '.join(WRITTEN_AS)}")
    media_type, write = WRITTEN_AS[form]
    with desk.index() as live, live.frozen(*READ) as index:
        rows = list(unfolded(index, found_by(index, desk, asked, MOST)))
    return File(f"copydesk.{form}", media_type, write(rows).encode())
