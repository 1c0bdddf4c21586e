"""Files put into an inbox."""

import datetime as dt
import hashlib
import json

import pytest

from copydesk.model import Source
from copydesk.outcomes import Reason
from copydesk.sources import NotAFeed, parse

SOURCE = Source(name="desk", kind="inbox", url="/srv/inbox", outlet="desk")


@pytest.mark.parametrize("content_type", ["text/plain", "text/html; charset=iso-8859-1"])
def test_a_file_is_an_article(content_type: str) -> None:
    """A text or web page is one entry that carries its content and is called by its checksum."""
    body = b"Der Hafen ist wieder offen."
    (entry,) = parse(SOURCE, body, content_type, "note.txt").entries
    assert entry.url == "inbox:" + hashlib.sha256(body).hexdigest()
    assert (entry.body, entry.content_type, entry.title) == (body, content_type, None)


def test_json_lines() -> None:
    """Every line is an article; html counts before text, an own address before the checksum."""
    lines = [
        {
            "url": "https://kurier.example/a#x",
            "title": " A\n B ",
            "text": "Größe\u2028neu",
            "published": "2026-09-01",
        },
        {"html": "<p>x</p>", "text": "x", "url": "javascript:x"},
        {"text": "lone \ud800"},
    ]
    body = "\n".join([json.dumps(line, ensure_ascii=index > 0) for index, line in enumerate(lines)]).encode()
    first, second, third = parse(SOURCE, body, "application/jsonl", "x.jsonl").entries
    assert (first.url, first.title) == ("https://kurier.example/a", "A B")
    assert (first.body, first.content_type) == ("Größe\u2028neu".encode(), "text/plain; charset=utf-8")
    assert first.published_at == dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    assert (second.body, second.content_type) == (b"<p>x</p>", "text/html; charset=utf-8")
    assert second.url == "inbox:" + hashlib.sha256(b"<p>x</p>").hexdigest()
    assert third.body == b"lone ?"


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", '{"title": "x"}', '{"text": ""}', '{"text": 3}', "[" * 100_000]
)
def test_wrong_lines_are_left_out(line: str) -> None:
    """A line that is no article is counted; the others stand; a file of nothing else is refused."""
    announced = parse(SOURCE, f'{line}\n\n{{"text": "x"}}'.encode(), "application/jsonl", "x.jsonl")
    assert [entry.body for entry in announced.entries] == [b"x"]
    assert [(left.reason, left.number) for left in announced.left_out] == [(Reason.NOT_A_FEED, 1)]
    with pytest.raises(NotAFeed):
        parse(SOURCE, line.encode(), "application/jsonl", "x.jsonl")


def test_an_empty_file_is_refused() -> None:
    """There is nothing to say about nothing."""
    with pytest.raises(NotAFeed):
        parse(SOURCE, b"\n", "text/plain", "x.txt")


def test_the_same_content_is_one_article() -> None:
    """Two lines of equal content are one entry."""
    assert (
        len(parse(SOURCE, b'{"text": "x"}\n{"text": "x", "title": "t"}', "application/jsonl", "").entries)
        == 1
    )
