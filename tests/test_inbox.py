"""Inbox folders."""

import datetime as dt
import os
from pathlib import Path

import pytest

from copydesk.adapters.inbox import LARGEST_ARTICLE, inbox_entries
from copydesk.errors import ConfigError
from copydesk.model import Source


def source(folder: Path) -> Source:
    return Source(name="desk", kind="inbox", url=str(folder), outlet="desk")


def test_files_become_entries(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Texts, web pages and JSON lines are read in the order of their names; the rest is left out and named."""
    (tmp_path / "b.txt").write_text("Hafen")
    (tmp_path / "a.html").write_text("<p>Stadt</p>")
    (tmp_path / "c.jsonl").write_text('{"text": "x"}\n{"text": "y"}')
    (tmp_path / "d.txt").write_text("")
    (tmp_path / "e.pdf").write_text("x")
    (tmp_path / "f.txt").write_bytes(bytes(LARGEST_ARTICLE + 1))
    (tmp_path / ".g.txt").write_text("x")
    (tmp_path / "h.txt.part").write_text("x")
    (tmp_path / "i").mkdir()
    assert [entry.body for entry in inbox_entries(source(tmp_path), None)] == [
        b"<p>Stadt</p>",
        b"Hafen",
        b"x",
        b"y",
    ]
    assert [name for name in ("d.txt", "e.pdf", "f.txt", ".g.txt", "h.txt") if name in caplog.text] == [
        "d.txt",
        "e.pdf",
        "f.txt",
    ]


def test_only_what_came_since(tmp_path: Path) -> None:
    """A file counts as new when its content is, or when it was moved in with an old date."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    came = dt.datetime.fromtimestamp(path.stat().st_ctime, dt.UTC)
    os.utime(path, (0, 0))
    assert len(list(inbox_entries(source(tmp_path), came))) == 1
    assert list(inbox_entries(source(tmp_path), came + dt.timedelta(minutes=5))) == []


def test_a_missing_folder_is_a_mistake_in_the_settings(tmp_path: Path) -> None:
    """The error names source and folder."""
    with pytest.raises(ConfigError, match=r"desk.*missing"):
        list(inbox_entries(source(tmp_path / "missing"), None))
