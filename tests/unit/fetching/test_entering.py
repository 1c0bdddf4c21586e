"""Entries → ledger records."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from copydesk import urls
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.fetching.entering import announce, enter, taken_down
from copydesk.index import Kind, Write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import LedgerRecord
from copydesk.model import Entry
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.takedowns import target_of
from made.world import START, source

ADDRESS = "https://one.example/a"
LATER = START + timedelta(hours=1)


def entry(url: str = ADDRESS, updated_at: datetime | None = None, outlet: str = "") -> Entry:
    return Entry(url=url, source="one", title="T", updated_at=updated_at, outlet=outlet)


def ledger(index: MemoryIndex, url: str = ADDRESS) -> LedgerRecord:
    key = urls.url_key(url)
    return from_record(LedgerRecord, index.get(Kind.LEDGER, [key])[key].body)


def test_a_new_address_is_pending_at_once() -> None:
    """The first announcement makes a record that is due now."""
    index = MemoryIndex()
    assert enter(index, source(), [entry()], START).new == 1
    record = ledger(index)
    assert (record.outcome, record.retry_at, record.outlet) == (EntryOutcome.PENDING, START, "one")


def test_the_same_announcement_again_changes_nothing() -> None:
    """Law 3: entering twice leaves the very same document, whatever tracking the address carries."""
    index = MemoryIndex()
    enter(index, source(), [entry()], START)
    before = index.get(Kind.LEDGER, [urls.url_key(ADDRESS)])
    assert enter(index, source(), [entry(), entry(ADDRESS + "?utm_source=x#top")], LATER).new == 0
    assert index.get(Kind.LEDGER, [urls.url_key(ADDRESS)]) == before


def test_a_second_source_is_added() -> None:
    """An address announced twice stays one record that names both sources."""
    index = MemoryIndex()
    enter(index, source("one"), [entry()], START)
    assert enter(index, source("two"), [entry()], LATER).new == 0
    assert ledger(index).sources == ("one", "two")
    assert ledger(index).source == "one"


@pytest.mark.parametrize(
    ("updated", "fetched", "expected"),
    [
        (LATER, START, EntryOutcome.PENDING),
        (START, START, None),
        (LATER, None, None),
        (None, START, None),
    ],
)
def test_only_a_change_after_our_capture_is_fetched_again(
    updated: datetime | None,
    fetched: datetime | None,
    expected: EntryOutcome | None,
) -> None:
    """A captured address becomes pending again when the source says it changed since."""
    old = LedgerRecord(
        url=ADDRESS,
        host="one.example",
        shard=0,
        source="one",
        sources=("one",),
        outlet="one",
        publisher="one",
        first_seen_at=START,
        outcome=EntryOutcome.CAPTURED if fetched else EntryOutcome.PENDING,
        entry_title="T",
        fetched_at=fetched,
    )
    record = announce(source(), entry(updated_at=updated), LATER, old)
    assert (record and record.outcome) == expected


@pytest.mark.parametrize("down", [urls.url_key(ADDRESS), "outlet:one"])
def test_a_takedown_of_address_or_outlet_bars_the_entry(down: str) -> None:
    """What was taken down is refused at once and never due."""
    index = MemoryIndex()
    index.write([Write(kind=Kind.TAKEDOWNS, id=down, body={"id": down})])
    enter(index, source(), [entry()], START)
    record = ledger(index)
    assert (record.outcome, record.reason, record.retry_at) == (EntryOutcome.REFUSED, Reason.TAKEN_DOWN, None)


def test_an_entry_may_name_its_outlet() -> None:
    """An inbox of many outlets: the entry's own one stands in the ledger, is its publisher, can be taken down."""
    index = MemoryIndex()
    enter(index, source(), [entry(outlet="elsewhere")], START)
    assert (ledger(index).outlet, ledger(index).publisher) == ("elsewhere", "elsewhere")
    barred = MemoryIndex()
    barred.write([Write(kind=Kind.TAKEDOWNS, id="outlet:elsewhere", body={"id": "outlet:elsewhere"})])
    enter(barred, source(), [entry(outlet="elsewhere")], START)
    assert ledger(barred).outcome is EntryOutcome.REFUSED


def test_another_title_in_the_first_source_is_fetched_again_once() -> None:
    """A feed without times of change shows one by its title; a second source may call the page what it likes."""
    index = MemoryIndex()
    enter(index, source("one"), [entry()], START)
    captured = replace(ledger(index), outcome=EntryOutcome.CAPTURED, fetched_at=START, retry_at=None)
    index.write([Write(kind=Kind.LEDGER, id=urls.url_key(ADDRESS), body=to_record(captured))])
    renamed = replace(entry(), title="Another")
    enter(index, source("two"), [renamed], LATER)
    assert ledger(index).outcome is EntryOutcome.CAPTURED
    enter(index, source("one"), [renamed], LATER)
    assert (ledger(index).outcome, ledger(index).entry_title) == (EntryOutcome.PENDING, "Another")


def test_a_title_that_changes_before_the_page_was_fetched_is_the_one_it_has() -> None:
    """The page is fetched as it stands then: with the latest title of its first source, which is no news later."""
    index = MemoryIndex()
    enter(index, source("one"), [entry()], START)
    due = ledger(index)
    renamed = replace(entry(), title="Another")
    enter(index, source("two"), [replace(renamed, source="two")], LATER)
    assert ledger(index).entry_title == "T"
    for title in ("Another", "T"):  # whoever read the announcement before says the old one once more
        enter(index, source("one"), [replace(entry(), title=title)], LATER)
    assert ledger(index).entry_title == "Another"
    assert (ledger(index).outcome, ledger(index).retry_at) == (due.outcome, due.retry_at)
    captured(index, LATER)
    enter(index, source("one"), [renamed], LATER + timedelta(hours=1))
    assert ledger(index).outcome is EntryOutcome.CAPTURED


