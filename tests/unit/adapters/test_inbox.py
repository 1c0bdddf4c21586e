"""Inbox folders: what is read of them, what is not, and that a file's trouble is its own."""

import datetime as dt
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk.adapters import inbox
from copydesk.adapters.inbox import LARGEST_ARTICLE, inbox_entries
from copydesk.model import Entry, Source
from copydesk.outcomes import Reason
from copydesk.ports import Untaken
from copydesk.sources import NotAFeed


def source(folder: Path) -> Source:
    return Source(name="desk", kind="inbox", url=str(folder), outlet="desk")


def read(folder: Path, since: dt.datetime | None = None) -> tuple[list[bytes | None], dict[str, Untaken]]:
    """The contents, and what was not taken by its name."""
    found = list(inbox_entries(source(folder), since))
    untaken = {one.name: one for one in found if isinstance(one, Untaken)}
    return [one.body for one in found if isinstance(one, Entry)], untaken


def test_files_become_entries(tmp_path: Path) -> None:
    """Texts, web pages and JSON lines are read in the order of their names; the rest is left out with its reason."""
    (tmp_path / "b.txt").write_text("Hafen")
    (tmp_path / "a.html").write_text("<p>Stadt</p>")
    (tmp_path / "c.jsonl").write_text('{"text": "x"}\n{"text": "y"}\n{\n[]')
    (tmp_path / "d.txt").write_text("")
    (tmp_path / "e.pdf").write_text("x")
    (tmp_path / "f.txt").write_bytes(bytes(LARGEST_ARTICLE + 1))
    (tmp_path / ".g.txt").write_text("x")
    (tmp_path / "h.txt.part").write_text("x")
    (tmp_path / "i").mkdir()
    bodies, untaken = read(tmp_path)
    assert bodies == [b"<p>Stadt</p>", b"Hafen", b"x", b"y"]
    assert {name: (one.reason, one.passes) for name, one in untaken.items()} == {
        "c.jsonl": (Reason.NOT_A_FEED, False),
        "d.txt": (Reason.NOT_A_FEED, False),
        "e.pdf": (Reason.NOT_TEXT, False),
        "f.txt": (Reason.TOO_LARGE, False),
    }
    assert untaken["c.jsonl"].detail == "2 lines left out: no JSON object with text or html"


def test_only_what_came_since(tmp_path: Path) -> None:
    """A file counts as new when its content is, or when it was moved in with an old date."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    came = dt.datetime.fromtimestamp(path.stat().st_ctime, dt.UTC)
    os.utime(path, (0, 0))
    assert read(tmp_path, came) == ([b"x"], {})
    assert read(tmp_path, came + dt.timedelta(minutes=5)) == ([], {})


@pytest.mark.parametrize("make", [str, Path.touch, lambda path: path.symlink_to(path)])
def test_an_inbox_that_is_away_is_its_own_trouble(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """A share that is not mounted, a file in place of the folder, a link to itself: named, and it may pass."""
    make(tmp_path / "away")
    bodies, untaken = read(tmp_path / "away")
    assert bodies == []
    (one,) = untaken.values()
    assert (one.name, one.reason, one.passes) == ("", Reason.UNREADABLE, True)
    assert "away" in one.detail


def test_no_link_leads_out(tmp_path: Path) -> None:
    """Links that leave the inbox are not followed, whatever they pass through; those that stay inside are."""
    inside, outside = tmp_path / "inbox", tmp_path / "outside"
    (inside / "sub").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (tmp_path / "inbox-other").mkdir()
    (tmp_path / "inbox-other" / "secret.txt").write_text("secret")
    (inside / "sub" / "kept.txt").write_text("kept")
    (inside / "sub" / "out").symlink_to(outside)
    links = {
        "env.txt": "/proc/self/environ",
        "passwd.txt": "/etc/passwd",
        "up.txt": "../outside/secret.txt",
        "beside.txt": "../inbox-other/secret.txt",
        "through.txt": "sub/out/secret.txt",
        "chain.txt": "passwd.txt",
        "folder.txt": str(outside),
        "self.txt": ".",
        "fd.txt": "/proc/self/fd/0",
        "zero.txt": "/dev/zero",
    }
    for name, target in links.items():
        (inside / name).symlink_to(target)
    (inside / "fine.txt").symlink_to("sub/kept.txt")
    (inside / "absolute.txt").symlink_to(inside / "sub" / "kept.txt")
    (inside / "nothing.txt").symlink_to("missing.txt")
    bodies, untaken = read(inside)
    assert bodies == [b"kept", b"kept"]
    assert {name for name, one in untaken.items() if one.reason is Reason.ADDRESS} == set(links)
    assert untaken["nothing.txt"].detail == "a link to nothing"


def test_the_inbox_itself_may_be_a_link(tmp_path: Path) -> None:
    """Where the operator's folder leads is the operator's choice."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("x")
    (tmp_path / "inbox").symlink_to("real")
    assert read(tmp_path / "inbox") == ([b"x"], {})


