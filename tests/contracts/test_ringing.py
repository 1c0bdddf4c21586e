"""That alerts ring and are delivered on every Index: what they write is taken, and found again."""

from datetime import UTC, datetime, timedelta

from copydesk.adapters.notify.notifier import Sender
from copydesk.alerting.delivering import deliver
from copydesk.alerting.matching import match
from copydesk.alerting.telling import due, follow, note
from copydesk.channels import AtomChannel, Channel, LogChannel
from copydesk.index import Body, Index, Kind
from copydesk.index.state import Told
from copydesk.topic import Topic
from made.documents import article_record, family_record, judgement_record, put, story_record

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
FERRIES = Topic(name="ferries", any=("ferry",), channels=("log", "desk"))


def carried_by(outlet: str, id_: str, **more: str) -> Body:
    place = {"url": f"https://{outlet}.example/1", "outlet": outlet, "publisher": outlet}
    return article_record(id_, **{"family": "f", "story": "s", **place, **more})


def test_copies_ring_once_and_are_told_once(index: Index) -> None:
    """Copies of a story make one alert with all its deliveries, each of which is sent once."""
    put(index, Kind.ARTICLES, {"a": carried_by("north", "a", agency="dpa"), "b": carried_by("south", "b")})
    (alert,) = match(index, [FERRIES], ["a", "b"], NOW)
    assert (alert.outlets, alert.agency, alert.matched, alert.channels) == (
        2,
        "dpa",
        ("ferry",),
        ("log", "desk"),
    )
    assert match(index, [FERRIES], ["b", "a"], NOW) == []
    channels: dict[str, Channel] = {"log": LogChannel(kind="log"), "desk": LogChannel(kind="log")}
    assert deliver(index, Sender(str), channels, NOW) == {"sent": 2}
    assert deliver(index, Sender(str), channels, NOW) == {}
    index.refresh(Kind.DELIVERIES)
    assert [row.body["state"] for row in index.find(Kind.DELIVERIES, {"alert": alert.id})] == ["sent", "sent"]


def test_a_story_that_absorbed_a_told_one_is_told(index: Index) -> None:
    """An alert under the id of a story that is now part of another one counts for that one."""
    put(index, Kind.ARTICLES, {"a": carried_by("north", "a")})
    assert len(match(index, [FERRIES], ["a"], NOW)) == 1
    put(
        index, Kind.STORIES, {"s": story_record("s", merged_into="t"), "t": story_record("t", absorbed=["s"])}
    )
    put(index, Kind.ARTICLES, {"b": carried_by("south", "b", story="t")})
    assert match(index, [FERRIES], ["a", "b"], NOW) == []


def test_what_cannot_be_sent_stays_due(index: Index) -> None:
    """A channel that fails keeps its deliveries, which are due again later."""
    put(index, Kind.ARTICLES, {"a": carried_by("north", "a")})
    match(index, [FERRIES], ["a"], NOW)
    missing = AtomChannel(kind="atom", path="/nowhere/at/all.atom")
    channels: dict[str, Channel] = {"log": LogChannel(kind="log"), "desk": missing}
    assert deliver(index, Sender(str), channels, NOW) == {"sent": 1, "retry": 1}
    assert deliver(index, Sender(str), channels, NOW) == {}
    later = NOW.replace(minute=1)
    assert deliver(index, Sender(str), {"desk": LogChannel(kind="log")}, later) == {"sent": 1}


def test_what_was_told_outlives_the_stories(index: Index) -> None:
    """Stories may get other ids and lose those they absorbed: a text that was told, or its story was, rings no more."""
    put(index, Kind.ARTICLES, {"a": carried_by("north", "a"), "c": carried_by("east", "c", story="t")})
    put(index, Kind.STORIES, {"t": story_record("t", families=["g"], absorbed=["s"])})
    put(index, Kind.FAMILIES, {"g": family_record("g", story="t", members=["c", "d"])})
    put(index, Kind.JUDGEMENTS, {"a": judgement_record("a", family="f", story="s")})
    assert len(match(index, [FERRIES], ["a"], NOW)) == 1
    index.refresh()
    assert follow(index, NOW) == 3  # t itself, and its texts
    put(index, Kind.STORIES, {"t": story_record("t", families=["g"])})
    put(index, Kind.ARTICLES, {"d": carried_by("south", "d", story="u")})
    assert match(index, [FERRIES], ["c"], NOW) == []
    assert match(index, [FERRIES], ["d"], NOW) == []


def test_what_could_not_be_rung_is_found_when_it_is_due(index: Index) -> None:
    """A note that something is to be tried again comes back once, later than its time and not before."""
    at = NOW + timedelta(minutes=1)
    note(index, [Told(topic="ferries", article="a", at=NOW, reason="internal", attempts=1, retry_at=at)])
    index.refresh(Kind.TOLD)
    assert due(index, NOW) == []
    assert due(index, NOW + timedelta(minutes=2)) == ["a"]
    assert due(index, NOW + timedelta(minutes=2)) == []
