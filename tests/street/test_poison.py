"""One capture that a step fails on, among good ones: those end at once, and it ends too."""

from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from copydesk.errors import IndexRefused, IndexUnavailable
from copydesk.index import Generations, Kind
from copydesk.operating.replaying import replay
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.ports import Message, Sent
from copydesk.segments import RESTS
from copydesk.views.status import funnel
from made.poison import GOOD, POISON, STEPS, Poisoned, Reading, captures, published, run, segments
from made.races import LEASE, Interrupted
from made.world import Post


@pytest.mark.parametrize("cut", [1, 3, 13])
@pytest.mark.parametrize("step", STEPS)
def test_one_poison_stops_nobody_and_ends(step: str, cut: int) -> None:
    """The good pages are indexed in the first run; the poison rests, ever longer, and is rejected with its reason."""
    room = published(cut)
    ports = STEPS[step](room.ports())
    assert run(room, ports)["resting"] == 1
    assert {address: captures(room)[address].outcome for address in GOOD} == dict.fromkeys(
        GOOD, CaptureOutcome.INDEXED
    )
    room.index.refresh()
    assert (
        len(set(GOOD) & {str(row.body["outlet"]) + "/news" for row in room.index.scan(Kind.ARTICLES)}) == 12
    )
    for rest in RESTS:
        (resting,) = funnel(room.index).resting
        assert (resting.reason, resting.retry_at) == (Reason.INTERNAL, room.clock.now() + rest)
        assert "Error" in resting.detail
        assert run(room, ports) == {}
        assert funnel(room.index).imbalance == 0
        room.clock.wait(rest)
        run(room, ports)
    end = captures(room)[POISON]
    if step != "ring":
        assert (end.outcome, end.step, end.reason) == (CaptureOutcome.REJECTED, "work", Reason.INTERNAL)
        assert "Error" in end.detail
    assert all(record.processed_at for record in segments(room))
    assert all(record.outcome is not CaptureOutcome.PENDING for record in captures(room).values())
    assert run(room, ports) == {}
    assert funnel(room.index).imbalance == 0


def test_a_fault_behind_storing_leaves_the_article_and_says_so() -> None:
    """Text that is in the index is not called rejected; its segment keeps what happened."""
    room = published(1)
    ports = STEPS["ring"](room.ports())
    for rest in (*RESTS, timedelta()):
        run(room, ports)
        room.clock.wait(rest)
    assert captures(room)[POISON].outcome is CaptureOutcome.INDEXED
    (given_up,) = funnel(room.index).resting
    assert given_up.processed_at
    assert (given_up.reason, "KeyError" in given_up.detail) == (Reason.INTERNAL, True)


@pytest.mark.parametrize("step", STEPS)
def test_a_fault_that_passes_leaves_no_trace(step: str) -> None:
    """After its rest the capture is worked on as if nothing had been."""
    room = published(2)
    run(room, STEPS[step](room.ports()))
    room.clock.wait(RESTS[0])
    run(room, room.ports())
    assert {record.outcome for record in captures(room).values()} == {CaptureOutcome.INDEXED}
    assert funnel(room.index).resting == ()
    assert len(list(room.index.scan(Kind.ARTICLES))) == 13


@pytest.mark.parametrize("second_fails", [True, False])
@pytest.mark.parametrize("step", ["read", "judge", "store", "ring"])
def test_two_workers_on_one_poison_end_as_one(step: str, second_fails: bool) -> None:  # noqa: FBT001 (a table)
    """Law 3: whether the second, who takes over in the middle, fails too or not, everything ends once."""
    room = published(2)

    def takes_over() -> None:
        room.clock.wait(LEASE)
        run(room, STEPS[step](room.ports()) if second_fails else room.ports())

    first = STEPS[step](room.ports())
    interrupted = Interrupted(first.index, {Kind.CAPTURES: takes_over})
    run(room, replace(first, index=cast("Generations", interrupted)))
    assert interrupted.met == [Kind.CAPTURES]
    for rest in (*RESTS, timedelta()):
        room.clock.wait(rest)
        run(room, STEPS[step](room.ports()) if second_fails else room.ports())
    outcomes = {address: record.outcome for address, record in captures(room).items()}
    ends_well = not second_fails or step == "ring"
    assert outcomes.pop(POISON) is (CaptureOutcome.INDEXED if ends_well else CaptureOutcome.REJECTED)
    assert set(outcomes.values()) == {CaptureOutcome.INDEXED}
    assert all(record.processed_at for record in segments(room))
    assert funnel(room.index).imbalance == 0


def test_an_outage_is_nobodys_fault() -> None:
    """Without the index nothing rests and nothing ends: the segments are taken up again."""
    room = published(2)
    away = Poisoned(room.index, "write", Kind.ARTICLES, error=IndexUnavailable("away"))
    with pytest.raises(IndexUnavailable):
        run(room, room.ports(cast("Generations", away)))
    assert funnel(room.index).resting == ()
    room.clock.wait(LEASE)
    assert run(room, room.ports())["indexed"] == 13


def test_a_record_the_server_refuses_is_that_captures_matter() -> None:
    """A refusal of one is contained; a server that refuses every capture is an outage."""
    room = published(2)
    refusing = Poisoned(room.index, "write", Kind.JUDGEMENTS, error=IndexRefused("immense term"))
    ports = room.ports(cast("Generations", refusing))
    assert run(room, ports)["resting"] == 1
    for rest in RESTS:
        room.clock.wait(rest)
        run(room, ports)
    assert captures(room)[POISON].reason == Reason.INDEX_REFUSED
    assert {captures(room)[address].outcome for address in GOOD} == {CaptureOutcome.INDEXED}


def test_a_server_that_refuses_everything_is_an_outage() -> None:
    """As when it lets us read and not write."""
    room = published(2)
    refusing = Poisoned(room.index, "write", Kind.JUDGEMENTS, error=IndexRefused("no"), met="")
    with pytest.raises(IndexRefused):
        run(room, room.ports(cast("Generations", refusing)))
    assert funnel(room.index).resting == ()


class Deaf(Post):
    """A Notifier that breaks its promise never to raise."""

    def send(self, message: Message) -> Sent:
        raise OverflowError(message.id)


def test_segments_end_although_nothing_can_be_delivered() -> None:
    """What a receiver does to a delivery is no reason to work on pages again."""
    room = published(1)
    assert run(room, replace(room.ports(), notifier=Deaf()))["alerts"] == 1
    assert all(record.processed_at for record in segments(room))


def test_a_replay_goes_on_past_a_poison_and_names_it() -> None:
    """The rebuilt generation lacks one text, counts it, and balances."""
    room = published(3)
    run(room, room.ports())
    result = replay(replace(room.ports(), reader=Reading()), force=True)
    assert result.lost == {"internal": 1}
    assert result.counts["articles"] == (13, 12)
    assert captures(room)[POISON].reason == Reason.INTERNAL
    assert funnel(room.index).imbalance == 0
