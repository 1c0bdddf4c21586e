"""What runs in the end-to-end tests: a made world, Airflow, Elasticsearch, handles on them, and what must hold."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

import newsworld
from copydesk.adapters.elastic.index import ElasticIndex
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.index import Body, Kind
from copydesk.operating.comparing import COMPARED, digest
from copydesk.ports import Ports
from copydesk.views.status import funnel
from local.airflow_api import Api
from local.processes import wait_until
from newsworld.model import Page
from newsworld.truth import pairs_of_same_item

PATIENCE = 120
MOST = 0.6
DOWN = "coastwire"
"""An outlet whose feed is an HTML page, until a test mends it."""

DAGS = ("alarm", "deliver", "housekeeping", "ingest", "process")
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
        """Wait until `process` is done with all pages and has sent its alerts."""
        wait_until(self._is_settled, seconds=PATIENCE, what="the last page", every=0.5)

    def _is_settled(self) -> bool:
        known = {body["url"] for body in self.bodies(Kind.LEDGER)}
        done = all("processed_at" in body for body in self.bodies(Kind.SEGMENTS))
        # a segment is done with before its alerts are sent
        sent = all(body["state"] != "pending" for body in self.bodies(Kind.DELIVERIES))
        return (
            known == {row["url"] for row in self.truth()}
            and done
            and sent
            and not self.number(Kind.LEDGER, "pending")
        )


@contextmanager
def opened(environment: Mapping[str, str]) -> Iterator[Ports]:
    """The library on the settings of the DAGs; its indices are gone at the end."""
    names = {
        key: f"COPYDESK_ELASTICSEARCH__{key.upper()}" for key in ("url", "prefix", "username", "password")
    }
    settings = load_settings(
        archive=environment["COPYDESK_ARCHIVE"],
        elasticsearch={key: environment[name] for key, name in names.items() if name in environment},
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


def reading_task() -> psutil.Process:
    """The task that has a reading child, among all that this test run has started."""
    ours = psutil.Process()
    started = {child.pid: child for child in ours.children(recursive=True)}
    readers = {pid for pid, child in started.items() if "copydesk.adapters.child" in _words(child)}
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


@contextmanager
def misbehaving(folder: Path) -> Iterator[tuple[newsworld.World, newsworld.NewsServer, Page]]:
    """A made world with a server error, a feed that is none and a page that never comes whole; its files there."""
    world = newsworld.build(1, "small", newsworld.lately(datetime.now(UTC)))
    broken = next(page for page in world.pages if page.outlet == "polaris" and page.until is None)
    faults = {
        "/meridian/wire/en.xml": "500:1",
        f"/{DOWN}/atom.xml": "html-feed",
        f"/{broken.outlet}{broken.path}": "reset",
    }
    with newsworld.running(world, speed=None, faults=faults) as news:
        newsworld.write(world, news.bases, folder, every="1s")
        yield world, news, broken


def settings_in(folder: Path) -> dict[str, str]:
    """Copydesk's settings for a world whose files are in the folder, made for haste."""
    return {
        "COPYDESK_SOURCES": str(folder / "sources.yml"),
        "COPYDESK_TOPICS": str(folder / "topics.yml"),
        "COPYDESK_ARCHIVE": str(folder / "archive"),
        "COPYDESK_FETCH__ALLOW": '["127.0.0.0/8"]',
        "COPYDESK_FETCH__DELAY": "0s",
        "COPYDESK_BOX": "6s",
        "COPYDESK_LEASE": "5s",
    }


def check(stage: Stage, *, attempts: bool = True) -> None:
    """Nothing lost, nothing doubled: pages, outcomes with reasons, families, alerts and deliveries fit the truth.

    Without `attempts` a delivery may have been tried more than once before it was sent.
    """
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
    check_alerts(stage, rows, attempts=attempts)


def _with_reason(stage: Stage, kind: Kind) -> list[Body]:
    return [body for body in stage.bodies(kind) if "reason" in body]


def check_families(family_of: Mapping[str, str], rows: list[Row]) -> None:
    """Most pages with the same agency's text are in one family."""
    pairs = pairs_of_same_item(row for row in rows if row["url"] in family_of)
    together = sum(family_of[one] == family_of[two] for one, two in pairs)
    assert together >= MOST * len(pairs) > 0


def check_alerts(stage: Stage, rows: list[Row], *, attempts: bool = True) -> None:
    """Each expected alert rang once; each story was sent once on each channel of the topics that it met."""
    stage.ports.index.refresh(Kind.ARTICLES)
    urls = {row.id: row.body["url"] for row in stage.ports.index.scan(Kind.ARTICLES)}
    event_of = {row["url"]: row["event"] for row in rows}
    alerts = stage.bodies(Kind.ALERTS)
    rung = Counter((alert["topic"], event_of[urls[str(alert["article"])]]) for alert in alerts)
    shown = [row for row in rows if row["until"] is None and row["url"] in urls.values()]
    expected = {(topic, row["event"]) for row in shown if row["kind"] != "roundup" for topic in row["topics"]}
    assert {pair: rung[pair] for pair in expected} == dict.fromkeys(expected, 1)
    deliveries = stage.bodies(Kind.DELIVERIES)
    story_of = {row["id"]: row["story"] for row in alerts}
    sent = Counter((story_of[body["alert"]], body["channel"]) for body in deliveries)
    told = {(row["story"], channel) for row in map(dict[str, Any], alerts) for channel in row["channels"]}
    assert sent == dict.fromkeys(told, 1)
    assert [body for body in deliveries if body["state"] != "sent"] == []
    assert not attempts or {body["attempts"] for body in deliveries} == {1}
