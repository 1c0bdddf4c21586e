"""`make demo`: the real DAGs on the made news world, under a real scheduler and a real Elasticsearch.

Everything runs on loopback, in `.local/demo`, and ends with this process, however that ends.
"""

import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import newsworld
from copydesk.config.settings import load_settings
from copydesk.connect import connect
from copydesk.errors import CopydeskError
from copydesk.outcomes import CaptureOutcome, EntryOutcome
from copydesk.ports import Ports
from copydesk.views.status import Funnel, funnel
from local import airflow, elasticsearch
from local.airflow_api import FINISHED, Api
from local.airflow_settings import elasticsearch_environment
from local.checking import require_config
from local.processes import LOCAL, LocalError, free_port, wait_until
from local.progress import console, say
from local.showing import show
from newsworld.truth import is_refused

__all__ = ["demo"]

SEED = 7
PUBLISHED_IN = 8
"""Seconds in which the world publishes a day and a half of news."""

MOST_SECONDS = 120
QUICK = 2.0
"""Seconds granted to Airflow to stop: nothing of the demo's is kept."""

COLUMNS = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The running demo: the world, its truth, and what Copydesk is set to."""

    world: newsworld.World
    news: newsworld.NewsServer
    api: Api
    environment: Mapping[str, str]
    folder: Path


def demo(*, seed: int = SEED) -> None:
    """Run, print, and stop; on a terminal stay up until Ctrl-C, unless ONCE=1. Raises LocalError with one line."""
    started = datetime.now(UTC)
    with staged(seed) as stage, ports_of(stage) as ports:
        say(f"News world {seed}: {len(stage.world.pages)} pages from {len(stage.world.outlets)} outlets")
        run_dags(stage, ports)
        show(ports, newsworld.rows(stage.world, stage.news.bases), newsworld.expectations(stage.world))
        seconds = (datetime.now(UTC) - started).total_seconds()
        say(f"all of it in {seconds:.0f} s")
        if sys.stdout.isatty() and os.environ.get("ONCE") != "1":
            _stay(stage)


@contextmanager
def staged(seed: int) -> Iterator[Stage]:
    """Elasticsearch, Airflow and the news world for as long as the block."""
    folder = LOCAL / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    world = newsworld.build(seed, "demo", newsworld.lately(datetime.now(UTC)))
    port = free_port()
    with newsworld.running(world, speed=None) as news:
        newsworld.write(world, news.bases, folder, every="2s")
        environment = {
            **elasticsearch_environment(f"http://127.0.0.1:{port}"),
            "COPYDESK_SOURCES": str(folder / "sources.yml"),
            "COPYDESK_TOPICS": str(folder / "topics.yml"),
            "COPYDESK_ARCHIVE": str(folder / "archive"),
            "COPYDESK_FETCH__ALLOW": '["127.0.0.0/8", "::1/128"]',
            "COPYDESK_FETCH__DELAY": "0s",
            "COPYDESK_BOX": f"{PUBLISHED_IN + 5}s",
        }
        require_config({**os.environ, **environment})
        with (
            elasticsearch.running(port=port),
            airflow.running(
                LOCAL / "demo-airflow",
                environment,
                grace=QUICK,
            ) as api,
        ):
            yield Stage(world=world, news=news, api=api, environment=environment, folder=folder)


@contextmanager
def ports_of(stage: Stage) -> Iterator[Ports]:
    """The library on the same settings as the DAGs."""
    os.environ.update(stage.environment)
    try:
        with connect(load_settings()) as ports:
            yield ports
    except CopydeskError as exc:
        raise LocalError(str(exc)) from exc


def run_dags(
    stage: Stage, ports: Ports, *, seconds: float = MOST_SECONDS, halfway: Callable[[], None] | None = None
) -> None:
    """Publish the world while `ingest` and `process` run, until everything has its outcome; then `deliver`.

    `halfway` is called once, when half of the pages are captured.
    """
    waiting = [halfway] if halfway else []
    runs = {name: stage.api.trigger(name) for name in ("ingest", "process")}
    publisher = threading.Thread(target=_publish, args=(stage,), daemon=True)
    publisher.start()
    world = stage.world
    pages = len({(page.outlet, page.path) for page in world.pages if not is_refused(world, page)})
    with Progress(*COLUMNS, console=console) as bars:
        captured, indexed = (bars.add_task(what, total=pages) for what in ("captured", "indexed"))

        def done() -> bool:
            seen = funnel(ports.index)
            bars.update(captured, completed=seen.registered)
            bars.update(indexed, completed=seen.articles)
            if waiting and seen.registered >= pages / 2:
                waiting.pop()()
            return not publisher.is_alive() and not _pending(seen) and _ended(stage.api, runs)

        wait_until(done, seconds=seconds, what="the news world", every=1)
    for name in (*runs, "deliver"):
        stage.api.wait(name, runs.get(name) or stage.api.trigger(name), seconds=seconds)


def _ended(api: Api, runs: Mapping[str, str]) -> bool:
    return all(api.state(name, run) in FINISHED for name, run in runs.items())


def _publish(stage: Stage) -> None:
    """Let the world go by in a few real seconds, one step every half second."""
    steps = PUBLISHED_IN * 2
    pause = threading.Event()
    for number in range(1, steps + 1):
        stage.news.publish_until(stage.world.end * number / steps)
        pause.wait(0.5)
    stage.news.publish_all()


def _pending(seen: Funnel) -> int:
    entries = sum(counts[EntryOutcome.PENDING] for counts in seen.entries.values())
    return entries + sum(counts[CaptureOutcome.PENDING] for counts in seen.captures.values())


def _stay(stage: Stage) -> None:
    say("")
    say(f"Airflow:        {stage.api.url}  (user admin, password in .local/demo-airflow/passwords.json)")
    say(f"The page:       {stage.api.url}/copydesk/")
    say(f"Elasticsearch:  {stage.environment['COPYDESK_ELASTICSEARCH__URL']}/copydesk-articles/_search")
    say(f"A newspaper:    {stage.news.url_of(stage.world.outlets[-1].name)}")
    say("Ctrl-C stops everything.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        say("stopping")
