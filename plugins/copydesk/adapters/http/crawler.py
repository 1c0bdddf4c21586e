"""The manners of the fetcher, inside its event loop: robots, pacing per host, redirects, conditional requests.

Touches the network through a guarded session only. Per host one request at a time, spaced by our delay or what
robots.txt asks for, by all workers together (`turns`); hosts do not wait for one another. A host that answers 429, or
503 with a time, is left alone as long as it asks.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import aiohttp
from yarl import URL

from copydesk.adapters.http.addresses import Network, forbidden_url, is_local_name, is_loopback
from copydesk.adapters.http.download import MIB, Failure, Limit, Response, download, retry_after
from copydesk.adapters.http.host import Host
from copydesk.adapters.http.messages import address, fetched, headers, obey, unfetched
from copydesk.adapters.http.permissions import Permission, none
from copydesk.adapters.http.robots import Rules, rules
from copydesk.adapters.http.robots_cache import Learned
from copydesk.adapters.http.turns import Ask, OwnBook, Seen, Tally, Turns, slack
from copydesk.border import Border, contained
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Unfetched, Wanted

__all__ = ["Crawler", "Manners"]

LIMITS = {
    "page": Limit(5 * MIB),
    "feed": Limit(10 * MIB, sitemap=50 * MIB),
    "hub": Limit(64 * 1024, cut=True),
}
ROBOTS_LIMIT = Limit(512 * 1024, cut=True)
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
FOR_GOOD = frozenset({301, 308})
SAME_METHOD = frozenset({307, 308})
"""Redirects that a form is sent on by."""
TOO_MANY, UNAVAILABLE = 429, 503

LATER = timedelta(seconds=5)
"""Turns are asked for no further ahead than this, because the index was too slow to give them in time."""


class Late(Exception):  # noqa: N818 (nothing went wrong)
    """The time box ended before the request could begin."""


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
    turns: Turns | None = None
    respect: Collection[Reason] = ()
    permission: Permission = none


class Crawler:
    """Answers requests on one session; remembers its hosts as long as it lives. `exchange` makes one request."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        manners: Manners,
        exchange: Callable[..., Awaitable[Response]] = download,
    ) -> None:
        self._session = session
        self._manners = manners
        self._exchange = exchange
        self._turns = manners.turns or Turns(OwnBook(), manners.now)
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
                return unfetched(wanted, failure)
        return unfetched(wanted, Failure(Reason.INTERNAL, str(caught.fault)))

    async def _answer(self, wanted: Wanted, until: datetime | None) -> Fetched:
        response = await self._follow(
            address(wanted.url),
            headers(wanted),
            limit=LIMITS[wanted.kind],
            until=until,
            obey=wanted.kind != "hub",  # it was invited to be asked by whoever names it, and is no page
            form=wanted.form,
        )
        found = fetched(wanted, response, self._manners.now())
        if wanted.kind == "page" and not self._manners.permission(response.url):
            obey(response, self._manners.respect)
        return found

    async def _follow(
        self,
        url: URL,
        headers: Mapping[str, str],
        *,
        limit: Limit,
        until: datetime | None,
        obey: bool,
        known: Callable[[], Response | None] = lambda: None,
        form: Sequence[tuple[str, str]] = (),
    ) -> Response:
        """Ask, and ask again where a redirect leads; every hop obeys every rule. Raises Failure or Late.

        Somebody else may have asked while we waited for our turn: then the answer is `known`.
        """
        left, moved, for_good = self._manners.deadline, None, True
        for _ in range(MOST_REDIRECTS + 1):
            self._permit(url)
            host = self._host(url.origin())
            self._awake(host)
            if obey:
                said = await self._rules(host, url.origin(), until)
                if not self._manners.permission(url):
                    said.check(str(url))
            async with self._turn(host, url.origin(), until):
                if found := known():
                    return found
                started = self._time()
                host.begin(started)
                response = await self._exchange(
                    self._session, url, headers, limit=limit, seconds=left, form=form
                )
                left -= self._time() - started
                host.answered(response)
            until = None
            await self._note(host, url.origin(), response)
            location = response.headers.get("Location")
            if response.status not in (SAME_METHOD if form else REDIRECTS) or not location:
                return replace(response, moved=moved)
            url = address(location, url)
            for_good = for_good and response.status in FOR_GOOD
            moved = url if for_good else moved
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
                host.rules = rules(found)
                if known is None and isinstance(found, Response):
                    if learned:
                        learned.keep_robots(origin, found, self._manners.now())
                    seen = Seen(robots_status=found.status, crawl_delay=host.rules.delay)
                    await self._turns.note(str(origin), seen)
                host.rules_until = self._time() + (left.total_seconds() if left else host.rules.kept)
            return host.rules

    async def _ask_robots(self, origin: URL, until: datetime | None) -> Response | Failure:
        def known() -> Response | None:
            learned = self._manners.learned
            found = learned.robots(origin, self._manners.now()) if learned else None
            return found[0] if found else None

        try:
            return await self._follow(
                origin.with_path("/robots.txt"),
                {"Accept": "text/plain,*/*;q=0.1"},
                limit=ROBOTS_LIMIT,
                until=until,
                obey=False,
                known=known,
            )
        except Failure as failure:
            if failure.reason in {Reason.ADDRESS, Reason.NO_CONTACT} or not failure.asked:
                raise
            return failure

    @asynccontextmanager
    async def _turn(self, host: Host, origin: URL, until: datetime | None) -> AsyncIterator[None]:
        """Wait for the host's turn and a free slot. Raises Late, or Failure when the host asked to be left alone.

        The slot is taken last, so that those who wait for a slow host take none from the others; when that took too
        long, the turn is over, and the next one is waited for.
        """
        delay = timedelta(seconds=max(self._manners.delay, host.rules.delay if host.rules else 0.0))
        host.waiting += 1
        try:
            async with host.turn:
                while True:
                    self._awake(host)
                    begin = await self._next(host, origin, delay, until) if delay else self._manners.now()
                    wait = max((begin - self._manners.now()).total_seconds(), 0.0)
                    self._in_time(until, wait)
                    await asyncio.sleep(wait)
                    async with self._slots:
                        self._in_time(until, 0.0)
                        if not delay or self._manners.now() <= begin + slack(delay):
                            yield
                            return
        finally:
            host.waiting -= 1

    async def _next(self, host: Host, origin: URL, delay: timedelta, until: datetime | None) -> datetime:
        """The next turn of ours. Raises Late, or Failure when the host asked somebody to be left alone."""
        later = timedelta(0)
        while True:
            now = self._manners.now()
            while host.turns and host.turns[0] + slack(delay) < now:
                host.turns.popleft()
            if host.turns:
                return host.turns.popleft()
            ask = Ask(number=host.waiting, delay=delay, begin=now + later, until=until)
            answer = await self._turns.take(str(origin), ask)
            if answer.closed_until is not None:
                host.closed_until = self._time() + (answer.closed_until - now).total_seconds()
                self._awake(host)
            if not answer.turns:
                raise Late
            host.turns.extend(answer.turns)
            later = min(2 * later or delay / 10, LATER)

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
            raise Failure(Reason.STATUS, "the host asked to be left alone", wait=wait, asked=False)

    async def _note(self, host: Host, origin: URL, response: Response) -> None:
        """Leave a host alone that asks for it, and let all others do so as well."""
        if response.status not in {TOO_MANY, UNAVAILABLE}:
            return
        now = self._manners.now()
        wait = retry_after(response.headers.get("Retry-After"), now)
        if not wait and response.status == UNAVAILABLE:
            return
        asked = None if wait is None else timedelta(seconds=wait)
        record = await self._turns.note(str(origin), Seen(asked_less=True, wait=asked))
        closed_until = record.closed_until or now
        host.closed_until = self._time() + (closed_until - now).total_seconds()
        if self._manners.learned:
            self._manners.learned.keep_closed(origin, closed_until)

    async def tell(self) -> None:
        """Tell the other workers what was asked of each host."""
        tallies = {str(origin): host.tally for origin, host in self._hosts.items() if host.tally.requests}
        for host in self._hosts.values():
            host.tally = Tally()
        await self._turns.add(tallies)

    def _time(self) -> float:
        return asyncio.get_running_loop().time()
