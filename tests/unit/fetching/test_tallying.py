"""New addresses, day by day."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.fetching.tallying import DAYS, counted, per_day_at
from copydesk.index.records import from_record, to_record
from copydesk.index.state import PollRecord
from made.world import START


@given(st.lists(st.tuples(st.integers(0, 40 * 24), st.integers(0, 9)), max_size=20))
def test_days_are_counted_as_a_calendar_counts_them(told: list[tuple[int, int]]) -> None:
    """However long the pauses: each day has what came on it, the last fifteen of them, and a record keeps it."""
    record, now = PollRecord(source="one", next_poll_at=START), START
    days: dict[object, int] = {}
    for hours, new in told:
        now += timedelta(hours=hours)
        record = from_record(PollRecord, to_record(counted(record, new, now)))
        days[now.date()] = days.get(now.date(), 0) + new
    kept = per_day_at(record, now)
    assert 1 <= len(kept) <= DAYS
    assert list(kept) == [days.get((now - timedelta(days=ago)).date(), 0) for ago in range(len(kept))]
    assert record.fresh == sum(days.values())
    later = per_day_at(record, now + timedelta(days=100))
    assert sum(later) == 0
