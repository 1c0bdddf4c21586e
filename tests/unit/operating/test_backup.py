import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.journal import keep
from copydesk.errors import ConfigError
from copydesk.index import DERIVED, Index, Kind, Write
from copydesk.index.records import to_record
from copydesk.index.state import LedgerRecord, PollRecord
from copydesk.operating.backup import DAILY, KEPT, NEWEST, backup, restore, thin
from copydesk.outcomes import EntryOutcome
from made.world import Shelf

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


@pytest.mark.parametrize(
    "damage", [lambda b: b[:-9], lambda b: b[:40] + b"x" + b[41:], lambda _: b"", lambda _: b"{}"]
)
def test_a_damaged_backup_is_named_with_the_one_before(damage: Callable[[bytes], bytes]) -> None:
    """A file that is cut or changed restores nothing; the message says what does."""
    index, archive = MemoryIndex(), Shelf()
    index.write(
        [Write(kind=Kind.TAKEDOWNS, id=f"t{n}", body={"id": f"t{n}", "target": f"x{n}"}) for n in range(50)]
    )
    names = [backup(index, archive, NOW + timedelta(hours=hour))[0] for hour in (0, 1)]
    archive.files[names[1]] = damage(archive.files[names[1]])
    with pytest.raises(
        ConfigError, match=f"^{names[1]}: the backup is damaged .*copydesk restore {names[0]}`$"
    ):
        restore(MemoryIndex(), archive)
    assert restore(MemoryIndex(), archive, names[0])[1] == {Kind.TAKEDOWNS: 50}


def test_what_is_unknown_or_refused_stops_nothing() -> None:
    """Documents of a kind that this version does not know are left out, those that the server refuses are counted."""
    index, archive = MemoryIndex(), Shelf()
    lines = [
        {"kind": "moods", "id": "a", "body": {}},
        {"kind": "takedowns", "id": "b", "body": {"mood": "odd"}},
        {"kind": "takedowns", "id": "c", "body": {"id": "c"}},
    ]
    archive.save("backups/20261122T100000.ndjson.gz", gzip.compress(b"\n".join(map(orjson.dumps, lines))))
    assert restore(index, archive)[1] == {Kind.TAKEDOWNS: 1, "refused": 1}


ALERTED = {
    "alerts": Write(kind=Kind.ALERTS, id="a", body={"id": "a"}),
    "pending": Write(kind=Kind.DELIVERIES, id="d", body={"id": "d", "state": "pending", "attempts": 0}),
    "partly": Write(kind=Kind.DELIVERIES, id="d", body={"id": "d", "state": "pending", "attempts": 1}),
    "sent": Write(kind=Kind.DELIVERIES, id="d", body={"id": "d", "state": "sent", "attempts": 2}),
}


def test_the_journal_is_restored_with_any_backup_and_kept_until_two_hold_it() -> None:
    """Whatever was written down between backups is known after a restore, and the latest state of it wins."""
    index, archive, at = MemoryIndex(), Shelf(), NOW
    expected: dict[str, str] = {}
    names: list[str] = []
    for step in ("alerts pending", "backup", "partly", "backup", "sent", "backup", "backup", "backup"):
        at += timedelta(hours=1)
        if step == "backup":
            names.append(backup(index, archive, at)[0])
        else:
            keep(archive, [ALERTED[one] for one in step.split()], at)
            index.write([ALERTED[one] for one in step.split()])
            expected["last"] = step.split()[-1]
        for name in ["", *names]:
            fresh = MemoryIndex()
            restore(fresh, archive, name)
            assert fresh.get(Kind.DELIVERIES, ["d"])["d"].body == ALERTED[expected["last"]].body
            assert fresh.get(Kind.ALERTS, ["a"])
    assert archive.names("journal") == []


def test_a_damaged_file_of_the_journal_hides_no_other() -> None:
    """What can be read of the journal is restored."""
    index, archive = MemoryIndex(), Shelf()
    archive.save("journal/0-x.ndjson", b"{")
    keep(archive, [ALERTED["alerts"]], NOW)
    assert restore(index, archive)[1] == {Kind.ALERTS: 1}


def test_a_cursor_is_read_before_what_it_stands_for() -> None:
    """A cursor that moved during a backup may not be in it without its entries: nobody would ask for them again."""
    assert KEPT.index(Kind.POLLS) < KEPT.index(Kind.LEDGER)


def test_of_many_backups_few_are_kept() -> None:
    """Hourly for four hundred days: the newest 48, the last of each of 30 days and of each month; no file of others."""
    archive = Shelf(files={"backups/notes.txt": b"", "backups/before-the-move.ndjson.gz": b""})
    others = set(archive.files)
    made: list[datetime] = []
    for hour in range(24 * 400):
        made.append(NOW + timedelta(hours=hour))
        archive.save(f"backups/{made[-1]:%Y%m%dT%H%M%S}.ndjson.gz", b"")
        if hour % 24 == 0:
            thin(archive)
    thin(archive)
    kept = [at for at in made if f"backups/{at:%Y%m%dT%H%M%S}.ndjson.gz" in archive.files]
    assert kept[-NEWEST:] == made[-NEWEST:]
    last_of = {at.date(): at for at in made}
    assert set(list(last_of.values())[-DAILY:]) <= set(kept)
    assert {(at.year, at.month) for at in made} == {(at.year, at.month) for at in kept}
    assert len(kept) <= NEWEST + DAILY + 14
    assert others <= set(archive.files)
    assert thin(archive) == []


@pytest.mark.parametrize("number", [0, 1, 2, NEWEST])
def test_however_old_the_newest_backups_stay(number: int) -> None:
    """After a long time down, too: counted are backups, not hours."""
    names = [f"backups/{NOW + timedelta(minutes=at):%Y%m%dT%H%M%S}.ndjson.gz" for at in range(number)]
    archive = Shelf(files=dict.fromkeys(names, b""))
    assert thin(archive) == []
    assert archive.names("backups") == names
