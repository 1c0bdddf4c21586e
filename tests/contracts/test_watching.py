"""Troubles looked for and told: what is found where, over which channels, and what happens when telling fails."""

import email
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from copydesk.adapters.archive.warc import Archive
from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.channels import AtomChannel, Channel, LogChannel, MailChannel, WebhookChannel
from copydesk.config.lastgood import settings_in_force, topics_in_force
from copydesk.config.settings import load_settings
from copydesk.connect import utc_now
from copydesk.errors import ArchiveError
from copydesk.index import Body, Kind
from copydesk.monitoring.notices import render_notice
from copydesk.monitoring.stored import index_troubles
from copydesk.monitoring.troubles import Notice, Trouble
from copydesk.monitoring.watching import is_nearly_full, tell, troubles_now, watch
from copydesk.ports import Message, Sent
from made.commands import call
from made.documents import put
from made.world import Post, Shelf

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVERY = timedelta(minutes=5)
MAIL = MailChannel.model_validate(
    {"kind": "mail", "server": "smtp://mail.example", "from": "c@one.example", "to": ["d@one.example"]}
)
HOOK = WebhookChannel(kind="webhook", url="https://hooks.example/x", secret="env:HOOK")
CHANNELS: dict[str, Channel] = {"desk": MAIL, "hook": HOOK}
TROUBLE = Trouble(key="disk", text="the disk is nearly full")
NOTICE = Notice("id1", "disk", "began", "the disk =?is?= nearly\nfull", START)
GIB = 2**30


@dataclass
class Choosy:
    """A Notifier of which some kinds of message fail."""

    failing: set[str] = field(default_factory=set)
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Sent:
        if message.kind in self.failing:
            return Sent("retry", "HTTP 503")
        self.sent.append(message)
        return Sent("sent")


def test_each_channel_that_is_named_tells_once() -> None:
    """Over both channels, once; and once more when it is over."""
    archive, post = Shelf(), Post()
    for number, troubles in enumerate([[TROUBLE], [TROUBLE], [TROUBLE], [], []]):
        tell(archive, post, CHANNELS, troubles, START + number * EVERY)
    assert [message.kind for message in post.sent] == ["mail", "http"] * 2
    assert [orjson.loads(m.body)["type"] for m in post.sent if m.kind == "http"] == [
        "trouble.began",
        "trouble.over",
    ]


def test_one_channel_is_enough() -> None:
    """A channel that is the trouble itself keeps nobody from hearing of it, and the others are not told twice."""
    archive, post = Shelf(), Choosy({"mail"})
    for number in range(3):
        tell(archive, post, CHANNELS, [TROUBLE], START + number * EVERY)
    assert [message.kind for message in post.sent] == ["http"]


def test_what_no_channel_took_is_tried_again() -> None:
    """At each look until one takes it, under one id."""
    archive, post = Shelf(), Choosy({"mail", "http"})
    for number in range(3):
        assert tell(archive, post, CHANNELS, [TROUBLE], START + number * EVERY) == []
    post.failing = {"mail"}
    (told,) = tell(archive, post, CHANNELS, [TROUBLE], START + 3 * EVERY)
    assert (told.state, told.since) == ("began", START)
    assert len(post.sent) == 1


def test_without_a_channel_it_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """Once, as a warning."""
    archive = Shelf()
    for number in range(2):
        tell(archive, Post(), {}, [TROUBLE], START + number * EVERY)
    assert [record.getMessage() for record in caplog.records] == [
        "trouble disk: the disk is nearly full (since 2026-03-02 09:00 UTC)"
    ]


class Full(Shelf):
    """An archive without room."""

    def save(self, name: str, content: bytes) -> None:
        raise ArchiveError(f"cannot write {name}: {len(content)} bytes, no space left on device")


def test_a_full_disk_is_told_every_hour() -> None:
    """Where nothing can be remembered it is not told at every look, nor never."""
    post = Post()
    for number in range(36):
        tell(Full(), post, {"hook": HOOK}, [TROUBLE], START + number * EVERY)
    assert len(post.sent) == 3


@pytest.mark.parametrize("content", [b"no json", b"[]", b'{"disk": {"since": 1}}', b'{"disk": 7}', b"\xff"])
def test_a_memory_of_another_shape_is_begun_anew(content: bytes) -> None:
    """Told again rather than never."""
    archive = Shelf(files={"alarm.json": content})
    assert len(tell(archive, Post(), {}, [TROUBLE], START)) == 1
    assert tell(archive, Post(), {}, [TROUBLE], START + EVERY) == []


def test_what_a_channel_sends() -> None:
    """One line for a log, an event for a webhook, a mail with a subject of one line; an Atom file carries none."""
    line = "the disk =?is?= nearly full (since 2026-03-02 09:00 UTC)"
    log = render_notice(LogChannel(kind="log"), NOTICE)
    hook, mail = render_notice(HOOK, NOTICE), render_notice(MAIL, NOTICE)
    assert log is not None
    assert hook is not None
    assert mail is not None
    assert log.body.decode() == f"copydesk: {line}"
    assert (hook.secret, hook.headers["webhook-id"]) == ("env:HOOK", "id1")
    assert orjson.loads(hook.body)["data"]["key"] == "disk"
    parsed = email.message_from_bytes(mail.body)
    assert parsed["Subject"] == "Copydesk: the disk = ?is?= nearly full"
    assert mail.recipients == ("d@one.example",)
    assert render_notice(AtomChannel(kind="atom", path="x"), NOTICE) is None


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


class Away(Shelf):
    """An archive of which nothing can be read."""

    def load(self, name: str) -> bytes | None:
        raise ArchiveError(f"cannot read {name}")

    def names(self, folder: str) -> list[str]:
        raise ArchiveError(f"cannot list {folder}")


def test_an_archive_that_cannot_be_read_is_one_trouble_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once an hour, for what was told cannot be remembered; what stands beside it is unknown, not over."""
    monkeypatch.setenv("COPYDESK_ARCHIVE", str(tmp_path))
    monkeypatch.setenv("COPYDESK_ELASTICSEARCH__URL", "http://127.0.0.1:9")
    post, archive = Post(), Away()
    for number in range(24):
        now = START + number * EVERY
        troubles, unknown = troubles_now(load_settings(), archive, now)
        assert {trouble.key for trouble in troubles} - {"disk"} == {"archive", "elasticsearch"}
        assert {"config", "part"} <= unknown
        tell(archive, post, {"hook": HOOK}, [one for one in troubles if one.key == "archive"], now)
    assert len(post.sent) == 2
    assert b"the archive cannot be read" in post.sent[0].body


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
