"""An archive's clock, captures and files, for its tests."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

from copydesk.adapters.archive.warc import Archive
from copydesk.model import Capture, Segment

NINE = dt.datetime(2026, 9, 1, 9, 0, 0, 123_000, tzinfo=dt.UTC)

PAGE = Capture(
    id="c0",
    url="https://kurier.example/a?x=1",
    final_url="https://kurier.example/a",
    source="kurier",
    outlet="kurier",
    publisher="verlag",
    fetched_at=NINE,
    first_seen_at=NINE - dt.timedelta(hours=1),
    content_type="text/html; charset=utf-8",
    body="<html><body>Größe</body></html>".encode(),
)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = NINE

    def now(self) -> dt.datetime:
        """The time it was moved to."""
        return self.time


def page(number: int) -> Capture:
    return replace(PAGE, id=f"c{number}", body=os.urandom(50) + PAGE.body)


def closed(archive: Archive) -> Segment:
    segment = archive.close()
    assert segment is not None
    return segment


def file_of(folder: Path, segment: Segment) -> Path:
    (found,) = folder.rglob(f"{segment.name}.warc.gz")
    return found
