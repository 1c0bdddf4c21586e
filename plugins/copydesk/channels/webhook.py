"""Channel `webhook`: a JSON event for another program, by the Standard Webhooks specification.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: the notifier adds
`webhook-timestamp` and `webhook-signature` when it sends, anew at each attempt. `webhook-id` stays the same at
every attempt, so the receiver can tell a repetition.
"""

from collections.abc import Sequence
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict

from copydesk.channels.plain import heading, one_line, titles_of, told_at, topics_of, web_links
from copydesk.channels.values import SecretReference, WebAddress
from copydesk.index import Json
from copydesk.index.records import to_record
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["WebhookChannel", "render"]


class WebhookChannel(BaseModel):
    """Where events go.

    Attributes:
        secret: Reference to what the receiver checks signatures with: any text, or "whsec_" and base64.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["webhook"]
    url: WebAddress
    secret: SecretReference


def render(
    channel: WebhookChannel, alerts: Sequence[Alert], _recent: Sequence[Alert], delivery: str, seen: str = ""
) -> Message:
    """The alert as an event of type `alert.created`; its data are the fields of Alert, texts cleaned to one line.

    A digest of several is an event of type `digest.created`, whose data are a list of these, and which says in
    `sources` how many were seen. The `text` is for programs
    that show it to people as it comes, as chats do.
    """
    data = [_data(alert) for alert in alerts]
    links = web_links(alerts[0])[:1] if len(alerts) == 1 else []
    event = {
        "type": "alert.created" if len(alerts) == 1 else "digest.created",
        "id": delivery,
        "timestamp": told_at(alerts).isoformat(),
        "text": " ".join([heading(alerts), *links]),
        "data": data[0] if len(alerts) == 1 else data,
    }
    event |= {"sources": seen} if seen else {}
    headers = {"Content-Type": "application/json", "webhook-id": delivery}
    body = orjson.dumps(event)
    return Message(
        kind="http", id=delivery, address=channel.url, body=body, headers=headers, secret=channel.secret
    )


def _data(alert: Alert) -> dict[str, Json]:
    fields = {name: _cleaned(value) for name, value in to_record(alert).items()}
    data = {
        **fields,
        "url": next(iter(web_links(alert)), None),
        "links": web_links(alert)[1:],
        "topics": list(topics_of(alert)),
        "topic_titles": list(titles_of(alert)),
    }
    return {name: data[name] for name in sorted(data)}


def _cleaned(value: Json) -> Json:
    if isinstance(value, str):
        return one_line(value)
    return [_cleaned(item) for item in value] if isinstance(value, Sequence) else value
