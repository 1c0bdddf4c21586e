"""What is told in a digest, and what is not: mutes, limits, what grows big, what came too late or was told by then."""

from datetime import UTC, datetime, timedelta

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.delivering import deliver
from copydesk.alerting.journal import better
from copydesk.channels import LogChannel
from copydesk.index import Json, Kind, Write
from copydesk.index.records import from_record
from copydesk.index.state import Delivery, DeliveryState
from copydesk.takedowns.hushing import hush
from copydesk.topic import Topic
from made.alerts import NOW, put, ring
from made.deliveries import Recorder
from made.world import source

CHANNELS = {"log": LogChannel(kind="log")}
BROKEN = {"source": "one", "next_poll_at": "2026-03-03T08:00:00+00:00", "outcome": "nonsense"}
SLOT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def topic(name: str = "daily", **keys: object) -> Topic:
    return Topic.model_validate({"name": name, "any": ["ferry"], "cadence": "daily", **keys})


def sent(post: Recorder) -> list[list[str]]:
    """The addresses in each message."""
    return [[line.rpartition(" ")[2] for line in one.body.decode().splitlines()] for one in post.messages]


def test_a_digest_is_sent_once_when_it_is_due_with_what_most_carry_first() -> None:
    """Not before, not again, and nothing where there is nothing to tell."""
    index, post = MemoryIndex(), Recorder()
    put(index, "c", story="s", publisher="third")
    ring(index, [put(index, "a"), put(index, "b", story="s")], topic())
    assert deliver(index, post, CHANNELS, SLOT - timedelta(seconds=1)) == {}
    assert deliver(index, post, CHANNELS, SLOT) == {"sent": 1}
    assert deliver(index, post, CHANNELS, SLOT + timedelta(days=2)) == {}
    assert sent(post) == [["https://b.example/1", "https://a.example/1"]]


def test_a_muted_topic_tells_nobody_and_nothing_afterwards() -> None:
    """What it met stays known as told, so that no later article of it rings; its other topics are told."""
    index, post = MemoryIndex(), Recorder()
    muted = topic(cadence="now", mute_until="2026-03-03")
    assert len(ring(index, [put(index, "a", story="s")], muted, topic("other", cadence="now"))) == 2
    later = NOW + timedelta(days=2)
    assert ring(index, [put(index, "b", story="s")], topic(cadence="now"), now=later) == []
    deliver(index, post, CHANNELS, later)
    assert [one.body.decode().partition(":")[0] for one in post.messages] == ["other"]


def test_what_is_over_the_limit_comes_in_one_digest_at_the_next_hour() -> None:
    """Nothing is dropped, whether it came in one batch or in several; the next hour begins anew."""
    index, post = MemoryIndex(), Recorder()
    limited = topic(cadence="now", limit="2/h")
    for name in ("abc", "de"):
        ring(index, [put(index, one) for one in name], limited)
    assert deliver(index, post, CHANNELS, NOW) == {"sent": 2}
    assert deliver(index, post, CHANNELS, NOW + timedelta(hours=1)) == {"sent": 1}
    assert [len(one) for one in sent(post)] == [1, 1, 3]
    ring(index, [put(index, "f")], limited, now=NOW + timedelta(hours=1))
    assert deliver(index, post, CHANNELS, NOW + timedelta(hours=1)) == {"sent": 1}


def test_what_grows_big_is_told_at_once_and_not_again() -> None:
    """A story that waits for a digest is told when it has enough publishers; the digest leaves it out."""
    index, post = MemoryIndex(), Recorder()
    big = topic(at_once=2)
    ring(index, [put(index, "a", story="s"), put(index, "b", story="t")], big)
    assert deliver(index, post, CHANNELS, NOW) == {}
    ring(index, [put(index, "c", story="s")], big)
    assert deliver(index, post, CHANNELS, NOW) == {"sent": 1}
    assert deliver(index, post, CHANNELS, SLOT) == {"sent": 1}
    assert sent(post) == [["https://a.example/1"], ["https://b.example/1"]]


