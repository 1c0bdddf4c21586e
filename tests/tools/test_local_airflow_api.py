import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from local.airflow_api import TRIES, Api
from local.processes import LocalError

DATABASE_BUSY = (500, {"detail": {"reason": "Database error", "statement": "hidden"}})
NO_SUCH_DAG = (404, {"detail": "no such DAG"})
TAKEN_BEFORE = (409, {"detail": {"reason": "Unique constraint violation"}})


@contextmanager
def answering(*answers: tuple[int, object]) -> Iterator[tuple[Api, list[str]]]:
    """A client of a server that lets in, then gives these answers, the last one again and again; ids asked for."""
    left, asked = list(answers), []

    class Server(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status: int = 200
            answer: object = {"access_token": "a"}
            if not self.path.startswith("/auth"):
                asked.append(body["dag_run_id"])
                status, answer = left.pop(0) if len(left) > 1 else left[0]
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Api(port=server.server_port, username="admin", password="p", pause=0), asked
    finally:
        server.shutdown()
        server.server_close()


def test_a_busy_database_is_asked_again_for_the_same_run() -> None:
    """SQLite refuses one of two writers at once: the run is asked for again, under the id it had."""
    with answering(DATABASE_BUSY, DATABASE_BUSY, (200, {"dag_run_id": "any"})) as (api, asked):
        run = api.trigger("process")
    assert asked == [run] * 3


def test_a_run_taken_the_first_time_is_the_run() -> None:
    """A request that failed only in its answer is not refused the second time."""
    with answering(DATABASE_BUSY, TAKEN_BEFORE) as (api, asked):
        run = api.trigger("process")
    assert asked == [run] * 2


@pytest.mark.parametrize(
    ("answer", "requests"), [(NO_SUCH_DAG, 1), (TAKEN_BEFORE, 1), (DATABASE_BUSY, TRIES)]
)
def test_any_other_refusal_is_an_error(answer: tuple[int, object], requests: int) -> None:
    """What is no success ends in one line with its status: at once, or when the database never gets free."""
    with answering(answer) as (api, asked), pytest.raises(LocalError, match=f"answered {answer[0]} to POST"):
        api.trigger("process")
    assert len(asked) == requests
