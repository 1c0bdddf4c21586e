"""The records of what Copydesk is doing: ledger, segments, captures, polls, deliveries. Frozen values.

Times are aware UTC `datetime`. Nothing here does input or output.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from copydesk.index import Kind
from copydesk.outcomes import CaptureOutcome, EntryOutcome

__all__ = [
    "CaptureRecord",
    "Delivery",
    "DeliveryState",
    "HostRecord",
    "LedgerRecord",
    "PollRecord",
    "RefusedRecord",
    "SegmentRecord",
    "Told",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentRecord:
    """Registration of a segment: what travels between tasks. `leased_until` is a worker's claim.

    Attributes:
        attempts: How often it was put down because of a trouble; it rests until `retry_at`.
        reason, detail: The trouble; they stay when the segment was given up.
    """

    name: str
    captures: int
    registered_at: datetime
    leased_until: datetime | None = None
    processed_at: datetime | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    reason: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRecord:
    """The one outcome of a capture."""

    id: str
    segment: str
    source: str
    outlet: str
    url: str
    first_seen_at: datetime
    outcome: CaptureOutcome = CaptureOutcome.PENDING
    article: str | None = None
    step: str | None = None
    reason: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRecord:
    """One record per address: seen where and when, and how its last announcement ended.

    Attributes:
        shard: 0..15, from the host; lets several fetchers share the pending addresses by host.
        source, outlet, publisher, language: Of the source that announced it first; `sources` names all.
        retry_at: When a pending or failed address is due; None when it is final.
        fetched_at, etag, last_modified: Of the last capture, for conditional requests.
        entry_titles: Checksums of the titles it was announced by, the latest last.
        quiet: Whether it was first announced by a first poll or by hand, so that it rings no alert.
        announced_at: By which it takes its place among the pending ones of its host, the latest first.
        hops: How many pages in a row sent their readers on until this address; 0 for what a source announced.
    """

    url: str
    host: str
    shard: int
    source: str
    sources: tuple[str, ...]
    outlet: str
    publisher: str
    first_seen_at: datetime
    language: str | None = None
    outcome: EntryOutcome = EntryOutcome.PENDING
    reason: str | None = None
    detail: str = ""
    attempts: int = 0
    retry_at: datetime | None = None
    leased_until: datetime | None = None
    entry_title: str | None = None
    entry_titles: tuple[str, ...] = ()
    entry_published_at: datetime | None = None
    entry_updated_at: datetime | None = None
    fetched_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    capture_id: str | None = None
    quiet: bool = False
    announced_at: datetime | None = None
    hops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """What a poller remembers between two polls: of a source, a part of an index, an inbox file with a trouble.

    Attributes:
        url: What the cursor is of: the address of the source or part, the name of the file.
        parent, depth: Of a part the index that names it, and how deep that stands; of a file its inbox. None and 0 for
            the source itself.
        polled_at, read_at, new_at: When it was last asked; answered with what could be read; brought something new.
        changed_at: When a part changed last, as its index says; when a file did.
        failures: How often in a row it could not be read; with 0 and a reason it was read, but for what was left out.
        entries, left_out: How many its last document held, and how many of them could not be taken.
        parts, unread: Of an index how many parts it has, and how many of them its first reading still waits for; of
            an inbox how many files have a trouble.
        quiet: Whether its first whole reading is not done, so that nothing it announces may ring.
        paused_at, paused_by: Since when a person has it not asked, and who.
        hub, hub_topic: Who tells of what is new in it (WebSub), and the address by which it is known there.
        hub_at, hub_until: When the hub is asked to tell us the next time, and until when it has said that it does.
        hub_said: Why it does not.
        pushed_at: When the hub told us of something new that no poll was begun for yet.
        asked, same, fresh: How often it was asked, how often that was answered by "unchanged", and how many new
            addresses came of it; of a source those of its parts too.
        empty_since: Since when its document names nothing.
        moved_to, moved_at: Where its server says it is for good, and since when it has said so without a break.
        rhythm, rhythm_at: New addresses at each hour of the week, see `fetching.rhythm`, and since when.
        hint, early: How many seconds it says that nothing changes, and how often something did before that.
        whole_at, untrusted: When its document came last, not only "unchanged"; whether it changed under the same tag.
        overflow_at: When all that it held was new, so that something may have been missed.
        day, per_day: The day (UTC) that was counted last, and the new addresses of that day and of those before it.
    """

    source: str
    next_poll_at: datetime
    url: str | None = None
    parent: str | None = None
    depth: int = 0
    polled_at: datetime | None = None
    read_at: datetime | None = None
    new_at: datetime | None = None
    changed_at: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    outcome: EntryOutcome = EntryOutcome.CAPTURED
    reason: str | None = None
    detail: str = ""
    entries: int = 0
    left_out: int = 0
    parts: int = 0
    unread: int = 0
    asked: int = 0
    same: int = 0
    fresh: int = 0
    empty_since: datetime | None = None
    moved_to: str | None = None
    moved_at: datetime | None = None
    rhythm: tuple[int, ...] = ()
    rhythm_at: datetime | None = None
    hint: int = 0
    early: int = 0
    whole_at: datetime | None = None
    untrusted: bool = False
    overflow_at: datetime | None = None
    day: datetime | None = None
    per_day: tuple[int, ...] = ()
    quiet: bool = False
    paused_at: datetime | None = None
    paused_by: str = ""
    hub: str = ""
    hub_topic: str = ""
    hub_at: datetime | None = None
    hub_until: datetime | None = None
    hub_said: str = ""
    pushed_at: datetime | None = None
    leased_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """What all workers together know of a host.

    Attributes:
        origin: Its scheme, name and port.
        next_at: From when requests may begin that nobody has taken for himself yet.
        asked_at: When the last one begins that somebody took; `turns` how many were taken in all.
        closed_until: As long as it wants to be left alone; `refusals` how often in a row it said so.
        robots_at, robots_status: When its robots.txt was read, and what that was answered with.
        crawl_delay: Seconds between two requests that it asks for.
        requests, received, same: How often it was asked by workers that ended in good order, bytes of the bodies that
            came, unpacked, and how often nothing had changed (304).
        least_gap: The fewest seconds between the beginnings of two requests of one worker.
    """

    origin: str
    next_at: datetime | None = None
    asked_at: datetime | None = None
    turns: int = 0
    closed_until: datetime | None = None
    refusals: int = 0
    robots_at: datetime | None = None
    robots_status: int | None = None
    crawl_delay: float | None = None
    requests: int = 0
    received: int = 0
    same: int = 0
    least_gap: float | None = None


class DeliveryState(StrEnum):
    """Where a delivery stands; `pending` is due at `retry_at`."""

    PENDING = "pending"
    SENT = "sent"
    DEAD = "dead"
    FOLDED = "folded"  # the channel was told of its story by another


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An outbox row: what one channel is told of one story, or by one digest.

    Attributes:
        alert, also: The alert that is told, and those of other topics about the story that were named with it; in a
            digest further ones of any story.
        digest_at: Of a digest the moment it belongs to; once tried it takes in no more.
        tried_since, tried_at: Its first and its last attempt; `deliver --dead` begins anew.
        accepted: Of several recipients those who have it.
        gone: Whether the last answer was that nobody wants messages there any more.
        detail: How the last attempt failed.
    """

    id: str
    alert: str
    channel: str
    created_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    retry_at: datetime | None = None
    leased_until: datetime | None = None
    sent_at: datetime | None = None
    tried_since: datetime | None = None
    tried_at: datetime | None = None
    accepted: tuple[str, ...] = ()
    gone: bool = False
    detail: str = ""
    also: tuple[str, ...] = ()
    digest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Whether a topic was told of an article: by which alert, or why by none.

    It outlives replay and restore, for an article's id is made of its address; a story's is not.

    Attributes:
        alert: The alert that told of it, or of a story it was part of at any time; None when nothing rang.
        reason: Why nothing rang: "too-old"; or "internal" or "index-refused", which are tried again.
        retry_at: When that is due; None when it was given up.
    """

    topic: str
    article: str
    at: datetime
    alert: str | None = None
    reason: str | None = None
    detail: str = ""
    attempts: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRecord:
    """A write that was refused, whole.

    Attributes:
        kind, document: What was to be written, and its id.
        body: The document as JSON in a text, for the index may be unable to take it in any other form.
        version: The external version of an article; None for a version, which is only created.
    """

    kind: Kind
    document: str
    body: str
    reason: str
    at: datetime
    version: int | None = None
