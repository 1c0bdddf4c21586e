"""Runs Debian's PostgreSQL on loopback, in a folder of its own, as Airflow's database."""

import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from local import elasticsearch
from local.processes import LOCAL, LocalError, Program, free_port, supervised, wait_for_server

NAME = "airflow"
"""Of its user and of its database, as in docker-compose.yml."""

START_SECONDS, STOP_SECONDS = 60, 10
FOLDERS = Path("/usr/lib/postgresql")


@contextmanager
def running(password: str) -> Iterator[int]:
    """A server with an empty database for as long as the block; its port. Raises LocalError where there is none."""
    programs = find()
    user = elasticsearch.server_user() if os.geteuid() == 0 else None
    folder = elasticsearch.prepare_home() / "servers" / f"postgres-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700, parents=True)
    log = LOCAL / "logs" / "postgres.log"
    try:
        port = free_port()
        _make(programs, folder, password, user)
        server = Program(
            name="PostgreSQL",
            arguments=[
                programs / "postgres",
                "-D",
                folder / "data",
                "-p",
                str(port),
                "-h",
                "127.0.0.1",
                "-k",
                folder,
            ],
            environment={"PATH": os.defpath, "LANG": "C.UTF-8"},
            log=log,
            user=user,
        )
        with supervised(server, grace=STOP_SECONDS) as process:
            ready: list[str | Path] = [
                programs / "pg_isready",
                "--quiet",
                "--host=127.0.0.1",
                f"--port={port}",
            ]
            wait_for_server(process, server, lambda: _succeeds(ready), seconds=START_SECONDS)
            made: list[str | Path] = [
                programs / "createdb",
                "--host=127.0.0.1",
                f"--port={port}",
                f"--username={NAME}",
                NAME,
            ]
            _call(made, environment={"PGPASSWORD": password})
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find() -> Path:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(FOLDERS.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise LocalError("no PostgreSQL on this machine: `apt-get install postgresql` brings it")
    return (found[-1] if found else Path(str(on_path))).parent


def _make(programs: Path, folder: Path, password: str, user: str | None) -> None:
    """An empty cluster that asks everybody for a password."""
    word = folder / "password"
    word.write_text(password)
    word.chmod(0o600)
    if user is not None:
        for path in (folder, word):
            shutil.chown(path, user, pwd.getpwnam(user).pw_gid)
    made: list[str | Path] = [
        programs / "initdb",
        "-D",
        folder / "data",
        "-U",
        NAME,
        "--auth=scram-sha-256",
        f"--pwfile={word}",
    ]
    made += ["--encoding=UTF8", "--no-sync"]
    _call(made, user=user)
    word.unlink()


def _succeeds(arguments: Sequence[str | Path]) -> bool:
    return subprocess.run(arguments, check=False, capture_output=True).returncode == 0


def _call(
    arguments: Sequence[str | Path], *, user: str | None = None, environment: dict[str, str] | None = None
) -> None:
    answer = subprocess.run(
        arguments,
        user=user,
        cwd="/",
        env={"PATH": os.defpath, "LANG": "C.UTF-8", **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        last = (answer.stderr or answer.stdout).strip().splitlines()[-1:]
        raise LocalError(f"{Path(arguments[0]).name} failed: {' '.join(last)}")
