"""One Elasticsearch client, asked with patience.

Touches the server. What passes (a refused connection, a time-out, an overloaded or blocked node) is asked
again with growing, fully jittered pauses; what does not pass in time, and everything else, becomes an
IndexUnavailable of one line whose class says which.
"""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from elastic_transport import ConnectionError as Unreachable
from elastic_transport import (
    ConnectionTimeout,
    HttpHeaders,
    OrjsonSerializer,
    TlsError,
    TransportError,
    Urllib3HttpNode,
)
from elasticsearch import ApiError, Elasticsearch

from copydesk.errors import ConfigError, IndexNotSetUp, IndexRefused, IndexUnavailable, IndexUnreachable

__all__ = ["NotYet", "Patience", "Server", "one_line", "open_client", "passes"]

T = TypeVar("T")

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0
PASSING = frozenset({408, 429, 500, 502, 503, 504})
REQUEST_TIMEOUT = 30.0


class Node(Urllib3HttpNode):
    """A connection to a server; an answer cut off in its head is none, though `http.client` reads an empty one."""

    def perform_request(self, *given: Any, **named: Any) -> Any:
        """As the base does it."""
        answer = super().perform_request(*given, **named)
        if not answer.body and not _says_its_length(answer.meta.headers):
            raise Unreachable("the answer was cut off in its head")
        return answer


def _says_its_length(headers: HttpHeaders) -> bool:
    """Whether it is known where an answer ends. Pure."""
    chunked = str(headers.get("transfer-encoding", "")).lower() == "chunked"
    return chunked or str(headers.get("content-length", "")).isdecimal()


class NotYet(Exception):  # noqa: N818 (never leaves the adapter)
    """An answer that came, but says in its parts that the server was not ready."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying; time and chance are arguments, so that tests need not wait.

    Attributes:
        limit: No new attempt begins later than this after the first.
        sleep: Waits a number of seconds.
        random: A number in [0, 1).
        clock: Seconds, never going back.
    """

    limit: timedelta
    sleep: Callable[[float], None]
    random: Callable[[], float]
    clock: Callable[[], float]

    def attempts(self) -> Iterator[int]:
        """Count attempts from 0, pausing before each but the first; ends when the limit is reached."""
        end = self.clock() + self.limit.total_seconds()
        for attempt in count():
            yield attempt
            pause = self.random() * min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt, 16))
            if self.clock() + pause >= end:
                return
            self.sleep(pause)


@dataclass(frozen=True, slots=True)
class Server:
    """A client together with our patience; `url` is how error messages call it."""

    client: Elasticsearch
    url: str
    patience: Patience

    def ask(self, call: Callable[[Elasticsearch], T]) -> T:
        """The answer to a harmlessly repeatable request.

        Raises IndexUnreachable when there is none in time, IndexNotSetUp or IndexRefused at once.
        """
        for _ in self.patience.attempts():
            try:
                return call(self.client)
            except (ApiError, TransportError, NotYet) as exc:
                trouble = exc
                if not passes(exc):
                    break
        raise self.unavailable(trouble) from trouble

    def unavailable(self, trouble: "ApiError | TransportError | NotYet") -> IndexUnavailable:
        """What a trouble means to the caller, as one line about this server."""
        line = f"Elasticsearch at {self.url}: {one_line(trouble)}"
        if passes(trouble) or "search_context_missing_exception" in line:
            # the second: a scan that took longer than the server keeps its view; begun again it goes on
            return IndexUnreachable(line)
        if isinstance(trouble, ApiError) and "index_not_found_exception" in line:
            return IndexNotSetUp(f"{line}: set it up first")
        return IndexRefused(line)

    def hasty(self) -> "Server":
        """The same server, asked only once."""
        return replace(self, patience=replace(self.patience, limit=timedelta(0)))


def open_client(
    url: str, *, username: str = "", password: str = "", api_key: str = "", ca_certs: str = ""
) -> Elasticsearch:
    """A client that retries nothing by itself. Raises ConfigError for an address that is none, or two logins."""
    options: dict[str, Any] = {}
    if username and api_key:
        raise ConfigError("elasticsearch username, api_key: give one of them")
    if api_key:
        options["api_key"] = api_key
    if username:
        options["basic_auth"] = (username, password)
    if ca_certs:
        if not Path(ca_certs).is_file():
            raise ConfigError(f"elasticsearch ca_certs {ca_certs!r}: no such file")
        options["ca_certs"] = ca_certs
    try:
        (urlsplit(url).hostname or "").encode("idna")  # as sockets do, whose error would not name the setting
        return Elasticsearch(
            url,
            request_timeout=REQUEST_TIMEOUT,
            max_retries=0,
            retry_on_timeout=False,
            serializers={"application/json": OrjsonSerializer()},
            node_class=Node,
            **options,
        )
    except (ValueError, TypeError, OSError) as exc:
        raise ConfigError(f"elasticsearch url {url.rpartition('@')[2]!r}: {exc}") from exc


def passes(exc: ApiError | TransportError | NotYet) -> bool:
    """Whether the same request may succeed a little later. Pure."""
    if isinstance(exc, NotYet):
        return True
    if isinstance(exc, ApiError):
        # A full disk blocks writing with 429 or, on older servers, 403 until there is room again.
        return exc.meta.status in PASSING or "cluster_block_exception" in one_line(exc)
    if isinstance(exc, TlsError):
        return any(isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) for cause in _causes(exc))
    return isinstance(exc, ConnectionTimeout | Unreachable)


def _causes(exc: BaseException | None) -> Iterator[BaseException]:
    """The exceptions that an exception was made of."""
    while exc is not None:
        yield exc
        yield from (arg for arg in exc.args if isinstance(arg, BaseException))
        exc = exc.__cause__ or exc.__context__


def one_line(exc: ApiError | TransportError | NotYet) -> str:
    """What went wrong, for a person. Pure."""
    text = f"{type(exc).__name__}: {exc.message}" if isinstance(exc, TransportError) else str(exc)
    return " ".join(text.split())[:500]
