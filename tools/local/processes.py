"""Starts programs in sessions of their own, waits for them, and ends them whole; ports and disk space."""

import hashlib
import http.client
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import psutil

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"

Process = subprocess.Popen[bytes]


class LocalError(Exception):
    """What stops a local run, as one line for the person at the terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to run: `environment` replaces ours, output is appended to `log`, `user` None is us."""

    name: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    log: Path
    user: str | None = None


def spawn(
    arguments: Sequence[str | Path],
    *,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path = ROOT,
    stdin: int = subprocess.DEVNULL,
    log: Path | None = None,
) -> Process:
    """Start a program in a session of its own; end it with `end_session(process.pid, ...)`.

    Only root may ask for another `user`; that one may not be able to reach `folder`, so it starts in /.
    Output is appended to `log`, or goes where ours goes.
    """
    with ExitStack() as files:
        output = None
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            output = files.enter_context(log.open("ab"))
        return subprocess.Popen(
            arguments,
            start_new_session=True,
            user=user,
            group=pwd.getpwnam(user).pw_gid if user else None,
            extra_groups=[] if user else None,
            cwd="/" if user else folder,
            env=environment,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
        )


def launch(program: Program) -> Process:
    """Start a program that outlives us."""
    return spawn(program.arguments, user=program.user, environment=program.environment, log=program.log)


@contextmanager
def supervised(program: Program, *, grace: float = 10) -> Iterator[Process]:
    """Run a program that never outlives us, whichever way we end; yields its supervisor (`local.watch`).

    On leaving, the program gets `grace` seconds to stop after SIGTERM. If we are killed, its whole session is
    killed at once: the supervisor holds the other end of a pipe that closes with us.
    """
    watch = [sys.executable, "-m", "local.watch", str(os.getpid()), str(grace), program.user or ""]
    process = spawn(
        [*watch, *program.arguments],
        environment=program.environment,
        folder=ROOT / "tools",
        stdin=subprocess.PIPE,
        log=program.log,
    )
    try:
        yield process
    finally:
        stop_supervised([process], grace=grace)


def stop_supervised(processes: Sequence[Process], *, grace: float = 10) -> None:
    """Ask supervisors to stop their programs, all at the same time, and wait for them. Idempotent."""
    for process in processes:
        if process.stdin is not None and not process.stdin.closed:
            with suppress(BrokenPipeError):
                process.stdin.write(b"stop\n")
                process.stdin.flush()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace + 5)
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
        process.wait(grace + 5)


def session_members(session: int) -> list[psutil.Process]:
    """Living processes of a session and whatever they started, even in sessions of its own."""
    members: dict[int, psutil.Process] = {}
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(pid) == session:
                process = psutil.Process(pid)
                members |= {child.pid: child for child in process.children(recursive=True)}
                members[pid] = process
    return [process for process in members.values() if _alive(process)]


def _alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_session(session: int, *, grace: float) -> None:
    """Ask the session's leader to stop, give it `grace` seconds (0: none), then kill whoever is left."""
    with suppress(psutil.NoSuchProcess, LocalError):
        leader = psutil.Process(session)
        if grace > 0:
            leader.terminate()
            wait_until(lambda: not _alive(leader), seconds=grace, what="the program's end")
    for _ in range(10):  # a member may fork between the listing and its end
        members = session_members(session)
        if not members:
            return
        for member in members:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        psutil.wait_procs(members, timeout=1)


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str, every: float = 0.1) -> None:
    """Poll until `ready` says True; raises LocalError naming `what` when `seconds` have passed."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise LocalError(f"{what} was not ready after {seconds:.0f} s")
        time.sleep(every)


def wait_for_server(process: Process, program: Program, ready: Callable[[], bool], *, seconds: float) -> None:
    """Wait until a program answers; raises LocalError with the end of its log when it died or took too long."""

    def settled() -> bool:
        return process.poll() is not None or ready()

    try:
        wait_until(settled, seconds=seconds, what=program.name)
    except LocalError as error:
        raise LocalError(f"{error}; the end of {program.log}:\n{log_tail(program.log)}") from None
    if process.poll() is not None:
        raise LocalError(
            f"{program.name} stopped with code {process.returncode}; the end of {program.log}:\n{log_tail(program.log)}"
        )


def log_tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, indented; empty when there is none."""
    if not log.exists():
        return ""
    return "\n".join("  " + line for line in log.read_text(errors="replace").splitlines()[-lines:])


def get(
    port: int, path: str, *, timeout: float = 5, headers: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, bytes]:
    """Status and body of a GET on this machine, past any proxy; status 0 when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def free_port() -> int:
    """A TCP port on 127.0.0.1 that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free_port(port: int, *, what: str, option: str) -> None:
    """Raise LocalError when something already listens on the port; `option` names what chooses another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise LocalError(
                f"port {port} for {what} is taken by another program: stop that or choose another port with {option}"
            ) from None


def require_disk(folder: Path, *, mebibytes: int, what: str) -> None:
    """Raise LocalError unless the file system that holds `folder` (which may not exist yet) has that much room."""
    existing = next(place for place in [folder, *folder.parents] if place.exists())
    free = shutil.disk_usage(existing).free // 2**20
    if free < mebibytes:
        raise LocalError(f"{what} needs {mebibytes} MiB under {existing}, but only {free} MiB are free")


def project_mark(root: Path = ROOT) -> str:
    """A short name for this checkout, for places that several checkouts share."""
    return hashlib.sha256(str(root).encode()).hexdigest()[:10]
