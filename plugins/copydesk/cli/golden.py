"""Golden pages: a page and what reading makes of it, in a folder of tests/golden; test_golden.py reads it again.

tests/golden/NAME/page.html       the page, byte by byte; page.txt when it is a plain text
tests/golden/NAME/expected.json   its address and time, the fields, and its lines in order: kept ones as texts,
                                  removed ones as {rule: text}
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from copydesk.errors import ConfigError
from copydesk.fetching.archiving import capture_id
from copydesk.index import Body, Json
from copydesk.index.records import to_record
from copydesk.model import Capture, Document, Rejection
from copydesk.operating.previewing import in_order

__all__ = ["FOLDER", "described", "folder_of", "load", "made_up", "store"]

FOLDER = Path("tests/golden")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PAGES = {"text/html": "page.html", "text/plain": "page.txt"}
FIELDS = (
    "title", "language", "published_at", "modified_at", "authors", "agency", "dateline", "standfirst", "section",
    "site_name", "tags", "image", "images",
)  # fmt: skip


def store(name: str, capture: Capture, answer: Document | Rejection) -> bool:
    """Write a page and what it gives, over what is there; whether there was something. Raises as `folder_of`."""
    folder = folder_of(name)
    known = folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES.values():
        (folder / page).unlink(missing_ok=True)
    (folder / PAGES[capture.content_type.partition(";")[0]]).write_bytes(capture.body)
    (folder / "expected.json").write_text("".join(_written(described(capture, answer))), encoding="utf-8")
    return known


def load(name: str) -> Capture:
    """The capture of a golden page. Raises ConfigError where there is none, and as `folder_of`."""
    folder = folder_of(name)
    page = next((folder / page for page in PAGES.values() if (folder / page).exists()), None)
    if page is None:
        raise ConfigError(f"--golden {name}: there is no such page yet: give its address or file too")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    at = datetime.fromisoformat(expected["fetched_at"])
    return Capture(
        id=capture_id(expected["url"], at),
        url=expected["url"],
        final_url=expected["url"],
        source="golden",
        outlet="golden",
        publisher="golden",
        fetched_at=at,
        first_seen_at=at,
        content_type=expected["content_type"],
        body=page.read_bytes(),
    )


def made_up(name: str, capture: Capture) -> Capture:
    """The capture of a file with an address that says nothing of this machine."""
    url = f"https://golden.example/{name}"
    return replace(capture, url=url, final_url=url)


def described(capture: Capture, answer: Document | Rejection) -> Body:
    """What expected.json holds."""
    known: dict[str, Json] = {
        "url": capture.final_url,
        "content_type": capture.content_type,
        "fetched_at": capture.fetched_at.isoformat(),
    }
    if isinstance(answer, Rejection):
        return {**known, "rejected": answer.reason, "detail": answer.detail}
    record = to_record(answer)
    lines = [
        {rule: text} if rule else text for text, rule in in_order(answer.text.split("\n"), answer.removed)
    ]
    return {**known, **{name: record[name] for name in FIELDS if record.get(name)}, "lines": lines}


def _written(expected: Body) -> Iterator[str]:
    """JSON with a line for each field, line and image, so that a diff shows what changed."""
    yield "{\n"
    for number, (name, value) in enumerate(expected.items(), start=1):
        end = ",\n" if number < len(expected) else "\n"
        if name in {"lines", "images"} and isinstance(value, list):
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            yield f"  {json.dumps(name)}: [\n{rows}\n  ]{end}"
        else:
            yield f"  {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}{end}"
    yield "}\n"


def folder_of(name: str) -> Path:
    """Where a golden page lies. Raises ConfigError for a name that is none, or outside a checkout."""
    if not NAME.fullmatch(name):
        raise ConfigError(f"--golden {name}: must be small letters and digits, with hyphens between them")
    if not FOLDER.parent.is_dir():
        raise ConfigError(
            f"--golden {name}: there is no folder {FOLDER.parent} here: call it in a checkout of Copydesk"
        )
    return FOLDER / name
