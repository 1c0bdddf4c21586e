"""A tiny Elasticsearch on loopback that fails as told: `_bulk`, `_mget`, and what it is given answers for."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from copydesk.adapters.elastic.index import ElasticIndex, open_index

Lines = list[tuple[str, dict[str, Any], dict[str, Any] | None]]


@dataclass
class Fault:
    """What happens to one bulk request.

    Attributes:
        status: Answer of the whole request; 0 drops the connection without any answer.
        applied: Whether the documents are stored before that.
        items: Position in the request -> (status, error type) of that item alone; then the rest is stored.
    """

    status: int = 200
    applied: bool = False
    items: dict[int, tuple[int, str]] = field(default_factory=dict)


@dataclass
class StandIn:
    """Documents of a server and the faults its next bulk requests meet, in turn.

    Attributes:
        most_bytes: Larger requests are answered with 413.
        too_late: Called after a fault with `applied`; what another worker does meanwhile.
        sizes: Operations of each bulk request that came.
        answers: Beginning of a path -> (status, body) of what comes there, in turn; the last one stays. Status 0 for
            a connection that is dropped.
    """

    documents: dict[tuple[str, str], tuple[int, int, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    most_bytes: int = 10**9
    too_late: Callable[[], None] = lambda: None
    sizes: list[int] = field(default_factory=list)
    answers: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    url: str = ""
    _seq: int = 0

    def bulk(self, lines: Lines, size: int) -> tuple[int, Any]:
        """Status and body of the answer; status 0 for none."""
        self.sizes.append(len(lines))
        fault = self.faults.pop(0) if self.faults else Fault()
        if size > self.most_bytes:
            return 413, {"error": {"type": "content_too_long", "reason": "too large"}, "status": 413}
        if fault.status != 200 and not fault.applied:
            return fault.status, {
                "error": {"type": "told_to_fail", "reason": "as told"},
                "status": fault.status,
            }
        items = [
            {verb: {"status": fault.items[at][0], "error": {"type": fault.items[at][1], "reason": "as told"}}}
            if at in fault.items
            else {verb: self.apply(verb, meta, body)}
            for at, (verb, meta, body) in enumerate(lines)
        ]
        if fault.applied:
            self.too_late()
        return fault.status, {"errors": True, "items": items}

    def apply(self, verb: str, meta: dict[str, Any], body: dict[str, Any] | None) -> dict[str, Any]:
        """One write under its guard."""
        key = (meta["_index"], meta["_id"])
        seq, version, _ = self.documents.get(key, (-1, 0, None))
        if (
            (verb == "create" and key in self.documents)
            or ("if_seq_no" in meta and meta["if_seq_no"] != seq)
            or ("version" in meta and meta["version"] <= version)
        ):
            return {
                "status": 409,
                "error": {"type": "version_conflict_engine_exception", "reason": "guarded"},
            }
        if body is None:
            return {"status": 200 if self.documents.pop(key, None) else 404}
        self._seq += 1
        self.documents[key] = (self._seq, meta.get("version", version + 1), body)
        return {"status": 200}

    def other(self, path: str) -> tuple[int, Any]:
        """What was given for a path."""
        begin = next(begin for begin in self.answers if path.startswith(begin))
        told = self.answers[begin]
        return told.pop(0) if len(told) > 1 else told[0]

    def mget(self, docs: list[dict[str, str]]) -> Any:
        """Documents by index and id."""
        return {"docs": [self._got(doc["_index"], doc["_id"]) for doc in docs]}

    def _got(self, index: str, id_: str) -> dict[str, Any]:
        if (index, id_) not in self.documents:
            return {"_index": index, "_id": id_, "found": False}
        seq, version, body = self.documents[index, id_]
        found = {"found": True, "_seq_no": seq, "_primary_term": 1, "_version": version, "_source": body}
        return {"_index": index, "_id": id_, **found}


@dataclass
class Time:
    """A clock that only moves when somebody sleeps."""

    now: float = 0.0
    pauses: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        """Seconds since the beginning."""
        return self.now


def parsed(content: bytes) -> Lines:
    """The operations of a bulk request."""
    lines = [json.loads(line) for line in content.splitlines()]
    operations: Lines = []
    while lines:
        ((verb, meta),) = lines.pop(0).items()
        operations.append((verb, meta, None if verb == "delete" else lines.pop(0)))
    return operations


@contextmanager
def running() -> Iterator[StandIn]:
    """A stand-in that listens until the end of the block."""
    stand_in = StandIn()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or each answer waits 40 ms for an acknowledgement

        def do_PUT(self) -> None:  # the client asks for _bulk and _mget with either verb
            self.do_POST()

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"] or 0))
            if self.path.startswith("/_bulk"):
                status, body = stand_in.bulk(parsed(content), len(content))
            elif self.path.startswith("/_mget"):
                status, body = 200, stand_in.mget(json.loads(content)["docs"])
            else:
                status, body = stand_in.other(self.path)
            if not status:
                self.close_connection = True
                return
            answer = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("x-elastic-product", "Elasticsearch")
            self.send_header("content-type", "application/vnd.elasticsearch+json;compatible-with=9")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in.url = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield stand_in
        finally:
            server.shutdown()
            thread.join()


def opened(stand_in: StandIn, time: Time, layout: tuple[int, Any]) -> ElasticIndex:
    """An index on the stand-in, whose indices are those of `layout`; it never really waits."""
    stand_in.answers["/t-"] = [layout]
    return open_index(
        stand_in.url,
        prefix="t-",
        patience=timedelta(seconds=20),
        sleep=time.sleep,
        random=lambda: 1.0,
        clock=time.clock,
    )
