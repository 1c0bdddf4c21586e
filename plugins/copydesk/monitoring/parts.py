"""The parts of Copydesk that run by the clock: when each last did its work, and since when it fails.

    running/ingest.fetch-0.json     one small file a task, beside the archive, where it outlives the index

A part that was killed leaves no note of it; that it has not ended well for too long does.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson

from copydesk.errors import ArchiveError
from copydesk.index.records import from_record, to_record
from copydesk.monitoring.troubles import Trouble
from copydesk.ports import Archive

__all__ = ["Run", "goes_well", "noted", "part_troubles", "runs"]

log = logging.getLogger(__name__)

FOLDER = "running"
GRACE = timedelta(minutes=10)
FRESH = timedelta(minutes=2)
"""A success is not written down again so soon after the last."""

LATE: Mapping[str, timedelta] = {
    "ingest": timedelta(minutes=5),
    "process": timedelta(minutes=5),
    "deliver": timedelta(minutes=15),
    "housekeeping": timedelta(hours=3),
}
"""Part -> how old its last success may be. It is told only when it still is ten minutes later, as after a nap of
the machine it is not."""
FORGOTTEN = timedelta(days=1)
"""A failure this old is of a task that is no more."""
LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a task of a part went; `failing_since` is None while it goes well."""

    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    error: str = ""


@contextmanager
def noted(archive: Archive, task: str, now: Callable[[], datetime]) -> Iterator[None]:
    """Run the block and write down how it ended; what it raised goes on its way."""
    try:
        yield
    finally:
        _note(archive, task, now(), sys.exc_info()[1])


def goes_well(archive: Archive, task: str, now: datetime) -> None:
    """Write down that a task which takes long goes well so far."""
    _note(archive, task, now, None)


def runs(archive: Archive) -> dict[str, Run]:
    """What is noted of every task. Raises ArchiveError."""
    names = archive.names(FOLDER)
    return {name.removeprefix(f"{FOLDER}/").removesuffix(".json"): _run(archive, name) for name in names}


def part_troubles(tasks: Mapping[str, Run], now: datetime) -> list[Trouble]:
    """The parts that fail, or have not ended well for too long. Pure."""
    failing = [
        Trouble(key=f"part:{name}", text=f"{name} fails: {run.error}", since=run.failing_since, grace=GRACE)
        for name, run in sorted(tasks.items())
        if run.failing_since and now - (run.failed_at or run.failing_since) < FORGOTTEN
    ]
    told = {trouble.key.removeprefix("part:").partition(".")[0] for trouble in failing}
    return failing + [
        Trouble(
            key=f"part:{part}",
            text=f"{part} has not ended well since {last:%Y-%m-%d %H:%M} UTC: is it paused, or the scheduler dead?",
            grace=GRACE,
        )
        for part, late in LATE.items()
        if part not in told and (last := _last_success(tasks, part)) and now - last > late
    ]


def _last_success(tasks: Mapping[str, Run], part: str) -> datetime | None:
    times = [run.succeeded_at for name, run in tasks.items() if name.partition(".")[0] == part]
    return max((time for time in times if time), default=None)


def _note(archive: Archive, task: str, now: datetime, error: BaseException | None) -> None:
    name = f"{FOLDER}/{task}.json"
    try:
        before = _run(archive, name)
        after = _after(before, now, error)
        if after != before:
            archive.save(name, _content(after))
    except ArchiveError as exc:
        log.warning("how %s went cannot be noted: %s", task, exc)


def _after(before: Run, now: datetime, error: BaseException | None) -> Run:
    """What is noted of a task after it has ended once more. Pure."""
    if error is not None:
        line = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
        return replace(before, failing_since=before.failing_since or now, failed_at=now, error=line)
    if before.failing_since is None and before.succeeded_at and now - before.succeeded_at < FRESH:
        return before
    return Run(succeeded_at=now)


def _run(archive: Archive, name: str) -> Run:
    content = archive.load(name)
    try:
        return from_record(Run, orjson.loads(content)) if content else Run()
    except (TypeError, ValueError) as exc:
        log.warning("%s is no note of a run, and counts as none: %s", name, exc)
        return Run()


def _content(run: Run) -> bytes:
    return orjson.dumps(to_record(run))
