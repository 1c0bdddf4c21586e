"""What is known of an outlet, by hand: `learn` on a real Elasticsearch, `read --source` as its pages will be read."""

from dataclasses import replace
from pathlib import Path

import pytest

from copydesk.adapters.elastic.index import open_index
from copydesk.index import Kind, Write
from copydesk.index.article import Article
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.model import Document
from copydesk.reading.documents import read
from made.commands import call
from made.pages import PROSE, capture, page

BANNER = "Owned by the readers of the valley since 1987"
SOURCES = """
sources:
  - {name: post, kind: rss, url: "https://post.example/feed", outlet: Aldervik Post, remove: [.stray]}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A page with the outlet's line and a box of it; settings with one source."""
    (tmp_path / "sources.yml").write_text(SOURCES)
    (tmp_path / "page.html").write_text(page(f"<p>{BANNER}</p>", '<p class="stray">The mill is red.</p>'))
    monkeypatch.setenv("COPYDESK_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(tmp_path / "archive"))
    return str(tmp_path / "page.html")


@pytest.mark.elasticsearch
def test_what_was_learned_is_used(
    capsys: pytest.CaptureFixture[str], file: str, prefix: str, elasticsearch_url: str
) -> None:
    """Three articles give a snapshot, once; a page is then read with it and with the selectors of its source."""
    answer = read(capture(page(f"<p>{BANNER}</p>")))
    assert isinstance(answer, Document)
    assert call(capsys, "learn").err == "nothing new\n"
    index = open_index(elasticsearch_url, prefix=prefix)
    for name in ("a", "b", "c"):
        made = Article(document=replace(answer, id=name), judgement=Judgement(family=name, story=name))
        index.write([Write(kind=Kind.ARTICLES, id=name, body=to_record(made))])
    index.close()
    assert [call(capsys, "learn").err for _ in range(2)] == ["snapshot 1\n", "nothing new\n"]
    (plain,) = call(capsys, "read", file, "--json").rows
    assert BANNER in str(plain["text"])
    (known,) = call(capsys, "read", file, "--source", "post", "--json").rows
    assert known["text"] == "\n".join(PROSE)
    reasons = {"text": BANNER, "reason": "furniture"}, {"text": "The mill is red.", "reason": "selector"}
    assert [line for line in reasons if line in known["removed"]] == [*reasons]  # type: ignore[operator]


def test_an_unknown_source_is_told(capsys: pytest.CaptureFixture[str], file: str) -> None:
    """One line names it, and those there are."""
    answer = call(capsys, "read", file, "--source", "echo")
    assert (answer.code, answer.err) == (2, "copydesk: echo: no such source; there are post\n")
