"""Ways to tell somebody: an alert and a channel → Message, one file a kind. Pure; `adapters/notify/notifier.py` sends.

To add one: write a file with a model of its keys in `topics.yml` and a `render`, and name both here.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, TypeAlias

from pydantic import Field

from copydesk.channels import atom, log, mail, slack, webhook
from copydesk.channels.atom import AtomChannel
from copydesk.channels.log import LogChannel
from copydesk.channels.mail import MailChannel
from copydesk.channels.slack import SlackChannel
from copydesk.channels.webhook import WebhookChannel
from copydesk.ports import Message

__all__ = [
    "CHANNELS",
    "RECENT",
    "AtomChannel",
    "Channel",
    "LogChannel",
    "MailChannel",
    "SlackChannel",
    "WebhookChannel",
]

Channel: TypeAlias = Annotated[
    LogChannel | WebhookChannel | SlackChannel | MailChannel | AtomChannel,
    Field(discriminator="kind"),
]

CHANNELS: Mapping[str, Callable[..., Message]] = {
    "log": log.render,
    "webhook": webhook.render,
    "slack": slack.render,
    "mail": mail.render,
    "atom": atom.render,
}
"""Kind → `render(channel, alerts, recent, delivery, seen)`: `alerts` are one or, in a digest, several, each about a
story of its own, the most important first; `recent` are the last ones of the channel, newest first; `delivery` is the
id that stays the same however often it is sent; `seen` says in a digest which sources were not seen, "" elsewhere."""

RECENT: Mapping[str, int] = {"atom": atom.LONGEST}
"""Kind → how many recent alerts its `render` can use; the others need none."""
