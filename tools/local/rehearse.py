"""`make rehearse`: what docker-compose.yml starts, without Docker, with the very settings that stand in it.

Airflow's scheduler, DAG processor and api-server on PostgreSQL, and an Elasticsearch that asks for a password, all on
loopback. The made news world goes through; in the middle the scheduler is killed with its tasks and started again.
Nothing may be lost, and no story told twice.
"""

import json
import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

import newsworld
from copydesk.index import Kind
from copydesk.ports import Ports
from local import airflow, elasticsearch, pidfiles, postgres, realm
from local.airflow_settings import elasticsearch_environment
from local.demo import PUBLISHED_IN, SEED, Stage, ports_of, run_dags
from local.env import MAKERS
from local.processes import LOCAL, ROOT, LocalError, free_port, supervised
from local.progress import say
from local.showing import show

__all__ = ["here", "rehearse", "shipped"]

SERVICE = "scheduler"
"""Whose environment is taken: that of all of Airflow's services is the same."""

COMPONENTS = ("scheduler", "dag-processor")
"""As in docker-compose.yml: no task defers, so there is no triggerer."""

MOST_SECONDS = 420
"""A task whose scheduler was killed is taken up again within a minute and a half."""

VARIABLE = re.compile(r"\$\{(\w+)(?::\?[^}]*|-([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Places:
    """Where on this machine is what the containers call by names of their own."""

    home: Path
    folder: Path
    airflow: int
    postgres: int
    elasticsearch: str


def rehearse(*, seed: int = SEED) -> None:
    """Run, print, compare and stop. Raises LocalError with one line when something is lost or told twice."""
    started = datetime.now(UTC)
    with staged(seed) as (stage, instance, run), ports_of(stage) as ports:
        say(f"News world {seed}: {len(stage.world.pages)} pages from {len(stage.world.outlets)} outlets")
        killed = _Killing(instance, run)
        run_dags(stage, ports, seconds=MOST_SECONDS, halfway=killed)
        result = show(
            ports, newsworld.rows(stage.world, stage.news.bases), newsworld.expectations(stage.world)
        )
        _require(
            result.pages[0] == result.pages[1], f"{result.pages[0] - result.pages[1]} pages are not indexed"
        )
        _require(killed.done, "the scheduler was not killed: the world was through before")
        wanted, right, wrong = result.alerts
        _require(
            (right, wrong) == (wanted, 0), f"alerts: {wanted} wanted, {right} right, {wrong} wrong or twice"
        )
        _require(not (twice := _told_twice(ports)), f"told twice: {', '.join(twice)}")
        seconds = (datetime.now(UTC) - started).total_seconds()
        say(f"nothing lost, nothing told twice, after a kill in the middle: {seconds:.0f} s")


@contextmanager
def staged(seed: int) -> Iterator[tuple[Stage, airflow.Instance, Path]]:
    """Servers, Airflow and the news world for as long as the block; and where Airflow's processes are noted."""
    folder, home = LOCAL / "rehearsal", LOCAL / "rehearsal-airflow"
    for one in (folder, home):
        shutil.rmtree(one, ignore_errors=True)
    folder.mkdir(parents=True)
    world = newsworld.build(seed, "demo", newsworld.lately(datetime.now(UTC)))
    login = realm.Login("copydesk", secrets.token_hex(16))
    word = {name: make() for name, make in MAKERS.items()} | {
        "COPYDESK_ELASTICSEARCH__PASSWORD": login.password
    }
    server = elasticsearch.prepare(f"{elasticsearch.EPHEMERAL}-{os.getpid()}-rehearsal", login=login)
    with (
        newsworld.running(world, speed=None) as news,
        postgres.running(word["POSTGRES_PASSWORD"]) as database,
        supervised(server.program, grace=elasticsearch.STOP_SECONDS) as process,
    ):
        elasticsearch.wait(server, process)
        newsworld.write(world, news.bases, folder, every="2s")
        places = Places(home, folder, free_port(), database, server.url)
        environment = here(shipped(_compose(), word), places) | {
            "COPYDESK_SOURCES": str(folder / "sources.yml"),
            "COPYDESK_TOPICS": str(folder / "topics.yml"),
            "COPYDESK_FETCH__ALLOW": '["127.0.0.0/8", "::1/128"]',
            "COPYDESK_FETCH__DELAY": "0s",
            "COPYDESK_BOX": f"{PUBLISHED_IN + 5}s",
        }
        instance = airflow.prepare(home, environment, port=places.airflow, components=COMPONENTS)
        airflow.start(instance, run=home / "run")
        try:
            yield (
                Stage(world=world, news=news, api=instance.api, environment=environment, folder=folder),
                instance,
                home / "run",
            )
        finally:
            airflow.stop(run=home / "run")
    shutil.rmtree(server.folder, ignore_errors=True)
    server.program.log.unlink(missing_ok=True)


def _compose() -> Mapping[str, Any]:
    compose: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return compose


def shipped(compose: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, str]:
    """The environment of Airflow's services with every variable filled in, as compose does it. Pure.

    Raises LocalError for a variable that must be set and is not among the `words`.
    """
    environment: Mapping[str, object] = compose["services"][SERVICE]["environment"]

    def value(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        if name not in words and default is None:
            raise LocalError(f"docker-compose.yml needs {name}, which `make env` does not make")
        return words.get(name, default or "")

    return {name: VARIABLE.sub(value, str(given)) for name, given in environment.items()}


def here(environment: Mapping[str, str], places: Places) -> dict[str, str]:
    """The same settings with the names of containers turned into places on this machine. Pure."""
    connection = json.loads(environment["AIRFLOW_CONN_COPYDESK_ELASTICSEARCH"])
    names = {
        "@postgres:5432/": f"@127.0.0.1:{places.postgres}/",
        "http://api-server:8080/": f"http://127.0.0.1:{places.airflow}/",
        "https://elasticsearch:9200": places.elasticsearch,
        "/var/lib/copydesk/": f"{places.folder}/",
        "/opt/copydesk/": f"{ROOT}/",
        "/opt/airflow/auth/": f"{places.home}/",
    }
    found = {}
    for name, value in environment.items():
        for theirs, ours in names.items():
            value = value.replace(theirs, ours)  # noqa: PLW2901
        found[name] = value
    login = elasticsearch_environment(
        places.elasticsearch, username=connection["login"], password=connection["password"]
    )
    return found | login | {"COPYDESK_ELASTICSEARCH__CA_CERTS": ""}


@dataclass
class _Killing:
    """Kills the scheduler with its tasks, once, and starts it again."""

    instance: airflow.Instance
    run: Path
    done: bool = False

    def __call__(self) -> None:
        self.done = True
        say("Killing the scheduler and its tasks")
        pidfiles.end(f"{airflow.PID_FILE_PREFIX}scheduler", grace=0, folder=self.run)
        airflow.start_again(self.instance, ("scheduler",), run=self.run)


def _told_twice(ports: Ports) -> list[str]:
    """Topics and stories of which there is more than one alert."""
    told = Counter(f"{row.body['topic']} {row.body['story']}" for row in ports.index.scan(Kind.ALERTS))
    return sorted(what for what, number in told.items() if number > 1)


def _require(fine: bool, trouble: str) -> None:  # noqa: FBT001
    if not fine:
        raise LocalError(trouble)
