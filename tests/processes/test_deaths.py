"""A page that kills the process which works on it: it is found, rests, ends, and everything beside it goes on."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import orjson
import pytest

from copydesk.adapters.archive.warc import Archive
from copydesk.errors import ArchiveError
from copydesk.index import Kind
from copydesk.model import NO_PROFILE, Capture, Document, Profile, Rejection
from copydesk.operating.retrying import retry
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.ports import Archive as Beside
from copydesk.ports import Ports
from copydesk.segments import RESTS
from copydesk.segments.deaths import Deaths, deaths_of, noted
from copydesk.views.status import funnel
from made.poison import POISON, captures, published, run, segments
from made.races import LEASE, Newsroom
from made.world import Desk, Shelf

MOST_DEATHS = 40


class Killed(BaseException):
    """The end of a worker."""


@dataclass
class Hand:
    """An archive in the hand of a worker: once that is dead, no `finally` of its reaches the disk."""

    archive: Beside
    dead: bool = False

    def __getattr__(self, name: str) -> Any:
        if self.dead:
            raise Killed
        return getattr(self.archive, name)


@dataclass
class Deadly(Desk):
    """A Reader in a process that is killed when it meets the poisonous page."""

    hand: Hand
    poison: str = POISON

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        for one in captures:
            if self.poison in one.url:
                self.hand.dead = True
                raise Killed
            yield from super().read([one], profile)


def deadly(room: Newsroom) -> Ports:
    """A worker for which the page is deadly."""
    hand = Hand(room.archive)
    return replace(room.ports(), archive=cast("Shelf", hand), reader=Deadly(hand))


def work_on(room: Newsroom, worker: Callable[[Newsroom], Ports] = deadly) -> int:
    """Workers come one after the other, as the scheduler sends them, until one of them lives; how many died."""
    for deaths in range(MOST_DEATHS):
        try:
            run(room, worker(room))
        except Killed:
            room.clock.wait(LEASE)
        else:
            return deaths
    pytest.fail("they die for ever")


@pytest.mark.parametrize("cut", [1, 2, 5, 13])
def test_a_page_that_kills_workers_rests_and_ends(cut: int) -> None:
    """Five workers at most find it among thirteen; each try after a rest costs one, and the fifth ends it."""
    room = published(cut)
    assert 2 <= work_on(room) <= 5
    found = {address: record.outcome for address, record in captures(room).items()}
    assert found.pop(POISON) is CaptureOutcome.PENDING
    assert set(found.values()) == {CaptureOutcome.INDEXED}
    for number, rest in enumerate(RESTS):
        (resting,) = funnel(room.index).resting
        assert (resting.reason, resting.attempts) == (Reason.INTERNAL, number + 1)
        assert "was killed, or died of it" in resting.detail
        room.clock.wait(rest)
        assert work_on(room) == 1
    end = captures(room)[POISON]
    assert (end.outcome, end.step, end.reason) == (CaptureOutcome.REJECTED, "work", Reason.INTERNAL)
    assert all(record.processed_at for record in segments(room))
    assert work_on(room) == 0
    assert funnel(room.index).imbalance == 0


def test_what_is_tried_again_and_no_longer_kills_is_indexed() -> None:
    """`copydesk retry`, after the cause was mended; while it is not, each retry costs a worker for each try."""
    room = published(3)
    for rest in (timedelta(), *RESTS):
        room.clock.wait(rest)
        work_on(room)
    assert retry(room.ports(), lease=LEASE)["captures"] == 1
    assert work_on(room) == 1
    assert captures(room)[POISON].outcome is CaptureOutcome.PENDING
    retry(room.ports(), lease=LEASE)
    run(room, room.ports())
    assert {record.outcome for record in captures(room).values()} == {CaptureOutcome.INDEXED}
    assert len(list(room.index.scan(Kind.ARTICLES))) == 13
    assert funnel(room.index).imbalance == 0


def test_a_worker_that_is_killed_once_leaves_no_trace() -> None:
    """A machine that went down is nobody's fault: the next worker does all of it, in parts, and none rests."""
    room = published(2)
    with pytest.raises(Killed):
        run(room, deadly(room))
    room.clock.wait(LEASE)
    assert run(room, room.ports())["indexed"] == 13
    assert funnel(room.index).resting == ()
    assert room.archive.names("working") == room.archive.names("killed") == []


class Unreadable(Hand):
    """An archive of which reading the segment of the poisonous page kills."""

    def read(self, segment: str) -> Iterator[Capture]:
        """The captures, or the end."""
        held = list(self.archive.read(segment))
        if any(POISON in one.url for one in held):
            self.dead = True
            raise Killed
        return iter(held)


def test_a_segment_whose_reading_kills_rests_and_ends() -> None:
    """The file itself is the poison: two workers find it, each try costs one, its captures end, others are indexed."""
    room = published(2)
    (name,) = [name for name, held in room.archive.closed.items() if any(POISON in one.url for one in held)]

    def unreadable(room: Newsroom) -> Ports:
        return replace(room.ports(), archive=cast("Shelf", Unreadable(room.archive)))

    for rest in (timedelta(), *RESTS):
        room.clock.wait(rest)
        assert work_on(room, unreadable) == (1 if rest else 2)
    ends = {(record.segment == name, record.outcome, record.reason) for record in captures(room).values()}
    indexed = (False, CaptureOutcome.INDEXED, None)
    assert ends == {(True, CaptureOutcome.REJECTED, Reason.INTERNAL), indexed}
    assert work_on(room, unreadable) == 0
    assert funnel(room.index).imbalance == 0


def test_one_page_in_the_hand_of_a_worker_that_is_killed_once_costs_it_no_rest() -> None:
    """As when a person kills a task, or the machine goes down, on a quiet day."""
    room = published(13)
    for name in room.archive.closed:
        ids = [one.id for one in room.archive.closed[name]]
        room.archive.save(f"working/{name}.json", orjson.dumps(ids if name.endswith("2-1") else []))
    assert run(room, room.ports())["indexed"] == 13
    assert funnel(room.index).resting == ()


@pytest.mark.parametrize("content", [b"", b"{", b"7", b"\xff", b"null"])
def test_a_note_that_nobody_can_read_is_none(content: bytes) -> None:
    archive = Shelf(files={"working/s.json": content, "killed/s.json": content})
    assert deaths_of(archive, ["s"]) == Deaths()


def test_a_full_disk_stops_no_work() -> None:
    """What cannot be noted is worked on all the same."""

    class Full(Shelf):
        def save(self, name: str, content: bytes) -> None:
            raise ArchiveError(f"cannot write {name}: {len(content)} bytes")

    with noted(Full(), "s", ["a"]):
        pass


def test_a_process_that_is_killed_leaves_what_it_was_at(tmp_path: Path) -> None:
    """A real one, by a real signal: of four pages in hand any may be the one; of one page twice it is that."""
    archive = Archive(str(tmp_path))
    for ids, found in ((["a", "b", "c", "d"], set()), (["b"], set()), (["b"], {"b"})):
        child = os.fork()
        if not child:
            with noted(archive, "s", ids):
                os.kill(os.getpid(), signal.SIGKILL)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
        deaths = deaths_of(archive, ["s"])
        assert set(deaths.captures) == found
        assert deaths.most == (2 if len(ids) > 1 else None)
        assert deaths.parts(["a", "b", "c"])[-1] == (
            ["a", "c"] if found else ["b"] if len(ids) == 1 else ["c"]
        )
    assert deaths_of(archive, ["s"]).parts(["a", "b", "c"]) == [["a", "c"], ["b"]]
