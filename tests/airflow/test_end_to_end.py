"""The real DAGs under a real scheduler, on a real Elasticsearch, with a made news world that misbehaves.

The first test to run pays for the start of everything; each test can run alone.
"""

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest

from copydesk import segments
from copydesk.errors import ConfigError
from copydesk.index import Kind, Write
from copydesk.operating.backup import restore
from copydesk.operating.comparing import COMPARED
from copydesk.operating.recovering import recover
from copydesk.operating.replaying import replay
from copydesk.ports import Ports
from local import airflow
from local.airflow_settings import elasticsearch_environment
from local.processes import LocalError, wait_until
from made.stage import (
    DOWN,
    PATIENCE,
    Stage,
    check,
    misbehaving,
    opened,
    paused,
    reading_task,
    second_tries,
    server,
    settings_in,
)

pytestmark = [pytest.mark.elasticsearch, pytest.mark.scheduler]

FIRST_PART = 0.3


@pytest.fixture(scope="module")
def stage(elasticsearch_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Everything running; the first part of the world is published, and has gone all the way."""
    folder = tmp_path_factory.mktemp("world")
    with misbehaving(folder) as (world, news, broken):
        news.publish_until(broken.at + world.end * FIRST_PART)
        environment = {
            **elasticsearch_environment(elasticsearch_url),
            **settings_in(folder),
            "COPYDESK_ELASTICSEARCH__PREFIX": f"t-{secrets.token_hex(4)}-",
        }
        with opened(environment) as ports, airflow.running(folder / "end-to-end", environment) as api:
            url = news.url_of(broken.outlet, broken.path)
            made = Stage(world=world, news=news, api=api, ports=ports, broken=url)
            made.settle()
            yield made


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
