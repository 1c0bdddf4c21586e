import asyncio
import base64
import email
import hashlib
import hmac
import logging
import socket
import ssl
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message as Mail
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from servers import serving, web_served

from copydesk.adapters.notifier import Sender, signatures
from copydesk.adapters.smtp import send_mail
from copydesk.channels import CHANNELS, MailChannel
from copydesk.errors import ConfigError
from copydesk.model import Alert
from copydesk.ports import Message, Sent

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LOOPBACK = ("127.0.0.0/8",)
SECRETS = {"env:HOOK": "whsec_" + base64.b64encode(b"k" * 32).decode(), "env:MAIL": "swordfish"}


def resolve(reference: str) -> str:
    """The secrets of these tests."""
    if reference not in SECRETS:
        raise ConfigError(f"secret {reference!r}: the environment variable is not set")
    return SECRETS[reference]


def sender(**options: Any) -> Sender:
    """A Sender as the tests use it: loopback allowed, a clock that stands still."""
    return Sender(resolve, **{"allow": LOOPBACK, "now": lambda: NOW, **options})


# --- web ----------------------------------------------------------------------------------------------------


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
        (301, {"Location": "/elsewhere"}, Sent("dead", "HTTP 301")),
        (400, {}, Sent("dead", "HTTP 400")),
        (404, {}, Sent("dead", "HTTP 404")),
        (408, {}, Sent("retry", "HTTP 408")),
        (410, {}, Sent("dead", "HTTP 410")),
        (425, {}, Sent("retry", "HTTP 425")),
        (429, {"Retry-After": "120"}, Sent("retry", "HTTP 429", 120)),
        (429, {"Retry-After": "Mon, 02 Mar 2026 12:05:00 GMT"}, Sent("retry", "HTTP 429", 300)),
        (500, {"Retry-After": "soon"}, Sent("retry", "HTTP 500")),
        (503, {}, Sent("retry", "HTTP 503")),
    ],
)
def test_what_a_status_means(status: int, headers: dict[str, str], expected: Sent) -> None:
    """2xx is sent; time-outs, too many and server errors are retried; everything else, redirects too, is dead."""
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
            assert sender().send(hook(first)).status == "dead"
    assert inner.got == []


def test_a_secret_that_is_not_set_is_worth_a_retry() -> None:
    """The operator can still set it; nothing is sent unsigned."""
    receiver = Receiver()
    with receiver.running() as address:
        sent = sender().send(hook(address, secret="env:NONE"))
    assert (sent.status, receiver.got) == ("retry", [])
    assert "env:NONE" in sent.detail


# --- mail ---------------------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What a mail server does with mails: keeps them, or answers something else at RCPT or DATA."""

    recipients: dict[str, str] = field(default_factory=dict)
    data: str = "250 OK"
    got: list[tuple[list[str], Mail]] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take or refuse a recipient."""
        answer = self.recipients.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep the mail, unless it is refused."""
        if self.data.startswith("250"):
            self.got.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content)))
        return self.data


@contextmanager
def mail_server(box: Mailbox, *, tls: ssl.SSLContext | None = None, **options: Any) -> Iterator[str]:
    """An SMTP server on loopback for as long as the block, with TLS from the start if given; its host and port."""

    @asynccontextmanager
    async def served() -> AsyncIterator[int]:
        loop = asyncio.get_running_loop()
        make = partial(SMTP, box, hostname="localhost", loop=loop, **options)
        async with await loop.create_server(make, "127.0.0.1", 0, ssl=tls) as server:
            yield server.sockets[0].getsockname()[1]

    with serving(served()) as port:
        yield f"127.0.0.1:{port}"


def mail(server: str, **keys: Any) -> Message:
    channel = MailChannel.model_validate(
        {
            "kind": "mail",
            "server": server,
            "from": "copydesk@north.example",
            "to": ["a@x.example", "b@x.example"],
            **keys,
        },
    )
    alert = Alert(
        id="a1",
        topic="ferries",
        topic_title="Fähren",
        story="s",
        article="a",
        title="渡轮 aground",
        url="https://north.example/1",
        language="en",
        first_outlet="north",
        outlets=1,
        publishers=1,
        matched=("ferry",),
        snippet=".\nA line that begins with a dot.",
        created_at=NOW,
    )
    return CHANNELS["mail"](channel, alert, (), "d1")


