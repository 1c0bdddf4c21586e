"""Deliveries are sent: each once, the oldest first, whoever else sends, and what is wrong with one stops no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import orjson
import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.alerts import alert_id, delivery_id
from copydesk.alerting.delivering import deliver
from copydesk.channels import MailChannel
from copydesk.index import Kind, Write
from copydesk.index.records import to_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.judging.clustering.stories import FamilyRecord, StoryRecord
from copydesk.ports import Message, Sent
from copydesk.topic import Topic
from made import alerts as matching
from made.deliveries import CHANNELS, Recorder, put, stored
from made.messages import NOW


def test_what_is_due_is_sent_once() -> None:
    """A sent delivery is recorded with its time and never sent again; its id is the message's."""
    index, notifier = MemoryIndex(lag=True), Recorder()
    put(index, 1, "log", "hook")
    assert deliver(index, notifier, CHANNELS, NOW) == {"sent": 2}
    assert deliver(index, notifier, CHANNELS, NOW + timedelta(days=1)) == {}
    assert sorted(message.id for message in notifier.messages) == ["1-hook", "1-log"]
    end = stored(index, "1-hook")
    assert (end.state, end.sent_at, end.attempts, end.retry_at, end.leased_until) == (
        DeliveryState.SENT,
        NOW,
        1,
        None,
        None,
    )


def test_recipients_that_have_it_do_not_get_it_again() -> None:
    """A mail that a server took for some is tried again for the others alone, and does not rest the channel."""
    channel = MailChannel.model_validate(
        {
            "kind": "mail",
            "server": "smtp://mail.example",
            "from": "a@x.example",
            "to": ["b@x.example", "c@x.example"],
        }
    )
    part = Sent("retry", "refused for c@x.example: 450 busy", accepted=("b@x.example",))
    index, notifier = MemoryIndex(), Recorder({"mail": [part, part, Sent("sent")]})
    put(index, 1, "post")
    put(index, 2, "post")
    assert deliver(index, notifier, {"post": channel}, NOW) == {"retry": 2}
    assert deliver(index, notifier, {"post": channel}, NOW + timedelta(minutes=1)) == {"sent": 2}
    assert [message.recipients for message in notifier.messages] == [
        ("b@x.example", "c@x.example"),
        ("b@x.example", "c@x.example"),
        ("c@x.example",),
        ("c@x.example",),
    ]


def test_an_alert_that_cannot_be_read_or_told_is_the_trouble_of_its_delivery() -> None:
    """What is wrong with one alert or delivery is said by its delivery, which is tried again; the others are sent."""
    index, notifier = MemoryIndex(), Recorder()
    for number in range(4):
        put(index, number, "hook", "feed")
    body = index.get(Kind.ALERTS, ["alert1"])["alert1"].body
    index.write([Write(kind=Kind.ALERTS, id="alert1", body={**body, "outlets": None})])
    row = index.get(Kind.DELIVERIES, ["2-hook"])["2-hook"].body
    index.write(
        [Write(kind=Kind.DELIVERIES, id="2-hook", body={**row, "state": "pending", "alert": ["x", "y"]})]
    )
    assert deliver(index, notifier, CHANNELS, NOW) == {"sent": 5, "retry": 2, "dead": 1}
    assert stored(index, "1-hook").detail.startswith("internal: ValidationError")
    assert deliver(index, notifier, CHANNELS, NOW) == {}
    dead = index.get(Kind.DELIVERIES, ["2-hook"])["2-hook"].body
    assert (dead["state"], str(dead["detail"])[:9]) == ("dead", "internal:")


def test_a_killed_worker_repeats_under_the_same_id() -> None:
    """A delivery claimed by a worker that died is left alone until the claim runs out, then sent under its old id."""
    index, notifier = MemoryIndex(), Recorder()
    put(index, 1, "hook")
    claimed = replace(stored(index, "1-hook"), leased_until=NOW + timedelta(minutes=5), attempts=1)
    index.write([Write(kind=Kind.DELIVERIES, id="1-hook", body=to_record(claimed))])
    assert deliver(index, notifier, CHANNELS, NOW) == {}
    assert deliver(index, notifier, CHANNELS, NOW + timedelta(minutes=5)) == {"sent": 1}
    assert [message.id for message in notifier.messages] == ["1-hook"]
    assert stored(index, "1-hook").attempts == 2


