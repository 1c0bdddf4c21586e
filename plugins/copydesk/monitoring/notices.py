"""A notice of Copydesk's own troubles → Message, for each kind of channel that can carry one. Pure.

An `atom` channel is a file of alerts that is always written whole, so it carries none.
"""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import orjson

from copydesk.channels import Channel
from copydesk.channels.log import LogChannel
from copydesk.channels.mail import MailChannel, server_with_user
from copydesk.channels.plain import one_line
from copydesk.channels.slack import SlackChannel, post
from copydesk.channels.webhook import WebhookChannel
from copydesk.monitoring.troubles import Notice
from copydesk.ports import Message

__all__ = ["render_notice"]


def render_notice(channel: Channel, notice: Notice) -> Message | None:
    """What the channel sends, under the notice's id; None when it can carry no notices."""
    match channel:
        case LogChannel():
            return Message(kind="log", id=notice.id, address="", body=f"copydesk: {_line(notice)}".encode())
        case WebhookChannel():
            return _event(channel, notice)
        case SlackChannel():
            return post(channel, [f"Copydesk: {_line(notice)}"], notice.id)
        case MailChannel():
            return _mail(channel, notice)
        case _:
            return None


def _line(notice: Notice) -> str:
    return one_line(notice.line)


def _event(channel: WebhookChannel, notice: Notice) -> Message:
    """An event of type `trouble.began`, `trouble.lasts` or `trouble.over`."""
    event = {
        "type": f"trouble.{notice.state}",
        "id": notice.id,
        "timestamp": notice.since.isoformat(),
        "data": {"key": notice.key, "since": notice.since.isoformat(), "text": one_line(notice.text)},
    }
    return Message(
        kind="http",
        id=notice.id,
        address=channel.url,
        body=orjson.dumps(event),
        headers={"Content-Type": "application/json", "webhook-id": notice.id},
        secret=channel.secret,
    )


def _mail(channel: MailChannel, notice: Notice) -> Message:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    over = "over: " if notice.state == "over" else ""
    # what looks like an encoded word (RFC 2047) would be decoded by the reader into something else
    mail["Subject"] = f"Copydesk: {over}{one_line(notice.text)[:80]}".replace("=?", "= ?")
    mail["Date"] = format_datetime(notice.since)
    mail["Message-ID"] = f"<{notice.id}@{channel.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{_line(notice)}\n\n`copydesk status` shows what else there is.\n")
    return Message(
        kind="mail",
        id=notice.id,
        address=server_with_user(channel.server, channel.username),
        body=mail.as_bytes(),
        secret=channel.password or "",
        recipients=channel.to,
    )
