"""Capturing though something fails: a worker that dies, an answer nobody can archive, a fetcher that breaks off."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from copydesk import urls
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching import spooling
from copydesk.fetching.answered import PAUSES
from copydesk.fetching.archiving import closed, page_capture
from copydesk.fetching.entering import enter
from copydesk.index import Kind, Stored, Write
from copydesk.model import Entry
from copydesk.operating.recovering import recover
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.capturing import LEASE, Strict, entered, fetched, ledger, run
from made.world import START, World, source


def test_a_segment_whose_writer_was_killed_is_registered_later() -> None:
    """What lies in the archive and is unknown to the index is found, and the ledger hears of it."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = Reason.TIMEOUT
    run(world)
    answer = Fetched(
        wanted=Wanted(key="k", url=a, kind="page"),
        final_url=a,
        status=200,
        content_type="text/html",
        body=b"x",
        fetched_at=START,
    )
    record = ledger(world, a)
    list(closed(world.archive, [answer], lambda fetched: page_capture(fetched, record)))
    assert recover(world.ports) == 1
    assert recover(world.ports) == 0
    found = ledger(world, a)
    assert (found.outcome, found.reason, found.retry_at) == (EntryOutcome.CAPTURED, None, None)


@pytest.mark.parametrize("was_captured", [True, False])
def test_a_capture_that_turns_up_late_does_not_stand_for_a_change_announced_since(was_captured: bool) -> None:  # noqa: FBT001 (a column)
    """The address is fetched again, as announced; what was found is registered beside it."""
    world = World()
    url = "https://one.example/a"

    def announced(title: str) -> None:
        enter(world.index, source(), [Entry(url=url, source="one", title=title)], world.clock.now())

    announced("old")
    waiting, found_at = ledger(world, url), world.clock.now()
    world.web.pages[url] = b"<p>old</p>"
    if was_captured:
        world.clock.wait(timedelta(minutes=1))
        run(world)
    world.clock.wait(timedelta(days=1))
    announced("new")
    wanted = Wanted(key=urls.url_key(url), url=url, kind="page")
    late = Fetched(
        wanted=wanted, final_url=url, status=200, content_type="text/html", body=b"x", fetched_at=found_at
    )
    list(closed(world.archive, [late], lambda fetched: page_capture(fetched, waiting)))
    assert recover(world.ports) == 1
    assert ledger(world, url).outcome is EntryOutcome.PENDING
    world.web.pages[url] = b"<p>new</p>"
    assert run(world) == {"captured": 1}


class Killed(BaseException):
    """The worker is gone."""


@dataclass
class Dying(MemoryIndex):
    """An index before which the worker dies as it comes to write a kind for the second time."""

    last: Kind = Kind.LEDGER
    left: int = 1

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        if writes and writes[0].kind is self.last:
            self.left -= 1
            if self.left < 0:
                raise Killed
        return MemoryIndex.write(self, writes)


@pytest.mark.parametrize(("last", "left"), [(Kind.CAPTURES, 0), (Kind.SEGMENTS, 0), (Kind.LEDGER, 1)])
def test_a_crash_between_two_steps_loses_nothing(last: Kind, left: int) -> None:
    """Wherever the worker dies, the next run leaves the address captured and the segment registered."""
    world = World(index=Dying(lag=True, left=10**9))
    (a,) = entered(world, "a")
    world.web.pages[a] = b"<p>x</p>"
    world.index.last, world.index.left = last, left  # type: ignore[attr-defined]
    with pytest.raises(Killed):
        run(world)
    world.index.left = 10**9  # type: ignore[attr-defined]
    recover(world.ports)
    world.clock.wait(LEASE)
    run(world)
    assert ledger(world, a).outcome is EntryOutcome.CAPTURED
    assert set(world.index.get(Kind.SEGMENTS, list(world.archive.closed))) == set(world.archive.closed)


def test_an_answer_no_capture_can_be_made_of_fails_alone() -> None:
    """It is tried again ever later and given up; what comes with it is captured."""
    world = World()
    a, bad, c = entered(world, "a", "bad", "c")
    world.web.pages = {
        a: b"x",
        bad: lambda wanted: replace(fetched(wanted), final_url="http://\ud800/"),
        c: b"x",
    }
    world.archive = Strict()
    assert run(world) == {"captured": 2, "failed": 1}
    for pause in PAUSES:
        record = ledger(world, bad)
        assert (record.outcome, record.reason) == (EntryOutcome.FAILED, Reason.INTERNAL)
        assert record.detail.startswith("UnicodeEncodeError")
        assert record.retry_at == world.clock.now() + pause
        world.clock.wait(pause)
        run(world)
    assert ledger(world, bad).retry_at is None
    assert ledger(world, bad).outcome is EntryOutcome.FAILED


@pytest.mark.parametrize("at", range(7))
def test_a_fetcher_that_breaks_off_at_one_address_answers_the_others(at: int) -> None:
    """However the addresses stand: that one fails, all others are captured once."""
    world = World()
    addresses = entered(world, *(f"{number}" for number in range(7)))
    world.web.pages = dict.fromkeys(addresses, b"x")

    def broken(wanted: Wanted) -> Fetched | Unfetched:
        raise ExceptionGroup("unhandled", [OverflowError(wanted.url)])

    world.web.pages[addresses[at]] = broken
    assert run(world) == {"captured": 6, "failed": 1}
    assert ledger(world, addresses[at]).reason == Reason.INTERNAL
    asked = Counter(one.url for one in world.web.asked)
    assert {asked[url] for url in addresses if url != addresses[at]} == {1}


def test_a_list_of_what_is_due_that_cannot_be_made_stops_no_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for the hours in which the index is away; without it the pages are captured all the same."""

    def poison(_record: object) -> None:
        raise RuntimeError("nobody thought of this")

    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = b"<p>x</p>"
    monkeypatch.setattr(spooling, "to_record", poison)
    assert run(world) == {"captured": 1}
