"""Text of strangers made fit for any output: one line, no control characters, links that are links. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

import regex

from copydesk.model import Alert

__all__ = [
    "coverage",
    "heading",
    "headline",
    "on_web",
    "one_line",
    "titles_of",
    "told_at",
    "topics_of",
    "web_links",
]

UNPRINTABLE = regex.compile(
    # everything XML and mail headers cannot carry, and the marks that turn the direction of what follows
    r"[\p{Cc}\p{Cs}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]+",
)


def one_line(text: str) -> str:
    """The text on one line, without control characters and direction marks; may be empty."""
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def web_links(alert: Alert) -> list[str]:
    """The article's address and further ones, each once, as far as they are of the web; an inbox file has none."""
    return on_web((alert.url, *alert.links))


def on_web(urls: Iterable[str]) -> list[str]:
    """The addresses that a browser can be led to, each once."""
    return [url for url in dict.fromkeys(urls) if _is_web(url)]


def topics_of(alert: Alert) -> tuple[str, ...]:
    """The names of the topics that its story met."""
    return alert.topics or (alert.topic,)


def titles_of(alert: Alert) -> tuple[str, ...]:
    """The titles of the topics that its story met, each on one line."""
    return tuple(map(one_line, alert.topic_titles or (alert.topic_title,)))


def headline(alert: Alert) -> str:
    """The topics that a story met, and its title: on one line."""
    return f"{one_line(alert.topic_title)}: {one_line(alert.title)}"


def heading(alerts: Sequence[Alert]) -> str:
    """What a message is about: its one story, or how many on which topics; on one line."""
    if len(alerts) == 1:
        return headline(alerts[0])
    titles = dict.fromkeys(title for one in alerts for title in titles_of(one))
    return f"{len(alerts)} stories: {', '.join(titles)}"


def told_at(alerts: Sequence[Alert]) -> datetime:
    """When the message belongs: to the moment of its digest, or to when its alert rang."""
    return max(one.digest_at or one.created_at for one in alerts)


def coverage(alert: Alert) -> str:
    """Who had the story first, whose text it is, how many carry it, what can be read: one sentence for a person."""
    parts = [f"first in {one_line(alert.first_outlet)}"]
    if alert.agency:
        parts.append(f"text by {one_line(alert.agency)}")
    parts.append(f"{_counted(alert.outlets, 'outlet')} of {_counted(alert.publishers, 'publisher')}")
    parts += ["only the beginning is readable"] * alert.is_partial
    return ", ".join(parts)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _is_web(url: str) -> bool:
    if url != one_line(url) or " " in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
