"""`rules` and `rules try`: what the rules are, and what changed ones would do."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from copydesk.adapters.archive.warc import Archive
from copydesk.cleaning import FINDERS, RULES
from made.commands import call
from made.days import TODAY
from made.pages import PROSE, capture, page

WEATHER = """
from copydesk.cleaning.lines import Rule, Text

def takes(text: Text, at: int) -> bool:
    return text.lines[at].bare.startswith("weather:")

RULE = Rule("weather", takes, prose=True)
"""
LINE = "Weather: dry and calm in all parts of the valley until the end of the week, with little wind."
NOTICE = "Your browser does not support iframes."


@pytest.fixture(autouse=True)
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """An archive with three pages of an hour ago, and no Elasticsearch; every file in it afterwards as before."""
    folder = tmp_path / "archive"
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(folder))
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    at = TODAY - timedelta(hours=1)
    shelf = Archive(str(folder), now=lambda: at)
    for name, blocks in {"one": [f"<p>{LINE}</p>"], "two": [f"<p>{NOTICE}</p>"], "three": []}.items():
        url = f"https://post.example/{name}"
        shelf.append(replace(capture(page(*blocks), url=url), id=name, url=url, fetched_at=at))
    shelf.close()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    yield folder
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Every rule is listed once, with where it looks, what it takes and the reason its file gives."""
    rows = call(capsys, "rules", "--json").rows
    assert sorted(str(row["rule"]) for row in rows) == sorted([*(rule.name for rule in RULES), *FINDERS])
    assert all(str(row["takes"]).endswith(".") and str(row["reason"]).endswith(".") for row in rows)
    shown = call(capsys, "rules").out
    assert "notice, anywhere  Whether the line is a notice." in shown


def test_a_rule_is_tried_without_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule is compared with the reading without it; counts come first, then samples."""
    result = call(capsys, "rules", "try", "notice", "--since", "1d", "--json")
    counts, sample = result.rows
    assert counts == {
        "pages": 3,
        "changed": 1,
        "removed": {"notice": 1},
        "kept": {},
        "compared_with": "reading",
    }
    assert sample == {
        "url": "https://post.example/two",
        "title": "Gate stays shut until tested",
        "removed": [{"text": NOTICE, "reason": "notice"}],
        "kept": [],
    }
    assert result.code == 0
    assert "comparing with the reading without the change" in result.err


def test_a_file_of_rules_is_tried(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The pages are read with the rules of the file and without; what changes is shown as a diff."""
    file = tmp_path / "weather.py"
    file.write_text(WEATHER)
    shown = call(capsys, "rules", "try", str(file), "--samples", "5").out
    assert "https://post.example/one\n" in shown
    assert f"           {PROSE[2][:60]}" in shown
    assert f"- weather  {LINE}\n" in shown
    assert shown.splitlines()[-1] == "3 pages read, 1 change"
    file.write_text(WEATHER.replace('Rule("weather"', 'Rule("notice"'))
    counts, *_ = call(capsys, "rules", "try", str(file), "--json").rows
    assert (counts["removed"], counts["kept"]) == ({"notice": 1}, {"notice": 1})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "nonsense: no such rule, and no .py or .yml file; there are notice, "),
        (["empty.py"], "empty.py: holds no rule"),
        (["missing.py"], "missing.py: cannot be read"),
        (["notice", "--since", "soon"], "--since soon: must be a duration such as 7d, or a day"),
        (["notice", "--until", "9999999999999d"], "--until 9999999999999d: must be"),
    ],
)
def test_wrong_calls(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    arguments: list[str],
    says: str,
) -> None:
    """A rule, file or time that is none ends in one line and exit code 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty.py").write_text("")
    result = call(capsys, "rules", "try", *arguments)
    assert result.code == 2
    *_, last = result.err.splitlines()
    assert says in last


@pytest.mark.parametrize(
    ("since", "until", "pages"),
    [("30m", "0s", 0), ("7d", "30m", 3), ("7d", "2h", 0), ("2020-01-01", "2020-02-01T10:00", 0)],
)
def test_only_a_stretch_of_time(
    capsys: pytest.CaptureFixture[str], since: str, until: str, pages: int
) -> None:
    """Only captures of the time asked for are read."""
    counts, *_ = call(capsys, "rules", "try", "notice", "--since", since, "--until", until, "--json").rows
    assert counts.get("pages", 0) == pages


def test_selectors_are_tried(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The pages are read with the selectors of another sources.yml."""
    file = tmp_path / "sources.yml"
    outlet = {"name": "post", "kind": "rss", "url": "https://post.example/feed", "outlet": "Aldervik Post"}
    file.write_text(json.dumps({"sources": [{**outlet, "remove": ["p:nth-of-type(2)"]}]}))
    counts, sample, *_ = call(capsys, "rules", "try", str(file), "--json").rows
    assert (counts["pages"], counts["changed"]) == (3, 3)
    assert PROSE[1] in str(sample["removed"])
