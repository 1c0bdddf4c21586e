"""What a channel has heard of a story: from which alerts, of any topic, under whatever id the story had then.

Ids of stories and alerts lead there while an index lives; after a replay or a restore the notes of texts do, which
are searched by text, for nobody knows here which topics there are.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import chain

from copydesk.alerting.alerts import alert_id, delivery_id, digest_id
from copydesk.alerting.meeting import of_roundups
from copydesk.border import Border, contained
from copydesk.index import FIND_MOST, Index, Kind
from copydesk.index.article import judgements_of
from copydesk.index.records import from_record, load
from copydesk.index.state import Delivery, DeliveryState
from copydesk.index.unreadable import field_of
from copydesk.judging.clustering.provenance import by_publisher
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord, resolve
from copydesk.model import Alert

__all__ = ["Heard", "about", "alerts_about", "heard_before", "readable"]


@dataclass(frozen=True, slots=True)
class Heard:
    """All alerts about a story by id, and how many outlets and publishers carry it now, as far as is known."""

    alerts: Mapping[str, Alert]
    outlets: int = 0
    publishers: int = 0


def about(index: Index, alert: Alert) -> Heard:
    """What there is about the story that an alert tells of, as the story is now; that alert is among the alerts.

    What an alert told that shows a roundup says nothing of a story with an article of its own.
    """
    judged = judgements_of(index, [alert.article])
    known = resolve(index, {alert.story, *(judgement.story for judgement in judged.values())})
    stories = {story.id: story for story in known.values()}
    families = _families(index, stories.values())
    names = {alert.story, *_names(stories.values())}
    ids = {
        *(alert_id(alert.topic, name) for name in names),
        *_told_of(index, stories.values(), families, {alert.article, *names}),
    }
    found = readable(index, ids - {alert.id})
    brief = of_roundups(index, [alert, *found.values()])
    if alert.id not in brief:
        found = {id_: one for id_, one in found.items() if id_ not in brief}
    carriers = [carrier for family in families for carrier in family.carriers]
    return Heard(
        {alert.id: alert, **found}, len({one.outlet for one in carriers}), len(by_publisher(carriers))
    )


def alerts_about(index: Index, story: str) -> dict[str, Alert]:
    """All alerts about a story by id, whichever topic rang, under whatever id the story had then."""
    stories = {one.id: one for one in resolve(index, [story]).values()}
    families = _families(index, stories.values())
    return readable(index, _told_of(index, stories.values(), families, {story, *_names(stories.values())}))


def _names(stories: Iterable[StoryRecord]) -> set[str]:
    """The ids that stories have and had."""
    return {name for story in stories for name in (story.id, *story.absorbed)}


def _told_of(
    index: Index, stories: Iterable[StoryRecord], families: Iterable[FamilyRecord], texts: Iterable[str]
) -> set[str]:
    """The ids of the alerts that told of stories, or of any text of them or of these."""
    texts = {*texts, *chain.from_iterable(family.members for family in families)}
    notes = index.find(Kind.TOLD, {"article": sorted(texts)}, limit=FIND_MOST)
    noted = {str(id_) for note in notes if (id_ := field_of(note, "alert"))}
    return noted.union(*(story.told for story in stories))


def _families(index: Index, stories: Iterable[StoryRecord]) -> list[FamilyRecord]:
    ids = sorted(set(chain.from_iterable(story.families for story in stories)))
    return list(load(index, Kind.FAMILIES, FamilyRecord, ids).values())


def readable(index: Index, ids: Collection[str]) -> dict[str, Alert]:
    """The alerts of these ids, by id; without those that cannot be read."""
    alerts = {}
    for id_, row in index.get(Kind.ALERTS, sorted(ids)).items():
        with contained(Border.TOPIC, id_):
            alerts[id_] = from_record(Alert, row.body)
    return alerts


def heard_before(index: Index, mine: Delivery, alerts: Mapping[str, Alert]) -> str:
    """An alert about the story by which the channel was told, or will be before this delivery; "" if there is none.

    `alerts` are all there are about the story, see `about`.
    """
    ids = {delivery_id(name, mine.channel) for one in alerts.values() for name in (one.story, one.id)}
    ids |= {digest_id(one.digest_at, mine.channel) for one in alerts.values() if one.digest_at}
    others = load(index, Kind.DELIVERIES, Delivery, sorted(ids - {mine.id}))
    turn = _turn(mine, alerts)
    for other in others.values():
        named = next((id_ for id_ in (other.alert, *other.also) if id_ in alerts), "")
        waits = other.state is DeliveryState.PENDING and _turn(other, alerts) < turn
        if named and (waits or other.state is DeliveryState.SENT):
            return named
    return ""


def _turn(delivery: Delivery, alerts: Mapping[str, Alert]) -> tuple[str, str]:
    """What sorts deliveries that tell of one story: the first of them is sent."""
    alert = alerts.get(delivery.alert)
    at = delivery.digest_at or (alert.created_at if alert else delivery.created_at)
    return at.astimezone(UTC).isoformat(), delivery.id
