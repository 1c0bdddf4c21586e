"""How deliveries stand, what was not told, and sending again what was given up."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.delivering import deliver
from copydesk.alerting.outbox import revive
from copydesk.alerting.telling import note
from copydesk.channels import LogChannel
from copydesk.cli.status import channel_lines
from copydesk.index import Index, Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import Delivery, DeliveryState, Told
from copydesk.ports import Message, Sent
from copydesk.takedowns.hushing import hush
from copydesk.views.deliveries import channel_states
from copydesk.views.status import funnel
from made.messages import ALERT, NOW

NONE = {"pending": 0, "sent": 0, "dead": 0, "folded": 0}
STATES = st.lists(st.tuples(st.sampled_from(["one", "two"]), st.sampled_from(DeliveryState)), max_size=12)


def put(index: Index, name: str, channel: str, state: DeliveryState, detail: str = "HTTP 404") -> None:
    alert = replace(ALERT, id=f"alert-{name}", story=f"story-{name}", channels=(channel,))
    delivery = Delivery(
        id=name,
        alert=alert.id,
        channel=channel,
        created_at=NOW,
        state=state,
        attempts=9,
        tried_since=NOW,
        tried_at=NOW + timedelta(days=3),
        gone=True,
        detail=detail,
    )
    writes = [Write(kind=Kind.ALERTS, id=alert.id, body=to_record(alert))]
    index.write([*writes, Write(kind=Kind.DELIVERIES, id=name, body=to_record(delivery))])


class Post:
    """A Notifier that takes everything."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> Sent:
        """Take it."""
        self.sent.append(message)
        return Sent("sent")


@given(STATES)
def test_what_is_dead_is_sent_again_and_nothing_else(rows: list[tuple[str, DeliveryState]]) -> None:
    """Reviving a channel makes its dead deliveries due as if new, whatever ended them; all others stay as they are."""
    index, post = MemoryIndex(lag=True), Post()
    for number, (channel, state) in enumerate(rows):
        put(index, str(number), channel, state)
    dead = {str(n) for n, row in enumerate(rows) if row == ("one", DeliveryState.DEAD)}
    later = NOW + timedelta(days=4)
    assert revive(index, "one", later) == len(dead)
    found = index.get(Kind.DELIVERIES, sorted(dead))
    records = [from_record(Delivery, row.body) for row in found.values()]
    assert all(
        (one.attempts, one.tried_since, one.gone, one.retry_at) == (0, None, False, later) for one in records
    )
    assert revive(index, "one", later) == 0
    index.refresh()
    assert channel_states(index).get("two") is None or channel_states(index)["two"].counts == {
        state: sum(row == ("two", state) for row in rows) for state in DeliveryState if ("two", state) in rows
    }
    pending = {str(n) for n, row in enumerate(rows) if row == ("one", DeliveryState.PENDING)}
    deliver(index, post, {"one": LogChannel(kind="log")}, later)
    assert {message.id for message in post.sent} - pending == dead


def test_a_record_that_nobody_can_read_stays_dead_and_holds_up_no_other() -> None:
    index = MemoryIndex()
    put(index, "a", "one", DeliveryState.DEAD)
    put(index, "b", "one", DeliveryState.DEAD)
    body = index.get(Kind.DELIVERIES, ["a"])["a"].body
    index.write([Write(kind=Kind.DELIVERIES, id="a", body={**body, "alert": ["x", "y"]})])
    assert revive(index, "one", NOW) == 1


def test_status_says_how_deliveries_stand_and_what_was_not_told() -> None:
    index = MemoryIndex()
    put(index, "a", "one", DeliveryState.DEAD, "HTTP 410 twice")
    put(index, "b", "one", DeliveryState.SENT)
    put(index, "c", "two", DeliveryState.PENDING)
    note(
        index,
        [
            Told(topic="ferries", article="a", at=NOW, reason="too-old"),
            Told(topic="ferries", article="b", at=NOW, reason="too-old"),
            Told(topic="ferries", article="c", at=NOW, alert="x"),
        ],
    )
    seen = funnel(index)
    assert {name: channel.by_state for name, channel in seen.channels.items()} == {
        "one": {**NONE, "sent": 1, "dead": 1},
        "two": {**NONE, "pending": 1},
    }
    assert seen.channels["one"].dead == {"HTTP 410 twice": 1}
    assert seen.unrung == {("ferries", "too-old"): 2}
    assert list(channel_lines(seen)) == [
        "channel one: pending=0 sent=1 dead=1 folded=0",
        "  dead: 1: HTTP 410 twice",
        "channel two: pending=1 sent=0 dead=0 folded=0",
        "topic ferries: not told of 2: too-old",
    ]


def test_what_was_forgotten_is_not_sent_again() -> None:
    """The alert of a page that was taken down says nothing; its deliveries end so, also those that are revived."""
    index, post = MemoryIndex(), Post()
    put(index, "a", "one", DeliveryState.DEAD)
    hush(index, ["a"], [ALERT.url])
    assert revive(index, "one", NOW) == 1
    assert deliver(index, post, {"one": LogChannel(kind="log")}, NOW) == {"dead": 1}
    assert post.sent == []
    assert channel_states(index)["one"].dead == {"taken-down": 1}
