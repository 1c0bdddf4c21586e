"""Channels that fail: they rest, are tried ever more rarely, hold up no other, and are given up in the end."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.delivering import deliver
from copydesk.channels import Channel
from copydesk.index import Kind, Write
from copydesk.index.state import DeliveryState
from copydesk.ports import Message, Sent
from made.deliveries import CHANNELS, Recorder, put, stored
from made.messages import NOW


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
