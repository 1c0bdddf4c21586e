"""Archiving pages, beside warcio; and reading them back, every digest compared, beside FastWARC alone."""

import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benches.measure import Cost, Line, spent
from benches.samples import Page, capture_of
from copydesk.adapters.archive.warc import Archive

__all__ = ["measure"]

ROUNDS = 3


def measure(pages: Sequence[Page]) -> list[Line]:
    """Records a second of processor time, each written to a file, in turns."""
    ours, theirs, reading, bare = Cost(), Cost(), Cost(), Cost()
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
            names = [segment.name for segment in archive.segments()]
            with spent(reading):
                read = sum(1 for name in names for _ in archive.read(name))
            with spent(bare):
                passed = sum(map(_records, Path(folder).rglob("*.warc.gz")))
            if read > passed:
                raise RuntimeError(f"{read} captures in {passed} records")
            shutil.rmtree(folder)
            Path(folder).mkdir()
    count = ROUNDS * len(pages)
    return [
        Line(
            what=f"archiving, {len(pages)} pages",
            value=f"{count / ours.cpu:.0f} records/s",
            beside=f"warcio {count / theirs.cpu:.0f}",
            ratio=theirs.cpu / ours.cpu,
            target=">= 8",
        ),
        Line(
            what="reading them back, digests compared",
            value=f"{count / reading.cpu:.0f} records/s",
            beside=f"FastWARC without {count / bare.cpu:.0f}",
            ratio=bare.cpu / reading.cpu,
            target=">= .7",
        ),
    ]


def _records(file: Path) -> int:
    """How many responses FastWARC finds in a file, their bodies read."""
    with file.open("rb") as stream:
        return sum(
            1
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response)
            if record.reader.read() is not None
        )


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
