"""What topics were told of, by article: it outlives replay and restore, which give stories other ids.

A story was told to a topic if any text of it was, alone or in any story it ever was part of. While an index lives,
the ids that stories absorbed say so; these records say it when they are gone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain, islice

from copydesk.alerting.alerts import told_id
from copydesk.border import Border, contained
from copydesk.index import Index, Kind, Range, Write
from copydesk.index.article import judgements_of
from copydesk.index.guarded import change
from copydesk.index.records import from_record, load, to_record
from copydesk.index.state import Told
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord, find_heirs
from copydesk.model import Alert

__all__ = [
    "FOLLOWED",
    "RETRIES",
    "TOO_OLD",
    "again",
    "due",
    "follow",
    "members_of",
    "note",
    "told_by",
    "unnoted",
    "writes_of",
]

FOLLOWED = timedelta(days=30)
"""How long a text may join a story that was told: longer than stories stay open."""
CHUNK = 500
TOO_OLD = "too-old"
"""Why an article did not ring that was older than its topic wants when it was fetched."""
Telling = tuple[str, str]
"""A topic's name and an alert's id."""

RETRIES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440))
"""Pauses before an alert that could not be rung is tried again; together three days."""


def members_of(index: Index, stories: Collection[str]) -> dict[str, list[str]]:
    """The texts of stories, by story; of one without a record the text it is named after."""
    records = load(index, Kind.STORIES, StoryRecord, sorted(stories))
    families = {id_: record.families for id_, record in records.items()}
    ids = sorted(set(chain.from_iterable(families.values())))
    members = {id_: one.members for id_, one in load(index, Kind.FAMILIES, FamilyRecord, ids).items()}
    texts = {
        story: chain.from_iterable(members.get(family, ()) for family in families.get(story, ()))
        for story in stories
    }
    return {story: list(dict.fromkeys([story, *some])) for story, some in texts.items()}


def told_by(index: Index, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """For each topic and article the alert that told of it; pairs that nothing rang for are absent."""
    ids = {pair: told_id(*pair) for pair in pairs}
    records = load(index, Kind.TOLD, Told, sorted(set(ids.values())))
    alerts = {pair: records[id_].alert for pair, id_ in ids.items() if id_ in records}
    return {pair: alert for pair, alert in alerts.items() if alert is not None}


def unnoted(index: Index, records: Iterable[Told], ringing: Collection[str] = ()) -> list[Told]:
    """Those of the records that say more than what is stored; alerts that ring now say more than earlier ones."""
    by_id = {told_id(one.topic, one.article): one for one in records}
    known = load(index, Kind.TOLD, Told, sorted(by_id))
    return [one for id_, one in by_id.items() if id_ not in known or _says_more(one, known[id_], ringing)]


def note(index: Index, records: Iterable[Told], ringing: Collection[str] = ()) -> None:
    """Store records, but none that says less than what is stored: a topic that was told stays told.

    `ringing` are the alerts that ring now; they take the place of one that told of a text as part of a roundup.
    """

    def said(new: Told, old: Told | None) -> Told | None:
        return new if old is None or _says_more(new, old, ringing) else None

    change(index, Kind.TOLD, Told, {told_id(one.topic, one.article): partial(said, one) for one in records})


def _says_more(new: Told, old: Told, ringing: Collection[str]) -> bool:
    return _says(new) > _says(old) or (new.alert in ringing and new.alert != old.alert)


def _says(record: Told) -> int:
    if record.alert is not None:
        return 2
    return int(record.reason != TOO_OLD)


def writes_of(records: Iterable[Told]) -> list[Write]:
    """The records as documents. Pure."""
    return [
        Write(kind=Kind.TOLD, id=told_id(one.topic, one.article), body=to_record(one), create=True)
        for one in records
    ]


def due(index: Index, now: datetime) -> list[str]:
    """The articles for which ringing failed, and which are to be tried again now; each time later than before."""

    def later(old: Told | None) -> Told | None:
        if old is None or old.retry_at is None or old.retry_at > now:
            return None
        pause = RETRIES[old.attempts] if old.attempts < len(RETRIES) else None
        return replace(old, attempts=old.attempts + 1, retry_at=now + pause if pause else None)

    rows = index.find(Kind.TOLD, {"retry_at": Range(lt=now.isoformat())}, sort="retry_at", limit=100)
    taken = change(index, Kind.TOLD, Told, {row.id: later for row in rows})
    return sorted({one.article for one in taken.values()})


def again(index: Index, now: datetime) -> int:
    """Make due, as if new, what could not be rung, also what was given up; how many articles that a topic met."""

    def fresh(old: Told | None) -> Told | None:
        if old is None or old.alert is not None or old.reason == TOO_OLD:
            return None
        return replace(old, attempts=1, retry_at=now)

    index.refresh(Kind.TOLD)
    failed = []
    for row in index.scan(Kind.TOLD):
        with contained(Border.RECORD, row.id):
            failed += [row.id] if from_record(Told, row.body).reason not in {None, TOO_OLD} else []
    return sum(len(change(index, Kind.TOLD, Told, dict.fromkeys(ids, fresh))) for ids in _chunks(failed))


def follow(index: Index, now: datetime, since: datetime | None = None) -> int:
    """Note all texts of the stories that were told, also those that joined them without meeting the topic; how many.

    `since` leaves out what was told before. Works on what is visible to searches.
    """
    told: dict[str, set[Telling]] = defaultdict(set)
    under: dict[str, set[Telling]] = defaultdict(set)
    for row in index.scan(Kind.TOLD):
        with contained(Border.RECORD, row.id):
            one = from_record(Told, row.body)
            if one.alert is not None and (since is None or one.at >= since):
                told[one.article].add((one.topic, one.alert))
    for row in index.scan(Kind.ALERTS):
        with contained(Border.RECORD, row.id):
            alert = from_record(Alert, row.body)
            if since is None or alert.created_at >= since:
                told[alert.article].add((alert.topic, alert.id))
                under[alert.story].add((alert.topic, alert.id))
    stories: dict[str, set[Telling]] = defaultdict(set)
    for ids in _chunks(told):
        for id_, judgement in judgements_of(index, ids).items():
            stories[judgement.story] |= told[id_]
    for ids in _chunks(under):
        for row in index.find(Kind.STORIES, {"absorbed": ids}, limit=10_000):
            for name in set(from_record(StoryRecord, row.body).absorbed) & under.keys():
                stories[row.id] |= under[name]
    return _spread(index, stories, now)


def _spread(index: Index, stories: Mapping[str, Collection[Telling]], now: datetime) -> int:
    noted = 0
    for ids in _chunks(stories):
        heirs = find_heirs(index, ids)
        members = members_of(index, set(heirs.values()))
        records = [
            Told(topic=topic, article=member, at=now, alert=alert)
            for id_ in ids
            for topic, alert in sorted(stories[id_])
            for member in members[heirs[id_]]
        ]
        new = unnoted(index, records)
        note(index, new)
        noted += len(new)
    return noted


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(items))
    while some := list(islice(rest, CHUNK)):
        yield some
