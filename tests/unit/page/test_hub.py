"""The address that hubs are given: who is heard there, and who is not."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from copydesk.fetching.hubs import confirm, secret_of, token_of
from copydesk.fetching.polling import poll
from copydesk.index import Kind
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.page.app import make_app
from copydesk.page.hub import LARGEST
from made.desks import desk_of
from made.world import World, feed, source

KEY, ONE, HUB = "k" * 32, source(), "https://hub.example/"
BODY = b"<rss>something new, as a hub sends it</rss>"


def refuse() -> None:
    raise HTTPException(401, "who are you?")


@pytest.fixture
def world() -> World:
    """A source that names its hub, polled a minute ago."""
    world = World()
    link = f'<atom:link rel="hub" href="{HUB}"/><title>'.encode()
    world.web.pages[ONE.url] = feed("https://one.example/a").replace(b"<title>", link, 1)
    poll(world.ports, [ONE], lease=timedelta(minutes=1))
    world.clock.wait(timedelta(minutes=1))
    return world


def client(world: World, *, writes: bool = True, key: str = KEY) -> TestClient:
    """The pages where everybody has to log in, and nobody can."""
    desk = replace(desk_of(world, ONE, writes=writes), key=lambda: key)
    return TestClient(make_app(desk, readers=[Depends(refuse)]))


def cursor(world: World) -> PollRecord:
    return from_record(PollRecord, world.index.get(Kind.POLLS, ["one"])["one"].body)


def address(name: str = "one", token: str | None = None) -> dict[str, str]:
    return {"source": name, "token": token_of(KEY, name) if token is None else token}


def signature(method: str = "sha256", body: bytes = BODY, name: str = "one") -> str:
    return f"{method}={hmac.new(secret_of(KEY, name).encode(), body, method).hexdigest()}"


ASKED = {
    "hub.mode": "subscribe",
    "hub.topic": ONE.url,
    "hub.challenge": "xyz <b>",
    "hub.lease_seconds": "600",
}


def test_a_hub_hears_that_we_asked_it(world: World) -> None:
    """Its challenge comes back as plain text, without any login, and the time it gives is noted."""
    answer = client(world).get("/hub", params=address() | ASKED)
    assert (answer.status_code, answer.text) == (200, "xyz <b>")
    assert answer.headers["content-type"].startswith("text/plain")
    assert cursor(world).hub_until == world.clock.now() + timedelta(minutes=10)


@pytest.mark.parametrize(
    "changed",
    [
        address(token=""),
        address(token="é"),
        address("two"),
        address("", token_of(KEY, "two")),
        {"hub.topic": "https://one.example/other"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
    ],
    ids=str,
)
def test_what_we_did_not_ask_for_is_not_confirmed(world: World, changed: Mapping[str, str]) -> None:
    answer = client(world).get("/hub", params=address() | ASKED | dict(changed))
    assert answer.status_code == 404
    assert "xyz" not in answer.text
    assert cursor(world).hub_until is None


def test_a_hub_that_does_not_tell_us_says_so(world: World) -> None:
    confirm(world.index, "one", ONE.url, "86400", world.clock.now())
    said = {"hub.mode": "denied", "hub.topic": ONE.url, "hub.reason": "full"}
    assert client(world).get("/hub", params=address() | said).status_code == 200
    assert (cursor(world).hub_until, cursor(world).hub_said) == (None, "refused full")


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signed_ring_has_the_source_asked(world: World, method: str) -> None:
    answer = client(world).post(
        "/hub", params=address(), content=BODY, headers={"X-Hub-Signature": signature(method)}
    )
    assert answer.status_code == 204
    assert cursor(world).next_poll_at == world.clock.now()


@pytest.mark.parametrize(
    "told",
    [
        "",
        "sha256=",
        "sha256=é",
        "md5=00",
        signature(body=b"other"),
        signature(name="two"),
        signature("md5"),
        "=",
    ],
)
def test_any_other_is_thanked_and_not_heard(world: World, told: str) -> None:
    before = cursor(world)
    answer = client(world).post(
        "/hub", params=address(), content=BODY, headers={"X-Hub-Signature": told.encode()}
    )
    assert (answer.status_code, cursor(world)) == (204, before)


def test_a_ring_for_an_address_that_is_none_is_refused(world: World) -> None:
    before = cursor(world)
    for params in (address(token="x" * 32), address("two", token_of(KEY, "one")), {}):
        headers = {"X-Hub-Signature": signature()}
        assert client(world).post("/hub", params=params, content=BODY, headers=headers).status_code == 404
    assert cursor(world) == before


def test_a_ring_without_end_is_cut_off(world: World) -> None:
    headers = {"X-Hub-Signature": signature(body=bytes(LARGEST + 1))}
    answer = client(world).post("/hub", params=address(), content=bytes(LARGEST + 1), headers=headers)
    assert answer.status_code == 413


def test_no_hub_is_heard_by_pages_that_only_read_or_have_no_key(world: World) -> None:
    for pages in (client(world, writes=False), client(world, key="")):
        headers = {"X-Hub-Signature": signature()}
        assert pages.post("/hub", params=address(), content=BODY, headers=headers).status_code == 404
        assert pages.get("/hub", params=address() | ASKED).status_code == 404
