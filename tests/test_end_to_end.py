"""The real DAGs under a real scheduler, on a real Elasticsearch, with a made news world that misbehaves.

The first test to run pays for the start of everything; each test can run alone.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest

import newsworld
from copydesk import segments
from copydesk.adapters.elastic import ElasticIndex
from copydesk.backup import restore
from copydesk.capturing import recover
from copydesk.connect import connect
from copydesk.errors import ConfigError
from copydesk.ports import Body, Kind, Ports, Write
from copydesk.replaying import COMPARED, digest, replay
from copydesk.settings import load_settings
from copydesk.status import funnel
from local import airflow
from local.airflow_api import Api
from local.airflow_settings import elasticsearch_environment
from local.processes import LocalError, wait_until
from newsworld.truth import pairs_of_same_item

pytestmark = [pytest.mark.elasticsearch, pytest.mark.scheduler]

PATIENCE = 120
FIRST_PART = 0.3
MOST = 0.6
DOWN = "coastwire"
"""An outlet whose feed is an HTML page, until a test mends it."""

DAGS = ("ingest", "process", "deliver", "housekeeping")
KEPT = (*COMPARED, Kind.ALERTS, Kind.DELIVERIES)
TASKS = "/api/v2/dags/{}/dagRuns/~/taskInstances"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What runs: the made world and its server, Airflow, and the library's ports on the same settings.

    Attributes:
        broken: Address of a page that never comes whole.
        down: Outlets whose feed cannot be read now.
    """

    world: newsworld.World
    news: newsworld.NewsServer
    api: Api
    ports: Ports
    broken: str
    down: set[str] = field(default_factory=lambda: {DOWN})

    def truth(self) -> list[Row]:
        """The rows of what is published by now where a robot can hear of it."""
        rows: list[Row] = list(newsworld.rows(self.world, self.news.bases))
        return [row for row in rows if row["at"] <= self.news.now() and row["outlet"] not in self.down]

    def bodies(self, kind: Kind) -> list[Body]:
        """All documents of a kind."""
        self.ports.index.refresh(kind)
        return [row.body for row in self.ports.index.scan(kind)]

    def number(self, kind: Kind, outcome: str) -> int:
        """How many addresses or captures ended, or wait, so."""
        self.ports.index.refresh(kind)
        return self.ports.index.count(kind, "outcome").get((outcome,), 0)

    def checksums(self) -> dict[Kind, tuple[int, str]]:
        """What stays the same whatever is repeated, rebuilt or restored."""
        return {kind: digest(self.ports.index, kind) for kind in KEPT}

    def run(self, *dag_ids: str, **conf: object) -> None:
        """One run of each DAG, to its end."""
        runs = {dag_id: self.api.trigger(dag_id, conf) for dag_id in dag_ids}
        for dag_id, run in runs.items():
            self.api.wait(dag_id, run, seconds=PATIENCE)

    def settle(self) -> None:
        """Wait until `process`, woken by what was archived, is done with all that is published."""
        wait_until(self._is_settled, seconds=PATIENCE, what="the last page", every=0.5)

    def _is_settled(self) -> bool:
        known = {body["url"] for body in self.bodies(Kind.LEDGER)}
        done = all("processed_at" in body for body in self.bodies(Kind.SEGMENTS))
        return (
            known == {row["url"] for row in self.truth()} and done and not self.number(Kind.LEDGER, "pending")
        )


