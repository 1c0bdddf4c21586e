import json
import socket
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from aiohttp import web

import dashboards
from copydesk.adapters.kibana.client import import_objects
from copydesk.adapters.kibana.objects import COLUMNS, VIEWS, build
from copydesk.errors import ConfigError, CopydeskError
from copydesk.index.mapping import PROPERTIES
from made.lens import Panel, fields_of, panels
from made.places import ROOT
from made.servers import serving, web_served

WRITTEN = sorted((ROOT / "config" / "kibana").glob("*.yml"))
FITTING = {
    "date_histogram": {"date"},
    "range": {"long", "float"},
    "max": {"long", "float"},
    "median": {"long", "float"},
    "sum": {"long", "float"},
    "terms": {"keyword"},
    "unique_count": {"keyword"},
    "query": {"keyword", "boolean", "date"},
    "options": {"keyword"},
}
"""What a panel does with a field → the types of those it can be done with."""


def objects(ndjson: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ndjson.splitlines()]


MADE = objects(build())
DASHBOARDS = {one["id"]: one for one in MADE if one["type"] == "dashboard"}
PANELS = [panel for one in DASHBOARDS.values() for panel in panels(one)]


def types(view: str) -> dict[str, str]:
    """Field → type of what a data view shows."""
    (kinds,) = [one.kinds for one in VIEWS if one.id == view]
    return {
        name: str(kind["type"])
        for one in kinds
        for name, kind in PROPERTIES[one].items()
        if isinstance(kind, Mapping) and "type" in kind
    }


def test_what_is_compiled_is_what_is_written() -> None:
    """The committed dashboards were made of these files by this compiler, and nobody touched them: make dashboards."""
    assert dashboards.CHECKSUMS.read_text(encoding="utf-8") == dashboards.checksums(dashboards.files())


def test_each_dashboard_that_is_written_is_there() -> None:
    """All files are compiled, each panel in its place."""
    written = [
        one for path in WRITTEN for one in yaml.safe_load(path.read_text(encoding="utf-8"))["dashboards"]
    ]
    assert {one["id"]: [panel["id"] for panel in one["panels"]] for one in written} == {
        id_: [panel.id for panel in panels(one)] for id_, one in DASHBOARDS.items()
    }


def test_no_metric_has_a_filter_of_its_own() -> None:
    """The compiler leaves such a filter out without a word, so that all would be counted: a panel has a query."""
    told = [
        line
        for path in WRITTEN
        for line in path.read_text(encoding="utf-8").splitlines()
        if "filter:" in line
    ]
    assert told == []


def test_data_views_show_every_document() -> None:
    """The time of a data view is a date that every document of its kinds has, so that no range of time hides one."""
    for view in VIEWS:
        for kind in view.kinds:
            assert PROPERTIES[kind][view.time_field] == {"type": "date"}
    assert "published_at" not in {view.time_field for view in VIEWS}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_every_used_field_exists_with_a_fitting_type(panel: Panel) -> None:
    """What a panel counts, parts and asks for is in the mapping of what its data view shows."""
    known = types(panel.view)
    assert {(field, use) for field, use in fields_of(panel) if known.get(field) not in FITTING[use]} == set()


def test_controls_and_columns_exist() -> None:
    """So is what is chosen above a dashboard, and what the Discover session lists and is sorted by."""
    for dashboard in DASHBOARDS.values():
        for control in json.loads(dashboard["attributes"]["controlGroupInput"]["panelsJSON"]).values():
            chosen = control["explicitInput"]
            assert types(chosen["dataViewId"])[chosen["fieldName"]] in FITTING["options"]
    (session,) = [one["attributes"] for one in MADE if one["type"] == "search"]
    assert session["columns"] == list(COLUMNS)
    assert set(COLUMNS) <= set(types("copydesk-articles"))
    assert session["sort"] == [["first_seen_at", "desc"]]


@pytest.mark.parametrize("dashboard", DASHBOARDS)
def test_panels_lie_beside_each_other(dashboard: str) -> None:
    """Panels keep to the 48 columns, and no two share a place."""
    taken = Counter(
        (x, y)
        for panel in panels(DASHBOARDS[dashboard])
        for x in range(panel.grid["x"], panel.grid["x"] + panel.grid["w"])
        for y in range(panel.grid["y"], panel.grid["y"] + panel.grid["h"])
    )
    assert max(taken.values()) == 1
    assert {x for x, _ in taken} == set(range(48))


def test_objects_hold_together() -> None:
    """Ids are unique, every reference leads to an object of the file, and every panel's data view is referenced."""
    ids = {(one["type"], one["id"]) for one in MADE}
    assert len(ids) == len(MADE)
    for one in MADE:
        assert one["coreMigrationVersion"] == "8.8.0"
        assert {(reference["type"], reference["id"]) for reference in one["references"]} <= ids
    for dashboard in DASHBOARDS.values():
        told = {
            (reference["name"].partition(":")[0], reference["id"]) for reference in dashboard["references"]
        }
        assert {(panel.id, panel.view) for panel in panels(dashboard)} <= told