@dataclass
class Colleague(Recorder):
    """A Notifier during whose sending another worker does something."""

    meanwhile: Callable[[], object] = lambda: None

    def send(self, message: Message) -> Sent:
        """Let the other one act, then answer."""
        self.meanwhile()
        return super().send(message)


def test_two_workers_send_each_delivery_once() -> None:
    """What one worker is sending, another that runs at the same time does not."""
    index, other = MemoryIndex(), Recorder()
    for number in range(4):
        put(index, number, "log")
    one = Colleague(meanwhile=lambda: deliver(index, other, CHANNELS, NOW))
    counts = deliver(index, one, CHANNELS, NOW)
    sent = [message.id for message in [*one.messages, *other.messages]]
    assert sorted(sent) == ["0-log", "1-log", "2-log", "3-log"]
    assert counts == {"sent": len(one.messages)}


def test_a_late_failure_does_not_undo_a_success() -> None:
    """When a second worker has sent the delivery meanwhile, the first one's failure is not recorded."""
    index, other = MemoryIndex(), Recorder()
    put(index, 1, "hook")
    late = NOW + timedelta(hours=1)
    one = Colleague(
        {"http": [Sent("retry", "timeout")]}, meanwhile=lambda: deliver(index, other, CHANNELS, late)
    )
    deliver(index, one, CHANNELS, NOW)
    assert stored(index, "1-hook").state is DeliveryState.SENT


def test_a_feed_holds_the_alerts_before() -> None:
    """A channel that shows recent alerts gets those of its own deliveries, sent or not."""
    index, notifier = MemoryIndex(), Recorder()
    put(index, 1, "feed", created_at=NOW - timedelta(hours=1))
    put(index, 2, "log")
    put(index, 3, "feed")
    deliver(index, notifier, CHANNELS, NOW)
    feeds = [message.body.decode() for message in notifier.messages if message.kind == "file"]
    assert all("Ferry 1" in feed and "Ferry 3" in feed and "Ferry 2" not in feed for feed in feeds)


def test_no_more_than_the_limit_is_sent_at_once() -> None:
    """The rest stays due."""
    index, notifier = MemoryIndex(), Recorder()
    for number in range(5):
        put(index, number, "log")
    assert [deliver(index, notifier, CHANNELS, NOW, limit=2)["sent"] for _ in range(4)] == [2, 2, 1, 0]


def ids(messages: Sequence[Message]) -> list[str]:
    return [message.id for message in messages]


def test_the_oldest_is_sent_first() -> None:
    """Deliveries of a channel go out in the order in which they were due."""
    index, notifier = MemoryIndex(), Recorder()
    for number in (2, 0, 1):
        put(index, number, "log", created_at=NOW - timedelta(minutes=9 - number))
    deliver(index, notifier, CHANNELS, NOW)
    assert ids(notifier.messages) == ["0-log", "1-log", "2-log"]


TOWN = Topic(name="town", title="The town", any=("aground",), channels=("log", "hook"))
NORTH = Topic(name="north", title="The north", any=("ran",), channels=("log",))


def lines(post: Recorder) -> list[str]:
    return [message.body.decode() for message in post.messages if message.kind == "log"]


def test_a_story_that_meets_several_topics_is_one_message_a_channel() -> None:
    """It names those that are told on this channel, with what was met of each."""
    index, post = MemoryIndex(lag=True), Recorder()
    matching.ring(index, [matching.put(index, "a", story="s")], NORTH, TOWN)
    index.refresh()
    assert deliver(index, post, CHANNELS, matching.NOW) == {"sent": 2}
    assert lines(post) == [
        "north, town: Ferry aground (first in a, 1 outlet of 1 publisher; matched ran, aground) https://a.example/1"
    ]
    (event,) = [orjson.loads(message.body)["data"] for message in post.messages if message.kind == "http"]
    assert (event["topics"], event["topic_title"]) == (["town"], "The town")


