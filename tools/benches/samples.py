"""What is measured on: real pages and texts of ../shared/eval where they are, else those of the made news world."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from copydesk.model import Capture, Document
from copydesk.urls import host, url_key
from newsworld import build
from newsworld.answers import answer

__all__ = ["NOW", "SHARED", "Page", "capture_of", "pages", "texts"]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "eval"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SEED = 7


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it stood on the web."""

    set: str
    url: str
    body: bytes


def pages(shared: Path = SHARED) -> list[Page]:
    """All pages there are."""
    files = sorted((shared / "pages").glob("*.jsonl.gz"))
    return [page for file in files for page in _of_file(file)] or _of_world()


def _of_file(file: Path) -> list[Page]:
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        told = [json.loads(row) for row in rows]
    name = file.name.removesuffix(".jsonl.gz")
    return [
        Page(name, row["url"] or f"https://{row['id']}.example/", row["html"].encode("utf-8", "replace"))
        for row in told
    ]


def _of_world() -> list[Page]:
    world = build(SEED, "demo", NOW - timedelta(days=1))
    outlets = {outlet.name: outlet for outlet in world.outlets}
    bases = {name: f"https://{name}.example" for name in outlets}
    last = [page for page in world.pages if page.until is None]
    answers = [answer(world, bases, outlets[page.outlet], page.path, world.end) for page in last]
    return [
        Page("newsworld", bases[page.outlet] + page.path, made.body)
        for page, made in zip(last, answers, strict=True)
    ]


def capture_of(page: Page) -> Capture:
    """A page as if it had just been fetched."""
    return Capture(
        id=url_key(page.url),
        url=page.url,
        final_url=page.url,
        source="bench",
        outlet=host(page.url),
        publisher=host(page.url),
        fetched_at=NOW,
        first_seen_at=NOW,
        content_type="text/html; charset=utf-8",
        body=page.body,
    )


def texts(shared: Path = SHARED) -> list[Document]:
    """News texts with many copies among them, in the order in which they came."""
    file = shared / "wire" / "docs.jsonl.gz"
    if not file.exists():
        world = build(SEED, "demo", NOW - timedelta(days=1))
        return [
            _document(f"{number}", page.outlet, page.title, "\n".join(page.paragraphs), NOW)
            for number, page in enumerate(world.pages)
        ]
    with gzip.open(file, "rt", encoding="utf-8") as rows:
        told = [json.loads(row) for row in rows]
    return [
        _document(r["id"], r["source"], r["title"], r["text"], datetime.fromisoformat(r["published"]))
        for r in told
    ]


def _document(id_: str, outlet: str, title: str, text: str, at: datetime) -> Document:
    return Document(
        id=id_,
        url=f"https://{outlet}/{id_}",
        sources=(outlet,),
        outlet=outlet,
        publisher=outlet,
        title=title,
        text=text,
        language="en",
        checksum=url_key(title + text),
        capture_id=id_,
        fetched_at=at,
        first_seen_at=at,
        published_at=at,
    )
