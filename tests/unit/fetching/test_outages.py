"""Outages of our own: nearly nothing can be connected to, so nobody is to blame and nobody is kept waiting for it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from copydesk.fetching.answered import PENDING_FOR, outcome_of
from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import announce
from copydesk.fetching.outages import is_outage
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord, PollRecord
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Unfetched, Wanted
from made.world import START, World, feed, page, source

LEASE = timedelta(minutes=1)
MINUTE = timedelta(minutes=1)


def unfetched(host: str, reason: Reason = Reason.CONNECTION, *, asked: bool = True) -> Unfetched:
    wanted = Wanted(key=host, url=f"https://{host}.example/a", kind="page")
    return Unfetched(wanted=wanted, outcome=EntryOutcome.FAILED, reason=reason, asked=asked, retry_after=60)


def asked_after(world: World, sources: list[Source], since: datetime) -> dict[str, timedelta]:
    """How long after a moment each source was asked first, looked at each minute for two hours."""
    late: dict[str, timedelta] = {}
    for _ in range(120):
        before = len(world.web.asked)
        poll(world.ports, sources, lease=LEASE)
        for one in world.web.asked[before:]:
            late.setdefault(one.key, world.clock.now() - since)
        world.clock.wait(MINUTE)
    return late


@pytest.mark.parametrize("hours", [1, 8, 100])
@pytest.mark.parametrize("reason", [Reason.CONNECTION, Reason.TIMEOUT])
def test_after_an_outage_of_ours_every_source_is_asked_within_its_time(hours: int, reason: Reason) -> None:
    """However long it was: sources of five and fifteen minutes on six hosts, each asked within its `every`."""
    world = World()
    sources = [source(f"s{number}", every=f"{5 if number % 2 else 15}m") for number in range(6)]
    for one in sources:
        world.web.pages[one.url] = feed(f"{one.url}/1")
    poll(world.ports, sources, lease=LEASE)
    world.web.pages = {one.url: reason for one in sources}
    end = world.clock.now() + timedelta(hours=hours)
    while world.clock.now() < end:
        poll(world.ports, sources, lease=LEASE)
        world.clock.wait(MINUTE)
    world.web.pages = {one.url: feed(f"{one.url}/2") for one in sources}
    late = asked_after(world, sources, end)
    assert {one.name: late[one.name] <= one.every for one in sources} == {one.name: True for one in sources}


def test_one_dead_host_of_many_is_no_outage() -> None:
    """Its pauses grow as ever, while the others answer."""
    world = World()
    sources = [source(f"s{number}") for number in range(4)]
    world.web.pages = {one.url: feed(f"{one.url}/1") for one in sources[1:]}
    world.web.pages[sources[0].url] = Reason.CONNECTION
    poll(world.ports, sources, lease=LEASE)
    row = world.index.get(Kind.POLLS, ["s0"])["s0"]
    assert from_record(PollRecord, row.body).next_poll_at == START + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("silent", "heard", "ours"),
    [
        (["a", "b", "c"], [], True),
        (["a", "b"], [], False),
        (["a", "b", "c"], ["d"], False),
        ([f"h{n}" for n in range(9)], ["z"], True),
        (["a", "a", "a", "a"], [], False),
        ([], ["a", "b"], False),
    ],
)
def test_nearly_all_of_at_least_three_hosts(silent: list[str], heard: list[str], ours: bool) -> None:  # noqa: FBT001 (a table)
    """Hosts count, not addresses; an answer of any other kind says that our network is there."""
    answers = [*map(unfetched, silent), *(unfetched(host, Reason.STATUS) for host in heard)]
    assert is_outage(World().index, answers, START) is ours


def test_pages_lose_no_try_by_an_outage_of_ours() -> None:
    """After eight hours without a network each page is fetched within minutes; tries are lost while it begins only."""
    world = World()
    one = source()
    pages = [f"https://h{number}.example/p" for number in range(5)]
    world.web.pages = {one.url: feed(*pages), **dict.fromkeys(pages, Reason.CONNECTION)}
    poll(world.ports, [one], lease=LEASE)
    end = world.clock.now() + timedelta(hours=8)
    while world.clock.now() < end:
        world.clock.wait(5 * MINUTE)
        capture(world.ports, shards=range(16), lease=LEASE, until=world.clock.now() + MINUTE)
    world.web.pages |= dict.fromkeys(pages, page("T", "A text."))
    world.clock.wait(timedelta(minutes=6))
    world.index.refresh(Kind.LEDGER)
    assert max(int(str(row.body.get("attempts", 0))) for row in world.index.scan(Kind.LEDGER)) <= 2
    counts = capture(world.ports, shards=range(16), lease=LEASE, until=world.clock.now() + MINUTE)
    assert counts == {"captured": 5}


def test_what_was_not_asked_for_loses_no_try_and_is_given_up_in_time() -> None:
    """Because robots.txt cannot be had: more seldom the longer it waits, at least daily, a week at most."""
    entry = Entry(url="https://a.example/a", source="one")
    record: LedgerRecord | None = announce(source(), entry, START, None)
    now, times = START, 0
    while record is not None and record.retry_at is not None:
        record = outcome_of(unfetched("a", asked=False), None, now, record)
        assert record is not None
        assert record.attempts == 0
        times += 1
        now = record.retry_at or now
    assert PENDING_FOR <= now - START <= PENDING_FOR + timedelta(days=2)
    assert times < 60


def test_a_page_announced_anew_is_not_given_up_for_its_age() -> None:
    """What counts is how long it has been waiting, not when it was seen first."""
    entry = Entry(url="https://a.example/a", source="one")
    record = announce(source(), entry, START, None)
    assert record is not None
    later = START + timedelta(days=90)
    record = outcome_of(unfetched("a", asked=False), None, later, replace(record, announced_at=later))
    assert record is not None
    assert record.retry_at == later + MINUTE
