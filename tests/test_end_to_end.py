"""The real DAGs under a real scheduler, on a real Elasticsearch, with a made news world that misbehaves.

The first test to run pays for the start of everything; each test can run alone.
"""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from stage import DOWN, PATIENCE, Row, Stage, opened, paused, reading_task, second_tries, server

import newsworld
from copydesk import segments
from copydesk.backup import restore
from copydesk.errors import ConfigError
from copydesk.index import Body, Kind, Write
from copydesk.ports import Ports
from copydesk.recovering import recover
from copydesk.replaying import COMPARED, replay
from copydesk.status import funnel
from local import airflow
from local.airflow_settings import elasticsearch_environment
from local.processes import LocalError, wait_until
from newsworld.truth import pairs_of_same_item

pytestmark = [pytest.mark.elasticsearch, pytest.mark.scheduler]

FIRST_PART = 0.3
MOST = 0.6


@pytest.fixture(scope="module")
def stage(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everything running; the first part of the world is published, and has gone all the way."""
    folder = tmp_path_factory.mktemp("world")
    world = newsworld.build(1, "small", newsworld.lately(datetime.now(UTC)))
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
