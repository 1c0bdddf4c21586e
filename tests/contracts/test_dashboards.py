"""Every panel of the dashboards, asked of a real Elasticsearch that holds a small news world; no Kibana runs here."""

import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest

import newsworld
from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.kibana.objects import build
from copydesk.index import Body, Kind
from copydesk.index.records import to_record
from copydesk.index.state import Delivery, DeliveryState, PollRecord, SegmentRecord
from copydesk.topic import Topic
from made.documents import put
from made.lens import Panel, aggregations, panels, query_of, values
from made.streets import Outcome, papers, run
from made.world import START, World

pytestmark = pytest.mark.elasticsearch

OBJECTS = [json.loads(line) for line in build().splitlines()]
PANELS = {panel.id: panel for one in OBJECTS if one["type"] == "dashboard" for panel in panels(one)}
ENDINGS: list[Body] = [
    {"outcome": "captured"},
    {"outcome": "unchanged"},
    {"outcome": "failed", "reason": "status"},
    {"outcome": "refused", "reason": "robots"},
]


@pytest.fixture(scope="module")
def world() -> World:
    """A small news world as it stands at its end, in memory."""
    made, street = newsworld.build(7, "small"), World()
    topics = [Topic.model_validate(asdict(topic)) for topic in newsworld.topics(made)]
    fill(street, run(papers(made), topics, street))
    street.index.refresh()
    return street


@pytest.fixture(scope="module")
def shown(elasticsearch_url: str, world: World) -> Iterator[ElasticIndex]:
    """The same on a real server."""
    index = open_index(
        elasticsearch_url, prefix=f"dash-{secrets.token_hex(4)}-", patience=timedelta(seconds=10)
    )
    index.setup()
    for kind in Kind:
        if rows := {row.id: row.body for row in world.index.scan(kind)}:
            put(index, kind, rows)
    yield index
    index.tear_down()
    index.close()


def fill(street: World, outcome: Outcome) -> None:
    """What a world in memory lacks: agencies that reading knows by name, ends of addresses, polls, troubles."""
    for id_, body in outcome.articles.items():
        agency = outcome.pages[id_].agency
        put(street.index, Kind.ARTICLES, {id_: {**body, **({"agency": agency} if agency else {})}})
    for number, row in enumerate(list(street.index.scan(Kind.LEDGER))):
        put(street.index, Kind.LEDGER, {row.id: {**row.body, **ENDINGS[number % len(ENDINGS)]}})
    for row in list(street.index.scan(Kind.CAPTURES))[:3]:
        rejected: Body = {**row.body, "outcome": "rejected", "reason": "no-text"}
        put(street.index, Kind.CAPTURES, {row.id: rejected})
    poll = PollRecord(source="one", next_poll_at=START, polled_at=START, reason="status", failures=3)
    put(street.index, Kind.POLLS, {"p": to_record(poll)})
    segment = SegmentRecord(
        name="s", captures=10, registered_at=START, processed_at=START + timedelta(seconds=20)
    )
    waiting = SegmentRecord(name="t", captures=7, registered_at=START)
    put(street.index, Kind.SEGMENTS, {one.name: to_record(one) for one in (segment, waiting)})
    for number, state in enumerate(DeliveryState):
        one = Delivery(
            id=f"d{number}",
            alert="a",
            channel="desk",
            created_at=START,
            state=state,
            detail="HTTP 404",
            attempts=2,
        )
        put(street.index, Kind.DELIVERIES, {one.id: to_record(one)})


def asked(index: ElasticIndex, panel: Panel) -> Any:
    """The server's answer to a panel."""
    (view,) = [
        one["attributes"] for one in OBJECTS if one["id"] == panel.view and one["type"] == "index-pattern"
    ]
    names = [f"{index.prefix}{name.removeprefix('copydesk-')}" for name in view["title"].split(",")]
    in_time = {"range": {view["timeFieldName"]: {"gte": "2020-01-01", "lt": "2100-01-01"}}}
    return index.server.client.search(
        index=names,
        size=0,
        track_total_hits=True,
        query={"bool": {"filter": [in_time, query_of(panel.query)]}},
        aggs=aggregations(panel) or None,
    ).body


@pytest.mark.parametrize("name", sorted(PANELS))
def test_every_panel_shows_something(shown: ElasticIndex, name: str) -> None:
    """Of a small news world each panel has buckets, and in them more than nothing."""
    assert sum(values(PANELS[name], asked(shown, PANELS[name]))) > 0


def test_the_numbers_are_those_of_the_world(shown: ElasticIndex, world: World) -> None:
    """Articles, originals, stories and families by spread are what the index in memory holds."""
    articles = [row.body for row in world.index.scan(Kind.ARTICLES)]
    families = [row.body for row in world.index.scan(Kind.FAMILIES) if "merged_into" not in row.body]
    expected: Mapping[str, list[float]] = {
        "coverage-articles": [len(articles)],
        "coverage-originals": [sum(bool(body["is_original"]) for body in articles)],
        "coverage-stories": [len({str(body["story"]) for body in articles})],
        "alerts-rung": [len(list(world.index.scan(Kind.ALERTS)))],
        "alerts-dead": [1],
        "pipeline-rejected": [3],
    }
    assert {name: values(PANELS[name], asked(shown, PANELS[name])) for name in expected} == expected
    assert sum(values(PANELS["coverage-spread"], asked(shown, PANELS["coverage-spread"]))) == len(families)
    assert sum(values(PANELS["coverage-wire"], asked(shown, PANELS["coverage-wire"]))) == sum(
        "agency" in body for body in articles
    )
