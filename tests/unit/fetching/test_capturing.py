"""Pending addresses → registered segments: how each ends, when it is tried again, what the time box leaves."""

from datetime import timedelta
from itertools import pairwise

from copydesk.fetching.answered import PAUSES
from copydesk.fetching.capturing import capture
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import SegmentRecord
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.capturing import ALL, LEASE, entered, fetched, ledger, run
from made.world import World


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
        detail="the host asked to be left alone",
        asked=False,
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
