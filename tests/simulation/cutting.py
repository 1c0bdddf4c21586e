"""A proxy on loopback between clients and Elasticsearch, which cuts their connections as it is told.

To a client all cuts look alike: no answer. What became of the request differs: it never arrived, it was carried out, or
it is carried out later, when others have written meanwhile.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import orjson

__all__ = ["CUTS", "Proxy", "cutting"]

CUTS = ("cut before", "cut after", "cut within", "status 502", "server away", "held")
"""Before a request is sent on; after it was carried out; within the answer; with an answer that does not say what was
done; for some requests on end; and, of writes alone: cut before, and carried out after later writes."""
LONGEST_AWAY, LONGEST_HELD = 8, 3
HOPS = frozenset({"connection", "keep-alive", "host", "content-length", "transfer-encoding"})
"""Headers of one connection alone."""

BAD_GATEWAY = b"HTTP/1.1 502 -\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """What a client asks."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_write(self) -> bool:
        """Whether it writes documents."""
        return self.path.partition("?")[0] == "/_bulk"


@dataclass(eq=False)
class Proxy:
    """What is on its way to a server, one request after the other.

    Attributes:
        server: Its address.
        chance: For what of a cut is random: where in an answer, for how long.
        strike: Says which of some kinds of cuts strikes now; "" for none.
        counts: Requests that were carried out, and what became of the documents they were to write.
        url: Where clients find it.
    """

    server: str
    chance: Random
    strike: Callable[..., str] = lambda *_: ""
    counts: Counter[str] = field(default_factory=Counter)
    url: str = ""
    _away: int = 0
    _held: list[tuple[int, Request]] = field(default_factory=list)

    def answer(self, request: Request) -> tuple[bytes, bool]:
        """What the client gets to read, and whether its connection stays open."""
        how = self._how(request)
        if how == "held":
            self._held.append((self.chance.randint(1, LONGEST_HELD), request))
        if how in {"cut before", "held", "server away"}:
            return b"", False
        packed = self._carry(request)
        if request.is_write:
            self._let_go(1)
        if how == "status 502":
            return BAD_GATEWAY, True
        end = {"cut after": 0, "cut within": self.chance.randrange(1, len(packed))}.get(how, len(packed))
        return packed[:end], end == len(packed)

    def settle(self) -> None:
        """Carry out all that was held back."""
        self._let_go(LONGEST_HELD)

    def _how(self, request: Request) -> str:
        if self._away:
            self._away -= 1
            return "server away"
        how = self.strike(*(CUTS if request.is_write else CUTS[:-1]))
        if how == "server away":
            self._away = self.chance.randrange(LONGEST_AWAY)
        return how

    def _let_go(self, writes: int) -> None:
        """Carry out what waited for as many later writes."""
        held, self._held = [(left - writes, request) for left, request in self._held], []
        for left, request in held:
            if left > 0:
                self._held.append((left, request))
            else:
                self._carry(request)

    def _carry(self, request: Request) -> bytes:
        """Ask the server; its whole answer as it goes over the wire."""
        host = urlsplit(self.server)
        with closing(HTTPConnection(host.hostname or "", host.port or 80)) as connection:
            connection.request(request.method, request.path, request.body, request.headers)
            answer = connection.getresponse()
            body = answer.read()
        self._count(request, body)
        kept = [f"{name}: {said}" for name, said in answer.getheaders() if name.lower() not in HOPS]
        head = [f"HTTP/1.1 {answer.status} -", *kept, f"Content-Length: {len(body)}", "", ""]
        return "\r\n".join(head).encode("latin-1") + body

    def _count(self, request: Request, body: bytes) -> None:
        self.counts["requests"] += 1
        if request.is_write:
            items = [next(iter(item.values())) for item in orjson.loads(body).get("items", ())]
            self.counts["documents"] += len(items)
            self.counts["refused or in conflict"] += sum("error" in item for item in items)


@contextmanager
def cutting(server: str, chance: Random) -> Iterator[Proxy]:
    """A proxy that listens; it cuts nothing until it is given what strikes."""
    proxy = Proxy(server, chance)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name: said for name, said in self.headers.items() if name.lower() not in HOPS}
            packed, is_open = proxy.answer(Request(self.command, self.path, headers, body))
            self.close_connection = not is_open
            self.wfile.write(packed)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815 (names of the base)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.daemon_threads = True
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        proxy.url = f"http://127.0.0.1:{listening.server_port}"
        try:
            yield proxy
        finally:
            listening.shutdown()
            thread.join()
