"""What the street needs of the world: five protocols, and the small values that cross them.

Every protocol has a real adapter in `adapters/`; `adapters/memory.py` is an Index that keeps everything in
this process, for `copydesk judge --jsonl` and for tests. Contract tests hold both to the same behaviour.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from copydesk.model import (
    Capture,
    Document,
    Entry,
    EntryOutcome,
    Reason,
    Rejection,
    Segment,
    Source,
    Topic,
)

__all__ = [
    "Archive",
    "Body",
    "Fetched",
    "Fetcher",
    "Found",
    "Generations",
    "Hit",
    "Index",
    "Json",
    "Kind",
    "Match",
    "Message",
    "Notifier",
    "Ports",
    "Probe",
    "Range",
    "Reader",
    "Sent",
    "Stored",
    "Unfetched",
    "Wanted",
    "Where",
    "Write",
]

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Body: TypeAlias = Mapping[str, Json]


# --- the index: documents by kind and id, real-time by id, searchable after refresh -------------------------


class Kind(StrEnum):
    """What is kept in Elasticsearch. The derived kinds are rebuilt by replay, the others never touched by it."""

    ARTICLES = "articles"
    VERSIONS = "versions"
    CAPTURES = "captures"
    FINGERPRINTS = "fingerprints"
    JUDGEMENTS = "judgements"
    FAMILIES = "families"
    STORIES = "stories"
    # not derivable, backed up beside the archive
    LEDGER = "ledger"
    SEGMENTS = "segments"
    POLLS = "polls"
    ALERTS = "alerts"
    DELIVERIES = "deliveries"
    TAKEDOWNS = "takedowns"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Found:
    """A stored document with what guards its next write: sequence number and primary term, and its version."""

    id: str
    body: Body
    seq: int
    term: int
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One document to be written, whole.

    At most one guard is given; without any the write always wins.

    Attributes:
        body: The new document; None deletes it.
        create: Only if there is none of that id yet.
        seen: Only if the stored one is still the one found.
        version: External version: only if the stored one has a lower one.
    """

    kind: Kind
    id: str
    body: Body | None
    create: bool = False
    seen: Found | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a Write: "conflict" when its guard did not hold, "refused" when the server will never take it."""

    status: Literal["stored", "conflict", "refused"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """An open range for `find`: `gte` and `lt` compare ISO times or numbers; None leaves a side open."""

    gte: str | int | None = None
    lt: str | int | None = None


Where: TypeAlias = Mapping[str, "str | int | bool | Sequence[str] | Sequence[int] | Range | None"]


@dataclass(frozen=True, slots=True)
class Probe:
    """A look-up of stored fingerprints that share enough with a text.

    Attributes:
        groups: Keyword field -> (values, least number of values shared). One satisfied group suffices.
        since, until: Bounds (ISO times, inclusive, exclusive) of the candidates' `first_seen_at`.
        without: Ids never returned (the text itself).
    """

    groups: Mapping[str, tuple[Sequence[str], int]]
    since: str
    until: str
    without: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A topic met by an article: which of the topic's words, and a plain-text snippet around them."""

    topic: str
    article: str
    matched: tuple[str, ...]
    snippet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A search result, one per story: the article's id and body, a plain-text snippet, and how many copies fold into it."""

    id: str
    body: Body
    snippet: str
    copies: int


class Index(Protocol):
    """Documents by kind and id. Decide by `get` and guarded `write`; `find` and friends only find work.

    Raises IndexUnavailable from every method when the server cannot be reached within its patience.
    """

    def get(self, kind: Kind, ids: Sequence[str]) -> dict[str, Found]:
        """The documents that exist, real-time, by id; unknown ids are absent."""

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        """Write all, each on its own; answers in the same order. Sending the same writes again is harmless."""

    def refresh(self, *kinds: Kind) -> None:
        """Make what was written visible to `find`, `count`, `candidates`, `match` and `search`; all kinds if none is named."""

    def find(self, kind: Kind, where: Where, *, sort: str = "", limit: int = 1000) -> list[Found]:
        """Documents whose fields fit `where` (value, any of a list, Range, or None for absent), by `sort` ("-f" descends)."""

    def scan(self, kind: Kind) -> Iterator[Found]:
        """Every document of a kind, in no particular order."""

    def count(self, kind: Kind, *by: str) -> dict[tuple[str, ...], int]:
        """Documents per combination of keyword fields; an absent field counts as ""."""

    def candidates(self, probes: Sequence[Probe], *, limit: int = 50) -> list[list[str]]:
        """For each probe the ids of fingerprints that fit, most values shared in satisfied groups first, then earliest seen."""

    def match(self, topics: Sequence[Topic], articles: Sequence[str]) -> list[Match]:
        """Which of the articles meet which topics."""

    def search(self, query: str, *, where: Where | None = None, limit: int = 10) -> list[Hit]:
        """Articles for a person's query, one per story, best first; "" finds the newest."""


