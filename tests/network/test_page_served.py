"""The page as a browser on this machine gets it: by a real server on loopback."""

import httpx
import pytest

from copydesk.cli.serve import local_app
from copydesk.config.settings import load_settings
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
