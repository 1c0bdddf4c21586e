"""Replay: the archive → a new generation of articles, families and stories, compared and swapped in (law 4).

The new generation is built beside the live one while ingestion goes on, and runs after what `process` does meanwhile;
only for the last stretch and the swap is `process` held. Nothing rings, then or later, for what was told (`telling`).
A replay that fails leaves the live generation as it was; just start it again.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from copydesk.alerting.telling import follow
from copydesk.errors import ArchiveError, ConfigError
from copydesk.index import Found, Generations, Index, Kind, Write
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.index.unreadable import field_of
from copydesk.isolating import isolate
from copydesk.judging.fingerprint import from_body, is_current, to_body
from copydesk.model import Rejection, Segment, Source
from copydesk.operating.comparing import Comparison, compare
from copydesk.operating.ruling import load_rulings
from copydesk.outcomes import Reason
from copydesk.outlets.addresses import learn_from_versions
from copydesk.pipeline import BATCH, BATCH_BYTES, work
from copydesk.ports import Ports
from copydesk.segments import busy, pause, processed, record, relearn, resume, written_in
from copydesk.segments.contents import Contents, contents_of, failures, losses
from copydesk.takedowns import load_takedowns, mark_cut_of

__all__ = ["replay"]

log = logging.getLogger(__name__)

R = TypeVar("R")

DATED = (Kind.ARTICLES, Kind.VERSIONS, Kind.CAPTURES, Kind.FINGERPRINTS)
"""Derived kinds whose documents say when their address was first seen."""

HOLD = timedelta(minutes=10)
"""How long `process` is held: a replay that dies then blocks nobody for longer. Doubled if it was short."""

TICK = timedelta(seconds=0.5)

ROUNDS = 20
"""How often a replay runs after `process` before it holds it: each round is as much shorter as replay is faster."""

MOST_LOST = 0.01
"""Share of articles a rebuilt generation may lack without `force`: new rules reject a few pages, not many."""


def replay(
    ports: Ports,
    sources: Sequence[Source] = (),
    *,
    since: str = "",
    force: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Comparison:
    """Rebuild from the archive and swap; what was compared.

    Args:
        ports: The world, with the live index.
        sources: Their selectors are used.
        since: First month to rebuild, "2026-11"; what was first seen before is carried over as it is. "" for all.
        force: Swap although many articles would be missing.
        progress: Called with the segments done, and all of them.

    Raises:
        ConfigError: The rebuilt generation lacks more articles than `MOST_LOST` allows, or what was first seen before
            `since` was fingerprinted by an older version; nothing was swapped.
    """
    index = ports.index
    learn_from_versions(index, ports.archive)
    load_takedowns(index, ports.archive)
    load_rulings(index, ports.archive)
    fresh = index.begin_generation()
    load_takedowns(fresh, ports.archive)
    rebuilt = replace(ports, index=fresh)
    if since:
        _carry_over(index, fresh, since)
    lost: Counter[str] = Counter()
    rebuild = partial(_rebuild, rebuilt, index, sources, progress=progress, lost=lost)
    done = _caught_up(ports, since, rebuild)
    try:
        result, hold = None, HOLD
        while (late := _held(ports, hold, since, done)) or result is None:
            done |= rebuild(late)
            result, hold = compare(index, fresh), 2 * hold
        lost += _mark_missing(ports, fresh, done, since)
        index.refresh(Kind.STORIES, Kind.ALERTS, Kind.TOLD)
        follow(index, ports.now())
        if lost:
            log.warning("replay lost %s", " ".join(f"{reason}={n}" for reason, n in sorted(lost.items())))
        before, after = result.counts[Kind.ARTICLES]
        if after < before * (1 - MOST_LOST) and not force:
            raise ConfigError(
                f"replay: {after} articles instead of {before}; not swapped (--force swaps all the same)"
            )
        index.swap(fresh.number)
        load_takedowns(
            index, ports.archive
        )  # what was cut meanwhile was marked in the generation that is gone
    finally:
        resume(index)
    return replace(result, lost=lost)


def _caught_up(ports: Ports, since: str, rebuild: Callable[[Sequence[Segment]], set[str]]) -> set[str]:
    """Rebuild what is there, and what `process` did meanwhile, until little of that is left; the segments done."""
    relearn(ports.index, _since(ports.archive.segments(), since), ports.now())
    done = rebuild(_left(ports, since, ()))
    for _ in range(ROUNDS):
        left = _left(ports, since, done)
        if sum(segment.captures for segment in left) <= BATCH:
            break
        done |= rebuild(left)
    return done


def _held(ports: Ports, hold: timedelta, since: str, done: Collection[str]) -> list[Segment]:
    """Hold `process`, wait for those at work, and see what they have left to rebuild.

    Asked once more before the swap: a last stretch that took longer than the hold finds here what was done meanwhile.
    """
    pause(ports.index, ports.now() + hold)
    while busy(ports.index, ports.now()):
        ports.wait(TICK)
    return _left(ports, since, done)


def _left(ports: Ports, since: str, done: Collection[str]) -> list[Segment]:
    """The segments that `process` is done with and a replay is not; the others will be worked on after the swap."""
    segments = [one for one in _since(ports.archive.segments(), since) if one.name not in done]
    names = processed(ports.index, [segment.name for segment in segments])
    return [segment for segment in segments if segment.name in names]


def _rebuild(
    ports: Ports,
    live: Generations,
    sources: Sequence[Source],
    segments: Sequence[Segment],
    *,
    progress: Callable[[int, int], None],
    lost: Counter[str],
) -> set[str]:
    """Work on the segments in the order in which they were written; their names. Counts what is lost.

    Raises ArchiveError when a file that is there cannot be read now: a later replay can.
    """
    done: set[str] = set()
    batches = list(_batches(segments))[::-1]
    while batches:
        names = batches.pop()
        contents = contents_of(ports.archive, names, most=BATCH_BYTES)
        batches += [contents.left] if contents.left else []
        names = [name for name in names if name not in contents.left]

        def step(ids: Sequence[str], again: bool, contents: Contents = contents) -> None:  # noqa: FBT001 (what `isolate` calls)
            work(ports, {id_: contents.pages[id_] for id_ in ids}, sources, again=again)

        _, troubles = isolate([list(contents.pages)], step)
        held = {contents.pages[id_].segment: trouble for id_, trouble in troubles.items()} | contents.unread
        for trouble in held.values():
            if trouble.reason is Reason.UNREADABLE:
                raise ArchiveError(trouble.detail)
        failed = failures(ports.index, held, contents, troubles)
        lost += _mark(ports.index, *failed) + _mark_lost(
            replace(ports, index=live), ports.index, names, contents
        )
        done.update(names)
        progress(len(done), len(segments))
    return done


def _mark_missing(ports: Ports, fresh: Index, done: Collection[str], since: str) -> Counter[str]:
    """Let the captures of segments that were processed and are not in the archive end; how many, by reason."""
    ports.index.refresh(Kind.SEGMENTS)
    records = (from_record(SegmentRecord, row.body) for row in ports.index.scan(Kind.SEGMENTS))
    named = (Segment(name=one.name, captures=0) for one in records if one.processed_at and one.captures)
    missing = {segment.name for segment in named if segment.name not in done and written_in(segment) >= since}
    return _mark_lost(ports, fresh, sorted(missing), Contents(missing=missing))


def _mark_lost(ports: Ports, fresh: Index, names: Sequence[str], contents: Contents) -> Counter[str]:
    records = load(ports.index, Kind.SEGMENTS, SegmentRecord, names)
    registered = {name: record.captures for name, record in records.items()}
    mark = partial(mark_cut_of, ports.index, ports.archive)
    return _mark(fresh, *losses(ports.index, registered, contents, mark))


def _mark(fresh: Index, captures: Mapping[str, CaptureRecord], ends: Mapping[str, Rejection]) -> Counter[str]:
    """Write down captures that could not be worked on; how many, by reason."""
    record(fresh, captures, ends)
    return Counter(end.reason.value for end in ends.values())


def _batches(segments: Sequence[Segment]) -> Iterator[list[str]]:
    batch: list[str] = []
    captures = 0
    for segment in segments:
        if batch and captures + segment.captures > BATCH:
            yield batch
            batch, captures = [], 0
        batch.append(segment.name)
        captures += segment.captures
    if batch:
        yield batch


def _since(segments: Sequence[Segment], month: str) -> list[Segment]:
    """The segments written in this month or later: what was first seen since then is captured nowhere else."""
    return [segment for segment in segments if written_in(segment) >= month]


def _carry_over(live: Index, fresh: Index, month: str) -> None:
    """Copy what was first seen before the month, with all that was judged of it."""
    live.refresh(*DATED)
    articles: list[str] = []
    for kind in DATED:
        for rows in batched(row for row in live.scan(kind) if str(field_of(row, "first_seen_at")) < month):
            fresh.write([_copy(kind, row) for row in rows])
            articles += [row.id for row in rows] if kind is Kind.ARTICLES else []
    for ids in batched(iter(articles)):
        judged = live.get(Kind.JUDGEMENTS, ids)
        fresh.write([_copy(Kind.JUDGEMENTS, row) for row in judged.values()])
        for kind, name in ((Kind.FAMILIES, "family"), (Kind.STORIES, "story")):
            rows_by_id = live.get(kind, sorted({str(field_of(row, name)) for row in judged.values()}))
            fresh.write([_copy(kind, row) for row in rows_by_id.values()])


def _copy(kind: Kind, row: Found) -> Write:
    # what an index never gives back of a fingerprint is made anew
    if kind is Kind.FINGERPRINTS and not is_current(row.body):
        raise ConfigError(
            f"replay: {row.id} was fingerprinted by an older version and cannot be carried over; nothing was swapped:"
            " run `copydesk replay` without --since"
        )
    body = to_body(from_body(row.id, row.body)) if kind is Kind.FINGERPRINTS else row.body
    return Write(kind=kind, id=row.id, body=body, version=row.version if kind is Kind.ARTICLES else None)


def batched(items: Iterator[R]) -> Iterator[list[R]]:
    """Lists of up to 500 items, for one request each."""
    while batch := list(islice(items, 500)):
        yield batch
