"""How the client tells the server who it is."""

import base64

import pytest
from aiohttp import web

from copydesk.adapters.elastic.client import open_client
from copydesk.errors import ConfigError
from made.servers import serving, web_served

KEY = "bWFkZTp1cA=="
BASIC = base64.b64encode(b"desk:made up").decode()


@pytest.mark.parametrize(
    ("login", "sent"),
    [
        ({}, None),
        ({"username": "desk", "password": "made up"}, f"Basic {BASIC}"),
        ({"api_key": KEY}, f"ApiKey {KEY}"),
    ],
    ids=["nobody", "a user", "a key"],
)
def test_a_login_is_sent_as_the_server_takes_it(login: dict[str, str], sent: str | None) -> None:
    """A key as it was given, a name and a password as basic authentication, nothing when there is none."""
    told: list[str | None] = []

    async def answer(request: web.Request) -> web.Response:
        told.append(request.headers.get("authorization"))
        return web.json_response({}, headers={"X-Elastic-Product": "Elasticsearch"})

    with serving(web_served(answer)) as port, open_client(f"http://127.0.0.1:{port}", **login) as client:
        client.info()
    assert told == [sent]


def test_two_logins_are_one_too_many() -> None:
    """Which of them is meant nobody can know; neither is printed."""
    with pytest.raises(ConfigError, match=r"^elasticsearch username, api_key: give one of them$"):
        open_client("http://127.0.0.1:9", username="desk", password="made up", api_key=KEY)
