"""Remembers under .local/run what outlives a command, so that a later one ends exactly that."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from local.processes import LOCAL, Process, end_session

RUN = LOCAL / "run"
CLOCK_STEP_SECONDS = 60  # beginnings are derived from the boot time, which shifts when the clock is set


@dataclass(frozen=True, slots=True)
class Running:
    """A started program: its process id, when that process began (seconds since 1970), where it answers."""

    pid: int
    began: float
    url: str


def remember(name: str, process: Process, url: str = "", *, folder: Path = RUN) -> None:
    """Write down a program that was started, by the name `running` and `end` know it by."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = Running(process.pid, psutil.Process(process.pid).create_time(), url)
    _path(name, folder).write_text(json.dumps(asdict(facts)))


def running(name: str, *, folder: Path = RUN) -> Running | None:
    """The program of that name if it is alive and still the one that was started."""
    noted = remembered(name, folder=folder)
    return noted if noted and _is_ours(noted) and _lives(noted.pid) else None


def remembered(name: str, *, folder: Path = RUN) -> Running | None:
    """What was written down of a program that was started and not ended by us, dead or alive."""
    path = _path(name, folder)
    return Running(**json.loads(path.read_text())) if path.exists() else None


def names(*, folder: Path = RUN) -> list[str]:
    """What was started, in no order that means anything."""
    return sorted(path.stem for path in folder.glob("*.json"))


def end(name: str, *, grace: float, folder: Path = RUN) -> bool:
    """End a program with its whole session, and forget it; False when there was nothing left to end."""
    noted = remembered(name, folder=folder)
    was_running = running(name, folder=folder) is not None
    if noted and _is_ours(noted):
        end_session(noted.pid, grace=grace)
    _path(name, folder).unlink(missing_ok=True)
    return was_running


def end_all(names: Sequence[str], *, grace: float, folder: Path = RUN) -> list[str]:
    """End several programs at the same time; gives the names of those that were running."""
    if not names:
        return []
    with ThreadPoolExecutor(len(names)) as pool:
        ended = list(pool.map(lambda name: end(name, grace=grace, folder=folder), names))
    return [name for name, was_running in zip(names, ended, strict=True) if was_running]


def _path(name: str, folder: Path) -> Path:
    return folder / f"{name}.json"


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE  # dead, and its parent has not looked yet
    except psutil.NoSuchProcess:
        return False


def _is_ours(noted: Running) -> bool:
    """Whether the session that began with this process can still only be ours.

    A process id is not given out again while a session bears it, so a dead leader may have left members behind,
    while a living leader that began at another time is a stranger, and a restart of the machine ended everything.
    """
    if noted.began < psutil.boot_time() - CLOCK_STEP_SECONDS:
        return False
    try:
        return abs(psutil.Process(noted.pid).create_time() - noted.began) < CLOCK_STEP_SECONDS
    except psutil.NoSuchProcess:
        return True
