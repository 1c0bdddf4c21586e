import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.airflow_settings import elasticsearch_environment, inherited_environment
from local.processes import ROOT

DAGS = {"alarm", "deliver", "housekeeping", "ingest", "process", "replay"}
HEAVY = ("aiohttp", "elasticsearch", "langdetect", "lxml", "numpy", "trafilatura")
SECTIONS = ("**What**", "**How often**", "**Check**", "**When it fails**")
LONGEST_BODY = 9
SHOWN = (
    "/copydesk/status",
    *(
        "/copydesk/",
        "/copydesk/article?id=a",
        "/copydesk/story?id=a",
        "/copydesk/why?url=a",
        "/copydesk/sources",
    ),
    "/copydesk/static/desk.css",
)

CONNECTIONS: list[tuple[dict[str, Any], dict[str, str] | str]] = [
    ({"host": "127.0.0.1"}, {"url": "http://127.0.0.1:9200"}),
    ({"host": "es", "port": 9201, "schema": "https"}, {"url": "https://es:9201"}),
    (
        {"host": "es", "login": "news", "password": "made up", "extra": '{"ca_certs": "/certs/ca.crt"}'},
        {"url": "http://es:9200", "username": "news", "password": "made up", "ca_certs": "/certs/ca.crt"},
    ),
    (
        {"host": "es", "extra": '{"api_key": "bWFkZTp1cA=="}'},
        {"url": "http://es:9200", "api_key": "bWFkZTp1cA=="},
    ),
    ({}, "ConfigError: connection copydesk_elasticsearch: host must be the server's name or address"),
]

TRIED_AGAIN = {
    "IndexUnreachable": True,
    "IndexContended": True,
    "IndexRefused": False,
    "IndexNotSetUp": False,
    "ConfigError": False,
    "ArchiveError": True,
}
"""Whether Airflow tries a task again that ended so."""

ENVIRONMENTS: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"PATH": "/bin"}, {"PATH": "/bin"}),
    ({"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "hidden", "AIRFLOW__CORE__SQL_ALCHEMY_CONN": "hidden"}, {}),
    (
        {"COPYDESK_AIRFLOW_DATABASE": "db://a", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "hidden"},
        {"COPYDESK_AIRFLOW_DATABASE": "db://a", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "db://a"},
    ),
    ({"COPYDESK_AIRFLOW_DATABASE": ""}, {"COPYDESK_AIRFLOW_DATABASE": ""}),
]


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh Airflow, in a process and a home of its own, makes of dags/ and plugins/."""
    home = tmp_path_factory.mktemp("airflow")
    settings = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "ERROR",
        "AIRFLOW__API_AUTH__JWT_SECRET": "made up for this test, and long enough to be taken for a secret of Airflow",
        "PYTHONPATH": str(ROOT / "plugins"),
        **elasticsearch_environment("http://127.0.0.1:1"),
    }
    question = {
        "heavy": HEAVY,
        "asked": [*SHOWN, "/copydesk/openapi.json", "/copydesk/docs"],
        "changed": ["/copydesk/poll?source=one"],
        "errors": sorted(TRIED_AGAIN),
        "connections": [given for given, _ in CONNECTIONS],
        "environments": [given for given, _ in ENVIRONMENTS],
    }
    answer = subprocess.run(  # noqa: S603 (our own interpreter and file)
        [sys.executable, str(ROOT / "tests/airflow/parse_dags.py")],
        input=json.dumps(question),
        env={**inherited_environment(os.environ), **settings},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return dict(json.loads(answer.stdout.splitlines()[-1]))


def test_everything_is_imported_without_error(parsed: dict[str, Any]) -> None:
    """Airflow finds exactly our DAGs, one a file, and no fault in any file of dags/ or plugins/."""
    assert (parsed["errors"], parsed["plugin_errors"]) == ({}, {})
    assert set(parsed["dags"]) == DAGS
    assert {Path(dag["file"]).stem: id_ for id_, dag in parsed["dags"].items()} == {id_: id_ for id_ in DAGS}


def test_parsing_is_cheap(parsed: dict[str, Any]) -> None:
    """Reading the DAG files imports nothing heavy: every task run reads its file again."""
    assert parsed["heavy"] == []


def test_the_plugin_loader_stays_out_of_the_library(parsed: dict[str, Any]) -> None:
    """Airflow executes no file of the library under a bare name, for plugins/.airflowignore says so."""
    assert [name for name in parsed["loaded"] if not name.endswith("_plugin")] == []
    assert "copydesk/" in (ROOT / "plugins/.airflowignore").read_text().splitlines()


def test_our_plugin_is_the_only_file_beside_the_library(parsed: dict[str, Any]) -> None:
    assert parsed["loaded"] == ["copydesk_plugin"]
    assert [path.name for path in (ROOT / "plugins").glob("*.py")] == ["copydesk_plugin.py"]


def test_what_the_plugin_shows_needs_a_login(parsed: dict[str, Any]) -> None:
    """Airflow's own: 401 without; with one an answer, here that the server is away. Nothing else is there."""
    for path in SHOWN:
        without, status, said = parsed["pages"][path]
        assert (without, status) == (401, 200 if path.endswith(".css") else 503), path
        assert path.endswith(".css") or "Elasticsearch at http://127.0.0.1:1: " in said
    for path in ("/copydesk/openapi.json", "/copydesk/docs"):
        assert parsed["pages"][path][:2] == [404, 404]
    assert 'href="../api/v2/auth/login?next=%2Fcopydesk%2Fstatus"' in parsed["browser"]


def test_who_may_not_start_a_dag_changes_nothing_on_the_page(parsed: dict[str, Any]) -> None:
    """Nobody is asked who he is, a viewer may not; a user is let through, here to a server that is away."""
    assert parsed["written"] == {"/copydesk/poll?source=one": {"nobody": 401, "viewer": 403, "user": 404}}


def test_the_page_stands_in_the_navigation(parsed: dict[str, Any]) -> None:
    """As a whole page, with the slash that keeps Airflow from answering in our place."""
    (view,) = parsed["navigation"]
    assert (view["href"], view["destination"], view.get("url_route")) == ("copydesk/", "nav", None)


@pytest.mark.parametrize("dag_id", sorted(DAGS))
def test_a_dag_explains_itself(parsed: dict[str, Any], dag_id: str) -> None:
    """The page of a DAG shows its file's docstring: what, how often, what to check, what to do when it fails."""
    doc = parsed["dags"][dag_id]["doc"]
    assert doc == ast.get_docstring(ast.parse((ROOT / f"dags/{dag_id}.py").read_text()), clean=False)
    assert [section for section in SECTIONS if section not in doc] == []
    assert parsed["dags"][dag_id]["description"] == doc.splitlines()[0]


@pytest.mark.parametrize("dag_id", sorted(DAGS))
def test_a_dag_runs_once_at_a_time(parsed: dict[str, Any], dag_id: str) -> None:
    """No run beside another, none for the past, and a tag to find our DAGs by."""
    dag = parsed["dags"][dag_id]
    assert (dag["max_active_runs"], dag["catchup"], dag["tags"]) == (1, False, ["copydesk"])


def test_every_task_ends_and_is_tried_again_soon(parsed: dict[str, Any]) -> None:
    """All tasks have a time-out; all but a replay, which takes long and harms nothing, are retried within a minute."""
    tasks = {
        f"{id_}.{name}": task for id_, dag in parsed["dags"].items() for name, task in dag["tasks"].items()
    }
    assert {name for name, task in tasks.items() if not task["timeout"]} == set()
    assert {name for name, task in tasks.items() if not task["retries"]} == {"replay.rebuild"}
    assert max(task["retry_delay"] for task in tasks.values()) < 60


def test_when_a_dag_runs(parsed: dict[str, Any]) -> None:
    """By the clock, `replay` by hand only."""
    clock = dict.fromkeys(DAGS, "CronTriggerTimetable") | {"replay": "NullTimetable"}
    assert {id_: dag["timetable"] for id_, dag in parsed["dags"].items()} == clock


def test_ingest_shares_its_work(parsed: dict[str, Any]) -> None:
    """Several tasks share the hosts."""
    assert parsed["dags"]["ingest"]["tasks"]["fetch"]["mapped"]


def test_a_long_task_goes_on_in_rounds(parsed: dict[str, Any]) -> None:
    """Each of 45 seconds or less until its time is up; that it goes well is noted after each, two minutes apart."""
    assert parsed["rounds"] == [[0, 45], [46, 91, 46], [92, 100, 46]]


def test_the_form_of_replay(parsed: dict[str, Any]) -> None:
    """It asks for a month, or none, and whether to swap all the same."""
    params = parsed["dags"]["replay"]["params"]
    assert {name: schema["type"] for name, schema in params.items()} == {
        "since": "string",
        "force": "boolean",
    }
    assert params["since"]["pattern"] == r"^(\d{4}-\d{2})?$"


@pytest.mark.parametrize("path", sorted((ROOT / "dags").glob("*.py")), ids=lambda path: path.name)
def test_tasks_are_thin(path: Path) -> None:
    """A task holds no logic: at most nine lines beside its docstring and imports."""
    tree = ast.parse(path.read_text())
    tasks = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_task(node)]
    assert {task.name: _lines(task) for task in tasks if _lines(task) > LONGEST_BODY} == {}


