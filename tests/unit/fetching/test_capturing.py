"""Pending addresses → registered segments."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from copydesk import urls
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching import spooling
from copydesk.fetching.answered import PAUSES
from copydesk.fetching.archiving import closed, page_capture
from copydesk.fetching.capturing import capture, take_in
from copydesk.fetching.entering import enter
from copydesk.index import Kind, Stored, Write
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord, SegmentRecord
from copydesk.model import Capture, Entry
from copydesk.operating.recovering import recover
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import LEFT_ALONE, Fetched, Unfetched, Wanted
from made.world import START, Shelf, World, source

LEASE = timedelta(minutes=1)
ALL = range(16)


def entered(world: World, *names: str, host: str = "one.example") -> list[str]:
    addresses = [f"https://{host}/{name}" for name in names]
    enter(world.index, source(), [Entry(url=url, source="one") for url in addresses], world.clock.now())
    return addresses


def ledger(world: World, url: str) -> LedgerRecord:
    key = urls.url_key(url)
    return from_record(LedgerRecord, world.index.get(Kind.LEDGER, [key])[key].body)


def run(world: World, box: timedelta = timedelta(seconds=45)) -> dict[str, int]:
    until = world.clock.now() + box
    world.clock.wait(timedelta(milliseconds=1))
    return dict(capture(world.ports, shards=ALL, lease=LEASE, until=until))


def test_every_address_ends_in_one_outcome() -> None:
    """A page is captured, a 304 unchanged, a refusal refused, a missing page failed."""
    world = World()
    a, b, c, d = entered(world, "a", "b", "c", "d")
    world.web.pages = {a: b"<p>x</p>", b: 304, c: Reason.ROBOTS, d: Reason.GONE}
    assert run(world) == {"captured": 1, "unchanged": 1, "refused": 1, "failed": 1}
    outcomes = [ledger(world, url).outcome for url in (a, b, c, d)]
    assert outcomes == [
        EntryOutcome.CAPTURED,
        EntryOutcome.UNCHANGED,
        EntryOutcome.REFUSED,
        EntryOutcome.FAILED,
    ]


def test_a_capture_is_in_a_closed_segment_before_the_ledger_says_so() -> None:
    """Law 1: what the ledger calls captured can be read from the archive."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = b"<p>x</p>"
    run(world)
    (captures,) = world.archive.closed.values()
    assert [made.id for made in captures] == [ledger(world, a).capture_id]
    (row,) = world.index.get(Kind.SEGMENTS, list(world.archive.closed)).values()
    assert from_record(SegmentRecord, row.body).processed_at is None
    assert captures[0].id in world.index.get(Kind.CAPTURES, [captures[0].id])


def test_a_page_that_is_late_is_asked_for_again() -> None:
    """A 404 is no end before five minutes and an hour have passed; then it is."""
    world = World()
    late, never = entered(world, "late", "never")
    asked = [world.clock.now() + timedelta(milliseconds=1)]
    run(world)
    world.web.pages[late] = b"<p>x</p>"
    for _ in range(100):
        before = len(world.web.asked)
        world.clock.wait(timedelta(minutes=5))
        run(world)
        asked += [world.clock.now() for wanted in world.web.asked[before:] if wanted.url == never]
    assert ledger(world, late).outcome is EntryOutcome.CAPTURED
    assert (ledger(world, never).reason, ledger(world, never).retry_at) == (Reason.GONE, None)
    waited = [round((after - before) / timedelta(minutes=5)) for before, after in pairwise(asked)]
    assert waited == [1, 12]


