"""What the scorers call: reading, and cleaning alone, as plain functions of texts."""

from datetime import UTC, datetime

from copydesk.model import Capture, Document
from copydesk.reading.documents import read, read_text

__all__ = ["capture_of", "clean_text", "extract"]

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def capture_of(html: str, url: str | None) -> Capture:
    """A page as if it had just been fetched."""
    address = url or "https://example.org/page"
    return Capture(
        id="bench", url=address, final_url=address, source="bench", outlet="bench", publisher="bench",
        fetched_at=NOW, first_seen_at=NOW, content_type="text/html; charset=utf-8",
        body=html.encode("utf-8", "replace"),
    )  # fmt: skip


def extract(html: str, url: str | None) -> str:
    """The text of a page as read; "" for a rejection."""
    answer = read(capture_of(html, url))
    return answer.text if isinstance(answer, Document) else ""


def clean_text(text: str) -> str:
    """A plain text as read without a page."""
    return "\n".join(read_text(text).kept)
