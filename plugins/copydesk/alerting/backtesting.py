"""Backtest: what a topic would have rung for, had it been there: the matching that rings live, on an index of its own.

Stories are those that are known now, so that one which live was two until they merged rings once here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from copydesk.alerting.history import Batch, history_of
from copydesk.alerting.matching import match
from copydesk.alerting.telling import TOO_OLD
from copydesk.alerting.timing import digest_at, hour_of
from copydesk.errors import ConfigError
from copydesk.index import Index, Kind, Write
from copydesk.index.article import Article, judgements_of, to_body
from copydesk.index.records import from_record, load, to_record
from copydesk.index.state import Told
from copydesk.judging.clustering.stories import StoryRecord, find_heirs
from copydesk.model import Alert
from copydesk.query.evaluator import is_met_by_all, tree_of
from copydesk.query.snippets import marks_in
from copydesk.query.tree import wanted
from copydesk.topic import Topic

__all__ = [
    "CADENCES",
    "LIMITS",
    "Backtest",
    "Sending",
    "asking_for",
    "backtest",
    "marks_of",
    "sending",
    "sendings",
]

DAY = timedelta(days=1)
CADENCES = ("now", "hourly", "daily", "weekly")
LIMITS = (1, 5, 20)
"""Limits an hour of which it is told what they would have put off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """What a topic would have rung for within a time.

    Attributes:
        alerts: As they would have rung, in their order.
        quiet: Of the stories that meet it what would not have rung, for a first poll or a person brought it.
        too_old: How many articles met it and were older than its `max_age` when they were fetched.
        articles: All articles of its stories as they are now.
    """

    topic: Topic
    since: datetime
    until: datetime
    alerts: tuple[Alert, ...]
    quiet: tuple[Alert, ...]
    too_old: int
    articles: Mapping[str, Article]

    @property
    def per_day(self) -> float:
        """Alerts a day."""
        return len(self.alerts) / max((self.until - self.since) / DAY, 1e-9)

    @property
    def stories(self) -> frozenset[str]:
        """The stories that would have rung."""
        return frozenset(alert.story for alert in self.alerts)

    @property
    def outlets(self) -> frozenset[str]:
        """The outlets that carry them by now."""
        told = self.stories
        return frozenset(one.document.outlet for one in self.articles.values() if one.judgement.story in told)


@dataclass(frozen=True, slots=True)
class Sending:
    """How a channel would have been told of alerts: messages of one story, digests, and stories in the longest one."""

    at_once: int
    digests: int
    longest: int

    @property
    def messages(self) -> int:
        """How many in all."""
        return self.at_once + self.digests


def backtest(index: Index, scratch: Index, topic: Topic, *, since: datetime, until: datetime) -> Backtest:
    """What the topic would have rung for. Reads the index, and writes to the empty `scratch` alone.

    A story that would have rung before `since` is told already. That the topic is muted does not count.
    """
    batches = history_of(index, topic, since, until)
    _copy(index, scratch, batches)
    heard = topic.model_copy(update={"mute_until": None})
    rung = list(chain.from_iterable(_ring(scratch, heard, batch) for batch in batches))
    told = [from_record(Told, row.body) for row in scratch.scan(Kind.TOLD)]
    silent = list(chain.from_iterable(batch.quiet for batch in batches if batch.at >= since))
    quiet = match(scratch, [heard], silent, until)
    return Backtest(
        topic=topic,
        since=since,
        until=until,
        alerts=tuple(alert for alert in rung if alert.created_at >= since),
        quiet=tuple(quiet),
        too_old=sum(one.reason == TOO_OLD for one in told),
        articles={one.document.id: one for batch in batches for one in batch.articles},
    )


def _ring(scratch: Index, topic: Topic, batch: Batch) -> list[Alert]:
    writes = [Write(kind=Kind.ARTICLES, id=one.document.id, body=to_body(one)) for one in batch.articles]
    scratch.write(writes)
    return match(scratch, [topic], batch.ringing, batch.at)


def _copy(index: Index, scratch: Index, batches: Iterable[Batch]) -> None:
    """Bring over how the articles are judged, their families and stories, which nobody was told of."""
    articles = [one for batch in batches for one in batch.articles]
    ids = {one.document.id for one in articles}.union(*(one.judgement.contains for one in articles))
    judged = judgements_of(index, sorted(ids))
    named = {one.judgement.story for one in articles} | {one.story for one in judged.values()}
    stories = load(index, Kind.STORIES, StoryRecord, sorted({*named, *find_heirs(index, named).values()}))
    families = chain.from_iterable(one.families for one in stories.values())
    scratch.write(
        [
            *(
                Write(kind=Kind.STORIES, id=id_, body=to_record(replace(one, told=())))
                for id_, one in stories.items()
            ),
            *_kept(index, Kind.FAMILIES, families),
            *_kept(index, Kind.JUDGEMENTS, ids),
        ]
    )


def _kept(index: Index, kind: Kind, ids: Iterable[str]) -> list[Write]:
    return [Write(kind=kind, id=id_, body=row.body) for id_, row in index.get(kind, sorted(set(ids))).items()]


def sending(topic: Topic, alerts: Sequence[Alert]) -> Sending:
    """How a channel would have been told of alerts by a topic, by when each rang. Pure.

    What waits for a digest and becomes big meanwhile is counted as in its digest.
    """
    told: Counter[datetime] = Counter()
    digests: Counter[datetime] = Counter()
    for alert in alerts:
        hour = hour_of(alert.created_at)
        at = digest_at(topic, alert.created_at, publishers=alert.publishers, rung=told[hour])
        if at is None:
            told[hour] += 1
        else:
            digests[at] += 1
    return Sending(told.total(), len(digests), max(digests.values(), default=0))


def sendings(found: Backtest) -> Iterator[tuple[str, Sending]]:
    """How a channel would have been told with the topic as it is, and with each cadence and limit. Pure."""
    yield "as it is", sending(found.topic, found.alerts)
    for cadence in CADENCES:
        changes = {"cadence": cadence, "limit": 0}
        yield cadence, sending(found.topic.model_copy(update=changes), found.alerts)
    for limit in LIMITS:
        changes = {"cadence": "now", "limit": limit}
        yield f"now, limit {limit}/h", sending(found.topic.model_copy(update=changes), found.alerts)


def asking_for(topic: Topic, query: str) -> Topic:
    """The topic, if it asked for a query and nothing else; its other keys stay. Pure.

    Raises QueryError for one without a meaning, ConfigError for one that everything would meet.
    """
    asked = topic.model_copy(update={"query": query, "any": (), "all": (), "none": ()})
    tree_of(asked)
    if is_met_by_all(asked):
        raise ConfigError(f"{query}: would be met by everything")
    return asked


def marks_of(topic: Topic, alert: Alert) -> Sequence[tuple[int, int]]:
    """Where in the snippet of an alert the words stand that its topic asks for. Pure."""
    terms = [term for term in wanted(tree_of(topic)) if not term.title]
    return marks_in(alert.snippet, alert.language, terms)
