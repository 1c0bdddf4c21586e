import os
import socket
import sys
from pathlib import Path

import psutil
import pytest

from local import pidfiles
from local.processes import (
    ROOT,
    LocalError,
    Program,
    free_port,
    launch,
    require_disk,
    require_free_port,
    supervised,
    wait_for_server,
    wait_until,
)

# writes the ids of two processes, the second in a process group of its own as Airflow's tasks are
FAMILY = """
import os, sys, time
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
else:
    with open(sys.argv[1] + ".part", "w") as file:
        file.write(f"{os.getpid()} {child}")
    os.rename(sys.argv[1] + ".part", sys.argv[1])
time.sleep(300)
"""

PARENT = """
import sys, time
from pathlib import Path
from local.processes import Program, supervised
arguments = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
with supervised(Program(name="family", arguments=arguments, environment={}, log=Path(sys.argv[3]))):
    time.sleep(300)
"""


def family(tmp_path: Path) -> Program:
    arguments: list[str | Path] = [sys.executable, "-c", FAMILY, tmp_path / "ids"]
    return Program(name="family", arguments=arguments, environment={}, log=tmp_path / "log")


def members(tmp_path: Path) -> list[psutil.Process]:
    wait_until((tmp_path / "ids").exists, seconds=20, what="the family")
    return [psutil.Process(int(pid)) for pid in (tmp_path / "ids").read_text().split()]


def test_nothing_survives_a_killed_parent(tmp_path: Path) -> None:
    """When the parent is killed outright, its supervised program goes with all its groups."""
    ids, log = tmp_path / "ids", tmp_path / "log"
    arguments: list[str | Path] = [sys.executable, "-c", PARENT, FAMILY, ids, log]
    parent = launch(
        Program(name="parent", arguments=arguments, environment={"PYTHONPATH": str(ROOT / "tools")}, log=log)
    )
    alive = members(tmp_path)
    parent.kill()
    parent.wait(20)
    _, left = psutil.wait_procs(alive, timeout=20)
    assert left == []


def test_leaving_the_block_ends_the_program(tmp_path: Path) -> None:
    """A supervised program and its supervisor are gone when the block is left."""
    with supervised(family(tmp_path), grace=5) as supervisor:
        alive = members(tmp_path)
    _, left = psutil.wait_procs(alive, timeout=20)
    assert left == []
    assert supervisor.poll() is not None


def test_a_dead_program_is_told_with_its_last_words(tmp_path: Path) -> None:
    """A program that dies while it is waited for gives its exit code and the end of its log."""
    arguments = [sys.executable, "-c", "import sys; print('no room'); sys.exit(3)"]
    program = Program(name="server", arguments=arguments, environment={}, log=tmp_path / "log")
    with (
        supervised(program) as process,
        pytest.raises(LocalError, match=r"stopped with code 3(.|\n)*no room"),
    ):
        wait_for_server(process, program, lambda: False, seconds=30)


def test_pid_files_end_exactly_what_was_started(tmp_path: Path) -> None:
    """A remembered program is found and ended with all its members; a second end finds nothing."""
    process = launch(family(tmp_path))
    pidfiles.remember("family", process, "http://127.0.0.1:1", folder=tmp_path / "run")
    alive = members(tmp_path)
    noted = pidfiles.running("family", folder=tmp_path / "run")
    assert noted is not None
    assert noted.url == "http://127.0.0.1:1"
    assert pidfiles.end("family", grace=5, folder=tmp_path / "run")
    process.wait(20)
    _, left = psutil.wait_procs(alive, timeout=20)
    assert left == []
    assert not pidfiles.end("family", grace=5, folder=tmp_path / "run")


def test_a_reused_process_id_is_left_alone(tmp_path: Path) -> None:
    """A process that merely has the remembered id, but began at another time, is not touched."""
    with supervised(family(tmp_path)):
        stranger = members(tmp_path)[0]
        began = stranger.create_time() - 3600
        run = tmp_path / "run"
        run.mkdir()
        (run / "old.json").write_text(f'{{"pid": {stranger.pid}, "began": {began}, "url": ""}}')
        assert pidfiles.running("old", folder=run) is None
        assert not pidfiles.end("old", grace=0, folder=run)
        assert stranger.is_running()


def test_taken_port() -> None:
    """A port somebody listens on is refused in one line that says what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LocalError, match=rf"^port {port} for Airflow is taken .* with --port$"):
            require_free_port(port, what="Airflow", option="--port")


def test_free_port() -> None:
    """A port handed out as free can be asked for."""
    require_free_port(free_port(), what="Airflow", option="--port")


def test_disk_space(tmp_path: Path) -> None:
    """Too little room is told before anything is written, also for a folder that does not exist yet."""
    require_disk(tmp_path / "not/yet", mebibytes=1, what="Elasticsearch")
    with pytest.raises(
        LocalError, match=r"Elasticsearch needs 1000000000 MiB under .*, but only \d+ MiB are free"
    ):
        require_disk(tmp_path / "not/yet", mebibytes=10**9, what="Elasticsearch")


def test_an_error_is_one_line(tmp_path: Path) -> None:
    """What a person can mend ends a command with one line and exit code 1, not with a traceback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments = [
            sys.executable,
            "-m",
            "local",
            "elasticsearch",
            "start",
            "--data",
            "never",
            "--port",
            port,
        ]
        log, path = tmp_path / "log", {"PYTHONPATH": os.pathsep.join(sys.path)}
        command = launch(Program(name="command", arguments=arguments, environment=os.environ | path, log=log))
        assert command.wait(60) == 1
    assert log.read_text().count("\n") == 1
    assert log.read_text().startswith(f"error: port {port} for Elasticsearch is taken")


def test_a_program_that_died_is_remembered_but_does_not_run(tmp_path: Path) -> None:
    """Killed outright and not yet looked at by its parent, it counts as dead, and where it answered is still known."""
    process = launch(family(tmp_path))
    members(tmp_path)
    pidfiles.remember("family", process, "http://127.0.0.1:1", folder=tmp_path)
    assert pidfiles.running("family", folder=tmp_path)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert pidfiles.running("family", folder=tmp_path) is None
    noted = pidfiles.remembered("family", folder=tmp_path)
    assert noted is not None
    assert noted.url == "http://127.0.0.1:1"
    assert not pidfiles.end("family", grace=0, folder=tmp_path)
