"""Golden pages: every folder of tests/golden is read again, and gives what it gave when somebody checked it."""

import json
from pathlib import Path

import pytest

from copydesk.cli import golden
from copydesk.reading.documents import read
from made.commands import call
from made.pages import PROSE, page
from made.places import ROOT

NAMES = sorted(folder.name for folder in (ROOT / golden.FOLDER).iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page gives these fields and lines. Where a change is meant: `copydesk read --golden NAME`; see the diff."""
    monkeypatch.chdir(ROOT)
    capture = golden.load(name)
    expected = json.loads((golden.FOLDER / name / "expected.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(golden.described(capture, read(capture)))) == expected


def test_a_page_is_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One command keeps a page with what it gives; without a page it is read again, which changes nothing here."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "gate.html").write_text(page("<p>Your browser does not support iframes.</p>"))
    kept = call(capsys, "read", "gate.html", "--golden", "gate-shut")
    assert "tests/golden/gate-shut: new; look through expected.json" in kept.err
    folder = tmp_path / "tests" / "golden" / "gate-shut"
    assert sorted(path.name for path in folder.iterdir()) == ["expected.json", "page.html"]
    written = (folder / "expected.json").read_text()
    assert f'    "{PROSE[0]}",\n' in written
    assert '    {"notice": "Your browser does not support iframes."},\n' in written
    assert str(tmp_path) not in written
    again = call(capsys, "read", "--golden", "gate-shut")
    assert "gate-shut: replaced;" in again.err
    assert (folder / "expected.json").read_text() == written


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Gate", "--golden Gate: must be small letters and digits, with hyphens between them"),
        ("../gate", "--golden ../gate: must be small letters"),
        ("gate", "--golden gate: there is no folder tests here: call it in a checkout of Copydesk"),
    ],
)
def test_what_cannot_be_kept(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, says: str
) -> None:
    """A name that is none, or no checkout around, ends in one line before anything is read or written."""
    monkeypatch.chdir(tmp_path)
    result = call(capsys, "read", "no-such-page.html", "--golden", name)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"copydesk: {says}")
    assert not list(tmp_path.iterdir())


def test_nothing_is_kept_by_that_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Reading again needs a page that is kept."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").mkdir()
    result = call(capsys, "read", "--golden", "gate")
    assert result.code == 2
    assert result.err == "copydesk: --golden gate: there is no such page yet: give its address or file too\n"
