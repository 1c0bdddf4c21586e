"""Mail on its way out: what a server may say, logging in, TLS."""

import asyncio
import email
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import Message as Mail
from functools import partial
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from copydesk.adapters.notify.smtp import send_mail
from copydesk.channels import CHANNELS, MailChannel
from copydesk.ports import Message, Sent
from made.certificates import key_and_certificate
from made.messages import ALERT, sender
from made.servers import serving


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
    alert = replace(ALERT, title="渡轮 aground", snippet=".\nA line that begins with a dot.")
    return CHANNELS["mail"](channel, [alert], (), "d1")


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
        (Mailbox(data="554 never"), "retry"),
        (Mailbox(recipients={"a@x.example": "550 unknown", "b@x.example": "550 unknown"}), "retry"),
        (Mailbox(recipients={"a@x.example": "550 unknown", "b@x.example": "450 busy"}), "retry"),
        (Mailbox(), "sent"),
    ],
)
def test_what_a_mail_server_says(box: Mailbox, status: str) -> None:
    """What is refused, for now or for good as the server says, is worth a retry; nobody has it then."""
    with mail_server(box) as server:
        sent = sender().send(mail(f"smtp://{server}"))
    assert (sent.status, sent.accepted) == (status, ())
    assert len(box.got) == (status == "sent")


def test_recipients_are_taken_and_refused_one_by_one() -> None:
    """A mail that some recipients got is to be tried again for the others, which are named with what was said."""
    box = Mailbox(recipients={"b@x.example": "450 busy"})
    with mail_server(box) as server:
        sent = sender().send(mail(f"smtp://{server}"))
        assert sent == Sent("retry", "refused for b@x.example: 450 busy", accepted=("a@x.example",))
        box.recipients.clear()
        left = replace(mail(f"smtp://{server}"), recipients=("b@x.example",))
        assert sender().send(left) == Sent("sent")
    assert [recipients for recipients, _ in box.got] == [["a@x.example"], ["b@x.example"]]


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
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(b"".join(key_and_certificate("127.0.0.1")))
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
