"""Parts: the sitemaps that an index of sitemaps names, each with a cursor of its own.

At most `MOST_DOCUMENTS` of them are read in one poll of the source, the others in later ones; the first whole reading
is quiet to its end. `docs/decisions/0019-polling.md` says what is bounded, and what a failing part may hold up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from copydesk import urls
from copydesk.fetching.entering import LONGEST_ADDRESS
from copydesk.index import Index, Kind, Write
from copydesk.index.guarded import change, write
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.model import Source
from copydesk.outcomes import Reason
from copydesk.sources import Announced, LeftOut

__all__ = ["MOST_DOCUMENTS", "Listing", "due", "enlist", "part_id", "parts_of", "source_of", "unread"]

MOST_DOCUMENTS = 50
"""Parts read in one poll of a source."""

NEWEST = 10
"""Of these as many go to the parts that changed last; the rest to those that wait longest, so that none starves."""

MOST_PARTS = 9_900
"""Parts of one source, as many as one search of Elasticsearch gives; what an index names beyond them is counted."""

MOST_DEPTH = 3
"""How deep indexes may stand in one another."""

GIVEN_UP = 3
"""A part that failed so often holds the end of the first reading up no longer."""

SLACK = timedelta(minutes=10)
"""How much later than it says a part may have changed: clocks differ, and caches lag."""

DAY = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)


def part_id(source: str, url: str) -> str:
    """Id of a part's cursor. Pure."""
    return f"{source}/{urls.url_key(url)}"


def source_of(key: str) -> str:
    """Name of the source that a cursor belongs to. Pure."""
    return key.partition("/")[0]


def parts_of(index: Index, source: str) -> dict[str, PollRecord]:
    """The cursors of a source's parts, or of the files of an inbox that made trouble, by their ids."""
    index.refresh(Kind.POLLS)
    rows = index.find(Kind.POLLS, {"source": source}, limit=10_000)
    records = {row.id: from_record(PollRecord, row.body) for row in rows}
    return {id_: record for id_, record in records.items() if record.parent is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An index as it was read: where it stands among the others, and whether what it names is to be read quietly."""

    url: str
    depth: int
    quiet: bool


def enlist(
    index: Index, source: Source, listing: Listing, announced: Announced, now: datetime
) -> tuple[LeftOut, ...]:
    """Bring the parts an index names into the cursors, and take out those it names no more; what was left out."""
    known = parts_of(index, source.name)
    named, left_out = _named(source, listing, announced, known)
    news = {id_: url for id_, url in named.items() if _differs(known.get(id_), announced.changed.get(url))}
    decide = {
        id_: partial(_listed, source, listing, url, announced.changed.get(url), now)
        for id_, url in news.items()
    }
    change(index, Kind.POLLS, PollRecord, decide)
    indexes = {source.url, *(part.url for part in known.values())}
    gone = [
        id_
        for id_, part in known.items()
        if part.parent not in indexes or (part.parent == listing.url and id_ not in named)
    ]
    write(index, [Write(kind=Kind.POLLS, id=id_, body=None) for id_ in gone])
    return left_out


def _named(
    source: Source, listing: Listing, announced: Announced, known: Mapping[str, PollRecord]
) -> tuple[dict[str, str], tuple[LeftOut, ...]]:
    """The parts to be followed by their ids, and what is not. Pure."""
    if listing.depth >= MOST_DEPTH and announced.more:
        detail = f"parts of indexes nested more than {MOST_DEPTH} deep"
        return {}, (LeftOut(Reason.TOO_LARGE, detail, len(announced.more)),)
    short = [url for url in announced.more if len(url) <= LONGEST_ADDRESS and url != source.url]
    long = sum(len(url) > LONGEST_ADDRESS for url in announced.more)
    room = MOST_PARTS - sum(part.parent != listing.url for part in known.values())
    beyond = len(short) - max(room, 0)
    named = {part_id(source.name, url): url for url in short[: max(room, 0)]}
    left_out = (
        LeftOut(Reason.ADDRESS, f"parts with addresses over {LONGEST_ADDRESS:,} characters", long),
        LeftOut(Reason.TOO_LARGE, f"parts beyond {MOST_PARTS:,}", beyond),
    )
    return named, tuple(one for one in left_out if one.number > 0)


def _differs(old: PollRecord | None, changed_at: datetime | None) -> bool:
    return old is None or old.changed_at != changed_at


def _listed(
    source: Source,
    listing: Listing,
    url: str,
    changed_at: datetime | None,
    now: datetime,
    old: PollRecord | None,
) -> PollRecord:
    if old is not None:
        return replace(old, changed_at=changed_at)
    return PollRecord(
        source=source.name,
        url=url,
        parent=listing.url,
        depth=listing.depth + 1,
        next_poll_at=now,
        changed_at=changed_at,
        quiet=listing.quiet,
    )


def due(parts: Mapping[str, PollRecord], now: datetime, most: int) -> list[str]:
    """The ids of the parts to be read now: the newest, and those that wait longest. Pure."""
    waiting = {id_: part for id_, part in parts.items() if _is_due(part, now)}
    newest = sorted(waiting, key=lambda id_: (waiting[id_].changed_at or NEVER, id_), reverse=True)
    longest = sorted(newest, key=lambda id_: waiting[id_].polled_at or NEVER)
    return list(dict.fromkeys([*newest[: min(NEWEST, most)], *longest]))[:most]


def _is_due(part: PollRecord, now: datetime) -> bool:
    """Whether a part may hold what we have not read: a change that is older than our last reading is none."""
    if part.next_poll_at > now:
        return False
    if part.read_at is None or part.failures or part.changed_at is None:
        return True
    of_a_day = part.changed_at.time() == datetime.min.time()  # "2026-03-02" may mean its last minute
    return part.changed_at + (DAY if of_a_day else SLACK) > part.read_at


def unread(parts: Iterable[PollRecord]) -> Sequence[PollRecord]:
    """The parts that the first whole reading still waits for: never read, and not yet given up. Pure."""
    return [part for part in parts if part.read_at is None and part.failures < GIVEN_UP]
