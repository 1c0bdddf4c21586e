"""The page as a browser on this machine gets it: by a real server on loopback."""

import httpx
import pytest

from copydesk.cli.serve import local_app
from copydesk.config.settings import load_settings
from made.commands import call
from made.desks import app_served
from made.servers import serving


@pytest.mark.parametrize("write", [False, True])
def test_the_page_is_served_on_loopback(write: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """It says that its server is away, loads its own files, and answers no site that points its name at us."""
    settings = load_settings(elasticsearch={"url": "http://127.0.0.1:1", "patience": "0s"})
    with serving(app_served(local_app(settings, write=write))) as port:
        address = f"http://127.0.0.1:{port}"
        away = httpx.get(f"{address}/?q=ferry")
        assert (away.status_code, 'value="ferry"' in away.text) == (503, True)
        assert httpx.get(f"{address}/static/desk.css").headers["content-type"].startswith("text/css")
        assert httpx.get(f"{address}/", headers={"host": "evil.example"}).status_code == 400
        assert (
            httpx.post(f"{address}/poll?source=one", headers={"origin": "http://evil.example"}).status_code
            == 403
        )
        assert httpx.post(f"{address}/poll?source=one", headers={"origin": address}).status_code == 404


def test_behind_a_proxy_whom_it_names_may_read() -> None:
    """Asked by the proxy's name with a user in the header; nobody else, not by files and feeds, and no other site."""
    settings = load_settings(elasticsearch={"url": "http://127.0.0.1:1", "patience": "0s"})
    app = local_app(settings, write=True, name="desk.example", user_header="X-Remote-User")
    host = {"host": "desk.example"}
    with serving(app_served(app)) as port:
        address = f"http://127.0.0.1:{port}"
        statuses = {
            path: [
                httpx.get(f"{address}{path}", headers={**host, **user}).status_code
                for user in ({}, {"x-remote-user": ""}, {"x-remote-user": "anna"})
            ]
            for path in ("/", "/static/desk.css", "/metrics", "/feed?q=ferry")
        }
        other = httpx.get(f"{address}/", headers={"host": "evil.example", "x-remote-user": "anna"})
    assert statuses == {
        "/": [401, 401, 503],
        "/static/desk.css": [401, 401, 200],
        "/metrics": [401, 401, 503],
        "/feed?q=ferry": [403, 403, 403],
    }
    assert other.status_code == 400


@pytest.mark.parametrize("given", [("--name", "desk.example"), ("--user-header", "X-Remote-User")])
def test_a_proxy_has_to_say_both(capsys: pytest.CaptureFixture[str], given: tuple[str, str]) -> None:
    """A name alone would let everybody in whom the proxy lets through, and a header alone nobody."""
    called = call(capsys, "serve", *given)
    assert (called.code, "both are needed, else neither" in called.err) == (2, True)