def test_a_title_that_was_seen_is_no_news() -> None:
    """A headline that flips between two has the page fetched for each of them once, however often it flips."""
    index, fetched = MemoryIndex(), 0
    for hour in range(12):
        enter(index, source(), [replace(entry(), title="AB"[hour % 2])], START + timedelta(hours=hour))
        if ledger(index).outcome is EntryOutcome.PENDING:
            fetched += 1
            captured(index, START + timedelta(hours=hour))
    assert fetched == 2
    enter(index, source(), [replace(entry(), title="C")], START + timedelta(hours=13))
    assert ledger(index).outcome is EntryOutcome.PENDING


@pytest.mark.parametrize(
    ("behind", "most"), [(timedelta(0), 5), (timedelta(minutes=10), 12), (-timedelta(days=1), 5)]
)
def test_the_time_of_the_poll_is_no_time_of_change(behind: timedelta, most: int) -> None:
    """A feed that calls all entries changed just now has pages fetched ever more seldom, an honest one at once."""
    index, fetched = MemoryIndex(), 0
    for turn in range(12):
        now = START + turn * timedelta(minutes=20)
        enter(index, source(), [entry(updated_at=now - behind)], now)
        if ledger(index).outcome is EntryOutcome.PENDING:
            fetched += 1
            captured(index, now)
    assert fetched <= most
    assert fetched == most or behind <= timedelta(0)


def captured(index: MemoryIndex, now: datetime) -> None:
    record = replace(ledger(index), outcome=EntryOutcome.CAPTURED, fetched_at=now, retry_at=None)
    index.write([Write(kind=Kind.LEDGER, id=urls.url_key(ADDRESS), body=to_record(record))])


@pytest.mark.parametrize("length", [2000, 2001, 40_000])
def test_an_address_has_a_bound(length: int) -> None:
    """What is longer is refused with its reason, kept cut under an id of its own, and never asked for."""
    index = MemoryIndex()
    long = [(ADDRESS + "?x=").ljust(length - 1, "y") + end for end in "12"]
    enter(index, source(), [entry(url) for url in long], START)
    enter(index, source("by-hand", kind="inbox"), [entry(long[0])], LATER)
    for record in (ledger(index, url) for url in long):
        assert len(record.url) == min(length, 2000)
        too_long = length > 2000
        assert record.outcome is (EntryOutcome.REFUSED if too_long else EntryOutcome.PENDING)
        assert (record.reason, record.detail) == (
            (Reason.ADDRESS, "longer than 2,000 characters") if too_long else (None, "")
        )


def test_a_title_has_a_bound() -> None:
    """A title of a million characters is cut, and is no other one the next time."""
    index = MemoryIndex()
    enter(index, source(), [replace(entry(), title="x" * 10**6)], START)
    captured(index, START)
    enter(index, source(), [replace(entry(), title="x" * 10**6)], LATER)
    assert ledger(index).entry_title == "x" * 1000
    assert ledger(index).outcome is EntryOutcome.CAPTURED


@pytest.mark.parametrize(
    "outcome", [outcome for outcome in EntryOutcome if outcome is not EntryOutcome.PENDING]
)
def test_a_person_has_a_page_asked_for_again(outcome: EntryOutcome) -> None:
    """An address given by hand is due at once whatever became of it, and whole: without the tags of last time."""
    index = MemoryIndex()
    enter(index, source(), [entry()], START)
    lost = replace(ledger(index), outcome=outcome, reason=Reason.GONE, attempts=7, retry_at=None, etag='"1"')
    index.write([Write(kind=Kind.LEDGER, id=urls.url_key(ADDRESS), body=to_record(lost))])
    enter(index, source("by-hand", kind="inbox"), [Entry(url=ADDRESS, source="by-hand")], LATER, quiet=True)
    record = ledger(index)
    assert (record.outcome, record.retry_at, record.etag) == (EntryOutcome.PENDING, LATER, None)
    assert (record.attempts, record.quiet) == (0, False)


def test_an_entry_that_fails_alone_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address nobody can read costs itself; the others are entered."""
    key = urls.url_key

    def url_key(url: str) -> str:
        if url.endswith("b"):
            raise IndexError("nobody thought of this")
        return key(url)

    monkeypatch.setattr(urls, "url_key", url_key)
    index = MemoryIndex()
    entered = enter(index, source(), [entry(f"https://one.example/{end}") for end in "abc"], START)
    assert (entered.new, len(entered.entries)) == (2, 2)
    assert [fault.item for fault in entered.faults] == ["https://one.example/b"]


@pytest.mark.parametrize("outlet", ["N" * 505, "N" * 506, "Nähe" * 200, "half \ud800"])
def test_an_outlet_of_any_name_can_be_forbidden(outlet: str) -> None:
    """A name too long for an id, or one that no UTF-8 can hold, is as good as any: what it announces is refused."""
    index = MemoryIndex()
    target = target_of(outlet)
    index.write([Write(kind=Kind.TAKEDOWNS, id=target.key, body={"id": target.key})])
    assert taken_down(index, {"a": outlet, "b": f"{outlet}x"}) == {"a"}
