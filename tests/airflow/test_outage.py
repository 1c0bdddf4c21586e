"""`make up` and `make down` themselves, and what happens to everything in between when parts of it die.

One long day: Elasticsearch is stopped until tasks have failed for good, while what was queued is captured all the same;
the scheduler is killed, all of it is taken down in the middle of its work. After each, everything is there, once.
"""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
import psutil
import pytest
import yaml
from aiohttp import web

from copydesk.adapters.archive.warc import Archive
from copydesk.connect import utc_now
from copydesk.index import Kind
from copydesk.monitoring.parts import part_troubles, runs
from local import elasticsearch, pidfiles
from local.airflow_api import Api
from local.airflow_settings import USER, elasticsearch_environment, read_or_make_secrets
from local.processes import free_port, wait_until
from local.up import SERVER, Place, down, up
from made.servers import serving, web_served
from made.stage import PATIENCE, Stage, check, misbehaving, opened, settings_in

pytestmark = [pytest.mark.elasticsearch, pytest.mark.scheduler]

LONG = 240
"""Seconds for what waits for the next minute's run, on a machine that is busy."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who calls `make up` and `make down`."""

    place: Place
    port: int
    elasticsearch_port: int

    def up(self) -> None:
        """Start what is not running."""
        up(port=self.port, elasticsearch_port=self.elasticsearch_port, ask=None, place=self.place)

    def process(self, name: str) -> psutil.Process:
        """The first process of a part."""
        noted = pidfiles.running(name, folder=self.place.run)
        assert noted is not None
        return psutil.Process(noted.pid)

    def airflow(self) -> Api:
        """A client, with the password of this place."""
        kept = read_or_make_secrets(self.place.folder / "airflow" / "secrets.json")
        return Api(self.port, USER, kept.password)


@pytest.fixture
def operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    """Settings in force, and nothing is running; nothing will be left running."""
    for name in [name for name in os.environ if name.startswith("COPYDESK_")]:
        monkeypatch.delenv(name)
    own = {"COPYDESK_ELASTICSEARCH__PATIENCE": "2s", "COPYDESK_CONTACT": "desk@example.org", "HOOK": "secret"}
    for name, value in {**settings_in(tmp_path), **own, "COPYDESK_BOX": "45s"}.items():
        monkeypatch.setenv(name, value)
    # a server of such a name is swept away by the next run when this process was killed
    place = Place(tmp_path / "local", f"{elasticsearch.EPHEMERAL}-{os.getpid()}-outage")
    try:
        yield Operator(place, free_port(), free_port())
    finally:
        down(place=place)
        shutil.rmtree(elasticsearch.home() / "servers" / place.data, ignore_errors=True)


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[tuple[list[str], int]]:
    """The ids of what a receiver of webhooks has heard, and its port."""
    ids: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        ids.append(request.headers["webhook-id"])
        return web.Response()

    assert tmp_path.exists()
    with serving(web_served(hear)) as port:
        yield ids, port


def tell_the_hook(folder: Path, port: int) -> None:
    """Let the channel `desk` of the world's topics be a webhook."""
    file = folder / "topics.yml"
    topics = yaml.safe_load(file.read_text())
    topics["channels"]["desk"] = {
        "kind": "webhook",
        "url": f"http://127.0.0.1:{port}/",
        "secret": "env:HOOK",
    }
    file.write_text(yaml.safe_dump(topics, allow_unicode=True))


