"""Archiving pages, beside warcio."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benches.measure import Cost, Line, spent
from benches.samples import Page, capture_of
from copydesk.adapters.archive.warc import Archive

__all__ = ["measure"]

ROUNDS = 3


def measure(pages: Sequence[Page]) -> list[Line]:
    """Records a second of processor time, each written to a file, in turns."""
    ours, theirs = Cost(), Cost()
    captures = [capture_of(page) for page in pages]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            archive = Archive(folder)
            with spent(ours):
                for capture in captures:
                    archive.append(capture)
                    if archive.due():
                        archive.close()
                archive.close()
            with spent(theirs):
                _warcio(pages, Path(folder) / f"{number}.warc.gz")
    count = ROUNDS * len(pages)
    return [
        Line(
            what=f"archiving, {len(pages)} pages",
            value=f"{count / ours.cpu:.0f} records/s",
            beside=f"warcio {count / theirs.cpu:.0f}",
            ratio=theirs.cpu / ours.cpu,
            target=">= 4",
        )
    ]


def _warcio(pages: Sequence[Page], file: Path) -> None:
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for page in pages:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page.body)))]
            writer.write_record(
                writer.create_warc_record(
                    page.url,
                    "response",
                    payload=io.BytesIO(page.body),
                    http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                )
            )
