"""The Fetcher: an event loop in a background thread, its answers handed to a synchronous caller as they come.

Touches the network through `crawler` and `guard` only.
"""

import asyncio
import logging
import queue
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self

import aiohttp

from copydesk import __version__
from copydesk.adapters.http.addresses import networks
from copydesk.adapters.http.crawler import Crawler, Manners
from copydesk.adapters.http.credentials import Signed, middleware, nothing
from copydesk.adapters.http.guard import LONGEST_HEADER, MOST_HEADERS, connector
from copydesk.adapters.http.permissions import Permission, none
from copydesk.adapters.http.robots_cache import Learned
from copydesk.adapters.http.turns import Turns
from copydesk.clock import utc_now
from copydesk.errors import CopydeskError, FetchError
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Unfetched, Wanted
from copydesk.signals import AGENT

__all__ = ["HttpFetcher"]

log = logging.getLogger(__name__)

MAIL = re.compile(r"[!-~]+@[!-~]+")
"""A contact that can be told in a header of its own."""

TICK = 0.5
"""Seconds without an answer after which the caller is given None, to do what is due."""

Answers = queue.SimpleQueue[Fetched | Unfetched | None]


@dataclass(frozen=True, slots=True)
class Running:
    """The event loop, its thread, and what lives in it."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    session: aiohttp.ClientSession
    crawler: Crawler


class HttpFetcher:
    """A Fetcher. Its thread starts with the first `fetch` and ends with `close`. Also a context manager."""

    def __init__(  # noqa: PLR0913 (each has its default)
        self,
        *,
        signed: Signed = nothing,
        contact: str = "",
        delay: float = 2.0,
        allow: Sequence[str] = (),
        concurrency: int = 64,
        deadline: float = 30.0,
        now: Callable[[], datetime] = utc_now,
        learned: Learned | None = None,
        turns: Turns | None = None,
        respect: Collection[Reason] = (),
        permission: Permission = none,
    ) -> None:
        """Make a fetcher; nothing is touched yet.

        Args:
            signed: What an origin is told of a source with a password.
            contact: Of the operator, for the User-Agent; without it only loopback is asked.
            delay: Least seconds between two starts on one host.
            allow: Networks that may be reached though they are not public, on any port.
            concurrency: Requests under way at once, over all hosts.
            deadline: Seconds a request may take, redirects included, waiting for its turn not.
            now: The clock for `fetched_at` and `until`.
            learned: Where answers to /robots.txt outlive this fetcher; None remembers them only while it lives.
            turns: When hosts may be asked; by default as if there were no other fetchers.
            respect: Signals of pages by which they are refused.
            permission: Which sites may be read whatever they say.

        Raises:
            ConfigError: One of `allow` is no network.
        """
        self._signed = signed
        self._contact = contact.strip()
        self._manners = Manners(
            contact=bool(self._contact),
            delay=delay,
            allow=networks(allow),
            concurrency=concurrency,
            deadline=deadline,
            now=now,
            learned=learned,
            turns=turns,
            respect=respect,
            permission=permission,
        )
        self._running: Running | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        until: datetime | None = None,
        more: Callable[[], Sequence[Wanted]] = tuple,
    ) -> Iterator[Fetched | Unfetched | None]:
        """Fetch concurrently and yield as answers come, at most one per request; None lets time pass.

        What was not begun by `until` is not answered at all. Ending the iteration early cancels what is under
        way. Raises FetchError when the fetcher cannot start or is closed meanwhile.
        """
        running = self._running = self._running or self._start()
        answers: Answers = queue.SimpleQueue()
        jobs: list[Future[None]] = []
        try:
            while wanted or any(not job.done() for job in jobs) or not answers.empty():
                if wanted:
                    work = _answer_all(running.crawler, wanted, until, answers)
                    jobs.append(asyncio.run_coroutine_threadsafe(work, running.loop))
                    jobs[-1].add_done_callback(lambda _: answers.put(None))
                try:
                    answer = answers.get(timeout=TICK)
                except queue.Empty:
                    yield None
                else:
                    if answer is not None:
                        yield answer
                jobs = _still(jobs)
                wanted = more()
            _still(jobs)
        except CancelledError as exc:
            raise FetchError("the fetcher was closed while it was fetching") from exc
        finally:
            for job in jobs:
                job.cancel()

    def _start(self) -> Running:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="fetcher", daemon=True)
        try:
            thread.start()
        except RuntimeError as exc:
            loop.close()
            raise FetchError(f"no thread for the fetcher: {exc}") from exc
        session, crawler = asyncio.run_coroutine_threadsafe(self._open(), loop).result()
        return Running(loop, thread, session, crawler)

    async def _open(self) -> tuple[aiohttp.ClientSession, Crawler]:
        manners = self._manners
        whom = f" (+{self._contact})" if self._contact else ""
        session = aiohttp.ClientSession(
            connector=connector(manners.allow, contact=manners.contact, limit=manners.concurrency),
            headers={
                "User-Agent": f"{AGENT}/{__version__}{whom}",
                "Accept-Encoding": "gzip, deflate, br, zstd",
                **({"From": self._contact} if MAIL.fullmatch(self._contact) else {}),
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(middleware(self._signed),),
            timeout=aiohttp.ClientTimeout(total=None),
            auto_decompress=False,
            trust_env=False,
            max_headers=MOST_HEADERS,
            max_line_size=LONGEST_HEADER,
            max_field_size=LONGEST_HEADER,
        )
        return session, Crawler(session, manners)

    def close(self) -> None:
        """Cancel what is under way, close the session and end the thread. Idempotent."""
        running, self._running = self._running, None
        if running is not None:
            asyncio.run_coroutine_threadsafe(_wind_up(running), running.loop).result()
            running.loop.call_soon_threadsafe(running.loop.stop)
            running.thread.join()
            running.loop.close()


def _still(jobs: Sequence[Future[None]]) -> list[Future[None]]:
    """The jobs that are not done. Raises what ended one of them."""
    for job in jobs:
        if job.done():
            job.result()
    return [job for job in jobs if not job.done()]


async def _answer_all(
    crawler: Crawler,
    wanted: Sequence[Wanted],
    until: datetime | None,
    answers: Answers,
) -> None:
    async def answer(one: Wanted) -> None:
        answers.put(await crawler.answer(one, until))

    troubles: Sequence[BaseException] = ()
    try:
        async with asyncio.TaskGroup() as tasks:
            for one in wanted:
                tasks.create_task(answer(one))
    except* CopydeskError as group:  # of the archive that keeps what was learned: not one site's trouble
        troubles = group.exceptions
    if troubles:
        raise troubles[0]


async def _wind_up(running: Running) -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    try:
        await running.crawler.tell()
    except CopydeskError as exc:
        log.warning("what hosts were asked is not told: %s", exc)
    await running.session.close()
