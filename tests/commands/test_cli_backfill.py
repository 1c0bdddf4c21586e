"""Taking in what others have archived, on a real Elasticsearch."""

import io
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from copydesk.adapters.elastic.index import open_index
from copydesk.index import Kind
from made.commands import call
from made.served import page


def record(url: str, body: str) -> bytes:
    made = WarcRecord()
    made.init_headers(WarcRecordType.response)
    made.headers["WARC-Target-URI"], made.headers["WARC-Date"] = url, "2026-03-02T09:00:00Z"
    made.headers["Content-Type"] = "application/http; msgtype=response"
    made.set_bytes_content(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    )
    packed = io.BytesIO()
    with GzipWriter(packed) as writer:
        made.write(writer)
        writer.finish()
        return packed.getvalue()


@pytest.mark.elasticsearch
def test_pages_of_others_become_articles_and_never_ring(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, prefix: str, elasticsearch_url: str
) -> None:
    """Of the hosts that are named, once; under the name of their host, as old as they say, and quiet."""
    file = tmp_path / "news.warc.gz"
    good, other = "https://one.example/bridge", "https://two.example/a"
    file.write_bytes(record(good, page("The bridge is open", 11)) + record(other, page("Other", 12)))
    found = call(capsys, "backfill", str(file), "--host", "one.example", "--json")
    assert (found.code, found.rows) == (0, [{"captured": 1, "elsewhere": 1, "indexed": 1}])
    assert call(capsys, "backfill", str(file), "--host", "one.example").out == "elsewhere=1 known=1\n"
    index = open_index(elasticsearch_url, prefix=prefix)
    index.refresh()
    assert [(row.body["url"], row.body["outlet"]) for row in index.scan(Kind.ARTICLES)] == [
        (good, "one.example")
    ]
    assert [row.body["quiet"] for row in index.scan(Kind.LEDGER)] == [True]
    assert not list(index.scan(Kind.ALERTS))
    assert call(capsys, "backfill", str(tmp_path / "nowhere")).code == 2
