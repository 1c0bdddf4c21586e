"""Messages on their way out."""

import base64
import hashlib
import hmac
import logging
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from copydesk.adapters.notify.notifier import Sender, signatures
from copydesk.ports import Message, Sent
from made.messages import LOOPBACK, NOW, resolve, sender
from made.servers import serving, web_served


@dataclass
class Receiver:
    """A web server on loopback that answers each POST by a function and keeps what it got."""

    answer: Callable[[web.Request], web.StreamResponse] = lambda _: web.Response()
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep headers and body, then answer."""
        self.got.append((dict(request.headers), await request.read()))
        return self.answer(request)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve for as long as the block; the address."""
        with serving(web_served(self.handle)) as self.port:
            yield f"http://127.0.0.1:{self.port}/x"


def hook(address: str, **fields: Any) -> Message:
    return Message(kind="http", id="d1", address=address, body=b'{"a":1}', **{"secret": "env:HOOK", **fields})


def test_a_webhook_is_signed_anew_at_each_attempt() -> None:
    """The receiver gets the body unchanged, the id of the delivery, and a signature it can check itself."""
    receiver = Receiver()
    clock = iter([NOW, NOW + timedelta(minutes=9)])
    with receiver.running() as address:
        out = sender(now=lambda: next(clock))
        assert out.send(hook(address, headers={"Content-Type": "application/json"})).status == "sent"
        assert out.send(hook(address)).status == "sent"
    (first, body), (second, _) = receiver.got
    assert body == b'{"a":1}'
    assert (first["webhook-id"], second["webhook-id"], first["Content-Type"]) == (
        "d1",
        "d1",
        "application/json",
    )
    for headers in (first, second):
        signed = b".".join([b"d1", headers["webhook-timestamp"].encode(), body])
        expected = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
    assert first["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert first["webhook-timestamp"] != second["webhook-timestamp"]


def test_an_address_may_be_a_secret() -> None:
    """It is looked up when it is sent to, without a signature if no secret is named, and stands in no answer."""
    receiver = Receiver()
    with receiver.running() as address:
        known = {
            "env:CHAT": f"{address}/T0KEN",
            "env:WRONG": "no T0KEN",
            "env:INSIDE": "http://10.0.0.1/T0KEN",
        }
        out = Sender(lambda name: known.get(name) or resolve(name), allow=LOOPBACK)
        sent = [out.send(hook(name, secret="")) for name in (*known, "env:UNSET")]
    assert [one.status for one in sent] == ["sent", "retry", "retry", "retry"]
    assert not [one.detail for one in sent if "T0KEN" in one.detail]
    ((headers, body),) = receiver.got
    assert (body, "webhook-signature" in headers) == (b'{"a":1}', False)


def test_the_signature_is_that_of_the_specification() -> None:
    """Signing the example of the Standard Webhooks libraries gives their signature."""
    message = Message(
        kind="http", id="msg_p5jXN8AQM9LWM0D4loKWxJek", address="", body=b'{"test": 2432232314}'
    )
    made = signatures(
        message, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", datetime.fromtimestamp(1614265330, UTC)
    )
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_several_secrets_sign_alike() -> None:
    """While a receiver changes its secret, both the old and the new one sign."""
    message = hook("")
    made = signatures(message, "old whsec_new!", NOW)["webhook-signature"].split()
    assert len(made) == 2
    assert made[0] == signatures(message, "old", NOW)["webhook-signature"]


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (200, {}, Sent("sent", "HTTP 200")),
        (204, {}, Sent("sent", "HTTP 204")),
        (301, {"Location": "/elsewhere"}, Sent("retry", "HTTP 301")),
        (304, {}, Sent("retry", "HTTP 304")),
        (400, {}, Sent("retry", "HTTP 400")),
        (401, {}, Sent("retry", "HTTP 401")),
        (404, {"Retry-After": "9"}, Sent("retry", "HTTP 404", 9)),
        (408, {}, Sent("retry", "HTTP 408")),
        (410, {}, Sent("gone", "HTTP 410")),
        (425, {}, Sent("retry", "HTTP 425")),
        (429, {"Retry-After": "120"}, Sent("retry", "HTTP 429", 120)),
        (429, {"Retry-After": "Mon, 02 Mar 2026 12:05:00 GMT"}, Sent("retry", "HTTP 429", 300)),
        (500, {"Retry-After": "soon"}, Sent("retry", "HTTP 500")),
        (503, {}, Sent("retry", "HTTP 503")),
    ],
)
def test_what_a_status_means(status: int, headers: dict[str, str], expected: Sent) -> None:
    """2xx is sent, 410 means that nobody wants messages there any more, everything else is worth a retry."""
    receiver = Receiver(lambda _: web.Response(status=status, headers=headers))
    with receiver.running() as address:
        assert sender().send(hook(address)) == expected
    assert len(receiver.got) == 1