def test_a_digest_of_what_was_told_is_not_sent() -> None:
    """Where another topic told all of it at once, nothing is left."""
    index, post = MemoryIndex(), Recorder()
    ring(index, [put(index, "a")], topic(), topic("now", cadence="now"))
    assert deliver(index, post, CHANNELS, NOW) == {"sent": 1}
    assert deliver(index, post, CHANNELS, SLOT) == {"folded": 1}
    assert [one.body.decode().partition(":")[0] for one in post.messages] == ["daily, now"]


def test_what_comes_too_late_for_its_digest_is_told_at_once() -> None:
    """A digest that was tried takes in no more, for its id stands for what was in it."""
    index, post = MemoryIndex(), Recorder()
    late = SLOT - timedelta(minutes=1)
    ring(index, [put(index, "a"), put(index, "b")], topic(), now=late)
    (row,) = index.scan(Kind.DELIVERIES)
    index.write([Write(kind=Kind.DELIVERIES, id=row.id, body={**row.body, "also": []})])
    assert deliver(index, post, CHANNELS, SLOT) == {"sent": 1}
    ring(index, ["a", "b"], topic(), now=SLOT + timedelta(minutes=1))
    assert deliver(index, post, CHANNELS, SLOT + timedelta(minutes=1)) == {"sent": 1}
    assert sorted(sent(post)) == [["https://a.example/1"], ["https://b.example/1"]]


def test_a_digest_leaves_out_what_was_taken_down() -> None:
    """The rest of it is told; with nothing left it ends as taken down."""
    for gone, told in ((["a"], [["https://b.example/1"]]), (["a", "b"], [])):
        index, post = MemoryIndex(), Recorder()
        ring(index, [put(index, "a"), put(index, "b")], topic())
        hush(index, gone, [])
        deliver(index, post, CHANNELS, SLOT)
        assert sent(post) == told
        (row,) = index.scan(Kind.DELIVERIES)
        assert from_record(Delivery, row.body).state is (DeliveryState.SENT if told else DeliveryState.DEAD)


def test_of_two_states_of_a_digest_all_alerts_are_kept() -> None:
    """What joined it after the backup stands in the journal; once tried it is what it was then."""
    body: dict[str, Json] = {
        "id": "d",
        "alert": "a",
        "state": "pending",
        "attempts": 0,
        "digest_at": "2026-03-03T08:00:00Z",
    }
    one = Write(kind=Kind.DELIVERIES, id="d", body={**body, "also": ["b"]})
    other = Write(kind=Kind.DELIVERIES, id="d", body={**body, "alert": "c"})
    both = better(one, other).body or {}
    assert (both["alert"], both["also"]) == ("a", ["b", "c"])
    ended = Write(kind=Kind.DELIVERIES, id="d", body={**body, "state": "sent", "attempts": 1})
    assert better(other, ended) == ended


def test_a_digest_says_how_many_sources_were_seen_and_an_alert_alone_does_not() -> None:
    """So that a quiet digest is told from a blind one."""
    index, post = MemoryIndex(), Recorder()
    sources = [source("one"), source("two")]
    ring(index, [put(index, "a")], topic(cadence="now"))
    deliver(index, post, CHANNELS, NOW, sources=sources)
    ring(index, [put(index, "b", story="t")], topic())
    deliver(index, post, CHANNELS, SLOT, sources=sources)
    alone, digest = (one.body.decode().splitlines() for one in post.messages)
    assert len(alone) == 1
    assert digest[-1] == "0 of 2 sources were seen; not one (never asked), two (never asked)."


def test_a_cursor_that_cannot_be_read_keeps_no_digest_back() -> None:
    index, post = MemoryIndex(), Recorder()
    index.write([Write(kind=Kind.POLLS, id="one", body=BROKEN)])
    ring(index, [put(index, "a")], topic())
    assert deliver(index, post, CHANNELS, SLOT, sources=[source("one")]) == {"sent": 1}
    assert sent(post) == [["https://a.example/1"]]
