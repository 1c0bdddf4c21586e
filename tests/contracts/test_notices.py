"""Troubles told: over which channels, how often, and what happens when telling or remembering fails."""

import email
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from copydesk.channels import AtomChannel, Channel, LogChannel, MailChannel, SlackChannel, WebhookChannel
from copydesk.config.settings import load_settings
from copydesk.errors import ArchiveError
from copydesk.monitoring.notices import render_notice
from copydesk.monitoring.troubles import Notice, Trouble
from copydesk.monitoring.watching import tell, troubles_now
from copydesk.ports import Message, Sent
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
    chat = render_notice(SlackChannel(kind="slack", url="env:CHAT"), NOTICE)
    assert chat is not None
    assert (chat.address, "nearly full" in orjson.loads(chat.body)["text"]) == ("env:CHAT", True)


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
