"""Inboxes: what somebody put into a folder → captured, with a cursor for the folder and for each bad file.

A file that failed for a reason that may pass is tried again, ever more seldom, and then named as failed; one that
cannot become an article is named at once. Both are told for a week, and end when the file is mended.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from copydesk import urls
from copydesk.border import Border, contained
from copydesk.errors import IndexRefused
from copydesk.fetching.capturing import take_in
from copydesk.fetching.cursors import LONGEST_PAUSE, claim_due, failed
from copydesk.fetching.sitemaps import part_id, parts_of
from copydesk.fetching.tallying import asked_once, counted
from copydesk.index import Kind, Write
from copydesk.index.guarded import change, write
from copydesk.index.state import PollRecord
from copydesk.model import Entry, Source
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Ports, Unfetched, Untaken, Wanted

__all__ = ["is_given_up", "poll_inboxes"]

log = logging.getLogger(__name__)

BATCH = 200
"""Articles captured together; their contents are in memory."""

TRIES = 7
"""Times a file is tried before it is named as failed: with the doubling pauses a day or more."""

MOST_FILES = 100
"""Files whose trouble is remembered one by one; of more only the number."""

TOLD = timedelta(days=7)


def poll_inboxes(
    ports: Ports, sources: Sequence[Source], *, lease: timedelta, at_once: bool = False
) -> Counter[str]:
    """Capture what the due inboxes, or all `at_once`, hold since their last poll; counts as of `take_in`."""
    inboxes = {source.name: source for source in sources if source.kind == "inbox"}
    counts: Counter[str] = Counter()
    due = claim_due(ports.index, list(inboxes.values()), ports.now(), lease, at_once=at_once)
    for name, record in due.items():
        source = inboxes[name]
        trouble: Untaken | None = None
        try:
            with contained(Border.ANSWER, name) as caught:
                taken, trouble = _empty(ports, source, record)
                counts += taken
        except IndexRefused as refused:
            trouble = Untaken(name="", reason=Reason.INDEX_REFUSED, detail=str(refused))
        if caught.fault is not None:
            trouble = Untaken(name="", reason=Reason.INTERNAL, detail=str(caught.fault))
        if trouble is not None:
            _fail(ports, source, record, trouble)
            counts["failed"] += 1
    return counts


def _fail(ports: Ports, source: Source, record: PollRecord, trouble: Untaken) -> None:
    log.warning("inbox source=%s failed reason=%s %s", source.name, trouble.reason, trouble.detail)
    answer = Unfetched(
        wanted=Wanted(key=source.name, url=source.url, kind="feed"),
        outcome=EntryOutcome.FAILED,
        reason=trouble.reason,
        detail=trouble.detail,
    )

    def move(old: PollRecord | None) -> PollRecord:
        return failed(source, answer, ports.now(), old or record)

    change(ports.index, Kind.POLLS, PollRecord, {source.name: move})


def _empty(ports: Ports, source: Source, record: PollRecord) -> tuple[Counter[str], Untaken | None]:
    """Take in what came, and remember what could not be taken; a trouble of the whole inbox, for its cursor to tell."""
    now = ports.now()
    known = parts_of(ports.index, source.name) if record.parts else {}
    again = {id_ for id_, file in known.items() if not is_given_up(file) and file.next_poll_at <= now}
    since = _since(record.read_at, [known[id_] for id_ in again])
    quiet = record.quiet and not source.ring_first
    counts: Counter[str] = Counter()
    untaken: list[Untaken] = []
    for entries in _batches(ports.inbox(source, since), untaken):
        counts += take_in(ports, source, entries, quiet=quiet)
    whole = next((one for one in untaken if not one.name), None)
    if whole is not None:
        return counts, whole
    files = _remember(ports, source, known, again, since, untaken, now)
    change(
        ports.index,
        Kind.POLLS,
        PollRecord,
        {source.name: partial(_emptied, source, counts, len(untaken), files, now)},
    )
    return counts, None


def _since(read_at: datetime | None, again: Iterable[PollRecord]) -> datetime | None:
    """From when on files are looked at: the last time, or the change of a file that is tried again. Pure."""
    times = [read_at, *(file.changed_at for file in again)]
    known = [time for time in times if time is not None]
    return min(known) if len(known) == len(times) else None


def _batches(found: Iterable[Entry | Untaken], untaken: list[Untaken]) -> Iterator[list[Entry]]:
    """The entries, some at a time; what could not be taken is put aside."""
    batch: list[Entry] = []
    for one in found:
        if isinstance(one, Untaken):
            untaken.append(one)
            continue
        batch.append(one)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _remember(
    ports: Ports,
    source: Source,
    known: dict[str, PollRecord],
    again: set[str],
    since: datetime | None,
    untaken: Sequence[Untaken],
    now: datetime,
) -> int:
    """Write the cursors of the files with a trouble, and drop those of mended and of forgotten ones; how many stay."""
    for one in untaken:
        log.warning("inbox source=%s file=%s reason=%s %s", source.name, one.name, one.reason, one.detail)
    seen = {part_id(source.name, one.name): one for one in untaken}
    over = {
        id_
        for id_, file in known.items()
        if id_ not in seen and (id_ in again or _was_looked_at(file, since) or _is_forgotten(file, now))
    }
    room = MOST_FILES - len(known.keys() - over - seen.keys())
    kept = dict(list(seen.items())[:room])
    change(
        ports.index,
        Kind.POLLS,
        PollRecord,
        {id_: partial(_tried, source, one, id_ in again, now) for id_, one in kept.items()},
    )
    write(ports.index, [Write(kind=Kind.POLLS, id=id_, body=None) for id_ in over])
    return len((known.keys() - over) | kept.keys())


def _was_looked_at(file: PollRecord, since: datetime | None) -> bool:
    return since is None or (file.changed_at is not None and file.changed_at > since)


def is_given_up(file: PollRecord) -> bool:
    """Whether a cursor is that of a file not tried again by itself: cursors of parts hold web addresses. Pure."""
    return file.parent is not None and not urls.host(file.parent) and file.failures >= TRIES


def _is_forgotten(file: PollRecord, now: datetime) -> bool:
    return is_given_up(file) and file.polled_at is not None and file.polled_at < now - TOLD


def _tried(
    source: Source,
    one: Untaken,
    again: bool,  # noqa: FBT001 (bound by position in a partial)
    now: datetime,
    old: PollRecord | None,
) -> PollRecord | None:
    """The cursor of a file after a try; None when it was only seen again in between. Pure."""
    same = old is not None and old.changed_at == one.changed_at and old.reason == one.reason
    if old is not None and same and not again:
        return None
    failures = (old.failures if old is not None and same else 0) + 1
    return PollRecord(
        source=source.name,
        url=one.name,
        parent=source.url,
        polled_at=now,
        next_poll_at=now + min(source.every * 2**failures, LONGEST_PAUSE),
        changed_at=one.changed_at,
        failures=failures if one.passes else TRIES,
        outcome=EntryOutcome.FAILED,
        reason=one.reason,
        detail=one.detail,
    )


def _emptied(
    source: Source, counts: Counter[str], untaken: int, files: int, now: datetime, old: PollRecord | None
) -> PollRecord | None:
    """The cursor of an inbox after it was read. Pure."""
    if old is None:
        return None
    new = counts[EntryOutcome.CAPTURED]
    seen = counted(asked_once(old), new, now)
    return PollRecord(
        source=source.name,
        url=source.url,
        polled_at=now,
        read_at=now,
        new_at=now if new else old.new_at,
        next_poll_at=now + source.every,
        entries=new + counts["known"],
        left_out=untaken,
        parts=files,
        asked=seen.asked,
        fresh=seen.fresh,
        day=seen.day,
        per_day=seen.per_day,
    )