def test_a_topic_that_is_met_later_repeats_nothing_to_its_channel() -> None:
    """Who was told of a story is not told again because a later article of it meets another topic; others are."""
    index, post = MemoryIndex(), Recorder()
    matching.ring(index, [matching.put(index, "a", story="s", text="It ran.", title="Ferry")], NORTH, TOWN)
    deliver(index, post, CHANNELS, matching.NOW)
    later = matching.NOW + timedelta(hours=1)
    rung = matching.ring(index, [matching.put(index, "b", story="s")], NORTH, TOWN, now=later)
    assert [alert.topic for alert in rung] == ["town"]
    assert deliver(index, post, CHANNELS, later) == {"sent": 1}
    assert [message.kind for message in post.messages] == ["log", "http"]


def test_what_a_replayed_story_is_called_makes_no_second_message() -> None:
    """A story that was told under another id is not told again by a topic that it meets only now."""
    index, post = MemoryIndex(), Recorder()
    matching.ring(index, [matching.put(index, "a", story="s", text="It ran.", title="Ferry")], NORTH, TOWN)
    deliver(index, post, CHANNELS, matching.NOW)
    for id_ in ("a", "b"):
        matching.put(index, id_, story="other")
    family = FamilyRecord(
        id="a", story="other", original="a", members=("a", "b"), first_seen_at=NOW, last_seen_at=NOW
    )
    story = StoryRecord(id="other", families=("a",), first_seen_at=NOW, last_seen_at=NOW, root="other")
    index.write([Write(kind=Kind.FAMILIES, id="a", body=to_record(family))])
    index.write([Write(kind=Kind.STORIES, id="other", body=to_record(story))])
    later = matching.NOW + timedelta(hours=1)
    assert [alert.topic for alert in matching.ring(index, ["b"], NORTH, TOWN, now=later)] == ["town"]
    assert deliver(index, post, CHANNELS, later) == {"folded": 1, "sent": 1}
    assert [message.kind for message in post.messages] == ["log", "http"]


def test_what_was_sent_before_the_ids_changed_is_not_sent_again() -> None:
    """Until 0.3 the id of a delivery was made of its alert; what stands so in the outbox counts."""
    index, post = MemoryIndex(), Recorder()
    (alert,) = matching.ring(index, [matching.put(index, "a", story="s")], NORTH)
    old = Delivery(
        id=delivery_id(alert.id, "log"),
        alert=alert.id,
        channel="log",
        created_at=NOW,
        state=DeliveryState.SENT,
    )
    index.write([Write(kind=Kind.DELIVERIES, id=old.id, body=to_record(old))])
    assert deliver(index, post, CHANNELS, matching.NOW) == {"folded": 1}
    assert post.messages == []


@pytest.mark.parametrize(("told", "sent"), [("sent", 0), ("pending", 0), ("dead", 1)])
def test_a_story_that_became_part_of_a_told_one_is_not_told_again(told: str, sent: int) -> None:
    """What waits for an alert is given up when the stories of two alerts merge, unless nobody heard of the first."""
    index, post = MemoryIndex(), Recorder()
    first, second = alert_id("ferries", "s0"), alert_id("ferries", "s1")
    for number, id_ in ((0, first), (1, second)):
        put(index, number, created_at=NOW + timedelta(minutes=number))
        body = index.get(Kind.ALERTS, [f"alert{number}"])[f"alert{number}"].body
        index.write([Write(kind=Kind.ALERTS, id=id_, body={**body, "id": id_})])
        state = DeliveryState(told) if number == 0 else DeliveryState.PENDING
        row = Delivery(
            id=delivery_id(id_, "log"), alert=id_, channel="log", created_at=NOW, retry_at=NOW, state=state
        )
        index.write([Write(kind=Kind.DELIVERIES, id=row.id, body=to_record(row))])
    kept = StoryRecord(
        id="s0", families=("f",), first_seen_at=NOW, last_seen_at=NOW, root="s0", absorbed=("s1",)
    )
    gone = replace(kept, id="s1", absorbed=(), merged_into="s0")
    index.write([Write(kind=Kind.STORIES, id=one.id, body=to_record(one)) for one in (kept, gone)])
    deliver(index, post, CHANNELS, NOW)
    assert sum(message.id == delivery_id(second, "log") for message in post.messages) == sent
