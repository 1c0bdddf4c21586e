"""`copydesk ingest` while Elasticsearch is away, and after it came back."""

from pathlib import Path

import pytest
from aiohttp import web

from copydesk import urls
from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.elastic.index import open_index
from copydesk.clock import utc_now
from copydesk.fetching.entering import enter
from copydesk.fetching.spooling import Due, spooled
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Entry, Source
from made.commands import call
from made.served import page
from made.servers import serving, web_served

NOWHERE = "http://127.0.0.1:9"


@pytest.mark.elasticsearch
def test_what_was_due_is_fetched_meanwhile_and_worked_on_later(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    prefix: str,
    elasticsearch_url: str,
) -> None:
    """The command fails and says what it fetched; the page is asked for once, and indexed when the server is back."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        if request.path != "/late":
            raise web.HTTPNotFound
        asked.append(request.path)
        return web.Response(text=page("It came late", 21), content_type="text/html")

    index, archive = open_index(elasticsearch_url, prefix=prefix), Archive(str(tmp_path / "archive"))
    index.setup()
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__PATIENCE", "1s")
    with serving(web_served(answer)) as port:
        url = f"http://127.0.0.1:{port}/late"
        key = urls.url_key(url)
        source = Source(name="one", kind="rss", url=f"http://127.0.0.1:{port}/feed", outlet="one")
        enter(index, source, [Entry(url=url, source="one")], utc_now())
        record = from_record(LedgerRecord, index.get(Kind.LEDGER, [key])[key].body)
        with spooled(archive, range(16), Due({key: record})):
            pass
        monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", NOWHERE)
        away = call(capsys, "ingest")
        assert (away.code, "1 pages fetched into the archive meanwhile" in away.err) == (1, True)
        assert "127.0.0.1:9" in away.err
        assert call(capsys, "ingest").code == 1
        monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", elasticsearch_url)
        assert call(capsys, "process", "--json").rows == [{"indexed": 1}]
    assert asked == ["/late"]
    index.refresh(Kind.LEDGER)
    assert from_record(LedgerRecord, index.get(Kind.LEDGER, [key])[key].body).outcome == "captured"
