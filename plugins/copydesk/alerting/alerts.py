"""What an alert says: a topic, the story it met, and who carries it. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from copydesk.index import Body, Found
from copydesk.judging.clustering.provenance import Carrier, by_publisher
from copydesk.judging.fingerprint import appeared
from copydesk.model import Alert, Topic
from copydesk.query.evaluator import Match

__all__ = ["alert_id", "compose", "delivery_id", "is_recent", "told_id"]

MOST_LINKS = 5


def alert_id(topic: str, story: str) -> str:
    """Id of the one alert a topic may have about a story."""
    return _hash(topic, story)


def delivery_id(alert: str, channel: str) -> str:
    """Id of the one delivery an alert may have to a channel; receivers tell repetitions by it."""
    return _hash(alert, channel)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def told_id(topic: str, article: str) -> str:
    """Id of the record that says whether a topic was told of an article."""
    return _hash(topic, article)


def is_recent(topic: Topic, article: Body) -> bool:
    """Whether an article was young enough for the topic when it was fetched: however late we are, it stays so.

    Its age counts from when it was published, else from when it was first seen.
    """
    fetched_at = _moment(article, "fetched_at") or _first_seen(article)
    return fetched_at - (_moment(article, "published_at") or _first_seen(article)) <= topic.max_age


def compose(
    topic: Topic, story: str, matches: Sequence[Match], carriers: Sequence[Found], now: datetime
) -> Alert:
    """The alert of a topic about a story.

    `matches` are those of the topic in texts of the story, at least one; `carriers` all known articles of the
    story, those of the matches among them. Shown is the earliest original that matched, else the earliest copy.
    """
    by_age = sorted(carriers, key=lambda row: (_appeared(row.body), row.id))
    firsts = by_publisher(_carrier(row) for row in carriers)
    by_article = {match.article: match for match in matches}
    matched = [row for row in by_age if row.id in by_article]
    shown = next((row for row in matched if not row.body.get("duplicate_of")), matched[0])
    words = {word for match in matches for word in match.matched}
    return Alert(
        id=alert_id(topic.name, story),
        topic=topic.name,
        topic_title=topic.title or topic.name,
        story=story,
        article=shown.id,
        title=str(shown.body["title"]),
        url=str(shown.body["url"]),
        language=str(shown.body["language"]),
        first_outlet=str(by_age[0].body["outlet"]),
        agency=next((str(row.body["agency"]) for row in by_age if row.body.get("agency")), None),
        outlets=len({row.body["outlet"] for row in carriers}),
        publishers=len(firsts),
        matched=tuple(word for word in dict.fromkeys((*topic.any, *topic.all)) if word in words),
        snippet=by_article[shown.id].snippet,
        published_at=_moment(shown.body, "published_at"),
        created_at=now,
        links=_links(shown, firsts, {row.id: str(row.body["url"]) for row in carriers}),
        channels=topic.channels,
    )


def _links(shown: Found, firsts: Sequence[Carrier], urls: Mapping[str, str]) -> tuple[str, ...]:
    """Addresses of the earliest articles of other publishers, one each."""
    own = _carrier(shown).publisher
    return tuple(urls[first.article] for first in firsts if first.publisher != own)[:MOST_LINKS]


def _carrier(row: Found) -> Carrier:
    outlet = str(row.body["outlet"])
    return Carrier(_appeared(row.body), row.id, outlet, str(row.body.get("publisher") or outlet))


def _appeared(article: Body) -> datetime:
    return appeared(_moment(article, "published_at"), _first_seen(article))


def _first_seen(article: Mapping[str, object]) -> datetime:
    return datetime.fromisoformat(str(article["first_seen_at"]))


def _moment(article: Body, name: str) -> datetime | None:
    value = article.get(name)
    return datetime.fromisoformat(value) if isinstance(value, str) else None
