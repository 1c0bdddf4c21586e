"""Channel `log`: one line in the log of the worker. Needs nothing and cannot fail: the place to begin."""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from copydesk.channels.plain import coverage, one_line, topics_of, web_links
from copydesk.model import Alert
from copydesk.ports import Message

__all__ = ["LogChannel", "render"]


class LogChannel(BaseModel):
    """Has nothing to be set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["log"]


def render(
    _channel: LogChannel, alerts: Sequence[Alert], _recent: Sequence[Alert], delivery: str, seen: str = ""
) -> Message:
    """Each alert as one line of text."""
    lines = [*map(_line, alerts), *([seen] if seen else [])]
    return Message(kind="log", id=delivery, address="", body="\n".join(lines).encode())


def _line(alert: Alert) -> str:
    words = ", ".join(one_line(word) for word in alert.matched)
    where = " ".join(web_links(alert)[:1])
    line = (
        f"{', '.join(topics_of(alert))}: {one_line(alert.title)} ({coverage(alert)}; matched {words}) {where}"
    )
    return line.strip()
