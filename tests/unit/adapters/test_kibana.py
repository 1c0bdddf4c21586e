import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from copydesk.adapters.kibana.client import import_objects
from copydesk.adapters.kibana.objects import COLUMNS, TIME_FIELD, build
from copydesk.errors import ConfigError, CopydeskError
from copydesk.index import Kind
from copydesk.index.mapping import PROPERTIES
from made.places import ROOT
from made.servers import serving, web_served

FILE = ROOT / "config" / "kibana" / "copydesk.ndjson"


def objects(ndjson: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ndjson.splitlines()]


def types() -> dict[str, str]:
    """Field → type of the articles' mapping."""
    return {
        name: str(kind["type"])
        for name, kind in PROPERTIES[Kind.ARTICLES].items()
        if isinstance(kind, Mapping) and "type" in kind
    }


def test_the_file_is_what_the_builder_makes() -> None:
    """The committed file is current: python -m copydesk.adapters.kibana.objects > config/kibana/copydesk.ndjson."""
    assert FILE.read_bytes() == build()


def test_every_used_field_exists_with_a_fitting_type() -> None:
    """Columns exist in the articles' mapping, and the time field, which is sorted by, is a date."""
    known = types()
    assert set(COLUMNS) <= set(known)
    assert known[TIME_FIELD] == "date"
    session = objects(build())[1]["attributes"]
    assert session["columns"] == list(COLUMNS)
    assert all(known[name] in {"date", "keyword", "long"} for name, _ in session["sort"])


def test_objects_hold_together() -> None:
    """Ids are unique, texts inside are JSON, and every reference is used and leads to an object of the file."""
    made = objects(build())
    ids = {(one["type"], one["id"]) for one in made}
    assert len(ids) == len(made)
    for one in made:
        assert one["coreMigrationVersion"] == "8.8.0"
        assert {(reference["type"], reference["id"]) for reference in one["references"]} <= ids
    source = json.loads(made[1]["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    assert [source["indexRefName"]] == [reference["name"] for reference in made[1]["references"]]
    assert json.loads(made[0]["attributes"]["runtimeFieldMap"]) == {}


def test_the_data_view_follows_the_prefix() -> None:
    """Another prefix of index names changes what the data view looks at, and nothing else."""
    view, session = objects(build("news-"))
    assert view["attributes"]["title"] == "news-articles"
    assert session == objects(build())[1]


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
