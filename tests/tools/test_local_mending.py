"""What `make up` does while Airflow runs: whatever of it has died is started again, the rest goes on."""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from local import airflow, pidfiles
from local.processes import free_port

NAMES = ("api-server", *airflow.FULL)

STAND_IN = '''
"""An Airflow that does nothing: each part lives, and the server says that all of them are well."""

import json, os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

WELL = json.dumps({name: {"status": "healthy"} for name in ("scheduler", "dag_processor", "triggerer")}).encode()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(WELL)

    def log_message(self, *_):
        pass


if sys.argv[1] == "api-server":
    HTTPServer(("127.0.0.1", int(os.environ["AIRFLOW__API__PORT"])), Handler).serve_forever()
time.sleep(600)
'''
"""As in the real one, a part counts as healthy for some time after it has died."""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[airflow.Instance]:
    """All parts of a stand-in, running."""
    module = tmp_path / "standin" / "airflow"
    module.mkdir(parents=True)
    (module / "__init__.py").touch()
    (module / "__main__.py").write_text(STAND_IN)
    home = tmp_path / "home"
    home.mkdir()
    (home / "airflow.db").touch()
    (home / "migrated").write_text(version("apache-airflow"))
    environment = {"PYTHONPATH": str(module.parent)}
    made = airflow.prepare(home, environment, port=free_port(), components=airflow.FULL)
    try:
        airflow.start(made, run=tmp_path / "run")
        yield made
    finally:
        airflow.stop(run=tmp_path / "run")


def living(run: Path) -> dict[str, int]:
    """The process ids of the parts that run, by their names."""
    noted = {name: pidfiles.running(f"{airflow.PID_FILE_PREFIX}{name}", folder=run) for name in NAMES}
    return {name: one.pid for name, one in noted.items() if one}


@pytest.mark.parametrize(
    "killed",
    [(), ("scheduler",), ("api-server",), ("triggerer", "dag-processor"), NAMES],
    ids=lambda names: "+".join(names) or "none",
)
def test_what_has_died_is_seen_and_started_again(
    instance: airflow.Instance, tmp_path: Path, killed: tuple[str, ...]
) -> None:
    """It is named; everything runs then, and what lived is the process it was."""
    run = tmp_path / "run"
    before = living(run)
    assert set(before) == set(NAMES)
    for name in killed:
        psutil.Process(before[name]).kill()
        psutil.Process(before[name]).wait()
    assert set(living(run)) == set(NAMES) - set(killed)
    assert set(airflow.mend(instance, run=run)) == set(killed)
    after = living(run)
    assert {name for name in NAMES if after.get(name) == before[name]} == set(NAMES) - set(killed)
    assert set(after) == set(NAMES)
    assert airflow.mend(instance, run=run) == []
