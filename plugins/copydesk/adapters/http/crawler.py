"""The manners of the fetcher, inside its event loop: robots, pacing per host, redirects, conditional requests.

Touches the network through a guarded session only. Per host one request at a time, spaced by our delay or what
robots.txt asks for; hosts do not wait for one another. A host that answers 429, or 503 with a time, is left alone
as long as it asks.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp
from yarl import URL

from copydesk.adapters.http.addresses import Network, forbidden_url, is_local_name, is_loopback
from copydesk.adapters.http.download import MIB, Failure, Limit, Response, download, retry_after
from copydesk.adapters.http.robots import Rules, rules
from copydesk.adapters.http.robots_cache import Learned
from copydesk.border import Border, contained
from copydesk.outcomes import Reason
from copydesk.ports import LEFT_ALONE, Fetched, Unfetched, Wanted

__all__ = ["Crawler", "Manners"]

LIMITS = {"page": Limit(5 * MIB), "feed": Limit(10 * MIB, sitemap=50 * MIB)}
ROBOTS_LIMIT = Limit(512 * 1024, cut=True)
ACCEPT = {
    "page": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
    "feed": "application/rss+xml,application/atom+xml,application/xml,text/xml;q=0.9,*/*;q=0.1",
}

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED, NOT_FOUND, GONE, TOO_MANY, UNAVAILABLE = 200, 304, 404, 410, 429, 503

DEFAULT_WAIT = 60.0
"""Seconds a host is left alone after a 429 that names no time."""

LONGEST_ADDRESS = 2000
LONGEST_VALUE = 1000
LONGEST_DETAIL = 500
"""Characters of a redirect's target, of a header that is kept, and of the words on what went wrong: all of them end
in records, of which Elasticsearch takes no field beyond 32,766 bytes."""


class Late(Exception):  # noqa: N818 (nothing went wrong)
    """The time box ended before the request could begin."""


@dataclass(slots=True)
class Host:
    """What is remembered of one scheme, host and port; times are those of the event loop."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    rules_until: float = 0.0
    next_start: float = 0.0
    closed_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How the crawler behaves; see HttpFetcher."""

    contact: bool
    delay: float
    allow: Sequence[Network]
    concurrency: int
    deadline: float
    now: Callable[[], datetime]
    learned: Learned | None = None


class Crawler:
    """Answers requests on one session; remembers its hosts as long as it lives."""

    def __init__(self, session: aiohttp.ClientSession, manners: Manners) -> None:
        self._session = session
        self._manners = manners
        self._slots = asyncio.Semaphore(manners.concurrency)
        self._hosts: dict[URL, Host] = {}

    async def answer(self, wanted: Wanted, until: datetime | None) -> Fetched | Unfetched | None:
        """The answer to one request, or None when it could not begin by `until`."""
        with contained(Border.ANSWER, wanted.url) as caught:
            try:
                return await self._answer(wanted, until)
            except Late:
                return None
            except Failure as failure:
                return _unfetched(wanted, failure)
        return _unfetched(wanted, Failure(Reason.INTERNAL, str(caught.fault)))

    async def _answer(self, wanted: Wanted, until: datetime | None) -> Fetched:
        response = await self._follow(
            _address(wanted.url),
            _headers(wanted),
            limit=LIMITS[wanted.kind],
            until=until,
            obey=True,
        )
        return _fetched(wanted, response, self._manners.now())

    async def _follow(
        self,
        url: URL,
        headers: Mapping[str, str],
        *,
        limit: Limit,
        until: datetime | None,
        obey: bool,
    ) -> Response:
        """Ask, and ask again where a redirect leads; every hop obeys every rule. Raises Failure or Late."""
        left = self._manners.deadline
        for _ in range(MOST_REDIRECTS + 1):
            self._permit(url)
            host = self._host(url.origin())
            self._awake(host)
            if obey:
                (await self._rules(host, url.origin(), until)).check(str(url))
            async with self._turn(host, until, paced=obey):
                started = self._time()
                response = await download(self._session, url, headers, limit=limit, seconds=left)
                left -= self._time() - started
            until = None
            self._note(host, url.origin(), response)
            location = response.headers.get("Location")
            if response.status not in REDIRECTS or not location:
                return response
            url = _address(location, url)
        raise Failure(Reason.REDIRECTS, f"more than {MOST_REDIRECTS} redirects")

    def _permit(self, url: URL) -> None:
        """Raises Failure for an address that is not to be asked for, before anything is looked up."""
        why = forbidden_url(url, self._manners.allow)
        if why:
            raise Failure.refusal(Reason.ADDRESS, why)
        host = url.raw_host or ""
        if not (self._manners.contact or is_local_name(host) or is_loopback(host)):
            raise Failure.refusal(Reason.NO_CONTACT, "set a contact before asking other people's servers")

    async def _rules(self, host: Host, origin: URL, until: datetime | None) -> Rules:
        """What robots.txt of the host says, asked for at most once a day, by all workers together."""
        async with host.asking:
            if host.rules is None or self._time() >= host.rules_until:
                learned = self._manners.learned
                known = learned.robots(origin, self._manners.now()) if learned else None
                found, left = known or (await self._ask_robots(origin, until), None)
                if learned and known is None and isinstance(found, Response):
                    learned.keep_robots(origin, found, self._manners.now())
                host.rules = rules(found)
                host.rules_until = self._time() + (left.total_seconds() if left else host.rules.kept)
            return host.rules

    async def _ask_robots(self, origin: URL, until: datetime | None) -> Response | Failure:
        try:
            return await self._follow(
                origin.with_path("/robots.txt"),
                {"Accept": "text/plain,*/*;q=0.1"},
                limit=ROBOTS_LIMIT,
                until=until,
                obey=False,
            )
        except Failure as failure:
            if failure.reason in {Reason.ADDRESS, Reason.NO_CONTACT}:
                raise
            return failure

    @asynccontextmanager
    async def _turn(self, host: Host, until: datetime | None, *, paced: bool) -> AsyncIterator[None]:
        """Wait for the host's turn and a free slot. Raises Late, or Trouble when the host asked to be left alone.

        The slot is taken last, so that those who wait for a slow host take none from the others.
        """
        async with host.turn:
            if host.closed_until > self._time():
                wait = host.closed_until - self._time()
                raise Failure(Reason.STATUS, LEFT_ALONE, wait=wait)
            wait = max(host.next_start - self._time(), 0.0) if paced else 0.0
            self._in_time(until, wait)
            if wait:
                await asyncio.sleep(wait)
            async with self._slots:
                self._in_time(until, 0.0)
                if paced:
                    delay = host.rules.delay if host.rules else 0.0
                    host.next_start = self._time() + max(self._manners.delay, delay)
                yield

    def _in_time(self, until: datetime | None, wait: float) -> None:
        if until is not None and self._manners.now() + timedelta(seconds=wait) >= until:
            raise Late

    def _host(self, origin: URL) -> Host:
        """What is known of a host, by this fetcher or by those before it."""
        if origin not in self._hosts:
            learned, now = self._manners.learned, self._manners.now()
            left = learned.closed(origin, now).total_seconds() if learned else 0.0
            self._hosts[origin] = Host(closed_until=self._time() + left)
        return self._hosts[origin]

    def _awake(self, host: Host) -> None:
        """Raises Failure while a host wants to be left alone."""
        wait = host.closed_until - self._time()
        if wait > 0:
            raise Failure(Reason.STATUS, "the host asked to be left alone", wait=wait)

    def _note(self, host: Host, origin: URL, response: Response) -> None:
        """Leave a host alone that asks for it, and let the next fetcher do so as well."""
        if response.status in {TOO_MANY, UNAVAILABLE}:
            wait = retry_after(response.headers.get("Retry-After"), self._manners.now())
            if wait is None and response.status == TOO_MANY:
                wait = DEFAULT_WAIT
            host.closed_until = self._time() + (wait or 0.0)
            if wait and self._manners.learned:
                self._manners.learned.keep_closed(origin, self._manners.now() + timedelta(seconds=wait))

    def _time(self) -> float:
        return asyncio.get_running_loop().time()


def _address(text: str, base: URL | None = None) -> URL:
    """A web address as text, relative to where it was found. Raises Failure when it is none."""
    try:
        url = URL(text.strip())
        url = (base.join(url) if base is not None else url).with_fragment(None)
        if url.scheme in {"http", "https"} and url.raw_host:
            url.origin().port  # noqa: B018 (what cannot be asked for raises here: yarl reads host and port late)
        length = len(str(url))
    except (ValueError, IndexError) as exc:  # the latter for brackets with nothing in them
        raise Failure.refusal(Reason.ADDRESS, f"not a web address: {exc}") from exc
    if length > LONGEST_ADDRESS:
        raise Failure.refusal(Reason.ADDRESS, f"more than {LONGEST_ADDRESS} characters")
    return url


def _unfetched(wanted: Wanted, failure: Failure) -> Unfetched:
    """Why there is no page, in words that any index takes. Pure."""
    return Unfetched(
        wanted=wanted,
        outcome=failure.outcome,
        reason=failure.reason,
        detail=" ".join(failure.detail.encode(errors="backslashreplace").decode().split())[:LONGEST_DETAIL],
        retry_after=failure.wait,
    )


def _headers(wanted: Wanted) -> dict[str, str]:
    """What a request says besides who we are; a stored etag with a line break is none."""
    conditions = {"If-None-Match": _value(wanted.etag), "If-Modified-Since": _value(wanted.last_modified)}
    return {"Accept": ACCEPT[wanted.kind]} | {name: value for name, value in conditions.items() if value}


def _value(text: str | None) -> str | None:
    """A header's value that can be kept and sent back; None for control characters, odd bytes and endless ones."""
    return text if text and text.isprintable() and len(text) <= LONGEST_VALUE else None


def _fetched(wanted: Wanted, response: Response, now: datetime) -> Fetched:
    """The answer to hand out. Raises Failure when the status says that there is none. Pure."""
    asked = wanted.etag or wanted.last_modified
    headers = response.headers
    if response.status in {NOT_FOUND, GONE}:
        raise Failure(Reason.GONE, f"status {response.status}")
    if response.status != OK and not (response.status == NOT_MODIFIED and asked):
        wait = retry_after(headers.get("Retry-After"), now)
        raise Failure(Reason.STATUS, f"status {response.status}", wait=wait)
    same = response.status == NOT_MODIFIED
    return Fetched(
        wanted=wanted,
        final_url=str(response.url),
        status=response.status,
        content_type=_value(headers.get("Content-Type")) or "",
        body=response.body,
        fetched_at=now,
        etag=_value(headers.get("ETag")) or (wanted.etag if same else None),
        last_modified=_value(headers.get("Last-Modified")) or (wanted.last_modified if same else None),
    )
