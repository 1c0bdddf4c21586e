"""The command line on a real Elasticsearch, from an empty index to a rebuilt one."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.elastic.index import open_index
from copydesk.config.lastgood import topics_in_force
from copydesk.index import Kind
from copydesk.segments import register
from made.archives import PAGE as LEFT
from made.commands import call
from made.days import TODAY
from made.served import page
from made.servers import serving, web_served
from made.texts import paragraphs


async def answer(request: web.Request) -> web.Response:
    """A site with one page, one that holds no article, and nothing else."""
    pages = {"/bridge": page("The bridge is open", 11), "/empty": " "}
    if request.path not in pages:
        raise web.HTTPNotFound
    return web.Response(text=pages[request.path], content_type="text/html")


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("prefix")
def test_from_an_inbox_to_a_rebuilt_index(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """What lies in an inbox is found, counted, kept, rebuilt and forgotten, each by one command."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name, texts in (("a", paragraphs(6)), ("b", paragraphs(7)), ("c", paragraphs(6)[:6])):
        (inbox / f"{name}.txt").write_text("\n".join(texts))
    assert call(capsys, "ingest", "--inbox", str(inbox), "--json").rows == [{"captured": 3, "indexed": 3}]
    assert call(capsys, "ingest", "--inbox", str(inbox)).out == "known=3\n"

    words = paragraphs(7)[0].split()[1:4]
    found = call(capsys, "search", *words, "--json").rows
    assert [str(hit["text"]) for hit in found[:1]] == ["\n".join(paragraphs(7))]
    shown = call(capsys, "search", *words).out.splitlines()
    assert shown[0].startswith(paragraphs(7)[0][:40])
    assert call(capsys, "search", "qqqqq").out == "nothing found\n"

    *sources, totals = call(capsys, "status", "--json").rows
    assert [(row["source"], row["entries"]) for row in sources] == [
        ("by-hand", {"pending": 0, "captured": 3, "unchanged": 0, "refused": 0, "failed": 0})
    ]
    assert (totals["articles"], totals["originals"], totals["imbalance"]) == (3, 2, 0)
    table = call(capsys, "status").out
    assert "…" not in table
    assert max(len(line) for line in table.splitlines()) <= 80

    assert call(capsys, "topics", "harbours", "--json").code == 0
    assert call(capsys, "topics", "harbours", "--test", "log").out == "log: sent\n"
    assert call(capsys, "deliver").out == "nothing to do\n"
    assert call(capsys, "deliver", "--dead", "log").out == "nothing to do\n"
    assert call(capsys, "deliver", "--dead", "fax").code == 2
    assert call(capsys, "resend").out == "nothing to do\n"
    assert call(capsys, "process").out == "nothing to do\n"
    assert call(capsys, "backup", "--json").rows == [{"ledger": 3, "segments": 1}]
    assert call(capsys, "restore").out == "nothing to do\n"
    assert all(row["same_checksum"] for row in call(capsys, "replay", "--json").rows)

    sheet = tmp_path / "sheet.json"
    asked = ("export", *words, "--sheet", str(sheet))
    rows = call(capsys, *asked, "--format", "ndjson").out
    kept = json.loads(sheet.read_bytes())
    assert (kept["query"], kept["rows"]) == (" ".join(words), len(rows.splitlines()))
    assert kept["sha256"] == hashlib.sha256(rows.encode()).hexdigest()
    again = call(capsys, *asked)
    assert (again.code, "name a file that is not there yet" in again.err) == (2, True)
    assert (
        "0 articles are new, 0 gone, 0 changed" in call(capsys, "export", *words, "--against", str(sheet)).err
    )

    gone = call(capsys, "forget", str(found[0]["url"]), "--yes", "--json").rows
    assert gone == [{"addresses": 1, "articles": 1, "captures": 1}]
    assert call(capsys, "status", "--json").rows[-1]["articles"] == 2
    told = call(capsys, "export", *words, "--against", str(sheet)).err
    assert f"gone: {found[0]['id']}" in told
    wrong = call(capsys, "export", "--against", str(inbox / "a.txt"))
    assert (wrong.code, f"{inbox / 'a.txt'}: is no sheet of an export" in wrong.err) == (2, True)


@pytest.mark.elasticsearch
def test_addresses_by_hand(capsys: pytest.CaptureFixture[str], prefix: str, elasticsearch_url: str) -> None:
    """`ingest URL` says for each address that became no article why, and then ends with exit code 1."""
    with serving(web_served(answer)) as port:
        base = f"http://127.0.0.1:{port}"
        good = call(capsys, "ingest", f"{base}/bridge", "--json")
        assert (good.code, good.rows) == (0, [{"captured": 1, "indexed": 1}])
        bad = call(capsys, "ingest", f"{base}/bridge", f"{base}/missing", f"{base}/empty")
        read = call(capsys, "read", f"{base}/bridge", "--json")
    assert bad.code == 1
    assert bad.out == "captured=2 failed=1 known=1 rejected=1 unchanged=1\n"
    assert sorted(bad.err.splitlines()) == [
        f"{base}/empty: rejected: no-text the body is empty",
        f"{base}/missing: failed: gone status 404",
    ]
    assert read.rows[0]["title"] == "The bridge is open"
    index = open_index(elasticsearch_url, prefix=prefix)
    assert [row.body["title"] for row in index.scan(Kind.ARTICLES)] == ["The bridge is open"]