def test_a_mail_arrives_whole() -> None:
    """All recipients get the mail with its Message-ID, subject and both parts."""
    box = Mailbox()
    with mail_server(box) as server:
        assert sender().send(mail(f"smtp://{server}")) == Sent("sent")
    ((recipients, got),) = box.got
    assert recipients == ["a@x.example", "b@x.example"]
    assert got["Message-ID"] == "<d1@north.example>"
    assert [part.get_content_type() for part in got.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    ("box", "status"),
    [
        (Mailbox(data="451 later"), "retry"),
        (Mailbox(data="554 never"), "dead"),
        (Mailbox(recipients={"a@x.example": "550 unknown"}), "sent"),
        (Mailbox(recipients={"a@x.example": "550 unknown", "b@x.example": "550 unknown"}), "dead"),
        (Mailbox(recipients={"a@x.example": "550 unknown", "b@x.example": "450 busy"}), "retry"),
    ],
)
def test_what_a_mail_server_says(box: Mailbox, status: str) -> None:
    """4xx is retried, 5xx is dead, and a mail that some recipients got is sent, naming the others."""
    with mail_server(box) as server:
        sent = sender().send(mail(f"smtp://{server}"))
    assert sent.status == status
    assert len(box.got) == (status == "sent")
    assert ("a@x.example" in sent.detail) is (status == "sent")


def test_a_mail_server_that_is_down_is_tried_again() -> None:
    """Nobody listening, silence and nonsense are worth another try."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        out = sender(timeout=timedelta(seconds=0.2))
        assert out.send(mail(f"smtp://{address}")).status == "retry"
    assert out.send(mail(f"smtp://{address}")).status == "retry"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts of a server with a certificate of its own for 127.0.0.1, and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM),
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=str(path))


def check(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (b"me@north", b"swordfish"), handled=False)


LOGIN = {"username": "me@north", "password": "env:MAIL"}


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
@pytest.mark.parametrize(("password", "status"), [("swordfish", "sent"), ("guess", "retry")])
def test_login_goes_through_tls(
    tls: tuple[ssl.SSLContext, ssl.SSLContext], scheme: str, password: str, status: str
) -> None:
    """With STARTTLS and with TLS from the start the login works; a wrong password can be mended."""
    server_tls, client_tls = tls
    box = Mailbox()
    options = {"tls": server_tls} if scheme == "smtps" else {"tls_context": server_tls}
    with mail_server(box, authenticator=check, auth_require_tls=scheme == "smtp", **options) as server:
        sent = send_mail(mail(f"{scheme}://{server}", **LOGIN), password, timeout=5, tls=client_tls)
    assert (sent.status, len(box.got)) == (status, int(status == "sent"))
    assert sent.detail == ("" if status == "sent" else "login refused: 535")


def test_a_password_is_not_sent_without_tls() -> None:
    """A server that offers no TLS does not get to see a password."""
    box = Mailbox()
    with mail_server(box, authenticator=check, auth_require_tls=False) as server:
        sent = sender().send(mail(f"smtp://{server}", **LOGIN))
    assert (sent.status, sent.detail) == (
        "retry",
        "the server offers no TLS, and a password is not sent without",
    )


def test_an_unknown_certificate_is_not_trusted(tls: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    """A server whose certificate nobody vouches for gets nothing."""
    box = Mailbox()
    with mail_server(box, tls_context=tls[0]) as server:
        assert sender().send(mail(f"smtp://{server}")).status == "retry"
    assert box.got == []


# --- files and the log --------------------------------------------------------------------------------------


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


def test_a_log_message_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The line stands in the log at level INFO."""
    with caplog.at_level(logging.INFO, "copydesk"):
        assert sender().send(Message(kind="log", id="d1", address="", body="fähre".encode())) == Sent("sent")
    assert caplog.messages == ["alert fähre"]