def test_the_session_can_show_originals_only() -> None:
    """A filter of originals is saved, switched off; it and the session name what they refer to."""
    (session,) = [one for one in MADE if one["type"] == "search"]
    source = json.loads(session["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    (originals,) = source["filter"]
    assert originals["meta"]["disabled"] is True
    assert originals["query"] == {"match_phrase": {"is_original": True}}
    names = {source["indexRefName"], originals["meta"]["indexRefName"]}
    assert names == {reference["name"] for reference in session["references"]}


def test_addresses_can_be_clicked() -> None:
    """A data view of what has an address shows it as a link."""
    view = next(one["attributes"] for one in MADE if one["id"] == "copydesk-articles")
    assert json.loads(view["fieldFormatMap"])["url"]["id"] == "url"
    assert types("copydesk-articles")["url"] == "keyword"


def test_the_data_views_follow_the_prefix() -> None:
    """Another prefix of index names changes what the data views look at, and nothing else."""
    moved = objects(build("news-"))
    views = [one for one in moved if one["type"] == "index-pattern"]
    assert views[0]["attributes"]["title"] == "news-articles"
    assert views[-1]["attributes"]["title"] == "news-alerts,news-deliveries"
    assert moved[len(views) :] == MADE[len(views) :]


@dataclass
class Kibana:
    """A Kibana on loopback that takes an import and answers what it was told to."""

    status: int = 200
    answer: object = field(default_factory=lambda: {"success": True, "successCount": 2})
    got: list[tuple[web.Request, str, bytes]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        """Keep the request and the uploaded file."""
        form = await request.post()
        upload = form["file"]
        assert isinstance(upload, web.FileField)
        self.got.append((request, upload.filename, upload.file.read()))
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        return web.Response(status=self.status, text=text)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Serve for as long as the block; the address, with a base path."""
        with serving(web_served(self.handle)) as port:
            yield f"http://127.0.0.1:{port}/base/s/desk"


def test_the_import_is_what_kibana_asks_for() -> None:
    """The file goes as multipart field "file" with the header against forgery, over what is there, with credentials."""
    kibana = Kibana()
    with kibana.running() as url:
        assert import_objects(f"{url}/", build(), "elastic", "swordfish") == 2
    ((request, filename, content),) = kibana.got
    assert request.path == "/base/s/desk/api/saved_objects/_import"
    assert dict(request.query) == {"overwrite": "true"}
    assert request.headers["kbn-xsrf"]
    assert request.content_type == "multipart/form-data"
    assert request.headers["Authorization"] == "Basic ZWxhc3RpYzpzd29yZGZpc2g="
    assert (filename, content) == ("copydesk.ndjson", build())


def test_without_a_user_no_credentials_are_sent() -> None:
    """A Kibana without security is not sent an empty login."""
    kibana = Kibana()
    with kibana.running() as url:
        import_objects(url, build())
    assert "Authorization" not in kibana.got[0][0].headers


@pytest.mark.parametrize(
    ("status", "answer", "error", "message"),
    [
        (401, "{}", ConfigError, "Kibana at {url} refuses the credentials (HTTP 401)"),
        (403, "{}", ConfigError, "Kibana at {url} refuses the credentials (HTTP 403)"),
        (404, "Not Found", ConfigError, "{url} is no Kibana (HTTP 404); has it a base path?"),
        (500, "<p>\nbroken", CopydeskError, "Kibana at {url} answers HTTP 500: <p> broken"),
        (200, "[]", CopydeskError, "Kibana at {url} answers HTTP 200: []"),
        (
            200,
            {
                "success": False,
                "successCount": 1,
                "errors": [
                    {"type": "search", "id": "copydesk-newest", "error": {"type": "missing_references"}},
                    {"type": "index-pattern", "id": "x", "error": {"type": "conflict"}},
                ],
            },
            CopydeskError,
            "Kibana took 1 objects, but not search copydesk-newest: missing_references; index-pattern x: conflict",
        ),
        (
            200,
            {"success": False, "successCount": 1},
            CopydeskError,
            "Kibana took 1 objects, but not the others",
        ),
    ],
)
def test_what_went_wrong_is_one_line(
    status: int, answer: object, error: type[CopydeskError], message: str
) -> None:
    """Refused credentials, a wrong address, a broken server and objects not taken are each said in one line."""
    with Kibana(status, answer).running() as url, pytest.raises(error) as caught:
        import_objects(url, build())
    assert str(caught.value) == message.format(url=url)
    assert type(caught.value) is error


def test_a_kibana_that_is_not_there_is_named() -> None:
    """Nobody listening is one line with the address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    with pytest.raises(
        CopydeskError, match=rf"^Kibana at {url}/api/saved_objects/_import cannot be reached: "
    ):
        import_objects(url, build())
