"""`python tests/airflow/parse_dags.py < QUESTION`: what Airflow makes of dags/ and plugins/, as JSON.

A program of its own, since Airflow must find its environment when it is first imported, and rearranges logging.
QUESTION is a JSON object: `connections` (fields of Airflow connections, for `desk._elasticsearch`), `environments`
(for `airflow_database.environment`), `errors` (names in `copydesk.errors`, raised as if by `connect`), `heavy`
(names of modules that parsing should not import), `asked` (paths of what our plugin mounts), `changed` (paths that
change something).
"""

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.sdk import Connection

from airflow import plugins_manager, settings


def main() -> None:
    """Answer the question."""
    question = json.load(sys.stdin)
    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    before = set(sys.modules)
    bag = BundleDagBag(dag_folder=str(folder), bundle_path=folder, bundle_name="dags-folder")
    plugins_manager.ensure_plugins_loaded()
    imported = set(sys.modules) - before
    from airflow_database import environment  # noqa: PLC0415 (parsing has put dags/ on the path)

    answer = {
        "errors": bag.import_errors,
        "plugin_errors": plugins_manager.get_import_errors(),
        "heavy": sorted(imported & set(question["heavy"])),
        **_pages(question["asked"], question["changed"]),
        "loaded": sorted(
            name for name in imported if _is_below(name, os.environ["AIRFLOW__CORE__PLUGINS_FOLDER"])
        ),
        "dags": {dag.dag_id: _dag(dag) for dag in bag.dags.values()},
        "rounds": _rounds(),
        "environments": [environment(given) for given in question["environments"]],
        "addresses": [_address(given) for given in question["connections"]],
        "wrong_setting": _entered("COPYDESK_LEASE", "soon"),
        "server_down": _entered("COPYDESK_ELASTICSEARCH__PATIENCE", "0s"),
        "unavailable": {name: _raised(name) for name in question["errors"]},
        "talks": logging.getLogger("elastic_transport").isEnabledFor(logging.WARNING),
    }
    json.dump(answer, sys.stdout)


def _pages(asked: list[str], changed: list[str]) -> dict[str, Any]:
    """What our plugin mounts, asked without a login and by two people; where it stands in the navigation."""
    from airflow.api_fastapi.app import init_auth_manager  # noqa: PLC0415 (parsing must not import it)
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser  # noqa: PLC0415
    from airflow.models.base import Base  # noqa: PLC0415
    from fastapi import FastAPI  # noqa: PLC0415
    from fastapi.testclient import TestClient  # noqa: PLC0415

    # of Airflow's database the tables that a login and a right to a DAG need
    names = ("revoked_token", "team", "dag_bundle", "dag_bundle_team", "dag")
    Base.metadata.create_all(settings.engine, tables=[Base.metadata.tables[name] for name in names])
    server = FastAPI()
    manager = init_auth_manager()
    for app in plugins_manager.get_fastapi_plugins()[0]:
        server.mount(app["url_prefix"], app["app"])
    client, own = TestClient(server, follow_redirects=False), {"Sec-Fetch-Site": "same-origin"}
    logins: dict[str, dict[str, str]] = {"nobody": {}}
    for role in ("viewer", "user"):
        token = manager.generate_jwt(SimpleAuthManagerUser(username=role, role=role))
        logins[role] = {"Authorization": f"Bearer {token}"}
    os.environ["COPYDESK_ELASTICSEARCH__PATIENCE"] = "0s"
    read = {path: (client.get(path), client.get(path, headers=logins["viewer"])) for path in asked}
    written = {
        path: {
            name: client.post(path, headers={**login, **own}).status_code for name, login in logins.items()
        }
        for path in changed
    }
    browser = client.get(asked[0], headers={"Accept": "text/html"})
    del os.environ["COPYDESK_ELASTICSEARCH__PATIENCE"]
    return {
        "pages": {path: [each.status_code for each in both] + [both[1].text] for path, both in read.items()},
        "written": written,
        "browser": browser.text,
        "navigation": plugins_manager.get_plugin_info()[0]["external_views"],
    }


def _is_below(module: str, folder: str) -> bool:
    file = getattr(sys.modules[module], "__file__", None)
    return file is not None and Path(folder) in Path(file).parents


def _dag(dag: Any) -> dict[str, Any]:
    timetable = dag.timetable
    return {
        "doc": dag.doc_md,
        "description": dag.description,
        "file": dag.fileloc,
        "tags": sorted(dag.tags),
        "max_active_runs": dag.max_active_runs,
        "catchup": dag.catchup,
        "timetable": type(timetable).__name__,
        "params": {name: dag.params.get_param(name).schema for name in dag.params},
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
    }


def _task(task: Any) -> dict[str, Any]:
    return {
        "retries": task.retries,
        "retry_delay": task.retry_delay.total_seconds(),
        "timeout": task.execution_timeout and task.execution_timeout.total_seconds(),
        "mapped": task.is_mapped,
    }


def _address(given: dict[str, Any]) -> dict[str, str] | str:
    from desk import _elasticsearch  # noqa: PLC0415 (parsing has put dags/ on the path)

    try:
        return _elasticsearch(
            Connection(conn_id="copydesk_elasticsearch", conn_type="elasticsearch", **given)
        )
    except Exception as exc:  # noqa: BLE001 (whatever comes is the answer)
        return f"{type(exc).__name__}: {exc}"


def _entered(variable: str, value: str) -> list[str]:
    """What comes out of `desk` when a variable is set so, with its causes."""
    from desk import desk  # noqa: PLC0415 (parsing has put dags/ on the path)

    os.environ[variable] = value
    try:
        with desk("test"):
            return ["entered"]
    except Exception as exc:  # noqa: BLE001 (whatever comes is the answer)
        told = traceback.TracebackException.from_exception(exc)
        return ["".join(part.format_exception_only()).strip() for part in _chain(told)]
    finally:
        del os.environ[variable]


def _rounds() -> list[list[float]]:
    """When the rounds of 100 seconds begin, when they are to end, and what is noted while they last, in seconds."""
    from desk import rounds  # noqa: PLC0415 (parsing has put dags/ on the path)

    from copydesk.connect import open_archive  # noqa: PLC0415 (parsing must not import it)
    from copydesk.monitoring.parts import runs  # noqa: PLC0415

    start = clock = datetime(2026, 3, 2, 10, tzinfo=UTC)
    ports: Any = SimpleNamespace(archive=open_archive("rounds"), now=lambda: clock)
    told = []
    for until in rounds("test", ports, timedelta(seconds=100)):
        noted = [run.succeeded_at for run in runs(ports.archive).values() if run.succeeded_at]
        told.append([(at - start).total_seconds() for at in (clock, until, *noted)])
        clock = until + timedelta(seconds=1)
    return told


def _raised(name: str) -> str:
    """The exception that comes out of `desk` when opening Copydesk raises an error of this name."""
    import desk  # noqa: PLC0415 (parsing has put dags/ on the path)

    from copydesk import errors  # noqa: PLC0415 (parsing must not import it)

    try:
        with desk.as_airflow_says():
            raise getattr(errors, name)("a line")  # noqa: TRY301 (what the block is for)
    except Exception as exc:  # noqa: BLE001 (whatever comes is the answer)
        return f"{type(exc).__name__}: {exc}"


def _chain(told: traceback.TracebackException) -> list[traceback.TracebackException]:
    """An exception and what a log shows as its causes."""
    before = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return [told, *(_chain(before) if before else ())]


if __name__ == "__main__":
    main()
