"""Match: articles and topics → alerts and their deliveries, which delivering.py sends.

A story rings once per topic. Alerts and deliveries are created under ids made of what they are about, alerts
first, and never overwritten: a run that died anywhere is made good by running it again.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain

from copydesk.errors import IndexContended
from copydesk.guarded import change, write
from copydesk.index import Body, Found, Index, Json, Kind, Match, Write
from copydesk.judging.stories import find_heirs
from copydesk.model import Alert, Topic
from copydesk.records import from_record, texts_of, to_record
from copydesk.ringing import alert_id, compose, delivery_id, is_recent
from copydesk.state import Delivery

__all__ = ["match"]

log = logging.getLogger(__name__)

MOST_CARRIERS = 1000
ROUNDS = 20
"""How often stories are looked at anew because somebody else merged them meanwhile."""
Key = tuple[str, str]
"""A topic's name and a story's id."""


def match(index: Index, topics: Sequence[Topic], article_ids: Sequence[str], now: datetime) -> list[Alert]:
    """Ring for the topics that the articles meet; the alerts that are new. Idempotent.

    The articles must be visible to searches and judged. A topic that was told of a story, under whatever id the
    story had then, does not hear of it again. A roundup rings only when none of the stories it holds ever did
    or does now; a story whose first sign was a roundup still rings when it gets an article of its own.
    """
    by_name = {topic.name: topic for topic in topics}
    matches = index.match(topics, article_ids) if topics and article_ids else []
    for _ in range(ROUNDS):
        rung = _ring(index, by_name, matches, now)
        if rung is not None:
            return rung
    raise IndexContended(f"the stories of {len(matches)} matches stay contended after {ROUNDS} rounds")


def _ring(
    index: Index, by_name: Mapping[str, Topic], matches: Sequence[Match], now: datetime
) -> list[Alert] | None:
    """The alerts that are new; None when a story became part of another meanwhile, so that all must be seen anew."""
    articles = index.get(Kind.ARTICLES, sorted({one.article for one in matches}))
    matches = [
        one
        for one in matches
        if one.article in articles and is_recent(by_name[one.topic], articles[one.article].body, now)
    ]
    items = _items(index, [articles[one.article] for one in matches])
    stories = find_heirs(index, {_story(row) for row in articles.values()}.union(*items.values()))
    met: dict[Key, list[Match]] = defaultdict(list)
    for one in matches:
        met[one.topic, stories[_story(articles[one.article])]].append(one)
    roundups = {
        key: {(key[0], stories[item]) for one in group for item in items[one.article]}
        for key, group in met.items()
        if all(one.article in items for one in group)
    }
    names = _names(index, stories)
    told = _told(index, {*met, *chain.from_iterable(roundups.values())}, names)
    ringing = {key for key in met if key not in told and key not in roundups}
    ringing |= {key for key in set(roundups) - set(told) if not roundups[key] & (ringing | set(told))}
    ids = _noted(index, ringing)
    if ids is None:
        return None
    alerts = [
        replace(
            compose(by_name[topic], story, group, _carriers(index, names[story], group, articles), now),
            id=ids[topic, story],
        )
        for (topic, story), group in sorted(met.items())
        if (topic, story) in ringing
    ]
    rung = _create(index, alerts)
    _create_deliveries(index, [*rung, *chain.from_iterable(told[key] for key in met if key in told)], now)
    if rung:
        log.info("alert rung=%d deliveries=%d", len(rung), sum(len(alert.channels) for alert in rung))
    return rung


def _story(article: Found) -> str:
    # a text that nobody judged is a story of its own
    return str(article.body.get("story") or article.id)


def _items(index: Index, articles: Iterable[Found]) -> dict[str, set[str]]:
    """For each roundup among the articles the stories of its items."""
    held = {row.id: contained for row in articles if (contained := texts_of(row.body, "contains"))}
    judged = index.get(Kind.JUDGEMENTS, sorted(set(chain.from_iterable(held.values()))))
    return {
        id_: {str(judged[item].body["story"]) for item in contained if item in judged}
        for id_, contained in held.items()
    }


def _names(index: Index, stories: Mapping[str, str]) -> dict[str, list[str]]:
    """For each story as it is now all ids it was ever known under, its own first."""
    rows = index.get(Kind.STORIES, sorted(set(stories.values())))
    names = {
        story: [story, *(texts_of(rows[story].body, "absorbed") if story in rows else ())]
        for story in stories.values()
    }
    for old, story in stories.items():
        names[story].append(old)
    return {story: list(dict.fromkeys(ids)) for story, ids in names.items()}


def _told(index: Index, keys: Iterable[Key], names: Mapping[str, Sequence[str]]) -> dict[Key, list[Alert]]:
    """The alerts there are already, of the topics about the stories; keys without any are absent."""
    ids = {key: [alert_id(key[0], name) for name in names[key[1]]] for key in keys}
    rows = index.get(Kind.ALERTS, sorted(set(chain.from_iterable(ids.values()))))
    found = {
        key: [from_record(Alert, rows[id_].body) for id_ in some if id_ in rows] for key, some in ids.items()
    }
    return {key: alerts for key, alerts in found.items() if alerts}


def _noted(index: Index, keys: Iterable[Key]) -> dict[Key, str] | None:
    """The ids under which to ring, noted in the stories' records; None when one became part of another meanwhile.

    Two workers may know a story under different names when it is just being merged. They meet at its record, which
    nobody can merge without seeing the note: whoever comes second rings under the same id, and only one creates it.
    """
    topics: dict[str, set[str]] = defaultdict(set)
    for topic, story in keys:
        topics[story].add(topic)

    def note(story: str, old: dict[str, Json] | None) -> dict[str, Json] | None:
        if old is None or old.get("merged_into"):
            return None
        new = {alert_id(topic, story) for topic in topics[story] if not _note_of(topic, story, old)}
        return {**old, "told": sorted({*texts_of(old, "told"), *new})} if new else None

    change(index, Kind.STORIES, dict, {story: partial(note, story) for story in topics})
    if any(story != now for story, now in find_heirs(index, topics).items()):
        return None
    rows = index.get(Kind.STORIES, sorted(topics))
    return {
        (topic, story): (_note_of(topic, story, rows[story].body) if story in rows else None)
        or alert_id(topic, story)
        for topic, story in keys
    }


def _note_of(topic: str, story: str, record: Body) -> str | None:
    told = set(texts_of(record, "told"))
    return next(
        (id_ for name in (story, *texts_of(record, "absorbed")) if (id_ := alert_id(topic, name)) in told),
        None,
    )


def _carriers(
    index: Index,
    names: Sequence[str],
    matches: Sequence[Match],
    articles: Mapping[str, Found],
) -> list[Found]:
    """All articles of a story, those that matched among them."""
    rows = index.find(Kind.ARTICLES, {"story": names}, sort="first_seen_at", limit=MOST_CARRIERS)
    return list(
        ({row.id: row for row in rows} | {one.article: articles[one.article] for one in matches}).values()
    )


def _create(index: Index, alerts: Sequence[Alert]) -> list[Alert]:
    """The alerts that were not there; one that another worker created meanwhile is his to be delivered."""
    writes = [Write(kind=Kind.ALERTS, id=alert.id, body=to_record(alert), create=True) for alert in alerts]
    return [alert for alert, is_new in zip(alerts, write(index, writes), strict=True) if is_new]


def _create_deliveries(index: Index, alerts: Iterable[Alert], now: datetime) -> None:
    deliveries = [
        Delivery(
            id=delivery_id(alert.id, channel),
            alert=alert.id,
            channel=channel,
            created_at=now,
            retry_at=now,
        )
        for alert in alerts
        for channel in alert.channels
    ]
    write(
        index,
        [Write(kind=Kind.DELIVERIES, id=one.id, body=to_record(one), create=True) for one in deliveries],
    )
