"""What a person gives → captures: files, addresses, and lines of JSON; for `read` and `judge`."""

from datetime import datetime, timedelta
from pathlib import Path

from copydesk.cli.jsonl import Row, text_of
from copydesk.clock import utc_now
from copydesk.config.settings import load_settings
from copydesk.connect import open_fetcher
from copydesk.errors import ConfigError, FetchError
from copydesk.fetching.archiving import capture_id
from copydesk.model import Capture
from copydesk.ports import Fetched, Unfetched, Wanted

__all__ = ["PLAIN", "made", "of_address", "of_file", "of_row"]

HTML, PLAIN = "text/html; charset=utf-8", "text/plain; charset=utf-8"
TYPES = {".txt": "text/plain", ".md": "text/plain"}


def of_row(row: Row) -> Capture:
    """The page, or else the text, of a line of JSON."""
    is_page = isinstance(row.get("html"), str)
    url = text_of(row, "url") or f"inbox:{row['id']}"
    body = text_of(row, "html" if is_page else "text").encode()
    return made(url, body, HTML if is_page else PLAIN, utc_now())


def made(url: str, body: bytes, content_type: str, at: datetime) -> Capture:
    """The capture of what nobody announced."""
    return Capture(
        id=capture_id(url, at),
        url=url,
        final_url=url,
        source="by-hand",
        outlet="by-hand",
        publisher="by-hand",
        fetched_at=at,
        first_seen_at=at,
        content_type=content_type,
        body=body,
    )


def of_file(name: str) -> Capture:
    """A file as a page, or by its ending as a plain text. Raises ConfigError when it cannot be read."""
    path = Path(name)
    try:
        body = path.read_bytes()
    except OSError as exc:
        raise ConfigError(f"{name}: cannot be read: {exc.strerror}") from exc
    content_type = TYPES.get(path.suffix.lower(), "text/html")
    return made(path.resolve().as_uri(), body, content_type, utc_now())


def of_address(url: str) -> Capture:
    """A page fetched now. Raises FetchError with the reason why not."""
    settings = load_settings()
    wanted = Wanted(key=url, url=url, kind="page")
    with open_fetcher(settings, delay=timedelta(0)) as fetcher:
        answer = next((answer for answer in fetcher.fetch([wanted]) if answer is not None), None)
    if isinstance(answer, Fetched):
        return made(answer.final_url, answer.body, answer.content_type, answer.fetched_at)
    why = f"{answer.reason}: {answer.detail}" if isinstance(answer, Unfetched) else "no answer"
    raise FetchError(f"{url}: {why}")