def test_whatever_dies_all_is_there_once(
    operator: Operator, heard: tuple[list[str], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Elasticsearch away until tasks fail, the scheduler killed, `make down` in the middle: nothing lost or doubled."""
    ids, port = heard
    with misbehaving(tmp_path) as (world, news, broken):
        tell_the_hook(tmp_path, port)
        news.publish_until(broken.at + world.end * 0.2)
        operator.up()
        login = operator.place.login
        environment = settings_in(tmp_path) | elasticsearch_environment(
            f"http://127.0.0.1:{operator.elasticsearch_port}", username=login.user, password=login.password
        )
        with opened(environment) as ports:
            url = news.url_of(broken.outlet, broken.path)
            stage = Stage(world=world, news=news, api=operator.airflow(), ports=ports, broken=url)
            settle(stage)

            hold_up(stage, world.end * 0.4)
            elasticsearch_away(operator, stage, in_vain(stage))
            news.publish_until(world.end * 0.5)
            operator.up()
            assert "elasticsearch" in capsys.readouterr().err.splitlines()[-1]
            settle(stage)
            check(stage, attempts=False)

            news.publish_until(world.end * 0.7)
            in_the_middle(stage)
            operator.process("airflow-scheduler").kill()
            operator.up()
            assert capsys.readouterr().err.splitlines()[-1] == "Was dead and is started again: scheduler."
            settle(stage)
            check(stage, attempts=False)

            news.publish_all()
            in_the_middle(stage)
            down(place=operator.place)
            assert "Was dead" not in capsys.readouterr().err
            operator.up()
            settle(stage)
            check(stage, attempts=False)
            hook = {str(body["id"]) for body in stage.bodies(Kind.DELIVERIES) if body["channel"] == "desk"}
            assert Counter(ids) == Counter(hook)


def hold_up(stage: Stage, end: float) -> None:
    """Publish on, with one outlet that is so slow that its other pages are queued behind the first."""
    new = [
        page
        for page in stage.world.pages
        if stage.news.now() < page.at <= end and stage.news.url_of(page.outlet, page.path) != stage.broken
    ]
    numbers = Counter(page.outlet for page in new if page.outlet not in stage.down)
    outlet, number = numbers.most_common(1)[0]
    assert number > 2
    held = [f"/{page.outlet}{page.path}" for page in new if page.outlet == outlet]
    for path in held:
        stage.news.set_fault(path, "drip")
    stage.news.publish_until(end)
    asked = partial(any_held, stage)
    wait_until(asked, seconds=LONG, what="the page of a slow outlet", every=0.1)
    for path in held:
        stage.news.set_fault(path, None)


def any_held(stage: Stage) -> bool:
    """Whether a page is being answered so slowly that its outlet's others wait."""
    return any(visit.fault == "drip" for visit in stage.news.visits)


def in_vain(stage: Stage) -> set[str]:
    """Addresses that give no page the first time: the one held up, the broken one, those that are refused."""
    held_up = {
        stage.news.url_of(visit.outlet, visit.path) for visit in stage.news.visits if visit.fault == "drip"
    }
    return held_up | {stage.broken} | {row["url"] for row in stage.truth() if row["refused"]}


def elasticsearch_away(operator: Operator, stage: Stage, left: set[str]) -> None:
    """Stop it; what was queued is captured meanwhile, runs of `process` give up, and what fails is noted.

    But for what is `left` to the ledger, since it gives no page when it is asked for.
    """
    server = operator.process(SERVER)
    server.terminate()
    server.wait(PATIENCE)
    before = stage.api.runs("process")
    archive = Archive(os.environ["COPYDESK_ARCHIVE"])
    # some may have been answered just before
    queued = queue_of(archive) - left - held_by(archive).keys()
    assert len(queued) > 1

    def captured() -> bool:
        return queued <= held_by(archive).keys()

    wait_until(captured, seconds=LONG, what="the capture of what was queued", every=1)
    assert {held_by(archive)[url] for url in queued} == {1}

    def given_up() -> bool:
        now = stage.api.runs("process")
        return any(state == "failed" and before.get(run) != "failed" for run, state in now.items())

    wait_until(given_up, seconds=LONG, what="the end of a run's patience", every=1)
    failing = {trouble.key for trouble in part_troubles(runs(archive), utc_now())}
    assert "part:process" in failing


def queue_of(archive: Archive) -> set[str]:
    """The addresses that the lists beside the archive name, see `spooling`."""
    lists = [orjson.loads(archive.load(name) or b"{}") for name in archive.names("due")]
    return {record["url"] for one in lists for record in one["records"].values()}


def held_by(archive: Archive) -> Counter[str]:
    """How often each address lies in the closed segments."""
    segments = [segment.name for segment in archive.segments()]
    return Counter(made.url for name in segments for made in archive.read(name) if made.kind == "page")


def settle(stage: Stage) -> None:
    """Wait until all that is published is done with, and all that rang is sent."""
    stage.settle()
    wait_until(lambda: not waiting(stage), seconds=LONG, what="the last delivery", every=1)


def waiting(stage: Stage) -> bool:
    """Whether a delivery has no end yet."""
    return any(body["state"] == "pending" for body in stage.bodies(Kind.DELIVERIES))


def in_the_middle(stage: Stage) -> None:
    """Wait until work is under way: an address or a capture has no outcome yet."""
    wait_until(
        lambda: stage.number(Kind.LEDGER, "pending") + stage.number(Kind.CAPTURES, "pending") > 0,
        seconds=LONG,
        what="work",
        every=0.1,
    )
