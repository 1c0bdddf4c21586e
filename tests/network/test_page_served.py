"""The page as a browser on this machine gets it: by a real server on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from copydesk.cli.serve import local_app
from copydesk.config.settings import load_settings


@contextmanager
def served(*, write: bool) -> Iterator[str]:
    """What `copydesk serve` starts, without an Elasticsearch, in a thread; its address."""
    settings = load_settings(elasticsearch={"url": "http://127.0.0.1:1", "patience": "0s"})
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(local_app(settings, write=write), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("write", [False, True])
def test_the_page_is_served_on_loopback(write: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """It says that its server is away, loads its own files, and answers no site that points its name at us."""
    with served(write=write) as address:
        away = httpx.get(f"{address}/?q=ferry")
        assert (away.status_code, 'value="ferry"' in away.text) == (503, True)
        assert httpx.get(f"{address}/static/desk.css").headers["content-type"].startswith("text/css")
        assert httpx.get(f"{address}/", headers={"host": "evil.example"}).status_code == 400
        assert (
            httpx.post(f"{address}/poll?source=one", headers={"origin": "http://evil.example"}).status_code
            == 403
        )
        assert httpx.post(f"{address}/poll?source=one", headers={"origin": address}).status_code == 404
