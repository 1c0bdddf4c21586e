"""Young pages are looked at again at growing gaps, for corrections that nobody announces."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.fetching.capturing import capture
from copydesk.fetching.entering import BY_HAND, enter
from copydesk.fetching.revisiting import next_look
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from made.capturing import ALL, LEASE, entered, ledger
from made.world import START, World, source

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOKS = (HOUR, 6 * HOUR, DAY, 3 * DAY)
AGES = (HOUR, 7 * HOUR, 31 * HOUR, 103 * HOUR)
STEP = timedelta(minutes=10)

Answer = Callable[[Wanted], Fetched | Unfetched]


def served(
    world: World, text: Callable[[datetime], bytes], *, tagged: bool = True
) -> tuple[Answer, list[int]]:
    """A page whose text depends on the time, with a server that knows conditional requests or not; its statuses."""
    statuses: list[int] = []

    def answer(wanted: Wanted) -> Fetched:
        body = text(world.clock.now())
        etag = f'"{len(body)}"' if tagged else None
        same = etag is not None and wanted.etag == etag
        statuses.append(304 if same else 200)
        return Fetched(
            wanted=wanted,
            final_url=wanted.url,
            status=statuses[-1],
            content_type="text/html",
            body=b"" if same else body,
            fetched_at=world.clock.now(),
            etag=etag,
        )

    return answer, statuses


def days(world: World, number: int = 7, looks: Sequence[timedelta] = LOOKS) -> list[timedelta]:
    """Capture every ten minutes for some days; how old the page was at each request."""
    ages: list[timedelta] = []
    for _ in range(number * 144):
        before = len(world.web.asked)
        world.clock.wait(timedelta(milliseconds=1))
        until = world.clock.now() + timedelta(seconds=45)
        capture(world.ports, shards=ALL, lease=LEASE, until=until, looks=looks)
        ages += [world.clock.now() - START] * (len(world.web.asked) - before)
        world.clock.wait(STEP - timedelta(milliseconds=1))
    return ages


def test_a_page_is_looked_at_again_as_it_grows_older() -> None:
    """After an hour, six more, a day more, three more, and then no more; what is unchanged costs one 304 each time."""
    world = World()
    (a,) = entered(world, "a")
    world.web.pages[a], statuses = served(world, lambda _: b"<p>x</p>")
    ages = days(world)
    assert [round(age / STEP) * STEP for age in ages] == [timedelta(0), *AGES]
    assert statuses == [200, 304, 304, 304, 304]
    assert sum(len(captures) for captures in world.archive.closed.values()) == 1
    assert ledger(world, a).outcome is EntryOutcome.CAPTURED


def test_a_correction_that_nobody_announced_is_captured() -> None:
    """It is a capture of its own, of which the street makes a version."""
    world = World()
    (a,) = entered(world, "a")
    page, statuses = served(world, lambda now: b"<p>old</p>" if now < START + 2 * HOUR else b"<p>mended</p>")
    world.web.pages[a] = page
    days(world)
    assert statuses == [200, 304, 200, 304, 304]
    bodies = [made.body for captures in world.archive.closed.values() for made in captures]
    assert bodies == [b"<p>old</p>", b"<p>mended</p>"]


@pytest.mark.parametrize("wrong", [Reason.GONE, Reason.ROBOTS, Reason.TIMEOUT])
def test_a_look_that_fails_takes_nothing_back(wrong: Reason) -> None:
    """The page stays captured without a reason, and the next look comes at its time."""
    world = World()
    (a,) = entered(world, "a")
    page, _ = served(world, lambda _: b"<p>x</p>")

    def failing(wanted: Wanted) -> Fetched | Unfetched:
        if HOUR <= world.clock.now() - START < 2 * HOUR:
            refused = EntryOutcome.REFUSED if wrong is Reason.ROBOTS else EntryOutcome.FAILED
            return Unfetched(wanted=wanted, outcome=refused, reason=wrong)
        return page(wanted)

    world.web.pages[a] = failing
    assert len(days(world, 1)) == 3
    found = ledger(world, a)
    assert (found.outcome, found.reason, found.attempts) == (EntryOutcome.CAPTURED, None, 0)


def test_where_a_look_would_cost_a_page_there_is_none() -> None:
    """A server that gives neither an etag nor a date of change is left alone; so is all, where looks are set off."""
    world = World()
    a, b = entered(world, "a", "b")
    world.web.pages[a], statuses = served(world, lambda _: b"<p>x</p>", tagged=False)
    world.web.pages[b], others = served(world, lambda _: b"<p>x</p>")
    days(world, 1, looks=())
    assert (statuses, others) == ([200], [200])
    days(world, 1)
    assert (statuses, others) == ([200], [200])


def test_old_pages_and_those_given_by_hand_are_not_looked_at() -> None:
    """What a first reading finds of last month is past all looks; a person asks again himself."""
    world = World()
    month_ago = world.clock.now() - timedelta(days=30)
    old = Entry(url="https://one.example/old", source="one", published_at=month_ago)
    enter(world.index, source(), [old], world.clock.now())
    hand = Source(name=BY_HAND, kind="inbox", url="", outlet="two.example")
    given = Entry(url="https://two.example/a", source=BY_HAND)
    enter(world.index, hand, [given], world.clock.now(), quiet=True)
    pages = [served(world, lambda _: b"<p>x</p>") for _ in range(2)]
    world.web.pages = {old.url: pages[0][0], given.url: pages[1][0]}
    days(world)
    assert [statuses for _, statuses in pages] == [[200], [200]]


@given(
    st.lists(st.integers(1, 10_000), max_size=6),
    st.integers(0, 60_000),
)
def test_looks_end_and_lie_in_the_future(gaps: list[int], age: int) -> None:
    """However a page's age and the gaps are, looks come one after the other, no two closer than half their gap."""
    world = World()
    (a,) = entered(world, "a")
    record = replace(ledger(world, a), etag='"1"', outcome=EntryOutcome.CAPTURED)
    looks = [timedelta(minutes=gap) for gap in gaps]
    now, times = START + timedelta(minutes=age), 0
    while (at := next_look(record, now, looks)) is not None:
        assert at - now >= min(looks) / 2
        now, times = at, times + 1
    assert times <= len(looks)
