from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.alerts import alert_id, delivery_id
from copydesk.alerting.delivering import deliver
from copydesk.channels import AtomChannel, Channel, LogChannel, MailChannel, WebhookChannel
from copydesk.index import Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.judging.clustering.stories import StoryRecord
from copydesk.ports import Message, Sent
from made.messages import ALERT, NOW

CHANNELS: dict[str, Channel] = {
    "log": LogChannel(kind="log"),
    "hook": WebhookChannel(kind="webhook", url="https://hooks.example/x", secret="env:HOOK"),
    "feed": AtomChannel(kind="atom", path="alerts.atom"),
}


@dataclass
class Recorder:
    """A Notifier that keeps what it was given and answers by kind; "sent" for kinds it has no answers for."""

    answers: dict[str, list[Sent]] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Sent:
        """Keep the message; the next answer of its kind, the last one again and again."""
        self.messages.append(message)
        answers = self.answers.get(message.kind, [Sent("sent")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


def put(index: MemoryIndex, number: int, *channels: str, created_at: datetime = NOW) -> None:
    """An alert with a delivery "<number>-<channel>" to each channel."""
    alert = replace(
        ALERT,
        id=f"alert{number}",
        story=f"s{number}",
        title=f"Ferry {number}",
        snippet="",
        created_at=created_at,
        channels=channels,
    )
    index.write([Write(kind=Kind.ALERTS, id=alert.id, body=to_record(alert), create=True)])
    for channel in channels:
        delivery = Delivery(
            id=f"{number}-{channel}",
            alert=alert.id,
            channel=channel,
            created_at=created_at,
            retry_at=created_at,
        )
        index.write([Write(kind=Kind.DELIVERIES, id=delivery.id, body=to_record(delivery), create=True)])


def stored(index: MemoryIndex, id_: str) -> Delivery:
    return from_record(Delivery, index.get(Kind.DELIVERIES, [id_])[id_].body)


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


def test_a_dead_channel_does_not_stop_the_others() -> None:
    """While one channel fails, all deliveries of the others are sent, and it is tried only once."""
    index, notifier = MemoryIndex(), Recorder({"http": [Sent("retry", "HTTP 503")]})
    for number in range(5):
        put(index, number, "hook", "log")
    assert deliver(index, notifier, CHANNELS, NOW) == {"sent": 5, "retry": 1}
    assert [message.kind for message in notifier.messages].count("http") == 1


def test_a_channel_that_failed_rests_with_all_it_has() -> None:
    """Nothing is sent to a failing channel until its pause is over; then everything is, if it works again."""
    index, notifier = MemoryIndex(), Recorder({"http": [Sent("retry", "HTTP 429", 600), Sent("sent")]})
    for number in range(3):
        put(index, number, "hook")
    deliver(index, notifier, CHANNELS, NOW)
    assert deliver(index, notifier, CHANNELS, NOW + timedelta(seconds=590)) == {}
    assert deliver(index, notifier, CHANNELS, NOW + timedelta(seconds=721)) == {"sent": 3}
    assert sorted(stored(index, f"{number}-hook").attempts for number in range(3)) == [1, 1, 2]


@pytest.mark.parametrize(
    ("answers", "state", "detail"),
    [
        ("gone gone", "dead", "HTTP 410 twice"),
        ("gone retry gone sent", "sent", ""),
        ("gone sent", "sent", ""),
    ],
)
def test_only_gone_twice_ends_a_delivery_at_once(answers: str, state: str, detail: str) -> None:
    """A receiver that says 410 is asked once more; only if it says so again in a row the delivery is dead."""
    sent = {"gone": Sent("gone", "HTTP 410"), "retry": Sent("retry", "HTTP 404"), "sent": Sent("sent")}
    index, notifier = MemoryIndex(), Recorder({"http": [sent[answer] for answer in answers.split()]})
    put(index, 1, "hook")
    for hour in range(4):
        deliver(index, notifier, CHANNELS, NOW + timedelta(hours=hour))
    assert (stored(index, "1-hook").state, stored(index, "1-hook").detail) == (state, detail)
    assert len(notifier.messages) == len(answers.split())


@dataclass
class Picky(Recorder):
    """A Notifier that never takes some of the messages, and those as if the whole channel had failed."""

    refused: frozenset[str] = frozenset()

    def send(self, message: Message) -> Sent:
        """Refuse those by id, take the others."""
        self.messages.append(message)
        return Sent("retry", "HTTP 500") if message.id in self.refused else Sent("sent")


@given(
    refused=st.sets(st.integers(0, 5), max_size=5),
    arrivals=st.lists(st.integers(0, 30), min_size=6, max_size=6),
)
def test_what_a_receiver_never_takes_holds_up_nothing_else(refused: set[int], arrivals: list[int]) -> None:
    """Whichever messages make a receiver fail, all others reach it within minutes, and those end after three days."""
    index = MemoryIndex()
    notifier = Picky(refused=frozenset(f"{number}-hook" for number in refused))
    for minute in range(45):
        for number in (number for number, at in enumerate(arrivals) if at == minute):
            put(index, number, "hook", created_at=NOW + timedelta(minutes=minute))
        deliver(index, notifier, CHANNELS, NOW + timedelta(minutes=minute))
    assert {number for number in range(6) if stored(index, f"{number}-hook").state is DeliveryState.SENT} == (
        set(range(6)) - refused
    )
    for hour in range(0, 24 * 9, 3):
        deliver(index, notifier, CHANNELS, NOW + timedelta(hours=hour))
    assert all(stored(index, f"{number}-hook").state is DeliveryState.DEAD for number in refused)


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


def test_retries_get_rarer_and_end_after_three_days() -> None:
    """A channel that is down is tried some ten times in a little over three days, then given up with the reason."""
    index, notifier = MemoryIndex(), Recorder({"http": [Sent("retry", "HTTP 503")]})
    put(index, 1, "hook")
    now, pauses = NOW, []
    while stored(index, "1-hook").state is DeliveryState.PENDING:
        deliver(index, notifier, CHANNELS, now)
        later = stored(index, "1-hook").retry_at
        if later is not None:
            pauses.append(later - now)
            now = later
    end = stored(index, "1-hook")
    assert pauses[:7] == sorted(pauses[:7])
    assert timedelta(seconds=4) <= pauses[0] <= timedelta(seconds=6)
    assert timedelta(days=3) <= now - NOW <= timedelta(days=4)
    assert 9 <= end.attempts <= 11
    assert end.detail == f"given up after {end.attempts} attempts: HTTP 503"


def test_an_outage_of_our_own_gives_nothing_up() -> None:
    """A delivery that waited for days because nobody tried it is tried for three days like any other."""
    index, notifier = MemoryIndex(), Recorder({"http": [Sent("retry", "timeout")] * 6 + [Sent("sent")]})
    put(index, 1, "hook", created_at=NOW - timedelta(days=9))
    assert deliver(index, notifier, CHANNELS, NOW) == {"retry": 1}
    ends = [deliver(index, notifier, CHANNELS, NOW + timedelta(hours=hour)) for hour in range(1, 60)]
    assert [end for end in ends if end][-1] == {"sent": 1}


@given(retry_after=st.one_of(st.none(), st.floats(0, 1e9)))
def test_retry_after_is_honoured_within_a_day(retry_after: float | None) -> None:
    """The pause is never shorter than asked for, as long as no more than a day is asked for."""
    index, notifier = MemoryIndex(), Recorder({"http": [Sent("retry", "", retry_after)]})
    put(index, 1, "hook")
    deliver(index, notifier, CHANNELS, NOW)
    later = stored(index, "1-hook").retry_at
    assert later is not None
    least = min(retry_after or 0, 86_400)
    assert least <= (later - NOW).total_seconds() + 1e-3
    assert (later - NOW).total_seconds() <= max(least, 6) + 1e-3


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


@pytest.mark.parametrize(
    ("channels", "detail"),
    [({}, "channel hook is not configured"), ({"log": CHANNELS["log"]}, "channel hook is not configured")],
)
def test_a_channel_that_is_not_configured_waits(channels: dict[str, Channel], detail: str) -> None:
    """A delivery whose channel is missing from the file is kept for as long as one to a channel that fails."""
    index, notifier = MemoryIndex(), Recorder()
    put(index, 1, "hook")
    assert deliver(index, notifier, channels, NOW) == {"retry": 1}
    assert stored(index, "1-hook").detail == detail
    assert deliver(index, notifier, CHANNELS, NOW + timedelta(minutes=1)) == {"sent": 1}


def test_a_delivery_without_its_alert_waits_and_ends() -> None:
    """A delivery whose alert is gone waits for it like for a channel that fails, and does not rest the channel."""
    index, notifier = MemoryIndex(), Recorder()
    put(index, 1, "hook")
    put(index, 2, "hook")
    index.write([Write(kind=Kind.ALERTS, id="alert1", body=None)])
    assert deliver(index, notifier, CHANNELS, NOW) == {"retry": 1, "sent": 1}
    assert stored(index, "1-hook").detail == "alert alert1 is gone"
    for hour in range(24 * 5):
        deliver(index, notifier, CHANNELS, NOW + timedelta(hours=hour))
    end = stored(index, "1-hook")
    assert (end.state, end.detail) == (
        "dead",
        f"given up after {end.attempts} attempts: alert alert1 is gone",
    )


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
