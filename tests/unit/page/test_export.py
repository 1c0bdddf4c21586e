"""What a search finds, taken away as a file from the page."""

import csv
import hashlib
import io
import json
import zipfile
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from copydesk.page.app import make_app
from made.desks import carried, desk_of, element
from made.world import source


@pytest.fixture(scope="module")
def client() -> TestClient:
    """The page over a story that two outlets carry, and another."""
    return TestClient(make_app(desk_of(carried())))


@pytest.mark.parametrize(("form", "media_type"), [("csv", "text/csv"), ("ndjson", "application/x-ndjson")])
def test_results_are_taken_away(client: TestClient, form: str, media_type: str) -> None:
    """The links beside the count keep what was asked for, and lead to a file of all articles of its stories."""
    page = LexborHTMLParser(client.get("/?q=outlet:two&limit=1").text)
    links = [str(node.attributes["href"]) for node in page.css(".count a")]
    (link,) = [one for one in links if f"format={form}" in one]
    file = client.get(f"/{link}")
    assert file.headers["content-type"].startswith(media_type)
    assert file.headers["content-disposition"] == f'attachment; filename="copydesk.{form}"'
    text = file.content.decode("utf-8-sig")
    rows = (
        list(csv.DictReader(io.StringIO(text)))
        if form == "csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert sorted(row["outlet"] for row in rows) == ["one", "two"]


def test_rows_are_taken_away_with_the_sheet_to_cite_them() -> None:
    """Both of one moment: the sheet says what was asked, as the box would take it, and has their checksum."""
    world = carried()
    client = TestClient(make_app(desk_of(world, source("one"))))
    page = LexborHTMLParser(client.get("/?q=happened&outlet=two").text)
    (link,) = [one for node in page.css(".count a") if "format=zip" in (one := str(node.attributes["href"]))]
    file = client.get(f"/{link}")
    assert file.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(file.content)) as packed:
        rows = list(csv.DictReader(io.StringIO(packed.read("copydesk.csv").decode("utf-8-sig"), newline="")))
        sheet = json.loads(packed.read("copydesk.sheet.json"))
    assert (sheet["query"], sheet["elasticsearch"], sheet["rows"]) == (
        'happened outlet:"two"',
        "9.5.0",
        len(rows),
    )
    assert set(sheet["texts"]) == {row["article"] for row in rows}
    lines = client.get(f"/export?format=ndjson&q={quote(sheet['query'])}").content
    assert hashlib.sha256(lines).hexdigest() == sheet["sha256"]
    assert client.get(f"/{link}").content == file.content


@pytest.mark.parametrize(
    ("asked", "status", "what"),
    [
        ("format=xls", 404, "format 'xls': must be csv, ndjson or zip"),
        ("", 404, "format '': must be csv, ndjson or zip"),
        ("format=csv&q=(ferry", 400, "("),
    ],
)
def test_what_cannot_be_exported_is_said(client: TestClient, asked: str, status: int, what: str) -> None:
    """The page stays whole, with the box to search in."""
    answer = client.get(f"/export?{asked}")
    page = LexborHTMLParser(answer.text)
    assert answer.status_code == status
    assert what in element(page, "[role=alert]").text()
    assert element(page, "#q")
