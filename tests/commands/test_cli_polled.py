"""What `status` says of sources, parts and files."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from copydesk.cli.status import configured, show_sources, trouble_lines
from copydesk.index.state import PollRecord
from copydesk.views.sources import SourceState, SourceTrouble, source_states, source_troubles

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
READ = PollRecord(source="one", url="https://one.example/f", next_poll_at=NINE, polled_at=NINE, read_at=NINE)
FAILED = replace(READ, reason="status", detail="status 500", failures=2, read_at=None)
PART = replace(FAILED, parent="https://one.example/i", url="https://one.example/p")
FILE = replace(
    READ, parent="/srv/inbox", url="a.txt", reason="unreadable", detail="cannot be read", failures=3
)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (FAILED, "source one: status 500; failed 2x, asked again 2026-03-02 09:00 UTC"),
        (PART, "source one, https://one.example/p: status 500; failed 2x, asked again 2026-03-02 09:00 UTC"),
        (FILE, "source one, a.txt: unreadable cannot be read; failed 3x, asked again 2026-03-02 09:00 UTC"),
        (replace(FILE, failures=7), "source one, a.txt: unreadable cannot be read; given up"),
        (replace(READ, reason="address", detail="2 left out: x"), "source one: address 2 left out: x"),
    ],
)
def test_what_a_trouble_is_told_as(record: PollRecord, line: str) -> None:
    """Whose it is, why, and when it is tried again, if it is."""
    assert list(trouble_lines(source_troubles([record]))) == [line]


def test_many_parts_are_told_by_their_number() -> None:
    """Five of a source are named, its own trouble besides; a thousand lines would be read by nobody."""
    many = [replace(PART, url=f"https://one.example/{number}") for number in range(1000)]
    found = source_troubles([FAILED, *many, replace(PART, source="two")])
    assert found.told == tuple(map(SourceTrouble, [FAILED, *many[:5], replace(PART, source="two")]))
    assert found.more == {"one": 995}
    assert list(trouble_lines(found))[-1] == "source one: 995 more of its parts or files with a trouble"


def test_a_source_is_shown_even_if_it_was_never_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each: when it was asked and read, when something new came, and how much of it is unread."""
    index = replace(READ, new_at=NINE - timedelta(days=1), entries=7, parts=60, unread=10)
    states = source_states([index], ["one", "two"])
    assert states == [SourceState("one", index), SourceState("two", None)]
    show_sources(states)
    heading, one, two = capsys.readouterr().out.splitlines()
    assert heading.split() == ["source", "asked", "read", "new", "entries", "parts"]
    assert one.split() == [
        "one",
        "03-02",
        "09:00",
        "03-02",
        "09:00",
        "03-01",
        "09:00",
        "7",
        "60,",
        "10",
        "unread",
    ]
    assert two.split() == ["two", "never", "never", "never", "·", "·"]


def test_a_wrong_file_of_sources_is_told_elsewhere(tmp_path: Path) -> None:
    """`status` shows what it can while sources.yml is wrong or missing."""
    path = tmp_path / "sources.yml"
    assert configured(path) is None
    path.write_text("sources: [")
    assert configured(path) is None
    path.write_text("sources:\n  - {name: one, kind: rss, url: 'https://one.example/f', outlet: one}\n")
    assert [source.name for source in configured(path) or ()] == ["one"]
