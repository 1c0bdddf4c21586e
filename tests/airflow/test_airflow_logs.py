import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.processes import ROOT

sys.path.append(str(ROOT / "dags"))  # as Airflow does
from airflow_logs import LARGEST, LAST, shorten, thin

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RUN = "dag_id=ingest/run_id=scheduled__2026-03-02T08:00:00+00:00"
QUIET = '{"level":"info","event":"poll"}\n{"level":"warning","event":"an \\"error\\" in words"}\n'
WRONG = '{"level":"info","event":"poll"}\n{"level":"error","event":"Task failed"}\n'


def made(path: Path, text: str, days: float) -> Path:
    """A file last written to so many days ago, its folders likewise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    when = (NOW - timedelta(days=days)).timestamp()
    for place in (path, *path.parents[:4]):
        os.utime(place, (when, when))
    return path


@pytest.mark.parametrize(
    ("name", "text", "days", "stays"),
    [
        (f"{RUN}/task_id=fetch/map_index=0/attempt=1.log", QUIET, 2.9, True),
        (f"{RUN}/task_id=fetch/map_index=0/attempt=1.log", QUIET, 3.1, False),
        (f"{RUN}/task_id=recover/attempt=1.log", WRONG, 3.1, True),
        (f"{RUN}/task_id=recover/attempt=1.log", WRONG, 30.1, False),
        (f"{RUN}/task_id=recover/attempt=2.log", QUIET, 3.1, True),
        (f"{RUN}/task_id=recover/attempt=2.log", QUIET, 30.1, False),
        (f"{RUN}/task_id=recover/attempt=11.log", QUIET, 3.1, True),
        (f"{RUN}/task_id=recover/attempt=1.log", "", 3.1, False),
        (f"{RUN}/task_id=recover/attempt=1.log.trigger.7.log", QUIET, 3.1, False),
        ("dag_processor/2026-02-20/dags-folder/ingest.py.log", WRONG, 3.1, False),
        ("dag_processor/2026-02-20/dags-folder/ingest.py.log", WRONG, 0, True),
        ("notes.txt", QUIET, 300, True),
    ],
)
def test_what_stays(tmp_path: Path, name: str, text: str, days: float, stays: bool) -> None:  # noqa: FBT001 - a column
    """Quiet tries for three days, those that went wrong for thirty; nothing that is no log."""
    path = made(tmp_path / "logs" / name, text, days)
    assert thin(tmp_path / "logs", NOW) == (not stays)
    assert path.exists() == stays


def test_empty_folders_go(tmp_path: Path) -> None:
    """With its last file a run's folders go, once they are old enough for nobody to be about to write there."""
    made(tmp_path / RUN / "task_id=fetch/map_index=0/attempt=1.log", QUIET, 4)
    thin(tmp_path, NOW)
    ours = datetime.now(UTC)  # removing a file has touched its folder just now
    assert (tmp_path / RUN).exists()
    for days in range(2, 9, 2):
        thin(tmp_path, ours + timedelta(days=days))
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.exists()


def test_links_lead_nowhere(tmp_path: Path) -> None:
    """What a link points to stays, be it a file or a folder, and so does the link."""
    logs, other = tmp_path / "logs", tmp_path / "other"
    kept = made(other / "attempt=1.log", QUIET, 300)
    logs.mkdir()
    (logs / "latest").symlink_to(other)
    (logs / "attempt=1.log").symlink_to(kept)
    (logs / "dangling.log").symlink_to(tmp_path / "nowhere")
    assert thin(logs, NOW) == 0
    assert kept.exists()
    assert len(list(logs.iterdir())) == 3


def test_a_log_that_is_written_on_is_cut_short(tmp_path: Path) -> None:
    """To its last lines, whole; its writer goes on at the new end. A small one, and what is no log, stays as it is."""
    line = b"x" * 99 + b"\n"
    for name, number in (
        ("scheduler.log", LARGEST // 100 + 9),
        ("small.log", 9),
        ("notes.txt", LARGEST // 50),
    ):
        (tmp_path / name).write_bytes(line * number + b"last\n")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with (tmp_path / "scheduler.log").open("ab", buffering=0) as writer:
        assert shorten(tmp_path) == 1
        writer.write(b"goes on\n")
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    cut = after.pop("scheduler.log")
    assert before.pop("scheduler.log").endswith(cut.removesuffix(b"goes on\n"))
    assert cut.endswith(b"last\ngoes on\n")
    assert LAST - 200 < len(cut) < LAST + 200
    assert len(cut.splitlines()[0]) == 99
    assert after == before
    assert shorten(tmp_path) == shorten(tmp_path / "nowhere") == 0


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Nothing to do."""
    assert thin(tmp_path / "nowhere", NOW) == 0
