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

from copydesk.channels.plain import coverage, heading, one_line, told_at, web_links
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


def render(
    channel: MailChannel, alerts: Sequence[Alert], _recent: Sequence[Alert], delivery: str, seen: str = ""
) -> Message:
    """Alerts as an RFC 5322 message; its Message-ID is made of the delivery, so that servers see repetitions.

    Of several recipients none is named, for they need not know of one another.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = channel.sender
    mail["To"] = channel.to[0] if len(channel.to) == 1 else "undisclosed-recipients:;"
    # what looks like an encoded word (RFC 2047) would be decoded by the reader into something else
    mail["Subject"] = heading(alerts).replace("=?", "= ?")
    mail["Date"] = format_datetime(told_at(alerts))
    mail["Message-ID"] = f"<{delivery}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<mailto:{channel.sender}?subject=unsubscribe>"
    mail.set_content("\n".join([*map(_text, alerts), *([f"{seen}\n"] if seen else [])]))
    mail.add_alternative(_page(alerts, seen), subtype="html")
    return Message(
        kind="mail",
        id=delivery,
        address=server_with_user(channel.server, channel.username),
        body=mail.as_bytes(),
        secret=channel.password or "",
        recipients=channel.to,
    )


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


def _page(alerts: Sequence[Alert], seen: str) -> str:
    # built as elements, not as text: the serializer escapes whatever a title holds
    title = one_line(alerts[0].title) if len(alerts) == 1 else heading(alerts)
    first = [] if len(alerts) == 1 else [builder.H1(title)]
    sections = [
        builder.DIV(*_section(alert, alone=len(alerts) == 1), lang=alert.language) for alert in alerts
    ]
    page = builder.HTML(
        builder.HEAD(builder.META(charset="utf-8"), builder.TITLE(title)),
        builder.BODY(*first, *sections, *([builder.P(seen)] if seen else [])),
    )
    return str(html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>"))


def _section(alert: Alert, *, alone: bool) -> list[html.HtmlElement]:
    links = [builder.LI(builder.A(url, href=url, rel="noreferrer")) for url in web_links(alert)]
    title = one_line(alert.title)
    return [
        builder.H1(title) if alone else builder.H2(title),
        builder.P(one_line(alert.snippet)),
        builder.UL(*links),
        builder.P(_why(alert)),
    ]
