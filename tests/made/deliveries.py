"""Alerts to be delivered, channels, and a notifier that keeps what it is given."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.channels import AtomChannel, Channel, LogChannel, WebhookChannel
from copydesk.index import Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import Delivery
from copydesk.ports import Message, Sent
from made.messages import ALERT, NOW

CHANNELS: dict[str, Channel] = {
    "log": LogChannel(kind="log"),
    "hook": WebhookChannel(kind="webhook", url="https://hooks.example/x", secret="env:HOOK"),
    "feed": AtomChannel(kind="atom", path="alerts.atom"),
}


@dataclass
class Recorder:
    """A Notifier that keeps what it was given and answers by kind; "sent" for kinds it has no answers for."""

    answers: dict[str, list[Sent]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Sent:
        """Keep the message; the next answer of its kind, the last one again and again."""
        self.messages.append(message)
        answers = self.answers.get(message.kind, [Sent("sent")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def put(index: MemoryIndex, number: int, *channels: str, created_at: datetime = NOW) -> None:
    """An alert with a delivery "<number>-<channel>" to each channel."""
    alert = replace(
        ALERT,
        id=f"alert{number}",
        story=f"s{number}",
        title=f"Ferry {number}",
        snippet="",
        created_at=created_at,
        channels=channels,
    )
    index.write([Write(kind=Kind.ALERTS, id=alert.id, body=to_record(alert), create=True)])
    for channel in channels:
        delivery = Delivery(
            id=f"{number}-{channel}",
            alert=alert.id,
            channel=channel,
            created_at=created_at,
            retry_at=created_at,
        )
        index.write([Write(kind=Kind.DELIVERIES, id=delivery.id, body=to_record(delivery), create=True)])


def stored(index: MemoryIndex, id_: str) -> Delivery:
    return from_record(Delivery, index.get(Kind.DELIVERIES, [id_])[id_].body)
