"""The made news world through the street, in memory: its pages as outlets serve them, in an order of their own.

`PYTHONPATH=plugins:tools:tests python -m made.streets` prints the checksum of each kind of record that the demo's world
leaves in the index: what moves code without changing what it does leaves them as they were.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import orjson

import newsworld
from copydesk.alerting.matching import match
from copydesk.fetching.entering import enter
from copydesk.index import Body, Index, Kind
from copydesk.model import Capture, Document, Entry, Rejection
from copydesk.pipeline import work
from copydesk.reading.documents import read
from copydesk.segments.contents import Page as Contained
from copydesk.topic import Topic
from made.races import Read
from made.world import World, source
from newsworld import Page
from newsworld.pages import render
from newsworld.truth import is_refused

ORDERS = ("published", "reversed", "shuffled")
BATCH = 10
"""Pages of a segment."""

EVERYTHING = Topic(name="everything", any=("the", "der", "die", "la", "le", "el", "в", "и", "на"))
"""Words of which every page of the world has one."""


@dataclass(frozen=True)
class Paper:
    """A state of a page, and what reading made of it as it stood when the state was new."""

    page: Page
    capture: Capture
    document: Document


def papers(world: newsworld.World) -> list[Paper]:
    """All states of all pages a robot may fetch, read by the product, in order of publication."""
    bases = {outlet.name: f"https://{outlet.name}.example" for outlet in world.outlets}
    found = []
    for page in world.pages:
        if is_refused(world, page):
            continue
        capture = _capture(world, page, bases)
        document = read(capture)
        assert not isinstance(document, Rejection), document
        found.append(Paper(page, capture, document))
    return found


def _capture(world: newsworld.World, page: Page, bases: Mapping[str, str]) -> Capture:
    url = bases[page.outlet] + page.path
    return Capture(
        id=f"{page.outlet}{page.path}@{page.at}",
        url=url,
        final_url=url,
        source=page.outlet,
        outlet=page.outlet,
        publisher=world.outlet(page.outlet).publisher,
        fetched_at=world.time_of(page.at),
        first_seen_at=world.time_of(page.first_at),
        content_type="text/html; charset=utf-8",
        body=render(world, page, bases).html.encode(),
        language=page.language,
        entry_title=page.title,
        entry_published_at=world.time_of(page.first_at),
    )


def arrivals(world: newsworld.World, all_: Sequence[Paper], order: str) -> list[Paper]:
    """In which order pages are fetched, and when: as they come out, or all at the world's end, in their last states."""
    if order == "published":
        return list(all_)
    last = [paper for paper in all_ if paper.page.until is None]
    last = last[::-1] if order == "reversed" else random.Random(world.seed).sample(last, len(last))
    start = world.time_of(world.end)
    return [_fetched(paper, start + timedelta(seconds=second)) for second, paper in enumerate(last)]


def _fetched(paper: Paper, at: datetime) -> Paper:
    """The same, first seen and fetched at another time."""
    return replace(
        paper,
        capture=replace(paper.capture, fetched_at=at, first_seen_at=at),
        document=replace(paper.document, fetched_at=at, first_seen_at=at),
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a world: the page of each article, the articles, and the alerts."""

    pages: Mapping[str, Page]
    articles: Mapping[str, Body]
    alerts: Sequence[Body]
    checksums: Mapping[str, str]

    def rung(self) -> Counter[str]:
        """How often each event rang: that of the text after which the story that rang is named."""
        return Counter(self.pages[str(alert["story"])].event for alert in self.alerts)

    def parted(self, by: str) -> set[frozenset[str]]:
        """The articles, parted by a field of theirs ("family" or "story")."""
        return _parts({id_: str(body[by]) for id_, body in self.articles.items()})

    def truth(self, by: str) -> set[frozenset[str]]:
        """The articles, parted by a field of their pages ("item" or "event")."""
        return _parts({id_: str(getattr(page, by)) for id_, page in self.pages.items()})

    def events(self, *, roundups: bool) -> set[str]:
        """The events that pages tell of, or the roundups among them."""
        return {
            page.event for page in self.pages.values() if (page.kind is newsworld.Kind.ROUNDUP) == roundups
        }


def _parts(names: Mapping[str, str]) -> set[frozenset[str]]:
    parts: dict[str, set[str]] = defaultdict(set)
    for id_, name in names.items():
        parts[name].add(id_)
    return {frozenset(ids) for ids in parts.values()}


def run(
    arriving: Sequence[Paper], topics: Sequence[Topic] = (EVERYTHING,), street: World | None = None
) -> Outcome:
    """Take pages in, some at a time; each rings as soon as it is indexed. In a street of its own, or the one given."""
    street = street or World()
    documents = {paper.capture.id: paper.document for paper in arriving}
    ports = replace(street.ports, reader=Read(documents))
    for start in range(0, len(arriving), BATCH):
        captures = [paper.capture for paper in arriving[start : start + BATCH]]
        street.clock.time = max(capture.fetched_at for capture in captures)
        for capture in captures:
            enter(
                street.index,
                source(capture.outlet),
                [Entry(url=capture.url, source=capture.source)],
                capture.first_seen_at,
            )
        street.index.refresh(Kind.LEDGER)
        _, fresh = work(ports, {capture.id: Contained(capture, str(start)) for capture in captures})
        match(street.index, topics, fresh, street.clock.time)
    street.index.refresh()
    return Outcome(
        pages={paper.document.id: paper.page for paper in arriving},
        articles={row.id: row.body for row in street.index.scan(Kind.ARTICLES)},
        alerts=[row.body for row in street.index.scan(Kind.ALERTS)],
        checksums={str(kind): _checksum(street.index, kind) for kind in Kind},
    )


def _checksum(index: Index, kind: Kind) -> str:
    rows = sorted((row.id, row.body) for row in index.scan(kind))
    return hashlib.sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()


def main() -> None:
    """Print the checksums of the demo's world."""
    world = newsworld.build(7, "demo")
    topics = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(world)]
    for kind, checksum in run(papers(world), topics).checksums.items():
        print(f"{checksum}  {kind}")  # noqa: T201 (a program, here)


if __name__ == "__main__":
    main()
