"""`python -m benches.idle`: what a real Airflow and Elasticsearch cost on this machine, and how soon they tell.

First with nothing to do: processor seconds a minute of every component with its children, and the runs of tasks. Then
with a newspaper on loopback that puts something new into its feed at drawn times: seconds from there to the webhook.
Takes ten minutes; a machine that does other things tells later.
"""

import argparse
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psutil
import yaml

import newsworld
from benches.measure import Line, show
from local import airflow, elasticsearch
from local.airflow_api import Api
from local.airflow_settings import elasticsearch_environment

__all__ = ["measure"]

WARM = 90
"""Seconds until what is only done at the start is over."""
START = datetime(2026, 3, 2, 6, tzinfo=UTC)
TASKS = "/api/v2/dags/~/dagRuns/~/taskInstances?limit=1"
PAPER = "<html lang=en><title>{title}</title><body><article><h1>{title}</h1>{text}</article></body></html>"
FEED = '<rss version="2.0"><channel><title>Paper</title>{}</channel></rss>'
ITEM = "<item><title>{title}</title><link>{url}</link></item>"


class Wait(NamedTuple):
    """When an item stood in the feed, when the feed was asked, when the item was told."""

    out: float
    seen: float
    told: float


class Paper(ThreadingHTTPServer):
    """A newspaper and a receiver of webhooks: since when each title is out, was seen in the feed, was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.texts: dict[str, str] = {}
        self.out: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.told: dict[str, float] = {}

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    """The feed, an article for each number, and the hook."""

    server: Paper

    def do_GET(self) -> None:
        """Feed or article."""
        if self.path == "/feed":
            for title in list(self.server.out):
                self.server.seen.setdefault(title, time.monotonic())
            items = (
                ITEM.format(title=title, url=f"{self.server.url}/{at}")
                for at, title in enumerate(self.server.out)
            )
            self._say(FEED.format("".join(items)), "application/rss+xml")
        elif self.path == "/robots.txt":
            self.send_error(404)
        else:
            title = list(self.server.out)[int(self.path[1:])]
            self._say(PAPER.format(title=title, text=self.server.texts[title]), "text/html")

    def do_POST(self) -> None:
        """Note when it was told."""
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.told.setdefault(str(told["data"]["title"]), time.monotonic())
        self._say("", "text/plain")

    def log_message(self, *_: object) -> None:
        """Nothing."""

    def _say(self, text: str, kind: str) -> None:
        content = text.encode()
        self.send_response(200)
        self.send_header("content-type", f"{kind}; charset=utf-8")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def measure(minutes: float, items: int, seed: int) -> None:
    """Print the processor time a minute with nothing to do, and the seconds until each of some items was told."""
    paper = Paper()
    threading.Thread(target=paper.serve_forever, daemon=True).start()
    with TemporaryDirectory() as folder, elasticsearch.running() as server:
        environment = elasticsearch_environment(server.url) | _settings(Path(folder), paper)
        with airflow.running(Path(folder, "airflow"), environment, lean=False) as api:
            time.sleep(WARM)
            show(_idle(api, minutes))
            (Path(folder, "sources.yml")).write_text(_sources(paper))
            waits = _told(paper, items, Random(seed))
    paper.shutdown()
    show([Line(what=f"alerts of {items} items", value=str(len(waits)), target=str(items)), *_waits(waits)])


def _idle(api: Api, minutes: float) -> list[Line]:
    with _sampled() as spent:
        before = api.call("GET", TASKS)["total_entries"]
        time.sleep(minutes * 60)
        runs = api.call("GET", TASKS)["total_entries"] - before
    parts = {name: seconds / minutes for name, seconds in sorted(spent.items(), key=lambda one: -one[1])}
    total = sum(seconds for name, seconds in parts.items() if name != "elasticsearch")
    return [
        Line(what="nothing to do: CPU s a minute of Airflow and its tasks", value=f"{total:.1f}", target="6"),
        *(Line(what=f"  {name}", value=f"{seconds:.1f}") for name, seconds in parts.items()),
        Line(what="runs of tasks a minute", value=f"{runs / minutes:.1f}"),
    ]


@contextmanager
def _sampled() -> Iterator[dict[str, float]]:
    """Adds up what the processes that this one has started spend in the block, looking four times a second."""
    spent: dict[str, float] = {}
    seen: dict[tuple[int, float], float] = {}
    over = threading.Event()

    def sample(*, count: bool) -> None:
        for child in psutil.Process().children(recursive=True):
            try:
                times, key = child.cpu_times(), (child.pid, child.create_time())
                part = _part(child.cmdline())
            except psutil.NoSuchProcess:
                continue
            now = times.user + times.system
            if count:
                spent[part] = spent.get(part, 0.0) + now - seen.get(key, 0.0)
            seen[key] = now

    def go_on() -> None:
        while not over.wait(0.25):
            sample(count=True)

    sample(count=False)
    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield spent
    finally:
        over.set()
        thread.join()


def _part(words: list[str]) -> str:
    line = " ".join(words)
    names = ("elasticsearch", "api-server", "api_server", "dag-processor", "triggerer", "scheduler")
    return next((name for name in names if name in line), "tasks and others")


def _told(paper: Paper, items: int, chance: Random) -> list[Wait]:
    """Put items into the feed at drawn times, and wait for the last; the first poll of a source never rings."""
    for title, text in _stories(items + 1):
        paper.texts[title] = text
        paper.out[title] = time.monotonic()
        # nothing of the first poll of a source rings
        time.sleep(chance.uniform(5, 35) if len(paper.out) > 1 else WARM)
    time.sleep(WARM)
    return [
        Wait(at, paper.seen[title], paper.told[title])
        for title, at in paper.out.items()
        if title in paper.told
    ]


def _waits(waits: list[Wait]) -> list[Line]:
    """How long they waited to be seen, and what followed. Pure."""
    parts = {
        "from the feed to the alert": ([wait.told - wait.out for wait in waits], "20 s, 45 s"),
        "  until the feed is asked, every: 1m": ([wait.seen - wait.out for wait in waits], ""),
        "  from there to the alert": ([wait.told - wait.seen for wait in waits], "10 s in 95 of 100"),
    }
    cuts = {what: quantiles(seconds, n=20, method="inclusive") for what, (seconds, _) in parts.items()}
    return [
        Line(what=f"{what}, p50, p95", value=f"{cuts[what][9]:.0f} s, {cuts[what][18]:.0f} s", target=target)
        for what, (_, target) in parts.items()
    ]


def _stories(number: int) -> Iterator[tuple[str, str]]:
    """Titles and paragraphs of made reports, each of another event; weather and markets are one story on a day."""
    first = (
        page
        for seed in count(1)
        for page in {
            page.event: page
            for page in reversed(newsworld.build(seed, "demo", START).pages)
            if page.language == "en" and page.kind not in {"roundup", "form"}
        }.values()
    )
    for page in islice(first, number):
        yield page.title, "".join(f"<p>{text}</p>" for text in page.paragraphs)


def _sources(paper: Paper) -> str:
    one = {"name": "paper", "kind": "rss", "url": f"{paper.url}/feed", "outlet": "Paper", "every": "1m"}
    return yaml.safe_dump({"sources": [one]})


def _settings(folder: Path, paper: Paper) -> dict[str, str]:
    folder.joinpath("sources.yml").write_text("sources: []\n")
    hook = {"kind": "webhook", "url": f"{paper.url}/hook", "secret": "env:HOOK"}
    topics = {
        "topics": [{"name": "all", "any": ["the", "a", "an"], "channels": ["hook"]}],
        "channels": {"hook": hook},
    }
    folder.joinpath("topics.yml").write_text(yaml.safe_dump(topics))
    return {
        "COPYDESK_SOURCES": str(folder / "sources.yml"),
        "COPYDESK_TOPICS": str(folder / "topics.yml"),
        "COPYDESK_ARCHIVE": str(folder / "archive"),
        "COPYDESK_FETCH__ALLOW": '["127.0.0.0/8"]',
        "HOOK": secrets.token_hex(32),
        "COPYDESK_ELASTICSEARCH__PREFIX": f"t-{secrets.token_hex(4)}-",
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benches.idle", description=__doc__)
    parser.add_argument("--minutes", type=float, default=2.0, help="how long nothing is to do")
    parser.add_argument("--items", type=int, default=20, help="how many items are put into the feed")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    measure(given.minutes, given.items, given.seed)


if __name__ == "__main__":
    main()
