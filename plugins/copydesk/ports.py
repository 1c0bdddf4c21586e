"""What the street needs of the world: four protocols, and the small values that cross them; the fifth is in `index`.

Every protocol has a real adapter in `adapters/`; `adapters/memory/index.py` is an Index that keeps everything in
this process, for `copydesk judge --jsonl` and for tests. Contract tests hold both to the same behaviour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from copydesk.index import Generations
from copydesk.model import NO_PROFILE, Capture, Document, Entry, Profile, Rejection, Segment, Source
from copydesk.outcomes import EntryOutcome, Reason

__all__ = [
    "GONE_FOR_GOOD",
    "Archive",
    "Callback",
    "Fetched",
    "Fetcher",
    "Message",
    "Notifier",
    "Ports",
    "Reader",
    "Sent",
    "Unfetched",
    "Untaken",
    "Wanted",
]


GONE_FOR_GOOD = "status 410"
"""Detail of an answer that says more than 404: that nobody need ask again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request to be made: `key` is the caller's and comes back with the answer.

    Attributes:
        form: What a hub is sent, by POST; all else is asked for by GET.
    """

    key: str
    url: str
    kind: Literal["page", "feed", "hub"]
    etag: str | None = None
    last_modified: str | None = None
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete response. Status 304 has an empty body.

    Attributes:
        moved_to: Where what was asked for is for good, by the redirects that say so (301, 308); "" without any.
        fresh_for: Seconds for which its server says that it will not change.
        link: Its Link header.
    """

    wanted: Wanted
    final_url: str
    status: int
    content_type: str
    body: bytes
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str = ""
    fresh_for: float = 0.0
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """No usable response: refused by a rule of ours, or failed.

    Attributes:
        retry_after: The seconds the server asked for.
        asked: Whether the address itself was asked for; not when its host wants to be left alone, or robots.txt
            could not be had.
    """

    wanted: Wanted
    outcome: EntryOutcome
    reason: Reason
    detail: str = ""
    retry_after: float | None = None
    asked: bool = True


class Fetcher(Protocol):
    """HTTP with manners: robots, pacing per host, limits, guarded addresses."""

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        until: datetime | None = None,
        more: Callable[[], Sequence[Wanted]] = tuple,
    ) -> Iterator[Fetched | Unfetched | None]:
        """Fetch concurrently and yield as answers come, at most one per request; None when time passes without.

        What was not begun by `until` is not answered at all and stays pending with the caller. `more` is asked between
        answers for requests that join those under way; all ends when none is, and `more` has none.
        """


class Archive(Protocol):
    """Segments (immutable WARC files) and small named files beside them. Raises ArchiveError."""

    def append(self, capture: Capture) -> None:
        """Add to the open segment; durable only once `close` or `closed` has handed the segment out."""

    def due(self) -> bool:
        """Whether the open segment has reached its size or age and should be closed."""

    def close(self) -> Segment | None:
        """Sync and rename the open segment; None when nothing was appended."""

    def segments(self, *, newest: int | None = None) -> list[Segment]:
        """All closed segments, or so many of the newest, oldest first."""

    def read(self, segment: str) -> Iterator[Capture]:
        """The captures of a segment, pages and feed documents, in the order written; what is damaged is absent.

        Raises SegmentMissing when its file is gone, ArchiveError when it cannot be read now.
        """

    def rewrite(self, segment: str, keep: Callable[[Capture], bool]) -> int:
        """Replace a segment by one without the captures that `keep` denies; the number of captures dropped."""

    def recover(self) -> list[Segment]:
        """Close what a killed writer left open, cut after its last whole record; the segments gained."""

    def save(self, name: str, content: bytes) -> None:
        """Write a small file beside the segments, durable and whole or not at all."""

    def create(self, name: str, content: bytes) -> bool:
        """The same, unless there is a file of that name; whether it was written. Of two at once one is."""

    def load(self, name: str) -> bytes | None:
        """Its content, or None."""

    def names(self, folder: str) -> list[str]:
        """Names of the small files in a folder, sorted."""

    def remove(self, name: str) -> None:
        """Delete a small file; one that is not there is no trouble."""


class Reader(Protocol):
    """Reading in a killable child, so that no page can hang or kill the worker."""

    def read(
        self, captures: Iterable[Capture], profile: Callable[[Capture], Profile] = lambda _: NO_PROFILE
    ) -> Iterator[Document | Rejection]:
        """One answer per capture, in order, with regard to what is known of its outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel made of an alert, ready to be sent.

    Attributes:
        kind: "log", "http" (POST `body` to `address`, which may be a reference such as "env:NAME"), "mail" (`body` is a
            whole RFC 5322 message for the SMTP server at `address`), "file" (replace the file at `address` by `body`).
        secret: Reference such as "env:NAME" the notifier resolves at send time; "" for none.
    """

    kind: Literal["log", "http", "mail", "file"]
    id: str
    address: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """How a sending ended: "sent", "retry" (later, after `retry_after` seconds if given) or "gone" (they want no more).

    Attributes:
        accepted: Of several recipients those who have it, when others are to be tried again.
    """

    status: Literal["sent", "retry", "gone"]
    detail: str = ""
    retry_after: float | None = None
    accepted: tuple[str, ...] = ()


class Notifier(Protocol):
    """The way out for messages."""

    def send(self, message: Message) -> Sent:
        """Send one message now; every trouble is an answer, not an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untaken:
    """A file of an inbox that could not be taken, or not all of it; without a name the whole inbox.

    Attributes:
        changed_at: When the file changed last, if that could be seen.
        passes: Whether it may be otherwise the next time although nobody changes the file.
    """

    name: str
    reason: Reason
    detail: str
    changed_at: datetime | None = None
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Callback:
    """Where hubs reach us: the address of the page as the world sees it, and the key that tells a hub from others."""

    address: str
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ports:
    """The world, as one value that the street is handed.

    Attributes:
        inbox: The entries of an inbox folder, with their content, and what could not be taken; of files changed since
            the time given, if any.
        now: The clock: aware UTC, whole milliseconds.
        wait: Lets time pass, while there is nothing to do.
        callback: None where no hub can reach us; then none is asked.
    """

    fetcher: Fetcher
    archive: Archive
    reader: Reader
    index: Generations
    notifier: Notifier
    inbox: Callable[[Source, datetime | None], Iterator[Entry | Untaken]]
    now: Callable[[], datetime]
    wait: Callable[[timedelta], None]
    callback: Callback | None = None
