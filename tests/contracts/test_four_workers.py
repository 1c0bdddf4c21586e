"""Four workers at once, in threads of their own and on a real server, end as a single one does."""

import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.matching import match
from copydesk.index import Generations, Kind
from copydesk.judging.clustering.stories import resolve
from copydesk.model import Capture, Document
from copydesk.pipeline import work
from copydesk.ports import Ports
from copydesk.segments.contents import contents_of
from copydesk.topic import Topic
from made.races import Newsroom, Read, capture, outcome
from made.texts import document
from newsworld import build

WORKERS, SEGMENTS = 4, 8
EVERYTHING = Topic(name="everything", any=("the", "de", "der", "di", "in"), max_age=timedelta(days=9999))


def texts() -> dict[str, tuple[Capture, Document]]:
    """The last state of each page of a made world, with copies, rewrites, updates and roundups; shuffled."""
    world = build(5, "demo")
    mark = secrets.token_hex(3)  # a server remembers the version of a deleted document for a minute
    pages = {f"{mark}-{page.outlet}.example{page.path}": page for page in world.pages}
    made = {}
    for address in Random(5).sample(sorted(pages), len(pages)):
        page = pages[address]
        seen = world.time_of(page.first_at)
        one = capture(address, page.paragraphs, seen=seen)
        read = document(
            one.id, list(page.paragraphs), title=page.title, outlet=page.outlet, agency=page.agency
        )
        made[one.id] = (one, replace(read, capture_id=one.id, first_seen_at=seen, published_at=seen))
    return made


@contextmanager
def workers(url: str, prefix: str) -> Iterator[list[ElasticIndex]]:
    """As many views of one index, each with connections of its own."""
    with ExitStack() as stack:
        opened = [open_index(url, prefix=prefix) for _ in range(WORKERS)]
        for one in opened:
            stack.callback(one.close)
        yield opened


def labour(ports: Ports, names: Sequence[str], together: Barrier) -> list[str]:
    """A worker's way through segments; it begins each when the others begin theirs. The articles that may ring."""
    fresh = []
    for name in names:
        together.wait()
        fresh += work(ports, contents_of(ports.archive, [name]).pages)[1]
    return fresh


def ring(ports: Ports, fresh: Sequence[str], together: Barrier) -> None:
    """Ring for articles when the others do."""
    together.wait()
    match(ports.index, [EVERYTHING], fresh, ports.now())


def told(index: Generations) -> list[str]:
    """The stories that alerts tell of, by the ids they have now."""
    index.refresh()
    stories = [str(row.body["story"]) for row in index.scan(Kind.ALERTS)]
    now = resolve(index, stories)
    return sorted(now[story].id for story in stories)


@pytest.mark.elasticsearch
@pytest.mark.parametrize("index", ["elastic"], indirect=True)
@pytest.mark.parametrize("times", [1, 2], ids=["each segment once", "each segment twice at once"])
def test_four_workers_end_as_one(index: ElasticIndex, elasticsearch_url: str, times: int) -> None:
    """Judgements, families, stories and articles are those of one worker, and no story rings twice."""
    made = texts()
    room, alone = Newsroom(index), Newsroom(MemoryIndex(lag=True))
    reader, together = Read({id_: read for id_, (_, read) in made.items()}), Barrier(WORKERS, timeout=120)
    captures = [one for one, _ in made.values()]
    names = [room.publish(*captures[at::SEGMENTS]).name for at in range(SEGMENTS)]
    single = replace(alone.ports(), reader=reader)
    ring(single, labour(single, [alone.publish(*captures).name], Barrier(1)), Barrier(1))
    with workers(elasticsearch_url, index.prefix) as each, ThreadPoolExecutor(WORKERS) as pool:
        ports = [replace(room.ports(view), reader=reader) for view in each]
        shares = [names[at // times :: WORKERS // times] for at in range(WORKERS)]
        fresh = list(pool.map(labour, ports, shares, [together] * WORKERS))
        everything = sorted({id_ for some in fresh for id_ in some})
        list(pool.map(ring, ports, [everything] * WORKERS, [together] * WORKERS))
    assert outcome(index) == outcome(alone.index)
    assert told(index) == told(alone.index) == sorted(set(told(index)))
