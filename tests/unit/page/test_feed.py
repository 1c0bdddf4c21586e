"""Queries as feeds: what readers of feeds make of them, and who may read them."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException

from copydesk.page.app import make_app
from copydesk.page.tokens import is_signed, token_of
from copydesk.sources import kind_of
from made.desks import carried, desk_of, read
from made.world import source

KEY = "k" * 32
SOURCES = [source(name) for name in ("one", "two", "three")]
FORMS = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}


def refuse() -> None:
    raise HTTPException(401, "who are you?")


@pytest.fixture(scope="module")
def guarded() -> TestClient:
    """The page where one has to log in, and feeds have a key."""
    desk = replace(desk_of(carried(), *SOURCES), key=lambda: KEY)
    return TestClient(make_app(desk, readers=[Depends(refuse)]))


@pytest.mark.parametrize("form", FORMS)
def test_a_query_is_a_feed(guarded: TestClient, form: str) -> None:
    """One item a story, the newest first, read back by a parser of feeds with title, address and time."""
    address = f"/feed?q=outlet:one+OR+outlet:two&format={form}"
    answer = guarded.get(f"{address}&token={token_of(KEY, {'q': 'outlet:one OR outlet:two'})}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, FORMS[form])
    read_as = kind_of(answer.content, FORMS[form], "https://desk.example/feed")
    assert read_as is not None
    (entry,) = read_as[1].entries
    assert (entry.url, entry.title) == ("https://two.example/story", "two says what happened")
    assert entry.published_at is not None


def test_a_feed_is_asked_for_often_and_given_once(guarded: TestClient) -> None:
    """As long as nothing is new its tag stays, and whoever names it gets no body."""
    address = f"/feed?q=crane&token={token_of(KEY, {'q': 'crane'})}"
    tag = guarded.get(address).headers["etag"]
    again = guarded.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert guarded.get(address, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "token", ["", "x", "\u00e9", token_of(KEY, {"q": "other"}), token_of("", {"q": "crane"})]
)
def test_a_feed_is_read_with_its_own_token_alone(guarded: TestClient, token: str) -> None:
    """Not with none, that of another query, or one that was made without the key; nor where there is no key."""
    params = {"q": "crane", "token": token}
    assert guarded.get("/feed", params=params).status_code == 403
    keyless = TestClient(make_app(desk_of(carried(), *SOURCES), readers=[Depends(refuse)]))
    assert keyless.get("/feed", params=params).status_code == 403


@given(st.dictionaries(st.sampled_from(["q", "outlet", "language"]), st.text()), st.text())
def test_a_token_is_for_one_query(asked: dict[str, str], more: str) -> None:
    """It opens what it was made for, whatever the format, and nothing that asks for more or less."""
    signed = {**asked, "token": token_of(KEY, asked)}
    assert is_signed(KEY, {**signed, "format": "rss"})
    assert is_signed(KEY, {**signed, "q": asked.get("q", "") + more}) == (more == "")
    assert not is_signed(KEY.swapcase(), signed)


def test_the_results_lead_to_their_feeds() -> None:
    """Where nobody logs in without a token; where one has to, with it, or not at all without a key."""
    world = carried()
    alone = read(TestClient(make_app(desk_of(world, *SOURCES))), "/?q=crane&sort=carried&limit=1")
    links = [str(one.attributes["href"]) for one in alone.css("a[href^=feed]")]
    assert [parse_qs(urlsplit(link).query) for link in links] == [
        {"q": ["crane"], "format": [form]} for form in FORMS
    ]
    assert TestClient(make_app(desk_of(world, *SOURCES))).get(links[0]).status_code == 200
    keyed = TestClient(
        make_app(replace(desk_of(world, *SOURCES), key=lambda: KEY), readers=[Depends(lambda: None)])
    )
    link = str(read(keyed, "/?q=crane&outlet=one").css("a[href^=feed]")[0].attributes["href"])
    assert keyed.get(link).status_code == 200
    keyless = TestClient(make_app(desk_of(world, *SOURCES), readers=[Depends(lambda: None)]))
    assert read(keyless, "/?q=crane").css("a[href^=feed]") == []


@pytest.mark.parametrize(
    ("asked", "status", "what"),
    [("q=(ferry", 400, "bracket"), ("format=xml", 404, "format 'xml': must be atom or rss or json")],
)
def test_what_is_no_feed_is_said_in_a_line(asked: str, status: int, what: str) -> None:
    answer = TestClient(make_app(desk_of(carried(), *SOURCES))).get(f"/feed?{asked}")
    assert (answer.status_code, what in answer.text, answer.text.count("\n")) == (status, True, 1)
