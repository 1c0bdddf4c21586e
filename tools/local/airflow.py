"""Runs Airflow's components on loopback: SQLite, LocalExecutor, each component in a session of its own."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path

from local import pidfiles, progress
from local.airflow_api import Api
from local.airflow_settings import (
    USER,
    Secrets,
    feed_key,
    inherited_environment,
    instance_environment,
    read_or_make_secrets,
)
from local.processes import (
    LOCAL,
    ROOT,
    LocalError,
    Process,
    Program,
    free_port,
    get,
    launch,
    require_disk,
    require_free_port,
    stop_supervised,
    supervised,
    wait_for_server,
    wait_until,
)

LEAN = ("scheduler",)
FULL = ("scheduler", "dag-processor", "triggerer")
HASTY = {"AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2"}
"""For who waits for the end of a run, as demo and tests do. Else Airflow's second is soon enough, for tasks go on for
minutes, and looking five times as often costs three seconds of a core a minute."""
HEALTH_NAMES = {"scheduler": "scheduler", "dag-processor": "dag_processor", "triggerer": "triggerer"}
READY_SECONDS = 180  # 25 on two quiet cores
ANSWER_SECONDS = 60  # a component counts as ill 30 s after its last sign of life
STOP_SECONDS = 12  # components take 4 to 11 to stop cleanly
DISK_MEBIBYTES = 300
LOGS = LOCAL / "logs"
PID_FILE_PREFIX = "airflow-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An Airflow home with everything its components need."""

    home: Path
    port: int
    secrets: Secrets
    environment: Mapping[str, str]
    components: tuple[str, ...]

    @property
    def url(self) -> str:
        """Address of the user interface and the REST API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> Api:
        """A client of the REST API, logged in on first use."""
        return Api(self.port, USER, self.secrets.password)


@contextmanager
def running(
    home: Path,
    environment: Mapping[str, str],
    *,
    port: int | None = None,
    lean: bool = True,
    dags: Path = ROOT / "dags",
    plugins: Path = ROOT / "plugins",
    grace: float = STOP_SECONDS,
) -> Iterator[Api]:
    """Airflow for as long as the block, never longer than this process; yields a client of its REST API.

    `environment` is added to what the components see; see `instance_environment` for the rest. Lean runs
    api-server and scheduler only: DAG files are read once, at the start, and nothing may defer or watch. After
    `grace` seconds what has not stopped is killed.
    """
    if port is not None:
        require_free_port(port, what="Airflow", option="--port")
    instance = prepare(
        home, environment, port=port, components=LEAN if lean else FULL, dags=dags, plugins=plugins
    )
    processes: list[Process] = []
    with ExitStack() as stack:
        # all are asked at once; the contexts below would stop one after the other
        def begin(program: Program) -> Process:
            process = stack.enter_context(supervised(program, grace=grace))
            processes.append(process)
            return process

        try:
            with progress.step(f"Starting Airflow on {instance.url}"):
                _begin_all(instance, begin)
            yield instance.api
        finally:
            stop_supervised(processes, grace=grace)


def start(instance: Instance, *, run: Path = pidfiles.RUN) -> None:
    """Start components that outlive this process; `stop` ends them."""
    try:
        with progress.step(f"Starting Airflow on {instance.url}"):
            _begin_all(instance, partial(_begin, instance, run))
    except BaseException:  # also a person's Ctrl-C: nothing half started stays behind
        stop(run=run)
        raise


def mend(instance: Instance, *, run: Path = pidfiles.RUN) -> list[str]:
    """Start anew each component that has died or does not answer, while the others go on; their names."""
    mended = []
    for names in (("api-server",), instance.components):  # the second are asked for through the first
        dead = [name for name in names if not _is_well(instance, name, run)]
        pidfiles.end_all([f"{PID_FILE_PREFIX}{name}" for name in dead], grace=STOP_SECONDS, folder=run)
        if dead:
            start_again(instance, dead, run=run)
        mended += dead
    return mended


def start_again(instance: Instance, names: Sequence[str], *, run: Path = pidfiles.RUN) -> None:
    """Start components that have ended, while the others go on."""
    with progress.step(f"Starting {', '.join(names)} again"):
        _begin_all(instance, partial(_begin, instance, run), names)


def stop(*, run: Path = pidfiles.RUN) -> list[str]:
    """End the components that `start` began; gives the names of those that were running."""
    return pidfiles.end_all(remembered(run=run), grace=STOP_SECONDS, folder=run)


def remembered(*, run: Path = pidfiles.RUN) -> list[str]:
    """The components that `start` began, dead or alive, by the names of their pid files."""
    return [name for name in pidfiles.names(folder=run) if name.startswith(PID_FILE_PREFIX)]


def prepare(
    home: Path,
    environment: Mapping[str, str],
    *,
    port: int | None,
    components: tuple[str, ...],
    dags: Path = ROOT / "dags",
    plugins: Path = ROOT / "plugins",
) -> Instance:
    """Make the home and its database. Idempotent. Raises LocalError when there is no disk space."""
    require_disk(home, mebibytes=DISK_MEBIBYTES, what="Airflow")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = read_or_make_secrets(home / "secrets.json")
    (home / "passwords.json").write_text(json.dumps({USER: kept.password}))
    (home / "passwords.json").chmod(0o600)
    chosen = port or free_port()
    own = instance_environment(home, chosen, kept, dags, plugins)
    instance = Instance(
        home=home,
        port=chosen,
        secrets=kept,
        environment={
            "COPYDESK_FEED_KEY": feed_key(kept),
            **inherited_environment(os.environ),
            **own,
            **(HASTY if components == LEAN else {}),
            "COPYDESK_AIRFLOW_LOGS": str(LOGS),
            **environment,
        },
        components=components,
    )
    _migrate(instance)
    return instance


def _begin(instance: Instance, run: Path, program: Program) -> Process:
    process = launch(program)
    pidfiles.remember(program.name, process, instance.url, folder=run)
    return process


def _begin_all(
    instance: Instance, begin: Callable[[Program], Process], only: Sequence[str] | None = None
) -> None:
    """Start components, all or `only` some, in the order that loses no task; LocalError when one does not come up."""
    names = ("api-server", *instance.components) if only is None else only
    if "api-server" in names:
        server_process = begin(server := _program(instance, "api-server"))
        if "dag-processor" not in instance.components:
            _reserialize(instance)
        ready = partial(_answers, instance.port)
        wait_for_server(server_process, server, ready, seconds=READY_SECONDS)
    programs = {name: _program(instance, name) for name in instance.components if name in names}
    processes = {component: begin(program) for component, program in programs.items()}
    for component, program in programs.items():
        ready = partial(_is_healthy, instance.port, HEALTH_NAMES[component])
        wait_for_server(processes[component], program, ready, seconds=READY_SECONDS)


def _is_well(instance: Instance, name: str, run: Path) -> bool:
    """Whether a component lives and answers, or does so within a time that a busy machine may need."""
    if pidfiles.running(f"{PID_FILE_PREFIX}{name}", folder=run) is None:
        return False
    answers = (
        partial(_answers, instance.port)
        if name == "api-server"
        else partial(_is_healthy, instance.port, HEALTH_NAMES[name])
    )
    try:
        wait_until(answers, seconds=ANSWER_SECONDS, what=name, every=0.5)
    except LocalError:
        return False
    return True


def _answers(port: int) -> bool:
    # this builds the execution API, which would otherwise outlast the first task's patience
    return get(port, "/execution/health", timeout=30)[0] == HTTPStatus.OK


def _program(instance: Instance, component: str) -> Program:
    skip_logs = ["--skip-serve-logs"] if component in {"scheduler", "triggerer"} else []
    return Program(
        name=f"{PID_FILE_PREFIX}{component}",
        arguments=[sys.executable, "-m", "airflow", component, *skip_logs],
        environment=instance.environment,
        log=LOGS / f"{instance.home.name}-{component}.log",
    )


def _is_healthy(port: int, component: str) -> bool:
    status, body = get(port, "/api/v2/monitor/health", timeout=10)
    return status == HTTPStatus.OK and json.loads(body)[component]["status"] == "healthy"


def _migrate(instance: Instance) -> None:
    """Bring the database to this Airflow's schema; a new one of SQLite is copied from a migrated template."""
    if not instance.environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("sqlite:"):
        with progress.step("Making Airflow's database"):
            _airflow(instance, "db", "migrate")
        return
    database = instance.home / "airflow.db"
    marker = instance.home / "migrated"
    release = version("apache-airflow")
    if database.exists() and marker.exists() and marker.read_text() == release:
        return
    template = LOCAL / f"airflow-template-{release}.db"
    if not database.exists() and template.exists():
        shutil.copyfile(template, database)
    else:
        is_new = not database.exists()
        with progress.step("Making Airflow's database"):
            _airflow(instance, "db", "migrate")
        if is_new:
            unfinished = template.with_suffix(f".{os.getpid()}")
            template.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(database, unfinished)
            unfinished.replace(template)
    marker.write_text(release)


def _reserialize(instance: Instance) -> None:
    """Read the DAG files into the database; raises LocalError naming the first file that cannot be imported."""
    _airflow(instance, "dags", "reserialize")
    with closing(sqlite3.connect(instance.home / "airflow.db")) as database:
        broken = database.execute(
            "SELECT filename, stacktrace FROM import_error ORDER BY filename"
        ).fetchone()
    if broken:
        filename, trace = broken
        raise LocalError(f"Airflow cannot import {filename}: {trace.strip().splitlines()[-1]}")


def _airflow(instance: Instance, *arguments: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "airflow", *arguments],
        env=dict(instance.environment),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=READY_SECONDS,
    )
    if answer.returncode:
        last = (answer.stderr or answer.stdout).strip().splitlines()[-1:]
        raise LocalError(f"airflow {' '.join(arguments)} failed: {' '.join(last)}")
