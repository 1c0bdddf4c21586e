"""Who asks the machine for the time: few, so that everything else runs on any day."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from copydesk.clock import told_by, utc_now
from made import days
from made.places import ROOT

FOLDERS = ("plugins", "dags", "tools", "tests")
ASKING = {
    "plugins/copydesk/clock.py",
    "dags/airflow_database.py",  # Airflow's own rows bear the machine's time
    "dags/housekeeping.py",  # so do its log files
    "tools/local/rehearse.py",  # so do they here
    "tools/local/demo.py",  # people and a real scheduler look on; no text depends on it
    "tools/newsworld/__main__.py",
    "tests/airflow/test_airflow_logs.py",  # files bear the machine's time
    "tests/made/stage.py",  # a real scheduler
}


def asks(tree: ast.AST) -> Iterator[int]:
    """The lines that ask for the date or the time of day."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            named = ast.unparse(node.func)
            if named.endswith(
                ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
            ):
                yield node.lineno


def test_few_ask_the_machine_for_the_time() -> None:
    """Whoever needs the time is given it, or asks `clock.utc_now`, which the tests answer."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if list(asks(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == ASKING


def test_the_tests_run_on_the_day_they_are_told() -> None:
    """The clock goes on from the day of `--today`."""
    assert timedelta(0) <= utc_now() - days.TODAY < timedelta(days=1)


def test_another_clock_is_asked_within_its_block_alone() -> None:
    """Clocks may be nested; what they say is cut to whole milliseconds."""
    before = utc_now()
    with told_by(lambda: datetime(2030, 1, 1, 0, 0, 0, 1999, UTC)):
        assert utc_now() == datetime(2030, 1, 1, 0, 0, 0, 1000, UTC)
    assert before <= utc_now() < datetime(2030, 1, 1, tzinfo=UTC) or before.year >= 2030


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2028-02-29", datetime(2028, 2, 29, 9, tzinfo=UTC)),
        ("2027-03-28T01:30Z", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-03-28T01:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("2027-03-28T03:30+02:00", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
    ],
)
def test_days_are_read(text: str, expected: datetime) -> None:
    """With a time or without, in UTC unless it says otherwise."""
    assert days.moment(text) == expected
