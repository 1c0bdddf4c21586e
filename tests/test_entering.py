"""Entries → ledger records."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import START, source

from copydesk import urls
from copydesk.adapters.memory import MemoryIndex
from copydesk.entering import announce, enter
from copydesk.index import Kind, Write
from copydesk.model import Entry
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.records import from_record, to_record
from copydesk.state import LedgerRecord

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
    assert enter(index, source(), [entry()], START) == 1
    record = ledger(index)
    assert (record.outcome, record.retry_at, record.outlet) == (EntryOutcome.PENDING, START, "one")


def test_the_same_announcement_again_changes_nothing() -> None:
    """Law 3: entering twice leaves the very same document, whatever tracking the address carries."""
    index = MemoryIndex()
    enter(index, source(), [entry()], START)
    before = index.get(Kind.LEDGER, [urls.url_key(ADDRESS)])
    assert enter(index, source(), [entry(), entry(ADDRESS + "?utm_source=x#top")], LATER) == 0
    assert index.get(Kind.LEDGER, [urls.url_key(ADDRESS)]) == before


def test_a_second_source_is_added() -> None:
    """An address announced twice stays one record that names both sources."""
    index = MemoryIndex()
    enter(index, source("one"), [entry()], START)
    assert enter(index, source("two"), [entry()], LATER) == 0
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
    """An inbox of many outlets: the entry's own outlet stands in the ledger, is its publisher, and can be taken down."""
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
