"""Which of the due addresses are taken up: fair between hosts, the newest first within one."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.claiming import FIRST, LOOK, PAUSE, Hand, claim_more
from copydesk.fetching.entering import enter
from copydesk.fetching.ranking import announced_at, too_old
from copydesk.index import Kind
from copydesk.index.state import LedgerRecord
from copydesk.model import Entry
from copydesk.outcomes import EntryOutcome, Reason
from made.world import START, source

LEASE = timedelta(minutes=1)
ALL = range(16)
DAY = timedelta(days=1)


def announced(index: MemoryIndex, host: str, dates: list[datetime | None], at: datetime = START) -> None:
    entries = [
        Entry(url=f"https://{host}/{number}", source="one", published_at=date)
        for number, date in enumerate(dates)
    ]
    enter(index, source(), entries, at)


def claimed(index: MemoryIndex, hand: Hand | None = None, after: timedelta = PAUSE) -> list[LedgerRecord]:
    return list(claim_more(index, hand or Hand(), ALL, START + after, LEASE).values())


def hosts(records: list[LedgerRecord]) -> Counter[str]:
    return Counter(record.host for record in records)


@pytest.mark.parametrize("number", [100, 3_600])
def test_a_host_with_very_much_waiting_takes_no_place_from_another(number: int) -> None:
    """However many addresses of one host wait, and since long before, others are taken up at once."""
    index = MemoryIndex(lag=True)
    announced(index, "big.example", [None] * number, START - DAY)
    announced(index, "small.example", [None])
    assert hosts(claimed(index)) == {"big.example": FIRST, "small.example": 1}


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_of_each_host_some_are_taken_up(numbers: list[int]) -> None:
    """The first few, or all where there are fewer; never more of one because another has none."""
    index = MemoryIndex(lag=True)
    for at, number in enumerate(numbers):
        announced(index, f"h{at}.example", [None] * number)
    assert hosts(claimed(index)) == {
        f"h{at}.example": min(number, FIRST) for at, number in enumerate(numbers)
    }


def test_the_newest_announced_of_a_host_go_first() -> None:
    """By the dates their sources give; what a feed gives no date for counts from when it was seen."""
    index = MemoryIndex(lag=True)
    old = [START - timedelta(days=days) for days in range(1, 30)]
    announced(index, "one.example", [*old, None, START - timedelta(minutes=5)])
    taken = {record.url.rpartition("/")[2] for record in claimed(index)}
    assert taken == {"29", "30", *map(str, range(FIRST - 2))}


def test_what_a_sitemap_holds_at_its_first_reading_comes_last() -> None:
    """A feed's new entry goes before them, also when they have no dates and were entered later."""
    index = MemoryIndex(lag=True)
    sitemap = source("map", kind="sitemap")
    announced(index, "one.example", [None], START - timedelta(hours=1))
    many = [Entry(url=f"https://one.example/old/{number}", source="map") for number in range(1000)]
    enter(index, sitemap, many, START, quiet=True)
    assert "https://one.example/0" in {record.url for record in claimed(index)}


def test_what_is_in_hand_of_a_host_is_filled_up_when_half_of_it_is_done() -> None:
    """Not before, and not twice; a host that ran dry gets twice as many."""
    index, hand = MemoryIndex(lag=True), Hand()
    announced(index, "one.example", [None] * 200)
    first = claim_more(index, hand, ALL, START + PAUSE, LEASE)
    assert claimed(index, hand, 2 * PAUSE) == []
    for key in list(first)[: FIRST // 2 + 1]:
        hand.put_down(key)
    assert hand.wants_more(START + 3 * PAUSE)
    assert len(claimed(index, hand, 3 * PAUSE)) == FIRST // 2 + 1
    hand.hosts.clear()
    assert len(claimed(index, hand, 4 * PAUSE)) == 2 * FIRST


def test_we_look_for_what_became_due_though_no_host_runs_dry() -> None:
    """After some seconds; a host of which no more waits is no reason to look."""
    index, hand = MemoryIndex(lag=True), Hand()
    announced(index, "one.example", [None] * 3)
    claim_more(index, hand, ALL, START + PAUSE, LEASE)
    hand.hosts.clear()
    assert not hand.wants_more(START + 3 * PAUSE)
    assert hand.wants_more(START + PAUSE + LOOK)


def test_two_workers_take_up_each_address_once() -> None:
    """What one holds the other does not see, until the lease is over."""
    index = MemoryIndex(lag=True)
    announced(index, "one.example", [None] * (2 * FIRST))
    both = [record.url for after in (PAUSE, 2 * PAUSE) for record in claimed(index, after=after)]
    assert len(set(both)) == len(both) == 2 * FIRST
    assert len(claimed(index, after=LEASE + 3 * PAUSE)) == FIRST


@pytest.mark.parametrize(
    ("kind", "max_age", "days", "fetched"),
    [
        ("sitemap", None, 6, True),
        ("sitemap", None, 8, False),
        ("sitemap", DAY, 2, False),
        ("sitemap", 400 * DAY, 300, True),
        ("rss", None, 300, True),
        ("rss", DAY, 2, False),
    ],
)
def test_what_is_older_than_max_age_is_counted_and_not_fetched(
    kind: str,
    max_age: timedelta | None,
    days: int,
    fetched: bool,  # noqa: FBT001 (a column)
) -> None:
    """It ends as refused with its reason; seven days for sitemaps, any age for feeds, unless the source says."""
    index, one = MemoryIndex(lag=True), source(kind=kind, max_age=max_age)
    entry = Entry(url="https://one.example/a", source="one", published_at=START - timedelta(days=days))
    enter(index, one, [entry], START)
    assert bool(claimed(index)) is fetched
    outcome = EntryOutcome.PENDING if fetched else EntryOutcome.REFUSED
    assert index.count(Kind.LEDGER, "outcome", "reason") == {(outcome, "" if fetched else Reason.TOO_OLD): 1}


def test_what_was_too_old_for_one_source_is_fetched_for_another() -> None:
    """Or when its page is said to have changed."""
    old = Entry(url="https://one.example/a", source="map", published_at=START - 30 * DAY)
    for again in (source("feed"), source("map", kind="sitemap")):
        index = MemoryIndex(lag=True)
        enter(index, source("map", kind="sitemap"), [old], START)
        assert claimed(index) == []
        updated = START if again.kind == "sitemap" else None
        entry = Entry(url=old.url, source=again.name, published_at=old.published_at, updated_at=updated)
        enter(index, again, [entry], START)
        assert [record.url for record in claimed(index)] == [old.url]


moments = st.one_of(st.none(), st.integers(-100, 100).map(lambda hours: START + timedelta(hours=hours)))


@given(moments, moments, st.booleans(), st.sampled_from(["rss", "sitemap"]))
def test_a_place_is_never_later_than_now(
    published: datetime | None,
    updated: datetime | None,
    quiet: bool,  # noqa: FBT001 (drawn)
    kind: str,
) -> None:
    """A date of the future wins no place before what was just announced."""
    entry = Entry(url="https://one.example/a", source="one", published_at=published, updated_at=updated)
    assert announced_at(source(kind=kind), entry, START, quiet=quiet) <= START
    assert not (too_old(source(kind=kind), entry, START) and max(filter(None, (published, updated))) >= START)
