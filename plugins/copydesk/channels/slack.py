"""Channel `slack`: a message of a few lines for an incoming webhook of Slack, or of one that takes the same.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: JSON with a `text`, as Mattermost and
Rocket.Chat take it too. Whoever knows the address may post there, so it is named and not written down.
"""

from collections.abc import Sequence
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict

from copydesk.channels.plain import coverage, heading, headline, one_line, web_links
from copydesk.channels.values import SecretReference
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["SlackChannel", "post", "render"]


class SlackChannel(BaseModel):
    """Where messages go; `url` refers to the address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["slack"]
    url: SecretReference


def render(
    channel: SlackChannel, alerts: Sequence[Alert], _recent: Sequence[Alert], delivery: str, seen: str = ""
) -> Message:
    """Topic and headline, the snippet, who had it first, and the article's address; of several without snippets."""
    lines = [] if len(alerts) == 1 else [heading(alerts)]
    for alert in alerts:
        snippet = alert.snippet if len(alerts) == 1 else ""
        lines += [headline(alert), snippet, coverage(alert), *web_links(alert)[:1]]
    lines.append(seen)
    return post(channel, [one_line(line) for line in lines], delivery)


def post(channel: SlackChannel, lines: Sequence[str], delivery: str) -> Message:
    """Lines as one message; what Slack would take for a link, a person or a channel comes out as it stands."""
    text = "\n".join(line for line in lines if line)
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, escaped)
    return Message(
        kind="http",
        id=delivery,
        address=channel.url,
        body=orjson.dumps({"text": text}),
        headers={"Content-Type": "application/json"},
    )
