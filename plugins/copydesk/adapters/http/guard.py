"""The way out for requests: a connection is made only to an address that may be reached.

Touches DNS and opens sockets. Every connect passes `open_socket`, however the address was spelled and whatever
redirected to it; a name of which any address is bad is refused whole.
"""

import socket
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from aiohttp.http_parser import HttpResponseParserPy

from copydesk.adapters.http.addresses import (
    Network,
    forbidden_address,
    forbidden_port,
    is_local_name,
    is_loopback,
)
from copydesk.outcomes import Reason

__all__ = [
    "LONGEST_HEADER",
    "MOST_HEADERS",
    "GuardedResolver",
    "Refused",
    "connector",
    "open_socket",
    "refuse",
]

MOST_HEADERS = 500
LONGEST_HEADER = 32 * 1024
"""Sites send more than aiohttp's 128 headers and 8 KiB a line (one each time for a part of a security policy);
together at most 16 MiB, which no page is either."""

PARSING = ("timer", "read_until_eof", "auto_decompress", "max_line_size", "max_field_size", "max_headers")
AddressInfo = tuple[int | socket.AddressFamily, int | socket.SocketKind, int, str, tuple[object, ...]]


class Refused(OSError):  # noqa: N818 (it becomes an answer, not an error)
    """A connection we do not make. Aiohttp wraps it like any trouble of a connection."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def refuse(address: str, port: int, allow: Sequence[Network], *, contact: bool) -> None:
    """Raises Refused when the address is not to be connected to."""
    why = forbidden_address(address, allow) or forbidden_port(port, address, allow)
    if why:
        raise Refused(Reason.ADDRESS, why)
    if not contact and not is_loopback(address):
        raise Refused(Reason.NO_CONTACT, "no contact is set")


def open_socket(info: AddressInfo, *, allow: Sequence[Network], contact: bool) -> socket.socket:
    """A socket for an address that may be reached. Raises Refused for another."""
    family, kind, protocol, _, address = info
    refuse(str(address[0]), int(str(address[1])), allow, contact=contact)
    return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Names → addresses that may all be reached. Names below `localhost` are loopback (RFC 6761), without DNS."""

    def __init__(self, inner: AbstractResolver, *, allow: Sequence[Network], contact: bool) -> None:
        self._inner = inner
        self._refuse = partial(refuse, allow=allow, contact=contact)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises Refused when any of them is bad, OSError when there is none."""
        found = (
            [_loopback(host, port)] if is_local_name(host) else await self._inner.resolve(host, port, family)
        )
        for answer in found:
            self._refuse(answer["host"], port)
        return found

    async def close(self) -> None:
        """Close the resolver behind."""
        await self._inner.close()


def _loopback(host: str, port: int) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host="127.0.0.1",
        port=port,
        family=socket.AF_INET,
        proto=0,
        flags=socket.AI_NUMERICHOST,
    )


class Forgiving(ResponseHandler):
    """A connection whose answers are read by aiohttp's parser in Python: it takes what its parser in C does not.

    Two equal lengths are such a thing (RFC 9110 8.6 lets a reader take them); two that differ are refused when the
    body is read. It costs 60 ms for a body of 4,000 chunks, and nothing measurable for others.
    """

    def set_response_params(self, **params: Any) -> None:
        """Get ready for an answer."""
        super().set_response_params(**params)
        kept = {name: params[name] for name in PARSING if name in params}
        self._parser = HttpResponseParserPy(
            self,
            self._loop,
            params["read_bufsize"],
            payload_exception=aiohttp.ClientPayloadError,
            response_with_body=not params["skip_payload"],
            **kept,
        )


class Pool(aiohttp.TCPConnector):
    """A connection pool of such connections."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._factory = cast("partial[ResponseHandler]", partial(Forgiving, loop=self._loop))


def connector(allow: Sequence[Network], *, contact: bool, limit: int) -> aiohttp.TCPConnector:
    """A guarded connection pool. To be made inside the event loop it serves."""
    return Pool(
        resolver=GuardedResolver(aiohttp.DefaultResolver(), allow=allow, contact=contact),
        socket_factory=partial(open_socket, allow=allow, contact=contact),
        limit=limit,
        ttl_dns_cache=60,
    )