def test_nothing_but_files_is_read(tmp_path: Path) -> None:
    """A pipe nobody writes to keeps nobody waiting, a socket is not opened, nor is a pipe behind a link."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket has room for 107 characters
        server.bind("socket.txt")
        os.chdir(here)
        bodies, untaken = read(tmp_path)
    assert bodies == []
    assert {name: one.detail for name, one in untaken.items()} == dict.fromkeys(
        ("pipe.txt", "link.txt", "socket.txt"), "no regular file"
    )


@pytest.mark.parametrize("into", ["/etc/passwd", "pipe", "gone"])
def test_a_file_exchanged_between_looking_and_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, into: str
) -> None:
    """A file that becomes a link or a pipe after it was looked at is not followed and not waited for; gone is gone."""
    path, looked = tmp_path / "a.txt", inbox.inside
    path.write_text("x")
    (tmp_path / "b.txt").write_text("y")

    def exchange(folder: Path, name: str) -> Path:
        target = looked(folder, name)
        if name == "a.txt":
            path.unlink()
            if into == "pipe":
                os.mkfifo(path)
            elif into != "gone":
                path.symlink_to(into)
        return target

    monkeypatch.setattr(inbox, "inside", exchange)
    bodies, untaken = read(tmp_path)
    assert bodies == [b"y"]
    assert set(untaken) == (set() if into == "gone" else {"a.txt"})


def test_a_folder_on_the_way_exchanged_for_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither does a folder that becomes a link lead out."""
    folder, looked = tmp_path / "inbox", inbox.inside
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("secret")
    (folder / "sub" / "a.txt").write_text("x")
    (folder / "a.txt").symlink_to("sub/a.txt")

    def exchange(where: Path, name: str) -> Path:
        target = looked(where, name)
        (folder / "sub").rename(tmp_path / "moved")
        (folder / "sub").symlink_to(tmp_path / "outside")
        return target

    monkeypatch.setattr(inbox, "inside", exchange)
    bodies, untaken = read(folder)
    assert bodies == []
    assert untaken["a.txt"].reason in {Reason.NOT_TEXT, Reason.UNREADABLE}


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), OSError(5, "Input/output error")]
)
def test_a_file_without_permission_is_its_own_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    """It is named and may pass; the files beside it are read."""
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    opened = os.open

    def refuse(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path) == "b.txt":
            raise error
        return opened(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)
    bodies, untaken = read(tmp_path)
    assert bodies == [b"a.txt", b"c.txt"]
    assert (untaken["b.txt"].reason, untaken["b.txt"].passes) == (Reason.UNREADABLE, True)
    assert untaken["b.txt"].detail == f"cannot be read: {error.strerror}"


def test_a_file_that_fails_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected is the file's trouble, told with type, message and place."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)

    def poison(_source: Source, body: bytes, *_rest: str) -> None:
        if body == b"a.txt":
            raise RuntimeError("nobody thought of this")
        raise NotAFeed("the others go on")

    monkeypatch.setattr(inbox, "parse", poison)
    _, untaken = read(tmp_path)
    assert untaken["a.txt"].reason is Reason.INTERNAL
    assert untaken["a.txt"].detail.startswith("RuntimeError: nobody thought of this (")
    assert untaken["b.txt"].detail == "the others go on"


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 in a file's name are shown as such, and stop nothing."""
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text("x")
    (tmp_path / os.fsdecode(b"\xff.pdf")).write_text("x")
    bodies, untaken = read(tmp_path)
    assert bodies == [b"x"]
    assert list(untaken) == ["\\udcff.pdf"]