@pytest.fixture(scope="module")
def stage(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everything running; the first part of the world is published, and has gone all the way."""
    folder = tmp_path_factory.mktemp("world")
    world = newsworld.build(1, "small", datetime.now(UTC).replace(microsecond=0) - timedelta(days=1))
    broken = next(page for page in world.pages if page.outlet == "polaris" and page.until is None)
    faults = {
        "/meridian/wire/en.xml": "500:1",
        f"/{DOWN}/atom.xml": "html-feed",
        f"/{broken.outlet}{broken.path}": "reset",
    }
    with newsworld.running(world, speed=None, faults=faults) as news:
        newsworld.write(world, news.bases, folder, every="1s")
        news.publish_until(broken.at + world.end * FIRST_PART)
        environment = {
            **elasticsearch_environment(elasticsearch_url),
            "COPYDESK_ELASTICSEARCH__PREFIX": f"t-{secrets.token_hex(4)}-",
            "COPYDESK_SOURCES": str(folder / "sources.yml"),
            "COPYDESK_TOPICS": str(folder / "topics.yml"),
            "COPYDESK_ARCHIVE": str(folder / "archive"),
            "COPYDESK_FETCH__ALLOW": '["127.0.0.0/8"]',
            "COPYDESK_FETCH__DELAY": "0s",
            "COPYDESK_FETCH__BOX": "6s",
            "COPYDESK_IDLE": "2s",
            "COPYDESK_LEASE": "5s",
        }
        with opened(environment) as ports, airflow.running(folder / "end-to-end", environment) as api:
            url = news.url_of(broken.outlet, broken.path)
            made = Stage(world=world, news=news, api=api, ports=ports, broken=url)
            made.settle()
            yield made


@contextmanager
def opened(environment: Mapping[str, str]) -> Iterator[Ports]:
    """The library on the settings of the DAGs; its indices are gone at the end."""
    names = {"url": "COPYDESK_ELASTICSEARCH__URL", "prefix": "COPYDESK_ELASTICSEARCH__PREFIX"}
    settings = load_settings(
        archive=environment["COPYDESK_ARCHIVE"],
        elasticsearch={key: environment[name] for key, name in names.items()},
    )
    with connect(settings) as ports:
        try:
            yield ports
        finally:
            server(ports).tear_down()


def server(ports: Ports) -> ElasticIndex:
    """The index as what it is."""
    assert isinstance(ports.index, ElasticIndex)
    return ports.index


def check(stage: Stage) -> None:
    """Nothing lost, nothing doubled: pages, outcomes with reasons, families, alerts and deliveries fit the truth."""
    rows = stage.truth()
    refused = {row["url"] for row in rows if row["refused"]}
    wanted = {row["url"] for row in rows} - refused - {stage.broken}
    articles = stage.bodies(Kind.ARTICLES)
    assert Counter(body["url"] for body in articles) == Counter(wanted)
    assert funnel(stage.ports.index).imbalance == 0
    left = {body["url"]: (body["outcome"], body["reason"]) for body in _with_reason(stage, Kind.LEDGER)}
    assert left == {**dict.fromkeys(refused, ("refused", "robots")), stage.broken: ("failed", "connection")}
    assert _with_reason(stage, Kind.CAPTURES) == []
    check_families({str(body["url"]): str(body["family"]) for body in articles}, rows)
    check_alerts(stage, rows)


def _with_reason(stage: Stage, kind: Kind) -> list[Body]:
    return [body for body in stage.bodies(kind) if "reason" in body]


def check_families(family_of: Mapping[str, str], rows: list[Row]) -> None:
    """Most pages with the same agency's text are in one family."""
    pairs = pairs_of_same_item(row for row in rows if row["url"] in family_of)
    together = sum(family_of[one] == family_of[two] for one, two in pairs)
    assert together >= MOST * len(pairs) > 0


def check_alerts(stage: Stage, rows: list[Row]) -> None:
    """Each expected alert rang once, and was sent once on each of its channels."""
    stage.ports.index.refresh(Kind.ARTICLES)
    urls = {row.id: row.body["url"] for row in stage.ports.index.scan(Kind.ARTICLES)}
    event_of = {row["url"]: row["event"] for row in rows}
    alerts = stage.bodies(Kind.ALERTS)
    rung = Counter((alert["topic"], event_of[urls[str(alert["article"])]]) for alert in alerts)
    shown = [row for row in rows if row["until"] is None and row["url"] in urls.values()]
    expected = {(topic, row["event"]) for row in shown if row["kind"] != "roundup" for topic in row["topics"]}
    assert {pair: rung[pair] for pair in expected} == dict.fromkeys(expected, 1)
    deliveries = stage.bodies(Kind.DELIVERIES)
    sent = Counter((body["alert"], body["channel"]) for body in deliveries)
    assert sent == Counter(
        (row["id"], channel) for row in map(dict[str, Any], alerts) for channel in row["channels"]
    )
    assert {(body["state"], body["attempts"]) for body in deliveries} == {("sent", 1)}


def test_what_is_announced_is_found_and_rings(stage: Stage) -> None:
    """From feeds to alerts, past a server error, a reset connection, a feed that is none, and robots.txt."""
    check(stage)
    assert {visit.fault for visit in stage.news.visits} >= {"500", "reset", "html-feed"}
    polls = {str(body["source"]): body.get("reason") for body in stage.bodies(Kind.POLLS)}
    ill = {name: reason for name, reason in polls.items() if reason}
    assert ill == {name: "not-a-feed" for name in polls if name.startswith(tuple(stage.down))}


def test_everything_again_changes_nothing(stage: Stage) -> None:
    """Fetched and processed a second time, then rebuilt by the DAG: the same articles, and nothing rings again."""
    before, pages = stage.checksums(), len(stage.bodies(Kind.ARTICLES))
    forget_entries(stage.ports)
    stage.run("ingest")
    stage.settle()
    assert stage.number(Kind.CAPTURES, "unchanged") >= pages
    assert stage.checksums() == before
    stage.run("replay", since="", force=False)
    assert stage.checksums() == before
    check(stage)


def forget_entries(ports: Ports, *, of: str = "") -> None:
    """Make every source and every address new; or only the sources whose name begins so."""
    for kind in (Kind.POLLS,) if of else (Kind.POLLS, Kind.LEDGER):
        ports.index.refresh(kind)
        ids = [row.id for row in ports.index.scan(kind) if row.id.startswith(of)]
        ports.index.write([Write(kind=kind, id=id_, body=None) for id_ in ids])


def test_the_form_of_replay_refuses_what_is_no_month(stage: Stage) -> None:
    """A wrong answer in the form starts nothing."""
    with pytest.raises(LocalError, match="since"):
        stage.api.trigger("replay", {"since": "November"})


def test_a_killed_task_loses_and_doubles_nothing(stage: Stage) -> None:
    """SIGKILL in the middle of `process`: Airflow tries again, and it ends as if nothing had been."""
    index, now = stage.ports.index, stage.ports.now()
    segments.pause(index, now + timedelta(seconds=PATIENCE))
    stage.news.publish_all()
    stage.news.set_fault(f"/{DOWN}/atom.xml", None)
    stage.down.clear()
    forget_entries(stage.ports, of=DOWN)
    stage.run("ingest")
    waiting = stage.number(Kind.CAPTURES, "pending")
    segments.resume(index)
    wait_until(
        lambda: stage.number(Kind.CAPTURES, "pending") < waiting, seconds=PATIENCE, what="work", every=0.02
    )
    reading_task().kill()
    stage.settle()
    wait_until(
        lambda: second_tries(stage.api) == {"success"}, seconds=PATIENCE, what="the second try", every=0.5
    )
    check(stage)
    assert stage.bodies(Kind.VERSIONS)
    before = stage.checksums()
    assert set(replay(stage.ports).equal) == {kind.value for kind in COMPARED}
    assert stage.checksums() == before


def reading_task() -> psutil.Process:
    """The task that has a reading child, among all that this test run has started."""
    ours = psutil.Process()
    started = {child.pid: child for child in ours.children(recursive=True)}
    readers = {pid for pid, child in started.items() if "copydesk.reader" in _words(child)}
    # a reader has children of its own, which look like it, for a page each
    tasks = {started[pid].ppid() for pid in readers} - readers - {ours.pid}
    assert len(tasks) == 1
    return started[tasks.pop()]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def second_tries(api: Api) -> set[str]:
    """States of the tasks of `process` that were begun again."""
    tasks = api.call("GET", TASKS.format("process"))["task_instances"]
    return {task["state"] for task in tasks if task["try_number"] > 1}


def test_an_emptied_server_is_filled_again(stage: Stage) -> None:
    """Backup, loss of every index, restore, replay: all is as before, and nothing rings or is sent again."""
    before = stage.checksums()
    stage.run("housekeeping")
    with paused(stage.api):
        server(stage.ports).tear_down()
        server(stage.ports).setup()
        with pytest.raises(ConfigError, match="copydesk restore"):
            recover(stage.ports)
        restore(stage.ports.index, stage.ports.archive)
        replay(stage.ports)
        assert stage.checksums() == before
    stage.run("process", "deliver")
    stage.settle()
    assert stage.checksums() == before
    check(stage)


@contextmanager
def paused(api: Api) -> Iterator[None]:
    """No task begins in the block, and those under way have ended before it."""
    under_way = f"{TASKS.format('~')}?state=scheduled&state=queued&state=running"
    for dag_id in DAGS:
        api.call("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": True})
    wait_until(
        lambda: not api.call("GET", under_way)["task_instances"], seconds=PATIENCE, what="a pause", every=0.5
    )
    yield
    for dag_id in DAGS:
        api.call("PATCH", f"/api/v2/dags/{dag_id}", {"is_paused": False})
