"""Backtests: what a topic would have rung for, by what is in the index, and what would have been sent of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.backtesting import Backtest, Sending, backtest, sending
from copydesk.index import Body, Json, Kind, Write
from copydesk.topic import Topic
from copydesk.urls import url_key
from made.alerts import FERRIES, NOW, put, ring
from made.documents import article_record

SINCE = NOW - timedelta(days=30)


def state(index: MemoryIndex, article: str, at: str, **fields: Json) -> None:
    """An earlier state of an article, as storing writes it."""
    seen = {"first_seen_at": at, "fetched_at": at, "capture_id": f"{article}-{at}"}
    body: Body = {**article_record(article, **{**seen, **fields}), "article": article}
    gone = {"family", "story", "revision"}
    kept = {name: value for name, value in body.items() if name not in gone}
    index.write([Write(kind=Kind.VERSIONS, id=f"{article}-{at}", body=kept)])


def brought(index: MemoryIndex, article: str, *, segment: str, quiet: bool = False) -> None:
    """By which segment an article came, and whether a first poll announced it."""
    url = f"https://{article}.example/1"
    seen: Body = {"first_seen_at": "2026-03-02T10:00:00Z", "source": article, "outlet": article, "url": url}
    capture: Body = {
        "id": f"{article}-1",
        "segment": segment,
        "outcome": "indexed",
        "article": article,
        **seen,
    }
    ledger: Body = {
        "host": "h",
        "shard": 0,
        "sources": [article],
        "publisher": article,
        "quiet": quiet,
        **seen,
    }
    index.write([Write(kind=Kind.CAPTURES, id=f"{article}-1", body=capture)])
    index.write([Write(kind=Kind.LEDGER, id=url_key(url), body=ledger)])


def found_by(index: MemoryIndex, topic: Topic = FERRIES, since: datetime = SINCE) -> Backtest:
    return backtest(index, MemoryIndex(), topic, since=since, until=NOW + timedelta(days=1))


def articles(found: Backtest) -> list[str]:
    return [alert.article for alert in found.alerts]


def test_a_copy_is_found_where_only_its_outlet_is_wanted() -> None:
    """The story of an original elsewhere rings by its copy, as it does live, and once."""
    index = MemoryIndex()
    put(index, "wire", story="s", seen="2026-03-01T08:00:00Z")
    put(index, "copy", story="s", duplicate_of="wire", family="wire", seen="2026-03-01T09:00:00Z")
    assert articles(found_by(index)) == ["wire"]
    assert articles(found_by(index, FERRIES.model_copy(update={"outlets": ("copy",)}))) == ["copy"]
    assert articles(found_by(index, FERRIES.model_copy(update={"outlets": ("third",)}))) == []


def test_an_alert_says_what_was_known_when_it_rang() -> None:
    """When it rang, and only of who had the story by then; the outlets of the back-test are those of now."""
    index = MemoryIndex()
    put(index, "early", story="s", seen="2026-03-01T08:00:00Z")
    put(index, "late", story="s", seen="2026-03-01T20:00:00Z", published_at="2026-03-01T07:00:00Z")
    found = found_by(index)
    (alert,) = found.alerts
    assert (alert.first_outlet, alert.outlets, alert.created_at.hour) == ("early", 1, 8)
    assert found.outlets == {"early", "late"}


def test_what_an_article_said_earlier_rings() -> None:
    """A word that a later state of the article lacks is met, at the time of the earlier one; in a new one anew."""
    index = MemoryIndex()
    state(index, "a", "2026-03-01T08:00:00Z")
    put(index, "a", text="Trains.", title="Trains", seen="2026-03-01T09:00:00Z")
    state(index, "b", "2026-03-01T10:00:00Z", text="Trains.", title="Trains")
    put(index, "b", seen="2026-03-01T11:00:00Z")
    assert [(one.article, one.created_at.hour) for one in found_by(index).alerts] == [("a", 8), ("b", 11)]


def test_what_came_in_one_segment_is_worked_on_at_once() -> None:
    """A roundup does not ring beside what it holds, though it was fetched first; in a segment of its own it does."""
    for segment, rings in (("one", ["item"]), ("other", ["item", "roundup"])):
        index = MemoryIndex()
        put(index, "roundup", seen="2026-03-01T08:00:00Z", contains=["item"])
        put(index, "item", seen="2026-03-01T09:00:00Z")
        judged: Body = {"family": "item", "story": "item", "checksum": "c"}
        index.write([Write(kind=Kind.JUDGEMENTS, id="item", body=judged)])
        brought(index, "roundup", segment="one")
        brought(index, "item", segment=segment)
        assert sorted(articles(found_by(index))) == rings


def test_a_story_that_was_told_before_does_not_ring() -> None:
    """What comes within the time of a story that would have rung before it is no news."""
    index = MemoryIndex()
    put(index, "old", story="s", seen="2026-02-25T08:00:00Z")
    put(index, "new", story="s", seen="2026-03-01T08:00:00Z")
    put(index, "other", seen="2026-03-01T09:00:00Z")
    assert articles(found_by(index, since=NOW - timedelta(days=2))) == ["other"]
    assert articles(found_by(index)) == ["old", "other"]


def test_what_a_first_poll_brought_is_told_apart() -> None:
    """It rings nothing and is named beside; a copy that came later by itself rings."""
    index = MemoryIndex()
    for name, story in (("a", "s"), ("b", "t"), ("c", "t")):
        put(index, name, story=story, seen=f"2026-03-01T0{8 + 'abc'.index(name) // 2}:00:00Z")
        brought(index, name, segment=name, quiet=name != "c")
    found = found_by(index)
    assert articles(found) == ["c"]
    assert [alert.article for alert in found.quiet] == ["a"]


def test_what_is_too_old_is_counted() -> None:
    """By its age when it was fetched, as it is live."""
    index = MemoryIndex()
    put(index, "a", published_at="2026-02-01T08:00:00Z", seen="2026-03-01T08:00:00Z")
    put(index, "b", seen="2026-03-01T08:00:00Z")
    assert (articles(found_by(index)), found_by(index).too_old) == (["b"], 1)


def test_a_muted_topic_is_tested_as_if_it_were_not() -> None:
    """Whoever mutes it asks what it will ring for afterwards."""
    index = MemoryIndex()
    put(index, "a")
    muted = FERRIES.model_copy(update={"mute_until": NOW + timedelta(days=9)})
    (alert,) = found_by(index, muted).alerts
    assert alert.channels == FERRIES.channels


def test_the_index_stays_as_it_is() -> None:
    """Nothing is written, and what live rang already is tested all the same."""
    index = MemoryIndex()
    rung = ring(index, [put(index, "a"), put(index, "b")])
    before = {kind: list(index.scan(kind)) for kind in Kind}
    assert {alert.id for alert in found_by(index).alerts} == {alert.id for alert in rung}
    assert {kind: list(index.scan(kind)) for kind in Kind} == before


@pytest.mark.parametrize("names", [3, 1800])
def test_all_is_read_however_much_there_is(names: int) -> None:
    """More articles than are read at once, many of one moment; of a topic too large for a server too."""
    index = MemoryIndex()
    at = "2026-03-01T08:00:00Z"
    for number in range(520):
        put(index, f"a{number}", seen=at if number < 505 else f"2026-03-0{number % 2 + 1}T09:00:00Z")
    large = FERRIES.model_copy(update={"any": (*(f"name{n} other{n}" for n in range(names)), "ferry")})
    assert len(found_by(index, large).alerts) == 520


@pytest.mark.parametrize(
    ("keys", "sent"),
    [
        ({}, Sending(4, 0, 0)),
        ({"cadence": "hourly"}, Sending(0, 3, 2)),
        ({"cadence": "daily"}, Sending(0, 2, 3)),
        ({"cadence": "weekly"}, Sending(0, 2, 3)),
        ({"limit": 1}, Sending(3, 1, 1)),
        ({"cadence": "daily", "at_once": 1}, Sending(4, 0, 0)),
        ({"limit": 1, "at_once": 1}, Sending(4, 0, 0)),
    ],
)
def test_what_would_have_been_sent(keys: Mapping[str, object], sent: Sending) -> None:
    """At once, or in digests of the moments that alerts live wait for: messages, digests, and the longest of these."""
    index = MemoryIndex()
    topic = FERRIES.model_copy(update=keys)
    for name, hour in (("a", 9), ("b", 9), ("c", 10), ("d", 33)):
        put(index, name, seen=f"2026-03-0{1 + hour // 24}T{hour % 24:02}:10:00Z")
    alerts = found_by(index, topic).alerts
    assert sending(topic, alerts) == sent
    digests = {alert.digest_at for alert in alerts if alert.digest_at}
    assert (sum(alert.digest_at is None for alert in alerts), len(digests)) == (sent.at_once, sent.digests)


def test_alerts_a_day() -> None:
    """By the whole time that is looked at."""
    index = MemoryIndex()
    for number in range(62):
        put(index, f"a{number}", seen="2026-03-01T08:00:00Z")
    found = found_by(index)
    assert found.per_day == pytest.approx(2)
    assert replace(found, alerts=()).per_day == 0
