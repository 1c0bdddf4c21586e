"""Troubles looked for: what is found where, also while a server is away and while files are refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.config.lastgood import settings_in_force, topics_in_force
from copydesk.config.settings import load_settings
from copydesk.connect import utc_now
from copydesk.errors import ArchiveError
from copydesk.index import Body, Kind
from copydesk.monitoring.stored import index_troubles
from copydesk.monitoring.watching import is_nearly_full, troubles_now, watch
from made.commands import call
from made.documents import put
from made.world import Shelf

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GIB = 2**30


@pytest.mark.parametrize(
    ("free", "total", "expected"),
    [
        (4 * GIB, 100 * GIB, True),
        (6 * GIB, 1000 * GIB, False),
        (4 * GIB, 60 * GIB, False),
        (GIB, 60 * GIB, True),
        (0, GIB, True),
        (GIB, GIB, False),
    ],
)
def test_nearly_full(free: int, total: int, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    """Less than a twentieth, and less than five GiB."""
    assert is_nearly_full(free, total) is expected


def lost(reason: str) -> Body:
    return {"reason": reason, "first_seen_at": START.isoformat()}


def delivery(state: str, *, since: timedelta | None = None) -> Body:
    tried: Body = {"tried_since": (START - since).isoformat(), "attempts": 3} if since else {"attempts": 0}
    shown = {
        "id": "d",
        "alert": "a",
        "channel": "hook",
        "created_at": START.isoformat(),
        "detail": "HTTP 503",
    }
    return {**shown, "state": state, **tried}


def unrung(reason: str) -> Body:
    return {"topic": "harbours", "article": "a", "at": START.isoformat(), "reason": reason}


@pytest.mark.parametrize(
    ("kind", "body", "key", "says"),
    [
        (Kind.DELIVERIES, delivery("pending"), "", ""),
        (Kind.DELIVERIES, delivery("pending", since=timedelta(minutes=50)), "", ""),
        (Kind.DELIVERIES, delivery("sent", since=timedelta(hours=5)), "", ""),
        (Kind.DELIVERIES, delivery("pending", since=timedelta(hours=2)), "channel:hook", "fails: HTTP 503"),
        (Kind.DELIVERIES, delivery("dead"), "dead:hook", "1 given up; `copydesk deliver --dead hook`"),
        (Kind.CAPTURES, lost("archive-lost"), "archive-lost", "1 captures cannot be read"),
        (Kind.CAPTURES, lost("damaged"), "archive-lost", "1 captures cannot be read"),
        (Kind.CAPTURES, lost("no-text"), "", ""),
        (Kind.TOLD, unrung("internal"), "topic:harbours", "could not ring for 1 articles"),
        (Kind.TOLD, unrung("too-old"), "", ""),
    ],
)
def test_what_the_index_tells(kind: Kind, body: Body, key: str, says: str) -> None:
    """A channel that has failed for an hour, deliveries given up, a topic that fails, captures lost; nothing else."""
    index = MemoryIndex()
    put(index, kind, {"x": body})
    found = index_troubles(index, START)
    assert [trouble.key for trouble in found] == ([key] if key else [])
    assert all(says in trouble.text for trouble in found)


@pytest.mark.elasticsearch
def test_a_server_that_takes_nothing_more(
    prefix: str, elasticsearch_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Blocked as at its flood stage: a trouble that names an index, first in `status`; gone with the block."""
    index = open_index(elasticsearch_url, prefix=prefix)
    index.setup()
    settings, archive = load_settings(), Shelf()
    for value in (True, None):
        index.server.client.indices.put_settings(
            index=f"{prefix}ledger", settings={"index.blocks.read_only_allow_delete": value}
        )
        troubles, unknown = troubles_now(settings, archive, utc_now())
        assert [(trouble.key, prefix in trouble.text) for trouble in troubles if trouble.key != "disk"] == (
            [("elasticsearch-disk", True)] if value else []
        )
        assert not unknown
        assert ("takes nothing more" in call(capsys, "status").out) is bool(value)
    assert tmp_path.exists()


class Broken(Shelf):
    """An archive whose small files nobody can make sense of, or read at all."""

    def load(self, name: str) -> bytes | None:
        if name.startswith("running/"):
            raise ArchiveError(f"cannot read {name}")
        return b"nonsense"

    def names(self, folder: str) -> list[str]:
        return [f"{folder}/process.json"]


def test_a_look_that_fails_is_a_trouble_and_hinders_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look by itself: what it cannot see is told, and is not taken for over."""
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(tmp_path))
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    troubles, unknown = troubles_now(load_settings(), Broken(), START)
    keys = {trouble.key for trouble in troubles} - {"disk"}
    assert keys == {"look:config", "look:part", "elasticsearch"}
    assert {"config", "part", "channel", "dead"} <= unknown


def test_all_of_it_while_the_server_is_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No server, and topics.yml refused: told over the channel that its last good version names."""
    file = tmp_path / "topics.yml"
    file.write_text("channels: {second: {kind: log}}\n")
    for name, value in {"TOPICS": file, "ARCHIVE": tmp_path / "archive", "ALARM": "second"}.items():
        monkeypatch.setenv(f"COPYDESK_{name}", str(value))
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    settings = load_settings()
    assert watch(settings) == 1  # away, and not for ten minutes yet
    file.write_text("chanels: {}\n")
    topics_in_force(Archive(settings.archive), file, utc_now())
    caplog.set_level("INFO")
    assert watch(settings) == 2
    told = [record.getMessage() for record in caplog.records if "copydesk: " in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith(f"alert copydesk: topics.yml refused: {file}:1: chanels: is no key here")


def test_settings_that_are_refused_are_told_over_the_channel_they_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The channel of the alarm stands in the broken file itself: its last good version knows."""
    (tmp_path / "topics.yml").write_text("channels: {second: {kind: log}}\n")
    file = tmp_path / "settings.yml"
    file.write_text("alarm: [second]\nelasticsearch: {url: 'http://127.0.0.1:9'}\n")
    for name, value in {
        "TOPICS": tmp_path / "topics.yml",
        "ARCHIVE": tmp_path / "a",
        "SETTINGS": file,
    }.items():
        monkeypatch.setenv(f"COPYDESK_{name}", str(value))
    assert watch(settings_in_force(Archive, utc_now())) == 1  # away, and not for ten minutes yet
    file.write_text("alarm: [second]\nelastic: {}\n")
    caplog.set_level("INFO")
    assert watch(settings_in_force(Archive, utc_now())) == 2
    told = [record.getMessage() for record in caplog.records if "copydesk: " in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("alert copydesk: settings.yml refused: settings")
    assert "ELASTIC: no such setting" in told[0]
