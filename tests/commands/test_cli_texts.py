"""`read` and `judge`: the contract that scripts rely on."""

import json
from pathlib import Path
from typing import Any

import pytest

from made.commands import Called, call
from made.texts import paragraphs

PAGE = (
    "<html lang=en><head><title>Bridge opens</title>"
    '<meta property="article:published_time" content="2024-05-06T07:08:09Z"></head><body><article>'
    "<h1>Bridge opens</h1>{}</article></body></html>"
)
ANSWER = {"id", "title", "text", "language", "published_at", "authors", "removed"}
JUDGED = {"id", "duplicate_of", "family", "story", "contains", "evidence"}


def html(seed: int) -> str:
    """A page with an article of its own."""
    return PAGE.format("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs(seed)))


def lines(file: Path, *rows: object, end: str = "\n") -> str:
    """A file of JSON lines; texts go in as they are. Its name."""
    file.write_text(
        "".join((row if isinstance(row, str) else json.dumps(row)) + end for row in rows), newline=""
    )
    return str(file)


def wire(number: int, *texts: str, **more: object) -> dict[str, Any]:
    """A line for `judge`."""
    published = f"2026-03-02T09:{number:02}:00Z"
    given = {"id": f"d{number}", "source": f"outlet{number}", "published": published, "title": "T"}
    return {**given, "text": "\n".join(texts), **more}


def test_read_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`read --jsonl` gives one line each, in order, with the documented fields, whatever is missing, null or extra."""
    long = "\n".join(paragraphs(3)) + "\n"
    file = lines(
        tmp_path / "in.jsonl",
        '\ufeff{"id": "page", "url": "https://one.example/a", "html": '
        + json.dumps(html(1))
        + ', "more": [1]}',
        "",
        {"id": 2, "text": long, "url": None, "html": None},
        {"id": "empty", "text": None},
        '{"id": "half \\ud800", "text": ' + json.dumps(long)[:-1] + '\\udfff"}',
        {"id": "large", "text": long * 4000},
        end="\r\n",
    )
    result = call(capsys, "read", "--jsonl", file)
    assert (result.code, result.err) == (0, "")
    assert [row["id"] for row in result.rows] == ["page", 2, "empty", "half ?", "large"]
    page, _, empty, *_ = result.rows
    assert page["title"] == "Bridge opens"
    assert page["published_at"] == "2024-05-06T07:08:09Z"
    assert page["language"] == "und"  # invented words: no language knows them
    assert "\n".join(paragraphs(1)) in str(page["text"])
    assert empty["rejected"] == "no-text"
    assert all(row.keys() >= ANSWER for row in result.rows if row["id"] != "empty")


def test_judge_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`judge --jsonl` ties copies to their original, in the order of the lines, ids as they were given."""
    text, other = paragraphs(1), paragraphs(2)
    file = lines(
        tmp_path / "in.jsonl",
        wire(0, *text, id=7),
        wire(1, *other),
        wire(2, *text[:5], title=None, published=None),
        wire(3, id="x" * 2000, text=None),
        wire(4, *other, more={"deep": 1}),
    )
    result = call(capsys, "judge", "--jsonl", file)
    assert (result.code, result.err) == (0, "")
    assert [row["id"] for row in result.rows] == [7, "d1", "d2", "x" * 2000, "d4"]
    assert [row["duplicate_of"] for row in result.rows] == [None, None, 7, None, "d1"]
    assert [row["family"] for row in result.rows] == [7, "d1", 7, "x" * 2000, "d1"]
    assert all(row.keys() >= JUDGED for row in result.rows)
    evidence = result.rows[2]["evidence"]
    assert isinstance(evidence, dict)
    assert evidence["other"] == 7
    assert result.rows[3]["rejected"] == "no-text"


@pytest.mark.parametrize("command", ["read", "judge"])
def test_an_empty_file(capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str) -> None:
    """A file without lines has no answers, and nothing is wrong."""
    assert call(capsys, command, "--jsonl", lines(tmp_path / "empty.jsonl", "", "  ")) == Called(0, "", "")


@pytest.mark.parametrize("command", ["read", "judge"])
@pytest.mark.parametrize(
    ("line", "says"),
    [
        (b"{", "must be a JSON object"),
        (b"[]", "must be a JSON object with an id"),
        (b"[" * 100_000, "must be a JSON object"),
        (b'{"id": "a", "text": "\xff"}', "must be UTF-8"),
        (b'{"text": "no id"}', "needs an id"),
        (b'{"id": null, "text": "no id"}', "needs an id"),
        (b'{"id": ["a"], "text": "no id"}', "needs an id"),
    ],
)
def test_a_bad_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, line: bytes, says: str
) -> None:
    """A line that cannot be meant ends the run with exit code 2 and one line that names file and line."""
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n" + line + b"\n")
    result = call(capsys, command, "--jsonl", str(file))
    assert result.code == 2
    assert result.err.startswith(f"copydesk: {file}:2: {says}")
    assert result.err.count("\n") == 1


def test_what_stands_before_a_bad_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`read --jsonl` answers the lines before a bad one."""
    file = lines(tmp_path / "in.jsonl", {"id": 1, "text": "\n".join(paragraphs(4))}, "nonsense")
    result = call(capsys, "read", "--jsonl", file)
    assert [row["id"] for row in result.rows] == [1]
    assert result.code == 2


def test_read_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """`read FILE` shows a page for people, or with --json as one line; --explain shows what was removed."""
    file = tmp_path / "page.html"
    file.write_text(html(5).replace("<p>", "<p>Read more: Ten things about bridges</p><p>", 1))
    shown = call(capsys, "read", str(file), "--explain").out
    assert shown.startswith("Bridge opens\n")
    assert "related  Read more: Ten things about bridges\n" in shown
    assert f"         {paragraphs(5)[0]}\n" in shown
    assert shown.splitlines()[-1].endswith(" removed: related 1 · title 1")
    assert call(capsys, "read", str(file), "--json").rows[0].keys() >= ANSWER
    file.write_bytes(b"")
    assert call(capsys, "read", str(file)) == Called(1, "", "rejected: no-text the body is empty\n")


def test_judge_files(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`judge FILE...` prints which files are copies as a table, or with --json as lines."""
    for name, texts in (("a.txt", paragraphs(6)), ("b.txt", paragraphs(7)), ("c.txt", paragraphs(6)[:5])):
        (tmp_path / name).write_text("\n".join(texts))
    monkeypatch.chdir(tmp_path)
    files = ["a.txt", "b.txt", "c.txt"]
    table = call(capsys, "judge", *files).out.splitlines()
    assert [line.split()[:2] for line in table[1:]] == [["1", "1"], ["1", "1"], ["2", "2"]]
    assert f"copy of {files[0]}" in table[2]
    rows = call(capsys, "judge", *files, "--json").rows
    assert [row["duplicate_of"] for row in rows] == [None, None, files[0]]
