"""Match: articles and topics → alerts and their deliveries, which delivering.py sends.

A story rings once per topic. Alerts and deliveries are created under ids made of what they are about, alerts
first, and never overwritten: a run that died anywhere is made good by running it again. What is about to ring is
written down beside the archive before, so that a lost index does not ring it again (`journal`, `telling`).
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import chain

from copydesk.alerting import journal
from copydesk.alerting.alerts import alert_id, compose, is_recent
from copydesk.alerting.deferring import hastened, timed
from copydesk.alerting.heard import readable
from copydesk.alerting.meeting import Key, View, see, told_of
from copydesk.alerting.outbox import deliveries_of, enter
from copydesk.alerting.telling import RETRIES, TOO_OLD, due, note, unnoted, writes_of
from copydesk.border import Border, Fault, contained
from copydesk.errors import IndexContended
from copydesk.index import Index, Json, Kind, Write
from copydesk.index.article import Article, articles_of, seconds_between
from copydesk.index.guarded import change
from copydesk.index.records import from_record, load, to_record
from copydesk.index.state import Delivery, Told
from copydesk.judging.clustering.stories import StoryRecord, find_heirs
from copydesk.model import Alert, Document
from copydesk.outcomes import Reason
from copydesk.ports import Archive
from copydesk.query.evaluator import Match, find_matches
from copydesk.topic import Topic

__all__ = ["match"]

log = logging.getLogger(__name__)

MOST_CARRIERS = 1000
ROUNDS = 20
"""How often stories are looked at anew because somebody else merged them meanwhile."""


def match(
    index: Index,
    topics: Sequence[Topic],
    article_ids: Sequence[str],
    now: datetime,
    archive: Archive | None = None,
) -> list[Alert]:
    """Ring for the topics that the articles meet; the alerts that are new. Idempotent.

    The articles must be judged, and their families visible to searches. A topic that was told of a story, under
    whatever id the story had then, does not hear of it again. A roundup rings only when none of the stories it
    holds ever did or does now; a story whose first sign was a roundup still rings when it gets an article of its
    own.

    A topic that fails on an article is set aside for it: what cannot be matched or rung is noted and tried again with a
    later batch, while all other topics ring; what was too old when it was fetched is noted
    too. What rings is written down in the archive, if one is given.
    """
    if not topics:
        return []
    by_name = {topic.name: topic for topic in topics}
    ids = list(dict.fromkeys([*article_ids, *due(index, now)]))
    matches = _young(index, by_name, _met(index, topics, ids, now), now)
    if not matches:
        return []
    for _ in range(ROUNDS):
        rung = _ring(index, by_name, matches, now, archive)
        if rung is not None:
            return rung
    raise IndexContended(f"the stories of {len(matches)} matches stay contended after {ROUNDS} rounds")


def _met(index: Index, topics: Sequence[Topic], ids: Sequence[str], now: datetime) -> list[Match]:
    """What the articles meet; where a topic fails that is noted, and for all topics an article nobody can read."""
    documents: dict[str, Document] = {}
    unread: dict[Key, Fault] = {}
    for id_, row in index.get(Kind.ARTICLES, ids).items() if ids else ():
        with contained(Border.TOPIC, id_) as caught:
            documents[id_] = from_record(Article, row.body).document
        if caught.fault is not None:
            unread |= {(topic.name, id_): caught.fault for topic in topics}
    matches, faults = find_matches(topics, documents)
    note(
        index,
        [
            _failed(topic, id_, Reason.INTERNAL, str(fault), now)
            for (topic, id_), fault in (unread | faults).items()
        ],
    )
    return matches


def _young(
    index: Index, by_name: Mapping[str, Topic], matches: Sequence[Match], now: datetime
) -> list[Match]:
    """The matches that may ring; those of articles that are too old for their topic are noted as such."""
    articles = articles_of(index, sorted({one.article for one in matches}))
    old = {
        one
        for one in matches
        if one.article in articles and _is_old(by_name[one.topic], articles[one.article].document)
    }
    for topic, number in sorted(Counter(one.topic for one in old).items()):
        log.info("alert topic=%s too-old=%d", topic, number)
    note(index, [Told(topic=one.topic, article=one.article, at=now, reason=TOO_OLD) for one in old])
    return [one for one in matches if one not in old]


def _is_old(topic: Topic, article: Document) -> bool:
    with contained(Border.TOPIC, f"{topic.name} {article.id}"):
        return not is_recent(topic, article)
    return False  # better told than lost


def _ring(
    index: Index,
    by_name: Mapping[str, Topic],
    matches: Sequence[Match],
    now: datetime,
    archive: Archive | None,
) -> list[Alert] | None:
    """The alerts that are new; None when a story became part of another meanwhile, so that all must be seen anew."""
    view = see(index, matches)
    told = told_of(index, {*view.met, *chain.from_iterable(view.roundups.values())}, view)
    noted = _noted(index, _ringing(view, told))
    if noted is None:
        return None
    alerts, records = _compose_all(index, by_name, view, dict(sorted(noted.items())), now)
    heard = {key: told[key] for key in view.met if key in told}
    records += chain.from_iterable(_told_again(key[0], ids, view.met[key], now) for key, ids in heard.items())
    alerts = timed(index, by_name, alerts, now)
    ids_now = {alert.id for alert in alerts}
    new = unnoted(index, records, ids_now)
    _write_down(archive, alerts, [one for one in new if one.alert is not None], now)
    rung, refused = _create(index, alerts)
    note(index, [_unrung(one, refused, now) for one in new], ids_now)
    enter(index, [*rung, *_earlier(index, by_name, view, heard, now)], now)
    if rung:
        log.info("alert rung=%d deliveries=%d", len(rung), len(deliveries_of(rung, now)))
    return rung


def _ringing(view: View, told: Collection[Key]) -> set[Key]:
    """What rings: what was not told, but a roundup only when no story it holds was told or rings itself. Pure."""
    ringing = {key for key in view.met if key not in told and key not in view.roundups}
    silent = ringing | set(told)
    return ringing | {
        key for key, held in view.roundups.items() if key not in told and silent.isdisjoint(held)
    }


def _earlier(
    index: Index, by_name: Mapping[str, Topic], view: View, heard: Mapping[Key, Sequence[str]], now: datetime
) -> list[Alert]:
    """The alerts that told of stories that are met again: what died with their worker is made good, or hastened."""
    alerts = readable(index, set(chain.from_iterable(heard.values())))
    for (name, story), ids in heard.items():
        topic = by_name[name]
        waiting = [alerts[id_] for id_ in ids if id_ in alerts and alerts[id_].digest_at]
        if not waiting or not topic.at_once:
            continue
        with contained(Border.TOPIC, f"{name} {story}"):
            carriers = _carriers(index, view.names[story], view.met[name, story], view.articles)
            publishers = len({one.document.publisher or one.document.outlet for one in carriers})
            alerts |= {one.id: hastened(topic, one, publishers, now) for one in waiting}
    return list(alerts.values())


def _told_again(topic: str, ids: Sequence[str], group: Sequence[Match], now: datetime) -> list[Told]:
    """What is to be noted of articles of a story that was told: by the first of its alerts. Pure."""
    return [Told(topic=topic, article=one.article, at=now, alert=ids[0]) for one in group]


def _compose_all(
    index: Index, by_name: Mapping[str, Topic], view: View, ids: Mapping[Key, str], now: datetime
) -> tuple[list[Alert], list[Told]]:
    """The alerts about keys, and what is to be noted of their articles; of those that cannot be composed why."""
    alerts: list[Alert] = []
    records: list[Told] = []
    for (topic, story), id_ in ids.items():
        group = view.met[topic, story]
        carriers: list[Article] = []
        with contained(Border.TOPIC, f"{topic} {story}") as caught:
            carriers = _carriers(index, view.names[story], group, view.articles)
            alert = replace(compose(by_name[topic], story, group, carriers, now), id=id_)
            journal.to_lines([_alert_write(alert)])  # whose text may be none that can be written
            alerts.append(alert)
        if caught.fault is None:
            texts = dict.fromkeys([*(one.document.id for one in carriers), *view.texts[story]])
            records += [Told(topic=topic, article=text, at=now, alert=id_) for text in texts]
        else:
            records += [_failed(topic, one.article, Reason.INTERNAL, str(caught.fault), now) for one in group]
    return alerts, records


def _failed(topic: str, article: str, reason: Reason, detail: str, now: datetime) -> Told:
    return Told(
        topic=topic,
        article=article,
        at=now,
        reason=str(reason),
        detail=detail[:500],
        attempts=1,
        retry_at=now + RETRIES[0],
    )


def _unrung(record: Told, refused: Mapping[str, str], now: datetime) -> Told:
    """The record, or that its alert was refused. Pure."""
    if record.alert is None or record.alert not in refused:
        return record
    return _failed(record.topic, record.article, Reason.INDEX_REFUSED, refused[record.alert], now)


def _write_down(
    archive: Archive | None, alerts: Sequence[Alert], records: Sequence[Told], now: datetime
) -> None:
    writes = [_alert_write(alert) for alert in alerts]
    writes += [_delivery_write(one) for one in deliveries_of(alerts, now)]
    journal.keep(archive, [*writes, *writes_of(records)], now)


def _noted(index: Index, keys: Iterable[Key]) -> dict[Key, str] | None:
    """The ids under which to ring, noted in the stories' records; None when one became part of another meanwhile.

    Two workers may know a story under different names when it is just being merged. They meet at its record, which
    nobody can merge without seeing the note: whoever comes second rings under the same id, and only one creates it.
    """
    topics: dict[str, set[str]] = defaultdict(set)
    for topic, story in keys:
        topics[story].add(topic)

    def noted(story: str, old: StoryRecord | None) -> StoryRecord | None:
        if old is None or old.merged_into:
            return None
        new = {alert_id(topic, story) for topic in topics[story] if not _note_of(topic, story, old)}
        return replace(old, told=tuple(sorted({*old.told, *new}))) if new else None

    change(index, Kind.STORIES, StoryRecord, {story: partial(noted, story) for story in topics})
    if any(story != now for story, now in find_heirs(index, topics).items()):
        return None
    known = load(index, Kind.STORIES, StoryRecord, sorted(topics))
    return {
        (topic, story): (_note_of(topic, story, known[story]) if story in known else None)
        or alert_id(topic, story)
        for topic, story in keys
    }


def _note_of(topic: str, story: str, record: StoryRecord) -> str | None:
    told = set(record.told)
    return next(
        (id_ for name in (story, *record.absorbed) if (id_ := alert_id(topic, name)) in told),
        None,
    )


def _carriers(
    index: Index,
    names: Sequence[str],
    matches: Sequence[Match],
    articles: Mapping[str, Article],
) -> list[Article]:
    """All articles of a story, those that matched among them."""
    rows = index.find(Kind.ARTICLES, {"story": names}, sort="first_seen_at", limit=MOST_CARRIERS)
    found = {row.id: from_record(Article, row.body) for row in rows}
    return list((found | {one.article: articles[one.article] for one in matches}).values())


def _create(index: Index, alerts: Sequence[Alert]) -> tuple[list[Alert], dict[str, str]]:
    """The alerts that were not there, and why the server refuses some; what another worker created he delivers."""
    answers = index.write([_alert_write(alert) for alert in alerts])
    pairs = list(zip(alerts, answers, strict=True))
    refused = {alert.id: answer.reason for alert, answer in pairs if answer.status == "refused"}
    for id_, reason in refused.items():
        log.error("alert %s is refused: %s", id_, reason)
    return [alert for alert, answer in pairs if answer.status == "stored"], refused


def _alert_write(alert: Alert) -> Write:
    body: dict[str, Json] = {**to_record(alert)}
    if (delay := seconds_between(alert.published_at, alert.created_at)) is not None:
        body["rung_after"] = delay
    return Write(kind=Kind.ALERTS, id=alert.id, body=body, create=True)


def _delivery_write(delivery: Delivery) -> Write:
    return Write(kind=Kind.DELIVERIES, id=delivery.id, body=to_record(delivery), create=True)
