"""WARC files of others, such as those of Common Crawl's CC-NEWS → pages with their content. Reads, changes nothing.

A file is read as a stream, compressed or not, and never whole: those of CC-NEWS have a gigabyte.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import UTC
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from copydesk import urls
from copydesk.border import Border, contained
from copydesk.errors import ConfigError
from copydesk.model import LONGEST_NAME, Entry

__all__ = ["pages_in"]

LARGEST = 5 * 1024 * 1024
"""Bytes of a page; as for one that is fetched."""

TEXTS = ("text/html", "application/xhtml+xml", "text/plain")
OK = 200


def pages_in(path: Path, source: str, hosts: Collection[str], passed: Counter[str]) -> Iterator[Entry]:
    """The web pages of a file in its order, of these hosts or registered names, or of all; the rest is counted.

    A page is as old as its record says, unless it names a date itself. A record that is damaged costs itself; where a
    file cannot be read on, what stands before is taken and `passed["unreadable"]` tells it. Raises ConfigError when it
    cannot be opened.
    """
    try:
        with path.open("rb") as file:
            records = ArchiveIterator(
                file,
                record_types=WarcRecordType.response,
                parse_http=True,
                auto_decode="all",
                quirks_mode=True,
            )
            while (record := _next(records, passed)) is not None:
                with contained(Border.PAGE, str(path)) as caught:
                    page = _page(record, source, hosts, passed)
                    if page is not None:
                        yield page
                passed["internal"] += caught.fault is not None
    except OSError as exc:
        raise ConfigError(f"{path}: cannot be read: {exc.strerror or exc}") from exc


def _next(records: Iterator[WarcRecord], passed: Counter[str]) -> WarcRecord | None:
    try:
        return next(records, None)
    except (OSError, RuntimeError, EOFError, ValueError):
        passed["unreadable"] += 1
        return None


def _page(record: WarcRecord, source: str, hosts: Collection[str], passed: Counter[str]) -> Entry | None:
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    host = urls.host(url)
    if not host or (hosts and host not in hosts and urls.registrable_domain(url) not in hosts):
        passed["elsewhere"] += 1
        return None
    http = record.http_headers
    content_type = (record.http_content_type or "") if http is not None else ""
    if http is None or http.status_code != OK or not content_type.lower().startswith(TEXTS):
        passed["no-page"] += 1
        return None
    body = record.reader.read(LARGEST + 1)
    if not body or len(body) > LARGEST:
        passed["too-large" if body else "no-page"] += 1
        return None
    at = record.record_date
    charset = record.http_charset
    return Entry(
        url=url,
        source=source,
        published_at=at if at is None or at.tzinfo else at.replace(tzinfo=UTC),
        body=body,
        content_type=f"{content_type.partition(';')[0]}; charset={charset}" if charset else content_type,
        outlet=host[:LONGEST_NAME],
    )
