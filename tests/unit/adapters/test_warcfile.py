"""WARC files of others: their pages, however they are packed, and what is passed over."""

import gzip
import io
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from copydesk.adapters.warcfile import pages_in
from copydesk.errors import ConfigError
from copydesk.model import Entry

AT = "2026-03-02T09:00:00Z"
BODY = "<p>Größe</p>".encode()


def record(url: str, body: bytes = BODY, status: int = 200, *headers: str) -> bytes:
    """A response as a member of its own."""
    made = WarcRecord()
    made.init_headers(WarcRecordType.response)
    made.headers["WARC-Target-URI"], made.headers["WARC-Date"] = url, AT
    made.headers["Content-Type"] = "application/http; msgtype=response"
    lines = [f"HTTP/1.1 {status} x", *(headers or ("Content-Type: text/html; charset=utf-8",)), "", ""]
    made.set_bytes_content("\r\n".join(lines).encode() + body)
    packed = io.BytesIO()
    with GzipWriter(packed) as writer:
        made.write(writer)
        writer.finish()
        return packed.getvalue()


def read(path: Path, content: bytes, *hosts: str) -> tuple[list[Entry], Counter[str]]:
    path.write_bytes(content)
    passed = Counter[str]()
    return list(pages_in(path, "backfill", hosts, passed)), +passed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.warc.gz"


def test_a_page_comes_with_its_content(file: Path) -> None:
    """Address, host as its outlet, content and the time it was archived; also where the file is not packed."""
    content = record("https://one.example/a")
    for stored in (content, gzip.decompress(content)):
        (page,), passed = read(file, stored)
        assert (page.url, page.outlet, page.body) == ("https://one.example/a", "one.example", BODY)
        assert (page.content_type, page.published_at) == (
            "text/html; charset=utf-8",
            datetime(2026, 3, 2, 9, tzinfo=UTC),
        )
        assert not passed


def test_encodings_of_the_transfer_are_undone(file: Path) -> None:
    """A record holds what went over the wire: packed, in chunks."""
    packed = gzip.compress(BODY)
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    headers = ("Content-Type: text/html", "Content-Encoding: gzip", "Transfer-Encoding: chunked")
    (page,), _ = read(file, record("https://one.example/a", chunks, 200, *headers))
    assert page.body == BODY


def test_what_is_no_page_is_counted(file: Path) -> None:
    """Other hosts, statuses and media, what is empty or too large; by host or by registered name."""
    content = b"".join(
        [
            record("https://one.example/a"),
            record("https://news.one.example/b"),
            record("https://two.example/c"),
            record("urn:x"),
            record("https://one.example/d", BODY, 404),
            record("https://one.example/e", BODY, 200, "Content-Type: image/png"),
            record("https://one.example/f", b""),
            record("https://one.example/g", b"x" * (6 * 1024 * 1024)),
        ]
    )
    pages, passed = read(file, content, "one.example")
    assert [page.url[-1] for page in pages] == ["a", "b"]
    assert passed == {"elsewhere": 2, "no-page": 3, "too-large": 1}
    assert [page.url[-1] for page in read(file, content, "news.one.example")[0]] == ["b"]


@pytest.mark.parametrize("cut", [1, 40, 200])
def test_a_file_that_is_cut_gives_what_stands_before(file: Path, cut: int) -> None:
    """Whatever is behind a damage is lost, and nothing escapes."""
    pages, _ = read(file, record("https://one.example/a") + record("https://one.example/b")[:-cut])
    assert [page.url[-1] for page in pages][:1] == ["a"]


def test_other_files_give_nothing(file: Path) -> None:
    """Bytes of any kind are no pages; a file that is not there is one line."""
    for content in (
        b"",
        b"words",
        b"\x1f\x8b words",
        b"WARC/1.0\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: x\r\n\r\n",
    ):
        assert read(file, content)[0] == []
    with pytest.raises(ConfigError, match="cannot be read"):
        list(pages_in(file.with_name("nowhere"), "backfill", (), Counter()))
