"""Trial: a message as a topic would send it over a channel, to see that it arrives. Pure; it is kept nowhere."""

from dataclasses import replace
from datetime import datetime

from copydesk.alerting.alerts import compose, digest_id
from copydesk.channels import CHANNELS, RECENT, Channel
from copydesk.errors import ConfigError
from copydesk.index.article import Article
from copydesk.model import Alert
from copydesk.ports import Message
from copydesk.query.evaluator import match_article
from copydesk.topic import Topic

__all__ = ["trial_of"]


def trial_of(topic: Topic, name: str, channel: Channel, article: Article | None, now: datetime) -> Message:
    """What the channel of a name would be told of an article that meets the topic, or of none, titled as a trial.

    Raises ConfigError for a channel that shows its recent alerts: the trial would take their place.
    """
    if channel.kind in RECENT:
        raise ConfigError(f"{name}: a channel of kind {channel.kind} holds alerts alone, and takes no trial")
    alert = _alert(topic, article, now)
    return CHANNELS[channel.kind](channel, [alert], (), digest_id(now, f"trial {name}"))


def _alert(topic: Topic, article: Article | None, now: datetime) -> Alert:
    match = match_article(topic, article.document) if article is not None else None
    if article is not None and match is not None:
        alert = compose(topic, article.judgement.story, [match], [article], now)
        return replace(alert, title=f"Trial: {alert.title}")
    return Alert(
        id="",
        topic=topic.name,
        topic_title=topic.title or topic.name,
        story="",
        article="",
        title="Trial: no article in the index meets this topic",
        url="",
        language="en",
        first_outlet="no outlet",
        outlets=0,
        publishers=0,
        matched=(),
        snippet="",
        created_at=now,
    )