@pytest.mark.elasticsearch
def test_families_by_hand(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, prefix: str, elasticsearch_url: str
) -> None:
    """`family` lists who carried a text; `split` and `join` take effect at once; what is wrong is one line."""
    for name, texts in (("a", paragraphs(6)), ("b", paragraphs(6)[:6])):
        (tmp_path / f"{name}.txt").write_text("\n".join(texts))
    call(capsys, "ingest", "--inbox", str(tmp_path))
    index = open_index(elasticsearch_url, prefix=prefix)
    addresses = sorted(row.id for row in index.scan(Kind.ARTICLES))
    (shown,) = call(capsys, "family", addresses[0], "--json").rows
    assert shown["publishers"] == 2
    assert "no agency named; 2 articles, 2 publishers" in call(capsys, "family", addresses[1]).out
    assert "duplicate_of" not in call(capsys, "split", addresses[0], "--json").rows[0]
    assert "1 articles" in call(capsys, "family", addresses[0]).out
    assert len({row["family"] for row in call(capsys, "join", *addresses, "--json").rows}) == 1
    bad = call(capsys, "join", addresses[0])
    assert (bad.code, bad.err) == (2, "copydesk: join: give the addresses of two different articles\n")


@pytest.mark.elasticsearch
@pytest.mark.usefixtures("prefix")
def test_status_names_a_refused_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """While the last good topics stand in for wrong ones, `status` begins with the line to mend; then no more."""
    archive, file, now = Archive(str(tmp_path / "archive")), tmp_path / "topics.yml", TODAY
    right = file.read_text()
    for text, expected in ((right, False), (right.replace("any", "anny"), True), (right, False)):
        file.write_text(text)
        assert topics_in_force(archive, file, now).topics[0].any == ("harbour",)
        shown, told = call(capsys, "status").out, call(capsys, "status", "--json").rows[-1]["troubles"]
        begins = f"topics.yml refused: {file}:2: topics.1.anny: is no key here"
        assert (shown.startswith(begins), bool(told)) == (expected, expected)


@pytest.mark.elasticsearch
@pytest.mark.parametrize("command", ["poll", "ingest", "process"])
def test_what_a_killed_run_left_is_taken_up(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    prefix: str,
    elasticsearch_url: str,
    command: str,
) -> None:
    """Each command that fetches or processes registers what lies in the archive, and leaves no file open."""
    (tmp_path / "feeds.yml").write_text("sources: [{name: one, kind: inbox, url: inbox, outlet: one}]")
    (tmp_path / "inbox").mkdir()
    monkeypatch.setenv("COPYDESK_SOURCES", str(tmp_path / "feeds.yml"))
    monkeypatch.chdir(tmp_path)
    archive = Archive(str(tmp_path / "archive"))
    archive.append(replace(LEFT, body=page("A killed run", 3).encode()))
    del archive  # which lets go of its file, as the kernel does of a killed writer's
    (left,) = (tmp_path / "archive" / "open").iterdir()
    assert left.stat().st_size
    call(capsys, command)
    assert list((tmp_path / "archive" / "open").iterdir()) == []
    index = open_index(elasticsearch_url, prefix=prefix)
    index.refresh(Kind.CAPTURES)
    assert [row.id for row in index.scan(Kind.CAPTURES)] == [LEFT.id]


@pytest.mark.elasticsearch
def test_a_segment_that_is_moved_away_and_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, prefix: str, elasticsearch_url: str
) -> None:
    """`process` goes on without it, `status` says what is lost, `retry` takes it up again."""
    index, archive = open_index(elasticsearch_url, prefix=prefix), Archive(str(tmp_path / "archive"))
    index.setup()
    for number in range(2):
        url = f"https://n{number}.example/"
        made = replace(LEFT, id=f"c{number}", url=url, final_url=url, body=page("T", 30 + number).encode())
        archive.append(made)
        register(index, archive.close(), [made], LEFT.fetched_at)
    _, path = sorted((tmp_path / "archive").rglob("*.warc.gz"))
    path.rename(tmp_path / "away")
    assert call(capsys, "process", "--json").rows == [{"indexed": 1, "rejected": 1}]
    totals = call(capsys, "status", "--json").rows[-1]
    assert (totals["reasons"], totals["imbalance"]) == ({"archive-lost": 1}, 0)
    assert "archive-lost: 1" in call(capsys, "status").out
    (tmp_path / "away").rename(path)
    assert call(capsys, "retry", "--reason", "archive-lost", "--json").rows == [{"captures": 1}]
    assert call(capsys, "process", "--json").rows == [{"indexed": 1}]
    assert call(capsys, "retry", "--reason", "lost").err.startswith(
        "copydesk: --reason lost: no such reason;"
    )
