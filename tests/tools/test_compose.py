"""Docker cannot run where these tests run: they read what it would be given."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from copydesk.config.settings import Settings
from local import env
from made.places import ROOT

FILES = ("docker-compose.yml", "docker-compose.demo.yml")
SCHEMA = "tests/data/compose.schema.yml"
WORKFLOW = ".github/workflows/compose.yml"
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<rest>[^}]*)\}")
PINNED = re.compile(r"^[\w./-]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?$")
OWN_IMAGE = "copydesk:local"
AIRFLOW_OPTIONS = """
import json
from airflow.configuration import retrieve_configuration_description
sections = retrieve_configuration_description()
print(json.dumps([f"{section}__{option}" for section in sections for option in sections[section]["options"]]))
"""


def load(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def services(*names: str) -> list[Any]:
    """Every service of the named files as a parameter, called file:service."""
    return [
        pytest.param(service, id=f"{name}:{key}")
        for name in names
        for key, service in load(name)["services"].items()
    ]


def is_once(service: dict[str, Any]) -> bool:
    return bool(service.get("restart") == "no")


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def environment_of_ours() -> dict[str, str]:
    """What containers of our image are given, all taken together, before passwords are put in."""
    baked = re.findall(
        r"^(?:ENV|   ) (\w+)=(\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE
    )
    given = dict(baked)
    for name in FILES:
        for key, service in load(name)["services"].items():
            if load(FILES[0])["services"].get(key, service).get("image") == OWN_IMAGE:
                given.update(service.get("environment", {}))
    return given


def settings_variables(model: type[BaseModel], prefix: str) -> set[str]:
    """The variables that fill a settings model, its nested models included."""
    names = set()
    for name, field in model.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        kind = field.annotation
        nested = isinstance(kind, type) and issubclass(kind, BaseModel)
        names |= settings_variables(kind, f"{variable}__") if nested else {variable}  # type: ignore[arg-type]
    return names


@pytest.fixture(scope="module")
def airflow_variables(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The variables Airflow reads, asked of Airflow in a process and a home of its own."""
    answer = subprocess.run(  # noqa: S603 (our own interpreter and fixed words)
        [sys.executable, "-c", AIRFLOW_OPTIONS],
        env={"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return {f"AIRFLOW__{name.upper()}" for name in json.loads(answer.stdout.splitlines()[-1])}


@pytest.mark.parametrize("name", FILES)
def test_follows_the_compose_specification(name: str) -> None:
    """Only keys and forms of the compose specification are used, so that a typo does not pass."""
    errors = [
        f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}"
        for error in Draft202012Validator(load(SCHEMA)).iter_errors(load(name))
    ]
    assert errors == []


def test_settings_variables_are_read_by_our_code() -> None:
    """Every COPYDESK_ variable is a field of Settings, or asked for by name in the library or a DAG."""
    files = [*ROOT.glob("plugins/**/*.py"), *ROOT.glob("dags/*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in files)
    by_name = set(re.findall(r"""\.get\("(COPYDESK_\w+)""", code))
    given = {name for name in environment_of_ours() if name.startswith("COPYDESK_")}
    assert given - settings_variables(Settings, "COPYDESK_") - by_name == set()
    assert by_name - given == set()


@pytest.mark.parametrize("contact", ["", "desk@example.org"])
def test_settings_are_accepted_by_the_library(contact: str, tmp_path: Path) -> None:
    """The values parse: times, networks, paths are written as Settings reads them; contact and key may be left out."""
    given = {name: value for name, value in environment_of_ours().items() if name.startswith("COPYDESK_")}
    given = {name: "" if value == f"${{{name}-}}" else value for name, value in given.items()}
    given["COPYDESK_CONTACT"] = contact
    # the file is mounted there from here
    given["COPYDESK_SETTINGS"] = str(ROOT / Path(given["COPYDESK_SETTINGS"]).relative_to("/opt/copydesk"))
    subprocess.run(
        [sys.executable, "-c", "from copydesk.config.settings import load_settings; load_settings()"],
        env={**given, "PYTHONPATH": str(ROOT / "plugins"), "PATH": os.environ["PATH"]},
        cwd=tmp_path,
        timeout=60,
        check=True,
    )


def test_airflow_variables_are_read_by_airflow(airflow_variables: set[str]) -> None:
    """Every AIRFLOW__SECTION__OPTION is an option this Airflow describes."""
    given = {name for name in environment_of_ours() if name.startswith("AIRFLOW__")}
    assert given
    assert given - airflow_variables == set()


def test_connections_are_those_the_dags_ask_for() -> None:
    """Every AIRFLOW_CONN_ is JSON and its id stands in a DAG file."""
    dags = "".join(path.read_text() for path in ROOT.glob("dags/*.py"))
    connections = {
        name.removeprefix("AIRFLOW_CONN_").lower(): json.loads(value)
        for name, value in environment_of_ours().items()
        if name.startswith("AIRFLOW_CONN_")
    }
    assert connections
    for identifier, connection in connections.items():
        assert f'"{identifier}"' in dags
        assert connection["schema"] == "https"


def test_the_database_is_one_and_its_driver_is_locked() -> None:
    """Airflow and the DAG that cleans up after it are told the same database; the lock holds the driver."""
    given = environment_of_ours()
    assert given["COPYDESK_AIRFLOW_DATABASE"] == given["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert given["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith("postgresql+psycopg2://")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r"^psycopg2-binary==", lock, re.MULTILINE)
    assert re.search(r"^asyncpg==", lock, re.MULTILINE)


def test_the_library_and_the_dags_reach_the_same_server() -> None:
    """The connection of the DAGs and the variables of the command line say the same."""
    given = environment_of_ours()
    connection = json.loads(given["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"])
    address = f"{connection['schema']}://{connection['host']}:{connection['port']}"
    assert address == given["COPYDESK_ELASTICSEARCH__URL"]
    assert connection["login"] == given["COPYDESK_ELASTICSEARCH__USERNAME"]
    assert connection["password"] == given["COPYDESK_ELASTICSEARCH__PASSWORD"]
    assert connection["extra"]["ca_certs"] == given["COPYDESK_ELASTICSEARCH__CA_CERTS"]


def test_every_variable_stands_in_the_example_and_none_is_left_over() -> None:
    """What the compose files take from outside is exactly what .env.example names."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in FILES)
    used = {match["name"]: match["rest"] for match in VARIABLE.finditer(text)}
    assert used.keys() == example().keys()
    required = {name for name, rest in used.items() if rest == ":?run make env"}
    # who comes from a version without it has no key in .env, and goes on without feeds
    assert required == set(env.MAKERS) - {"COPYDESK_FEED_KEY"}
    assert used.keys() - required == {"COPYDESK_CONTACT", "COPYDESK_FEED_KEY", "COPYDESK_FETCH__CALLBACK"}


def test_the_example_holds_no_secret() -> None:
    """Copied by hand it starts nothing, instead of starting with a password everybody knows."""
    assert set(example().values()) == {""}


@pytest.mark.parametrize("service", services(*FILES))
def test_ports_are_open_to_this_machine_only(service: dict[str, Any]) -> None:
    """What is published is bound to loopback."""
    assert [port for port in service.get("ports", []) if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("service", services("docker-compose.yml"))
def test_every_service_is_watched_and_held_in(service: dict[str, Any]) -> None:
    """A health check or an end; no new privileges, no capabilities but postgres's, memory and processes limited."""
    assert is_once(service) != ("healthcheck" in service)
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service or service["image"].startswith("postgres:")
    assert service["mem_limit"]
    assert service["pids_limit"]


@pytest.mark.parametrize("service", services(*FILES))
def test_images_are_pinned(service: dict[str, Any]) -> None:
    """An image has a version down to the patch, or is ours and built here; ours runs on a read-only disk."""
    image = service.get("image")
    if image == OWN_IMAGE:
        assert service["build"] == "."
        assert service["read_only"] is True
    elif image:
        assert PINNED.match(image)


def test_elasticsearch_and_kibana_are_of_one_version() -> None:
    """Kibana refuses any other version; the client in the lock must not be ahead of the server's minor."""
    images = {
        service["image"] for service in load(FILES[0])["services"].values() if "elastic" in service["image"]
    }
    versions = {image.rsplit(":", 1)[1] for image in images}
    client = re.search(r"^elasticsearch==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    assert len(versions) == 1
    assert client is not None
    assert client[1].split(".")[:2] <= versions.pop().split(".")[:2]


def test_waits_are_for_services_that_can_meet_them() -> None:
    """Every depends_on names a service; healthy is asked of those with a check, completion of those that end."""
    everything = {**load(FILES[1])["services"], **load(FILES[0])["services"]}
    for name in FILES:
        for service in load(name)["services"].values():
            for target, wait in service.get("depends_on", {}).items():
                ends = wait["condition"] == "service_completed_successfully"
                assert is_once(everything[target]) == ends, target
                assert ends or "healthcheck" in everything[target], target


def test_volumes_are_declared_and_used() -> None:
    """Every named volume is declared and mounted somewhere; the host gives its config folder only, read-only."""
    mounted = {
        mount for name in FILES for s in load(name)["services"].values() for mount in s.get("volumes", [])
    }
    sources = {mount.split(":")[0] for mount in mounted}
    assert {source for source in sources if source.startswith(".")} == {"./config"}
    assert "./config:/opt/copydesk/config:ro" in mounted
    assert sources - {"./config"} == load(FILES[0])["volumes"].keys()


def test_the_dockerfile_copies_what_exists_and_what_may_enter() -> None:
    """Each path copied from the repository is there and let in by .dockerignore; the lock is installed by hash."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    let_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copies = [shlex.split(line)[1:-1] for line in re.findall(r"^COPY (?!--).*", text, re.MULTILINE)]
    for path in [path for paths in copies for path in paths]:
        assert (ROOT / path).exists(), path
        assert f"!{path}" in let_in
    assert "*" in let_in
    assert "--require-hashes -r /tmp/requirements.lock" in text
    assert all(PINNED.match(image) for image in re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert re.findall(r"^USER (\S+)", text, re.MULTILINE) == ["copydesk"]


def test_workflow_pins_actions_and_names_services_that_exist() -> None:
    """Actions carry a major version at least; what the workflow starts or enters is a service."""
    text = (ROOT / WORKFLOW).read_text(encoding="utf-8")
    steps = load(WORKFLOW)["jobs"]["compose"]["steps"]
    actions = [step["uses"] for step in steps if "uses" in step]
    assert [action for action in actions if not re.match(r"^[\w-]+/[\w-]+@v\d+", action)] == []
    known = {key for name in FILES for key in load(name)["services"]}
    named = re.findall(
        r"docker compose (?:exec -T|run --rm|build|up .*?--wait-timeout \d+|cp) ([\w -]+)", text
    )
    assert named
    for words in named:
        assert set(words.split() if "api-server" in words else words.split()[:1]) <= known, words
