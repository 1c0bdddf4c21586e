"""Channel `mail`: one message with a plain text and an HTML part."""

import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from lxml import html
from lxml.html import builder
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from copydesk.channels.plain import coverage, one_line, web_links
from copydesk.channels.values import MailServer, SecretReference
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["MailChannel", "render", "server_with_user"]


MAILBOX = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")


def _mailbox(value: str) -> str:
    if not MAILBOX.fullmatch(value):
        raise ValueError("must be a mail address such as desk@example.org")
    return value


Mailbox = Annotated[str, AfterValidator(_mailbox)]


class MailChannel(BaseModel):
    """Who is written to, and through which server; `smtps` is TLS from the start, `smtp` STARTTLS where offered."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["mail"]
    server: MailServer
    sender: Mailbox = Field(alias="from")
    to: tuple[Mailbox, ...] = Field(min_length=1)
    username: str = ""
    password: SecretReference | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.password and not self.username:
            raise ValueError("a password needs a username")
        return self


def render(channel: MailChannel, alert: Alert, _recent: Sequence[Alert], delivery: str) -> Message:
    """The alert as an RFC 5322 message; its Message-ID is made of the delivery, so that servers see repetitions."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    mail["Subject"] = _subject(alert)
    mail["Date"] = format_datetime(alert.created_at)
    mail["Message-ID"] = f"<{delivery}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_text(alert))
    mail.add_alternative(_page(alert), subtype="html")
    return Message(
        kind="mail",
        id=delivery,
        address=server_with_user(channel.server, channel.username),
        body=mail.as_bytes(),
        secret=channel.password or "",
        recipients=channel.to,
    )


def _subject(alert: Alert) -> str:
    # what looks like an encoded word (RFC 2047) would be decoded by the reader into something else
    return f"{one_line(alert.topic_title)}: {one_line(alert.title)}".replace("=?", "= ?")


def server_with_user(server: str, username: str) -> str:
    """The server's address with who logs in there."""
    parts = urlsplit(server)
    user = f"{quote(username, safe='')}@" if username else ""
    return urlunsplit(parts._replace(netloc=f"{user}{parts.netloc}"))


def _text(alert: Alert) -> str:
    lines = [one_line(alert.title), "", one_line(alert.snippet), "", *web_links(alert), "", _why(alert)]
    return "\n".join(lines) + "\n"


def _why(alert: Alert) -> str:
    words = ", ".join(one_line(word) for word in alert.matched)
    return f"{coverage(alert)}. Topic {one_line(alert.topic_title)}, met by: {words}."


def _page(alert: Alert) -> str:
    # built as elements, not as text: the serializer escapes whatever a title holds
    links = [builder.LI(builder.A(url, href=url, rel="noreferrer")) for url in web_links(alert)]
    page = builder.HTML(
        builder.HEAD(builder.META(charset="utf-8"), builder.TITLE(one_line(alert.title))),
        builder.BODY(
            builder.H1(one_line(alert.title)),
            builder.P(one_line(alert.snippet)),
            builder.UL(*links),
            builder.P(_why(alert)),
            lang=alert.language,
        ),
    )
    return str(html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>"))
