"""The fetcher of one worker, and the inbox: sites that fail as drawn, but never for good."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from random import Random
from xml.sax.saxutils import escape

from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Unfetched, Untaken, Wanted
from copydesk.sources import parse
from made.world import Clock
from simulation.faults import Hold
from simulation.made import Made, Page, State, begin_of

__all__ = ["Fetching", "Sites"]

MOST_FAILURES = 3
"""Of one address in a phase: far fewer than an address is given up after."""

FAULTS: dict[str, tuple[Reason, float | None]] = {
    "status 503": (Reason.STATUS, None),
    "status 429": (Reason.STATUS, 90.0),
    "timeout": (Reason.TIMEOUT, None),
    "cut answer": (Reason.CONNECTION, None),
    "redirect loop": (Reason.REDIRECTS, None),
}
OVERLAP = timedelta(seconds=10)
"""As in `adapters/inbox.py`."""
PARTS = 2
"""Sub-sitemaps of an index."""


@dataclass(eq=False)
class Sites:
    """All sites as they stand in the present phase, and how often each address has failed in it.

    Attributes:
        began: When each phase began.
    """

    made: Made
    sources: Sequence[Source]
    clock: Clock
    began: list[datetime] = field(default_factory=list)
    failed: Counter[tuple[str, int]] = field(default_factory=Counter)

    @property
    def phase(self) -> int:
        """The present phase."""
        return len(self.began) - 1

    def body(self, url: str) -> tuple[bytes, str] | None:
        """What stands at an address, and its media type."""
        page = self.made.pages.get(url)
        state = page.at(self.phase) if page else None
        if page and state:
            return None if page.trouble == "gone" else (page.html(state), "text/html; charset=utf-8")
        for source in self.sources:
            shown = self.made.announced(source, self.phase)
            if source.url == url:
                return _document(source, shown), "application/xml"
            if source.kind == "sitemap" and url in _parts(source):
                return _urlset(shown[_parts(source).index(url) :: PARTS]), "application/xml"
        return None

    def look(self, hold: Hold, source: Source, since: datetime | None) -> Iterator[Entry | Untaken]:
        """What a worker finds in an inbox that came or changed since then; one file a phase."""
        if hold.touch("inbox away"):
            yield Untaken(name="", reason=Reason.UNREADABLE, detail="not mounted, as drawn", passes=True)
            return
        for phase, came in enumerate(self.began):
            if since is None or came > since - OVERLAP:
                lines = [
                    json.dumps(_line(page, state))
                    for page, state in self.made.announced(source, phase)
                    if state.since == phase
                ]
                if lines:
                    yield from parse(
                        source, "\n".join(lines).encode(), "application/jsonl", f"{phase}.jsonl"
                    ).entries


@dataclass(eq=False)
class Fetching:
    """A Fetcher: asks the sites in any order, and hears of it what is drawn."""

    sites: Sites
    hold: Hold
    chance: Random

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        until: datetime | None = None,
        more: Callable[[], Sequence[Wanted]] = tuple,
    ) -> Iterator[Fetched | Unfetched | None]:
        """As the port says."""
        waiting = self.chance.sample(list(wanted), len(wanted))
        while waiting or (waiting := list(more())):
            one = waiting.pop(0)
            kinds = (
                (*FAULTS, "html for a feed", "not begun") if one.kind == "feed" else (*FAULTS, "not begun")
            )
            often = self.sites.failed[one.url, self.sites.phase]
            fault = self.hold.touch(*(kinds if often < MOST_FAILURES else ()))
            self.sites.clock.time += timedelta(milliseconds=self.chance.randrange(1, 400))
            if until is not None and self.sites.clock.now() >= until:
                return
            if fault:
                self.sites.failed[one.url, self.sites.phase] += 1
            if fault != "not begun":
                yield self._answer(one, fault)
            if self.chance.random() < 1 / 8:
                yield None

    def _answer(self, one: Wanted, fault: str) -> Fetched | Unfetched:
        if fault in FAULTS:
            reason, wait = FAULTS[fault]
            return _failed(one, reason, fault, wait)
        found = self.sites.body(one.url)
        if fault == "html for a feed":
            found = b"<html><body><h1>Log in</h1><p>Please log in.</p></body></html>", "text/html"
        if found is None:
            return _failed(one, Reason.GONE, "status 404", None)
        body, content_type = found
        etag = f'"{sha256(body).hexdigest()[:12]}"'
        same = one.etag == etag
        return Fetched(
            wanted=one,
            final_url=one.url,
            status=304 if same else 200,
            content_type=content_type,
            body=b"" if same else body,
            fetched_at=self.sites.clock.now(),
            etag=etag,
        )


def _failed(one: Wanted, reason: Reason, detail: str, wait: float | None) -> Unfetched:
    return Unfetched(wanted=one, outcome=EntryOutcome.FAILED, reason=reason, detail=detail, retry_after=wait)


def _parts(source: Source) -> list[str]:
    return [f"https://{source.outlet}.example/part-{number}.xml" for number in range(PARTS)]


def _document(source: Source, shown: Sequence[tuple[Page, State]]) -> bytes:
    if source.kind == "sitemap":
        parts = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in _parts(source))
        return f"<sitemapindex>{parts}</sitemapindex>".encode()
    return (_atom if source.kind == "atom" else _rss)(shown)


def _rss(shown: Sequence[tuple[Page, State]]) -> bytes:
    items = "".join(
        f"<item><title>{escape(state.title)}</title><link>{page.url}</link>"
        f"{f'<pubDate>{format_datetime(page.published_at)}</pubDate>' if page.dated else ''}</item>"
        for page, state in shown
    )
    return f'<rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()


def _atom(shown: Sequence[tuple[Page, State]]) -> bytes:
    items = "".join(
        f'<entry><title>{escape(state.title)}</title><link href="{page.url}"/>'
        f"{f'<published>{page.published_at.isoformat()}</published>' if page.dated else ''}"
        f"{_changed_at('updated', page, state)}</entry>"
        for page, state in shown
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{items}</feed>'.encode()


def _urlset(shown: Sequence[tuple[Page, State]]) -> bytes:
    items = "".join(
        f"<url><loc>{page.url}</loc>{_changed_at('lastmod', page, state)}</url>" for page, state in shown
    )
    return f"<urlset>{items}</urlset>".encode()


def _changed_at(name: str, page: Page, state: State) -> str:
    """When the page changed last, where it did."""
    if state is page.states[0]:
        return ""
    return f"<{name}>{begin_of(state.since).isoformat()}</{name}>"


def _line(page: Page, state: State) -> dict[str, str]:
    dated = {"published": page.published_at.isoformat()} if page.dated else {}
    text = "" if page.trouble else "\n".join(state.lines)
    return {"url": page.url, "title": state.title, "text": text, **dated}
