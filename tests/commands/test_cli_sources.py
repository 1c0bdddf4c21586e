"""Finding sources and writing them down at the command line, against a site on loopback."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from copydesk.cli import moved as cli_moved
from copydesk.cli import pause as cli_pause
from copydesk.cli import sources as cli_sources
from copydesk.config.files import load_sources
from copydesk.index import Kind, Write
from copydesk.index.records import to_record
from copydesk.index.state import PollRecord
from made.commands import call
from made.served import page
from made.servers import serving, web_served
from made.world import World

FEED = "<rss><channel><item><title>The bridge is open</title><link>/bridge</link></item></channel></rss>"
HOME = '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body>Home</body></html>'


async def answer(request: web.Request) -> web.Response:
    """A paper with a home page, a feed and an article."""
    pages = {"/": HOME, "/feed": FEED, "/bridge": page("The bridge is open", 11)}
    if request.path not in pages:
        raise web.HTTPNotFound
    return web.Response(text=pages[request.path], content_type="text/html")


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Address of the paper, and an empty file of sources that is in force."""
    file = tmp_path / "sources.yml"
    file.write_text("# ours\nsources:\n  - {name: box, kind: inbox, url: box, outlet: Box}  # a folder\n")
    monkeypatch.setenv("COPYDESK_SOURCES", str(file))
    monkeypatch.setenv("COPYDESK_FETCH__ALLOW", "127.0.0.0/8")
    monkeypatch.setenv("COPYDESK_FETCH__DELAY", "0s")
    with serving(web_served(answer)) as port:
        yield f"http://127.0.0.1:{port}", file


def test_from_a_home_page_to_a_source(capsys: pytest.CaptureFixture[str], paper: tuple[str, Path]) -> None:
    """`try` shows what would come, `add` writes it behind what is there, a second time there is nothing to add."""
    base, file = paper
    (row,) = call(capsys, "sources", "try", base, "--json").rows
    assert (row["kind"], row["url"], row["trouble"]) == ("rss", f"{base}/feed", "")
    assert str(row["page"]).startswith("The bridge is open, ")
    before = file.read_text()
    shown = call(capsys, "sources", "add", base, "--outlet", "The Paper")
    assert shown.out.splitlines()[0] == f"rss {base}/feed: 1 entries"
    assert file.read_text().startswith(before)
    box, new = load_sources(file)
    assert (new.kind, new.url, new.outlet) == ("rss", f"{base}/feed", "The Paper")
    assert (box.name, call(capsys, "sources", "add", base).code) == ("box", 1)
    assert call(capsys, "sources", "try", new.name).code == 0


def test_what_cannot_be_tried_is_told(capsys: pytest.CaptureFixture[str], paper: tuple[str, Path]) -> None:
    """A word that is neither, and a page without anything to poll."""
    base, _ = paper
    assert call(capsys, "sources", "try", "nothing").code == 2
    bad = call(capsys, "sources", "try", f"{base}/missing")
    assert (bad.code, bad.err.splitlines()[-1]) == (1, f"{base}/missing: gone status 404")


def test_opml_in_and_out(capsys: pytest.CaptureFixture[str], paper: tuple[str, Path], tmp_path: Path) -> None:
    """What another reader knows is written once; what is printed is the same feeds again."""
    _, file = paper
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml><body><outline text="Two" type="rss" xmlUrl="https://two.example/f"/></body></opml>'
    )
    assert call(capsys, "sources", "import", str(opml)).out == "two: rss https://two.example/f\n"
    assert call(capsys, "sources", "import", str(opml)).out == ""
    assert [source.name for source in load_sources(file)] == ["box", "two"]
    assert 'xmlUrl="https://two.example/f"' in call(capsys, "sources", "export").out


def test_moved_sources_are_written_down(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What has moved for good is shown and written, comments stay; what is no source is an error."""
    file = tmp_path / "sources.yml"
    text = "sources:\n  - {name: one, kind: rss, url: https://one.example/feed, outlet: One}  # ours\n"
    file.write_text(text)
    monkeypatch.setenv("COPYDESK_SOURCES", str(file))
    world = World()
    new, long_ago = "https://new.example/feed", world.clock.now() - timedelta(days=9)
    record = PollRecord(
        source="one", url="https://one.example/feed", next_poll_at=long_ago, moved_to=new, moved_at=long_ago
    )
    world.index.write([Write(kind=Kind.POLLS, id="one", body=to_record(record))])
    monkeypatch.setattr(cli_moved, "connect", lambda *_args, **_more: nullcontext(world.ports))
    assert call(capsys, "sources", "moved", "--dry-run").code == 0
    assert file.read_text() == text
    assert call(capsys, "sources", "moved", "one").out.splitlines()[0] == f"one: {new}"
    assert file.read_text() == text.replace("https://one.example/feed", new)
    assert call(capsys, "sources", "moved", "two").code == 2


def test_sources_are_paused_and_resumed(
    capsys: pytest.CaptureFixture[str], paper: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each name is answered for; of a name that is none nothing is done, in one line."""
    assert paper
    world = World()
    for module in (cli_pause, cli_sources):
        monkeypatch.setattr(module, "connect", lambda *_args, **_more: nullcontext(world.ports))
    monkeypatch.setenv("LOGNAME", "rosa")
    assert call(capsys, "sources", "pause", "box").err == "box: paused\n"
    assert call(capsys, "sources", "pause", "box").err == "box: was paused before\n"
    assert f"box: paused since {world.clock.now():%Y-%m-%d %H:%M} by rosa" in call(capsys, "sources").out
    assert call(capsys, "sources", "resume", "box").err == "box: is asked again\n"
    assert call(capsys, "sources", "resume", "box").err == "box: was not paused\n"
    wrong = call(capsys, "sources", "pause", "bix", "box")
    assert (wrong.code, wrong.err.strip()) == (2, "copydesk: bix: no such source; there are box")
    assert call(capsys, "sources", "resume", "box").err == "box: was not paused\n"


def test_a_source_that_has_never_worked_is_worth_a_look(
    capsys: pytest.CaptureFixture[str], paper: tuple[str, Path], prefix: str
) -> None:
    """check-config asks the server, if there is one: not of a source that worked once, nor of one mended since."""
    base, file = paper
    assert prefix
    file.write_text(
        "sources:\n"
        + "".join(
            f"  - {{name: {name}, kind: rss, url: '{base}/{name}', outlet: Paper}}\n"
            for name in ("feed", "typo", "mended", "fresh")
        )
    )
    assert call(capsys, "poll", "feed", "typo", "mended").code == 1
    file.write_text(file.read_text().replace(f"{base}/mended", f"{base}/feed?2"))
    said = call(capsys, "check-config")
    assert said.code == 0
    assert [line for line in said.err.splitlines() if "never worked" in line] == [
        f"worth a look: {file}: source typo has never worked: gone status 404"
    ]