def _is_task(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(decorator).split("(")[0] == "task" for decorator in function.decorator_list)


def _lines(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    body = [line for line in body if not isinstance(line, ast.ImportFrom | ast.Import)]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


@pytest.mark.parametrize("number", range(len(CONNECTIONS)))
def test_the_connection_names_the_server(parsed: dict[str, Any], number: int) -> None:
    """What Airflow's connection says becomes settings; what it leaves out stays with the library's defaults."""
    assert parsed["addresses"][number] == CONNECTIONS[number][1]


def test_what_a_person_must_mend_is_not_tried_again(parsed: dict[str, Any]) -> None:
    """A ConfigError fails the task at once, with its line alone."""
    (line,) = parsed["wrong_setting"]
    assert line.startswith("airflow.sdk.exceptions.AirflowFailException: ")
    assert "COPYDESK_LEASE" in line


@pytest.mark.parametrize("error", sorted(TRIED_AGAIN))
def test_what_passes_by_itself_is_tried_again(parsed: dict[str, Any], error: str) -> None:
    """A server out of reach and contended records are tried again; what somebody must mend fails at once."""
    name = error if TRIED_AGAIN[error] else "AirflowFailException"
    assert parsed["unavailable"][error] == f"{name}: a line"


def test_a_server_that_is_down_takes_one_line(parsed: dict[str, Any]) -> None:
    """The task's log names the server and the reason once, without the client's causes and requests."""
    (line,) = parsed["server_down"]
    assert line.startswith("copydesk.errors.IndexUnreachable: Elasticsearch at http://127.0.0.1:1: ")
    assert not parsed["talks"]


@pytest.mark.parametrize("number", range(len(ENVIRONMENTS)))
def test_where_airflows_command_finds_its_database(parsed: dict[str, Any], number: int) -> None:
    """The placeholder that tasks see is taken away; an address of our own takes its place."""
    assert parsed["environments"][number] == ENVIRONMENTS[number][1]