def test_what_was_not_asked_for_uses_up_no_try() -> None:
    """An address whose host wants to be left alone waits as long, with all its tries before it."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = lambda wanted: Unfetched(
        wanted=wanted,
        outcome=EntryOutcome.FAILED,
        reason=Reason.STATUS,
        detail=LEFT_ALONE,
        retry_after=3600,
    )
    run(world)
    assert ledger(world, a).attempts == 0
    assert ledger(world, a).retry_at == world.clock.now() + timedelta(hours=1)


def test_a_failure_is_tried_again_ever_later_and_then_given_up() -> None:
    """Each try waits as long as its pause says; after the last the address stays failed for good."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = Reason.TIMEOUT
    for pause in PAUSES:
        assert run(world) == {"failed": 1}
        assert ledger(world, a).retry_at == world.clock.now() + pause
        assert run(world) == {}
        world.clock.wait(pause)
    run(world)
    assert ledger(world, a).retry_at is None
    assert ledger(world, a).outcome is EntryOutcome.FAILED


def test_the_server_may_ask_for_a_longer_pause() -> None:
    """Retry-After is honoured when it is longer than our own pause, and capped at a day."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = lambda wanted: Unfetched(
        wanted=wanted,
        outcome=EntryOutcome.FAILED,
        reason=Reason.STATUS,
        retry_after=10.0**7,
    )
    run(world)
    assert ledger(world, a).retry_at == world.clock.now() + timedelta(hours=24)


def test_what_is_too_late_to_begin_in_time_has_not_failed() -> None:
    """A fetcher that ends before the time box, since the next turn of a host comes after it, broke off nowhere."""
    world = World()
    addresses = entered(world, "a", "b", "c")
    world.web.pages = dict.fromkeys(addresses, b"x")
    world.web.turns = 1
    assert run(world) == {"captured": 1}
    left = [record for record in (ledger(world, url) for url in addresses) if record.fetched_at is None]
    assert [(one.outcome, one.attempts, one.leased_until) for one in left] == [
        (EntryOutcome.PENDING, 0, None)
    ] * 2


def test_more_is_claimed_while_a_slow_host_answers() -> None:
    """No page waits for all that was claimed before it: what becomes due meanwhile is fetched before the end."""
    world = World()
    world.archive.per_segment = 1
    slow = entered(world, *map(str, range(10)), host="slow.example")
    late: list[str] = []

    def answer(wanted: Wanted) -> Fetched | Unfetched:
        if not late:
            late.extend(entered(world, "late", host="quick.example"))
            world.web.pages[late[0]] = b"x"
        world.clock.wait(timedelta(seconds=6))
        return fetched(wanted)

    world.web.pages = dict.fromkeys(slow, answer)
    world.web.order = lambda waiting: min(waiting, key=lambda one: "slow" in one.url)
    assert run(world, timedelta(minutes=5)) == {"captured": 11}
    asked = [one.url for one in world.web.asked]
    assert asked.index(late[0]) < 4


def test_the_street_goes_on_while_pages_are_fetched() -> None:
    """What is to be done meanwhile is done again and again, and never while a segment is open."""
    world = World()
    world.archive.per_segment = 3
    world.web.pages = dict.fromkeys(entered(world, *map(str, range(10))), b"x")
    seen: list[int] = []
    world.clock.wait(timedelta(milliseconds=1))
    capture(
        world.ports,
        shards=ALL,
        lease=LEASE,
        until=world.clock.now() + timedelta(seconds=45),
        meanwhile=lambda: seen.append(len(world.archive.open)),
    )
    assert len(seen) >= 3
    assert set(seen) == {0}


def test_what_the_time_box_does_not_reach_stays_pending_and_free() -> None:
    """An address that was claimed and not begun is free for the next run at once."""
    world = World()
    a, b = entered(world, "a", "b")

    def slow(wanted: Wanted) -> Fetched | Unfetched:
        world.clock.wait(timedelta(minutes=5))
        return Unfetched(wanted=wanted, outcome=EntryOutcome.FAILED, reason=Reason.TIMEOUT)

    world.web.pages = {a: slow, b: slow}
    assert run(world) == {"failed": 1}
    records = [ledger(world, url) for url in (a, b)]
    assert sorted(record.outcome for record in records) == ["failed", "pending"]
    assert all(record.leased_until is None for record in records)


def test_an_inbox_entry_is_captured_once() -> None:
    """What an inbox delivers is archived with its content; delivering it again changes nothing."""
    world = World()
    entry = Entry(url="inbox:sha256:1", source="in", body=b"Some text", content_type="text/plain")
    inbox = source("in", kind="inbox", url="inbox")
    assert take_in(world.ports, inbox, [entry])["captured"] == 1
    assert take_in(world.ports, inbox, [entry]) == {"captured": 0, "known": 1}
    assert [made.body for captures in world.archive.closed.values() for made in captures] == [b"Some text"]


def test_of_two_states_in_an_inbox_the_later_counts() -> None:
    """A file that is looked at again, for the time since it came is short, does not hide the one that came after it."""
    world = World()
    inbox = source(kind="inbox", url="folder")
    old, new = (
        Entry(
            url="https://one.example/a",
            source="one",
            title=text,
            body=text.encode(),
            content_type="text/plain",
        )
        for text in ("old", "new")
    )
    take_in(world.ports, inbox, [old])
    take_in(world.ports, inbox, [old, new])
    take_in(world.ports, inbox, [old, new])
    assert [made.body for captures in world.archive.closed.values() for made in captures] == [b"old", b"new"]


@pytest.mark.parametrize("known", ["one", "two"])
def test_a_text_that_was_delivered_has_the_title_and_date_it_came_with(known: str) -> None:
    """Also where the ledger, restored or told by another source, waits for an earlier state of it."""
    world = World()
    old = Entry(url="https://one.example/a", source=known, title="old", published_at=START)
    enter(world.index, source(known), [old], world.clock.now())
    delivered = replace(
        old, title="new", published_at=START + timedelta(days=1), body=b"new", content_type="text/plain"
    )
    take_in(world.ports, source("one", kind="inbox", url="folder"), [delivered])
    (made,) = [made for captures in world.archive.closed.values() for made in captures]
    assert (made.body, made.entry_title, made.entry_published_at) == (b"new", "new", delivered.published_at)


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


def fetched(wanted: Wanted) -> Fetched:
    return Fetched(
        wanted=wanted, final_url=wanted.url, status=200, content_type="text/html", body=b"x", fetched_at=START
    )


class Strict(Shelf):
    """An Archive that takes only what UTF-8 can write, as the real one does."""

    def append(self, capture: Capture) -> None:
        capture.final_url.encode()
        super().append(capture)


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


def test_what_an_inbox_delivers_and_nobody_can_archive_is_never_fetched() -> None:
    """It fails, waits to be delivered again, and is captured then."""
    world = World(archive=Strict())
    broken = Entry(url="https://one.example/x", source="in", body=b"text", content_type="text/plain")
    inbox = source("in", kind="inbox", url="inbox")
    world.archive.append = fail_once(world.archive.append)  # type: ignore[method-assign, assignment]
    assert take_in(world.ports, inbox, [broken])["failed"] == 1
    assert ledger(world, broken.url).retry_at is None
    world.clock.wait(timedelta(days=2))
    assert run(world) == {}
    assert take_in(world.ports, inbox, [broken])["captured"] == 1


def fail_once(append: Callable[[Capture], None]) -> Callable[[Capture], None]:
    """An append that fails the first time."""
    failures = [KeyError("once")]

    def failing(capture: Capture) -> None:
        if failures:
            raise failures.pop()
        append(capture)

    return failing


def test_a_list_of_what_is_due_that_cannot_be_made_stops_no_fetching(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is for the hours in which the index is away; without it the pages are captured all the same."""

    def poison(_record: object) -> None:
        raise RuntimeError("nobody thought of this")

    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a] = b"<p>x</p>"
    monkeypatch.setattr(spooling, "to_record", poison)
    assert run(world) == {"captured": 1}