@contextmanager
def raw_server(answer: bytes) -> Iterator[str]:
    """A server that says something, whatever it is asked, and hangs up; without an answer it never hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(answer)
                while not answer and connection.recv(65_536):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join()


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Security-Policy: " + b"x" * 9_000,
        b"\r\n".join(b"X-%d: y" % n for n in range(200)),
        b"Set-Cookie: \xff=;;=\r\nWWW-Authenticate: ,,=",
        b"Retry-After: Mon, 02 Mar 2026 999999999909:00:00 GMT",
        b"Content-Encoding: gzip\r\nContent-Length: 500",
        b"Transfer-Encoding: chunked",
    ],
)
def test_what_was_taken_is_not_sent_again(headers: bytes) -> None:
    """However a receiver that says 200 goes on, it has the message."""
    with raw_server(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\nxx") as address:
        assert sender().send(hook(address)) == Sent("sent", "HTTP 200")


@pytest.mark.parametrize("answer", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200"])
def test_a_broken_receiver_is_tried_again(answer: bytes) -> None:
    """No answer in time, an answer that is none, and one that breaks off are worth another try."""
    with raw_server(answer) as address:
        assert sender(timeout=timedelta(seconds=0.3)).send(hook(address)).status == "retry"


def test_nobody_listening_is_tried_again() -> None:
    """A refused connection is worth another try."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    assert sender().send(hook(address)).status == "retry"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/",
        "http://10.0.0.1/",
        "ftp://127.0.0.1/",
    ],
)
def test_addresses_inside_are_not_reached(address: str) -> None:
    """Without permission nothing is sent to this machine or a private network, however the address is spelled."""
    receiver = Receiver()
    with receiver.running():
        sent = sender(allow=()).send(hook(address.format(port=receiver.port)))
    assert sent.status == "retry"
    assert receiver.got == []


def test_a_redirect_is_not_followed() -> None:
    """A receiver cannot send us on to an address inside."""
    inner = Receiver()
    with inner.running() as address:
        outer = Receiver(lambda _: web.Response(status=307, headers={"Location": address}))
        with outer.running() as first:
            assert sender().send(hook(first)).status == "retry"
    assert inner.got == []


@pytest.mark.parametrize(
    "message",
    [
        Message(
            kind="mail", id="d1", address="smtp://a.test\\\\@127.0.0.1", body=b"", recipients=("a@x.example",)
        ),
        Message(kind="mail", id="d1", address="smtp://[", body=b""),
        Message(kind="http", id="d1", address="http://[]@/", body=b""),
        Message(kind="http", id="d1", address="http://127.0.0.1:1/", body=b"", headers={"a\n": "b"}),
        Message(kind="file", id="d1", address="a\0b", body=b""),
        Message(kind="log", id="d1", address="", body=b"\xff"),
        Message(kind="http", id="\ud800", address="http://127.0.0.1:1/", body=b"", secret="env:HOOK"),
    ],
)
def test_whatever_happens_is_an_answer(message: Message, caplog: pytest.LogCaptureFixture) -> None:
    """A message that cannot be sent by a mistake of anybody's is a failed attempt that says why, not an exception.

    What the log says of it can be written into a file.
    """
    sent = sender().send(message)
    assert sent.status == "retry"
    assert sent.detail
    assert caplog.text == caplog.text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("value", ["Mon, 02 Mar 2026 999999999909:00:00 GMT", "-1", "1e999", "é"])
def test_whatever_a_receiver_asks_for_is_an_answer(value: str) -> None:
    """An odd Retry-After ends as a failed attempt like any other."""
    receiver = Receiver(lambda _: web.Response(status=503, headers={"Retry-After": value}))
    with receiver.running() as address:
        assert sender().send(hook(address)).status == "retry"


def test_a_secret_that_is_not_set_is_worth_a_retry() -> None:
    """The operator can still set it; nothing is sent unsigned."""
    receiver = Receiver()
    with receiver.running() as address:
        sent = sender().send(hook(address, secret="env:NONE"))
    assert (sent.status, receiver.got) == ("retry", [])
    assert "env:NONE" in sent.detail


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new content stands in the place of the old, readable by others, and nothing else is left in the folder."""
    path = tmp_path / "alerts.atom"
    path.write_text("old")
    assert sender().send(Message(kind="file", id="d1", address=str(path), body=b"new")) == Sent("sent")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_worth_a_retry(tmp_path: Path) -> None:
    """A missing folder, or a folder in the place of the file, is named, and no temporary file is left."""
    missing = sender().send(Message(kind="file", id="d1", address=str(tmp_path / "no" / "x"), body=b""))
    assert missing == Sent("retry", f"{tmp_path}/no/x: No such file or directory")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    assert (
        sender().send(Message(kind="file", id="d1", address=str(tmp_path / "folder"), body=b"")).status
        == "retry"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_nothing_but_a_file_is_replaced(tmp_path: Path) -> None:
    """A file takes the place of no pipe, and so of no device, which root might replace by one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sent = sender().send(Message(kind="file", id="d1", address=str(pipe), body=b"new"))
    assert sent == Sent("retry", f"{pipe}: is no regular file")
    assert pipe.is_fifo()


def test_a_log_message_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The line stands in the log at level INFO."""
    with caplog.at_level(logging.INFO, "copydesk"):
        assert sender().send(Message(kind="log", id="d1", address="", body="fähre".encode())) == Sent("sent")
    assert caplog.messages == ["alert fähre"]
