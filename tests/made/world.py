"""A world made of plain objects: what the street meets in tests that need no network and no server."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import SegmentMissing
from copydesk.model import NO_PROFILE, Capture, Document, Entry, Profile, Rejection, Segment, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Fetched, Message, Ports, Sent, Unfetched, Wanted
from copydesk.reading.documents import read
from made.days import TODAY

START = TODAY


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def wait(self, pause: timedelta) -> None:
        self.time += pause


@dataclass
class Web:
    """A Fetcher over a dictionary: address -> body, status, Unfetched, or a function of the request.

    Attributes:
        order: Which of the waiting requests is next.
        turns: How many requests it makes before the turn of the next comes too late.
    """

    clock: Clock
    pages: dict[str, bytes | int | Reason | Callable[[Wanted], Fetched | Unfetched]] = field(
        default_factory=dict
    )
    asked: list[Wanted] = field(default_factory=list)
    content_type: str = "text/html; charset=utf-8"
    order: Callable[[list[Wanted]], Wanted] = lambda waiting: waiting[0]
    turns: int = 10**9

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        until: datetime | None = None,
        more: Callable[[], Sequence[Wanted]] = tuple,
    ) -> Iterator[Fetched | Unfetched]:
        waiting = [*wanted, *more()]
        while waiting:
            if (until is not None and self.clock.now() >= until) or len(self.asked) >= self.turns:
                return
            one = self.order(waiting)
            waiting.remove(one)
            self.asked.append(one)
            yield self._answer(one)
            waiting += more()

    def _answer(self, one: Wanted) -> Fetched | Unfetched:
        page = self.pages.get(one.url, Reason.GONE)
        if callable(page) and not isinstance(page, (bytes, int, Reason)):
            return page(one)
        if isinstance(page, Reason):
            refused = page in {Reason.ROBOTS, Reason.ADDRESS, Reason.NO_CONTACT}
            outcome = EntryOutcome.REFUSED if refused else EntryOutcome.FAILED
            return Unfetched(wanted=one, outcome=outcome, reason=page)
        body, status = (page, 200) if isinstance(page, bytes) else (b"", page)
        return Fetched(
            wanted=one,
            final_url=one.url,
            status=status,
            content_type=self.content_type if one.kind == "page" else "application/xml",
            body=body,
            fetched_at=self.clock.now(),
            etag='"1"',
        )


@dataclass
class Shelf:
    """An Archive in memory; every append makes the open segment due."""

    open: list[Capture] = field(default_factory=list)
    closed: dict[str, list[Capture]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    per_segment: int = 10

    def append(self, capture: Capture) -> None:
        self.open.append(capture)

    def due(self) -> bool:
        return len(self.open) >= self.per_segment

    def close(self) -> Segment | None:
        if not self.open:
            return None
        first = self.open[0].fetched_at
        pages = sum(capture.kind == "page" for capture in self.open)
        name = f"{first:%Y%m%dT%H%M%S}000Z-{len(self.closed):08x}-{pages}"
        self.closed[name], self.open = self.open, []
        return Segment(name=name, captures=pages)

    def segments(self, *, newest: int | None = None) -> list[Segment]:
        names = sorted(self.closed)[-newest if newest else 0 :]
        return [Segment(name=name, captures=int(name.rpartition("-")[2])) for name in names]

    def read(self, segment: str) -> Iterator[Capture]:
        if segment not in self.closed:
            raise SegmentMissing(segment)
        yield from list(self.closed[segment])

    def rewrite(self, segment: str, keep: Callable[[Capture], bool]) -> int:
        before = self.closed.get(segment, [])
        if not before:
            return 0
        self.closed[segment] = [capture for capture in before if keep(capture)]
        return len(before) - len(self.closed[segment])

    def recover(self) -> list[Segment]:
        segment = self.close()
        return [segment] if segment else []

    def save(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def create(self, name: str, content: bytes) -> bool:
        is_new = name not in self.files
        self.files.setdefault(name, content)
        return is_new

    def load(self, name: str) -> bytes | None:
        return self.files.get(name)

    def names(self, folder: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(f"{folder}/"))

    def remove(self, name: str) -> None:
        self.files.pop(name, None)


class Desk:
    """A Reader in this process."""

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        return (read(capture, profile(capture)) for capture in captures)


@dataclass
class Post:
    """A Notifier that keeps what it is given."""

    sent: list[Message] = field(default_factory=list)
    answer: Sent = field(default_factory=lambda: Sent("sent"))

    def send(self, message: Message) -> Sent:
        self.sent.append(message)
        return self.answer


@dataclass
class World:
    """All ports, made of fakes, with handles on each."""

    clock: Clock = field(default_factory=Clock)
    index: MemoryIndex = field(default_factory=lambda: MemoryIndex(lag=True))
    archive: Shelf = field(default_factory=Shelf)
    post: Post = field(default_factory=Post)
    inbox: list[Entry] = field(default_factory=list)
    web: Web = field(init=False)

    def __post_init__(self) -> None:
        self.web = Web(self.clock)

    @property
    def ports(self) -> Ports:
        return Ports(
            fetcher=self.web,
            archive=self.archive,
            reader=Desk(),
            index=self.index,
            notifier=self.post,
            inbox=lambda _source, _since: iter(self.inbox),
            now=self.clock.now,
            wait=self.clock.wait,
        )


def source(name: str = "one", **changes: object) -> Source:
    """A feed source of one outlet, ringing from the start."""
    given = {"kind": "rss", "url": f"https://{name}.example/feed", "outlet": name, "ring_first": True}
    return Source.model_validate({"name": name, **given, **changes})


def feed(*urls: str, updated: str = "") -> bytes:
    """An RSS document that announces addresses."""
    items = "".join(f"<item><title>T {url}</title><link>{url}</link>{updated}</item>" for url in urls)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>'.encode()
    )


def page(title: str, *paragraphs: str) -> bytes:
    """A clean article page."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{text}</article></body></html>"
    ).encode()
