"""What a search finds, taken away as a file from the page."""

import csv
import io
import json

import pytest
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser

from copydesk.page.app import make_app
from made.desks import carried, desk_of, element


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


@pytest.mark.parametrize(
    ("asked", "status", "what"),
    [
        ("format=xls", 404, "format 'xls': must be csv or ndjson"),
        ("", 404, "format '': must be csv or ndjson"),
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
