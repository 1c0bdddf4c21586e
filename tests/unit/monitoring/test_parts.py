from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from copydesk.errors import ArchiveError, IndexUnavailable
from copydesk.monitoring.parts import Run, noted, part_troubles, runs
from made.world import Shelf

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def run(archive: Shelf, minute: int, error: BaseException | None = None, *, task: str = "process") -> None:
    """One run of a task that ends well or with an error."""
    with suppress(Exception), noted(archive, task, lambda: START + minute * MINUTE):
        if error is not None:
            raise error


def test_a_failure_is_noted_until_the_next_success() -> None:
    """Since when, with the last line; what was raised goes on its way; a success takes it away."""
    archive = Shelf()
    run(archive, 0)
    run(archive, 1, IndexUnavailable("away"))
    run(archive, 2, KeyError("other\nline"))
    (trouble,) = part_troubles(runs(archive), START + 3 * MINUTE)
    assert (trouble.key, trouble.since) == ("part:process", START + MINUTE)
    assert trouble.text == r"process fails: KeyError: 'other\nline'"
    run(archive, 4)
    assert part_troubles(runs(archive), START + 5 * MINUTE) == []


def test_an_end_from_outside_is_a_failure() -> None:
    """A time-out or a stop of the task, which is no Exception, is noted too, and passes."""
    archive = Shelf()
    with pytest.raises(KeyboardInterrupt), noted(archive, "ingest.fetch-0", lambda: START):
        raise KeyboardInterrupt
    (trouble,) = part_troubles(runs(archive), START)
    assert trouble.key == "part:ingest.fetch-0"


def test_a_part_that_leaves_no_note_is_missed() -> None:
    """Killed each time, paused, or no scheduler: its last success grows old. A part that never ran is not missed."""
    archive = Shelf()
    run(archive, 0, task="ingest.fetch-0")
    run(archive, 3, task="ingest.fetch-1")
    assert part_troubles(runs(archive), START + 8 * MINUTE) == []
    (trouble,) = part_troubles(runs(archive), START + 9 * MINUTE)
    assert trouble.text.startswith("ingest has not ended well since 2026-03-02 09:03 UTC")


def test_a_failure_of_a_task_that_is_no_more_is_forgotten() -> None:
    """With fewer tasks than yesterday the note of one of them stays, and counts no more."""
    tasks = {"ingest.fetch-9": Run(failing_since=START, failed_at=START)}
    assert len(part_troubles(tasks, START + timedelta(hours=23))) == 1
    assert part_troubles(tasks, START + timedelta(days=1)) == []


def test_a_success_is_not_written_down_every_time() -> None:
    """Within two minutes nothing is written."""
    archive = Shelf()
    run(archive, 0)
    before = dict(archive.files)
    run(archive, 1)
    assert archive.files == before
    run(archive, 2)
    assert archive.files != before


class Locked(Shelf):
    """An archive that takes nothing."""

    def save(self, name: str, content: bytes) -> None:
        raise ArchiveError(f"cannot write {name}: {len(content)} bytes")


def test_an_archive_that_takes_nothing_hides_no_failure() -> None:
    """The task ends as it would have."""
    with pytest.raises(IndexUnavailable), noted(Locked(), "process", lambda: START):
        raise IndexUnavailable("away")
    with noted(Locked(), "process", lambda: START):
        pass


@pytest.mark.parametrize("content", [b"", b"no json", b"[1]", b'{"failing_since": "soon"}', b"\xff\xfe"])
def test_a_note_that_is_none(content: bytes) -> None:
    """A file of another shape counts as no note."""
    assert runs(Shelf(files={"running/process.json": content})) == {"process": Run()}