class Generations(Index, Protocol):
    """An Index whose derived kinds can be rebuilt beside the live ones, and thinned by age."""

    @property
    def number(self) -> int:
        """The generation this index reads and writes."""

    def begin_generation(self) -> "Generations":
        """A new, empty generation of the derived kinds; the state is shared."""

    def swap(self, to: int) -> None:
        """Make a generation live and delete the one before, in one atomic step."""

    def drop_older_than(self, kind: Kind, month: str) -> list[str]:
        """Delete what of a kind was first seen before a month ("2026.01"); the names of the indices deleted."""


# --- fetching -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request to be made: `key` is the caller's and comes back with the answer."""

    key: str
    url: str
    kind: Literal["page", "feed"]
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A complete response. Status 304 has an empty body."""

    wanted: Wanted
    final_url: str
    status: int
    content_type: str
    body: bytes
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfetched:
    """No usable response: refused by a rule of ours, or failed; `retry_after` is what the server asked for, in seconds."""

    wanted: Wanted
    outcome: EntryOutcome
    reason: Reason
    detail: str = ""
    retry_after: float | None = None


class Fetcher(Protocol):
    """HTTP with manners: robots, pacing per host, limits, guarded addresses."""

    def fetch(
        self, wanted: Sequence[Wanted], *, until: datetime | None = None
    ) -> Iterator[Fetched | Unfetched | None]:
        """Fetch concurrently and yield as answers come, at most one per request; None when time passes without.

        What was not begun by `until` is not answered at all and stays pending with the caller.
        """


# --- the archive --------------------------------------------------------------------------------------------


class Archive(Protocol):
    """Segments (immutable WARC files) and small named files beside them. Raises ArchiveError."""

    def append(self, capture: Capture) -> None:
        """Add to the open segment; durable only once `close` or `closed` has handed the segment out."""

    def due(self) -> bool:
        """Whether the open segment has reached its size or age and should be closed."""

    def close(self) -> Segment | None:
        """Sync and rename the open segment; None when nothing was appended."""

    def segments(self) -> list[Segment]:
        """All closed segments, oldest first."""

    def read(self, segment: str) -> Iterator[Capture]:
        """The captures of a segment, pages and feed documents, in the order they were written."""

    def rewrite(self, segment: str, keep: Callable[[Capture], bool]) -> int:
        """Replace a segment by one without the captures that `keep` denies; the number of captures dropped."""

    def recover(self) -> list[Segment]:
        """Close what a killed writer left open, cut after its last whole record; the segments gained."""

    def save(self, name: str, content: bytes) -> None:
        """Write a small file beside the segments, durable and whole or not at all."""

    def load(self, name: str) -> bytes | None:
        """Its content, or None."""

    def names(self, folder: str) -> list[str]:
        """Names of the small files in a folder, sorted."""


# --- reading ------------------------------------------------------------------------------------------------


class Reader(Protocol):
    """Reading in a killable child, so that no page can hang or kill the worker."""

    def read(self, captures: Iterable[Capture]) -> Iterator[Document | Rejection]:
        """One answer per capture, in order."""


# --- sending ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a channel made of an alert, ready to be sent.

    Attributes:
        kind: "log", "http" (POST `body` to `address`), "mail" (`body` is a whole RFC 5322 message for the SMTP
            server at `address`), "file" (replace the file at `address` by `body`).
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
    """How a sending ended: "sent", "retry" (later, after `retry_after` seconds if given) or "dead" (never)."""

    status: Literal["sent", "retry", "dead"]
    detail: str = ""
    retry_after: float | None = None


class Notifier(Protocol):
    """The way out for messages."""

    def send(self, message: Message) -> Sent:
        """Send one message now; every trouble is an answer, not an exception."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The world, as one value that the street is handed.

    Attributes:
        inbox: The entries of an inbox folder, with their content; of files changed since the time given, if any.
        now: The clock: aware UTC, whole milliseconds.
        wait: Lets time pass, while there is nothing to do.
    """

    fetcher: Fetcher
    archive: Archive
    reader: Reader
    index: Generations
    notifier: Notifier
    inbox: Callable[[Source, datetime | None], Iterator[Entry]]
    now: Callable[[], datetime]
    wait: Callable[[timedelta], None]
