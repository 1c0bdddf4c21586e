"""What sources with a password tell their servers: to the origin of the source's own address, and to no other.

A redirect that leaves the origin, also to the same host without TLS, goes without.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from aiohttp import ClientHandlerType, ClientMiddlewareType, ClientRequest, ClientResponse
from yarl import URL

from copydesk.adapters.http.download import Failure
from copydesk.errors import ConfigError
from copydesk.model import Source
from copydesk.outcomes import Reason

__all__ = ["Signed", "middleware", "nothing", "signed_for"]

Signed = Callable[[URL], Mapping[str, str]]
"""The headers that an origin is told besides who we are. Raises Failure when a secret is not there."""


def nothing(origin: URL) -> Mapping[str, str]:  # noqa: ARG001 (a Signed)
    """The headers of a fetcher that knows no secrets."""
    return {}


def middleware(signed: Signed) -> ClientMiddlewareType:
    """What puts these headers into each request of a session; robots.txt is for everybody and goes without."""

    async def put(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        if request.url.path != "/robots.txt":
            request.headers.update(signed(request.url.origin()))
        return await handler(request)

    return put


def signed_for(sources: Callable[[], Sequence[Source]], resolve: Callable[[str], str]) -> Signed:
    """Headers by the sources, which are looked at when they are first needed; secrets are resolved at each request."""

    @cache
    def by_origin() -> Mapping[URL, Source]:
        found: dict[URL, Source] = {}
        for source in sources():
            if source.login or source.cookies:
                found.setdefault(URL(source.url).origin(), source)
        return found

    def signed(origin: URL) -> Mapping[str, str]:
        source = by_origin().get(origin)
        return _headers(source, resolve) if source is not None else {}

    return signed


def _headers(source: Source, resolve: Callable[[str], str]) -> Mapping[str, str]:
    try:
        login = resolve(source.login) if source.login else ""
        cookies = resolve(source.cookies).strip() if source.cookies else ""
    except ConfigError as exc:
        raise Failure(Reason.NO_SECRET, f"source {source.name}: {exc}") from exc
    if login and ":" not in login:
        raise Failure(
            Reason.NO_SECRET, f"source {source.name}: secret {source.login!r}: must be user:password"
        )
    if cookies and ("=" not in cookies or not (cookies.isascii() and cookies.isprintable())):
        raise Failure(
            Reason.NO_SECRET, f"source {source.name}: secret {source.cookies!r}: must be name=value; …"
        )
    basic = {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}
    return basic | ({"Cookie": cookies} if cookies else {})
