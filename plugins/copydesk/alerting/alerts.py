"""What an alert says: a topic, the story it met, and who carries it. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from copydesk.index.article import Article
from copydesk.index.headline import headline_of
from copydesk.judging.clustering.provenance import Carrier, by_publisher
from copydesk.judging.fingerprint import appeared
from copydesk.model import Alert, Document
from copydesk.query.evaluator import Match, asked_words
from copydesk.query.seen import see_document
from copydesk.query.snippets import snippet_around
from copydesk.topic import Topic

__all__ = ["alert_id", "compose", "delivery_id", "digest_id", "in_one", "is_recent", "is_silent", "told_id"]

MOST_LINKS = 5


def alert_id(topic: str, story: str) -> str:
    """Id of the one alert a topic may have about a story."""
    return _hash(topic, story)


def delivery_id(story: str, channel: str) -> str:
    """Id of the one delivery a channel may have about a story; receivers tell repetitions by it.

    Until 0.3 it was made of an alert's id in place of the story's.
    """
    return _hash(story, channel)


def digest_id(at: datetime, channel: str) -> str:
    """Id of the one digest a channel may have for a moment."""
    return _hash("digest", at.astimezone(UTC).isoformat(), channel)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def told_id(topic: str, article: str) -> str:
    """Id of the record that says whether a topic was told of an article."""
    return _hash(topic, article)


def is_recent(topic: Topic, article: Document) -> bool:
    """Whether an article was young enough for the topic when it was fetched: however late we are, it stays so.

    Its age counts from when it was published, else from when it was first seen.
    """
    return article.fetched_at - (article.published_at or article.first_seen_at) <= topic.max_age


def compose(
    topic: Topic, story: str, matches: Sequence[Match], carriers: Sequence[Article], now: datetime
) -> Alert:
    """The alert of a topic about a story.

    `matches` are those of the topic in texts of the story, at least one; `carriers` all known articles of the
    story, those of the matches among them. Shown is the earliest original that matched, else the earliest copy; a
    teaser only where nothing whole matched.
    """
    by_age = sorted(carriers, key=lambda one: (_appeared(one.document), one.document.id))
    firsts = by_publisher(_carrier(one.document) for one in carriers)
    by_article = {match.article: match for match in matches}
    matched = [one for one in by_age if one.document.id in by_article]
    shown = min(
        matched, key=lambda one: (_is_partial(one.document), bool(one.judgement.duplicate_of))
    ).document
    words = {word for match in matches for word in match.matched}
    return Alert(
        id=alert_id(topic.name, story),
        topic=topic.name,
        topic_title=topic.title or topic.name,
        story=story,
        article=shown.id,
        title=headline_of(shown),
        is_untitled=not shown.title,
        is_partial=_is_partial(shown),
        url=shown.url,
        language=shown.language,
        first_outlet=by_age[0].document.outlet,
        agency=next((one.document.agency for one in by_age if one.document.agency), None),
        outlets=len({one.document.outlet for one in carriers}),
        publishers=len(firsts),
        matched=tuple(word for word in asked_words(topic) if word in words),
        snippet=snippet_around(see_document(shown), by_article[shown.id].terms),
        published_at=shown.published_at,
        created_at=now,
        links=_links(shown, firsts, {one.document.id: one.document.url for one in carriers}),
        channels=topic.channels,
    )


def in_one(alerts: Sequence[Alert]) -> Alert:
    """Alerts about one story as one, at least one: the first, with all their topics and what was met of each."""
    topics = {one.topic: one.topic_title for one in alerts}
    if len(topics) == 1:
        return alerts[0]
    matched = dict.fromkeys(word for one in alerts for word in one.matched)
    return replace(
        alerts[0],
        topics=tuple(topics),
        topic_titles=tuple(topics.values()),
        topic_title=", ".join(topics.values()),
        matched=tuple(matched),
    )


def is_silent(alert: Alert) -> bool:
    """Whether an alert says nothing any more, as a takedown leaves it."""
    return not (alert.title or alert.url or alert.snippet)


def _is_partial(article: Document) -> bool:
    return "partial" in article.form


def _links(shown: Document, firsts: Sequence[Carrier], urls: Mapping[str, str]) -> tuple[str, ...]:
    """Addresses of the earliest articles of other publishers, one each."""
    own = _carrier(shown).publisher
    return tuple(urls[first.article] for first in firsts if first.publisher != own)[:MOST_LINKS]


def _carrier(article: Document) -> Carrier:
    return Carrier(_appeared(article), article.id, article.outlet, article.publisher or article.outlet)


def _appeared(article: Document) -> datetime:
    return appeared(article.published_at, article.first_seen_at)
