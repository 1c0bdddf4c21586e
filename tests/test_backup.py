from datetime import UTC, datetime, timedelta

import pytest
from fakes import Shelf
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory import MemoryIndex
from copydesk.backup import KEPT, backup, restore
from copydesk.errors import ConfigError
from copydesk.index import DERIVED, Index, Kind, Write
from copydesk.outcomes import EntryOutcome
from copydesk.records import to_record
from copydesk.state import LedgerRecord, PollRecord

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
TIMES = st.datetimes(timezones=st.just(UTC))
TEXT = st.text('aZ0 \n"\\é☃\U0001f600', max_size=6)

LEDGER = st.builds(
    LedgerRecord,
    url=TEXT,
    host=TEXT,
    shard=st.integers(0, 15),
    source=TEXT,
    sources=st.tuples(TEXT),
    outlet=TEXT,
    publisher=TEXT,
    first_seen_at=TIMES,
    outcome=st.sampled_from(EntryOutcome),
    retry_at=st.none() | TIMES,
    entry_title=st.none() | TEXT,
)
POLLS = st.builds(PollRecord, source=TEXT, next_poll_at=TIMES, etag=st.none() | TEXT)
ROWS = st.dictionaries(
    st.text("abc123", min_size=1, max_size=4),
    st.tuples(st.just(Kind.LEDGER), LEDGER) | st.tuples(st.just(Kind.POLLS), POLLS),
)


def kept(index: Index) -> dict[tuple[Kind, str], object]:
    """Everything a backup holds."""
    return {(kind, row.id): row.body for kind in KEPT for row in index.scan(kind)}


def test_all_state_is_kept() -> None:
    """What can be derived from the archive is not in a backup, everything else is."""
    assert set(KEPT) == set(Kind) - set(DERIVED)


@given(ROWS)
def test_round_trip(rows: dict[str, tuple[Kind, object]]) -> None:
    """Restoring into an empty index gives back what was backed up; once more changes nothing."""
    before, after, archive = MemoryIndex(), MemoryIndex(), Shelf()
    before.write([Write(kind=kind, id=id_, body=to_record(value)) for id_, (kind, value) in rows.items()])
    name, counts = backup(before, archive, NOW)
    assert counts.total() == len(rows)
    assert restore(after, archive) == (name, counts)
    assert kept(after) == kept(before)
    assert restore(after, archive)[1].total() == 0


def test_only_gaps_are_filled() -> None:
    """What an index holds already is newer than any backup and stays."""
    index, archive = MemoryIndex(), Shelf()
    index.write([Write(kind=Kind.TAKEDOWNS, id="a", body={"id": "a", "target": "old"})])
    backup(index, archive, NOW)
    index.write([Write(kind=Kind.TAKEDOWNS, id="a", body={"id": "a", "target": "new"})])
    assert restore(index, archive)[1].total() == 0
    assert index.get(Kind.TAKEDOWNS, ["a"])["a"].body["target"] == "new"


def test_which_backup() -> None:
    """The newest is taken unless one is named; a name that is none, or no backup at all, is said."""
    index, archive = MemoryIndex(), Shelf()
    with pytest.raises(ConfigError, match="holds no backup"):
        restore(index, archive)
    names = [backup(index, archive, NOW + timedelta(hours=hour))[0] for hour in (0, 1)]
    assert restore(index, archive)[0] == names[1]
    assert restore(index, archive, names[0])[0] == names[0]
    with pytest.raises(ConfigError, match=r"backups/x: no such backup; there are backups/20261122T100000"):
        restore(index, archive, "backups/x")
