"""Replay: the archive → a new generation of articles, families and stories, compared and swapped in (law 4).

The new generation is built beside the live one while ingestion goes on; only for the last stretch and the swap is
`process` held. Nothing rings, then or later, for what was told (`telling`). A replay that fails leaves the live
generation as it was; just start it again.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

import orjson

from copydesk.alerting.telling import follow
from copydesk.errors import ArchiveError, ConfigError
from copydesk.index import Found, Generations, Index, Kind, Write
from copydesk.index.records import from_record, load
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.index.unreadable import field_of
from copydesk.isolating import isolate
from copydesk.judging.fingerprint import from_body, is_current, to_body
from copydesk.model import Rejection, Segment, Source
from copydesk.operating.ruling import load_rulings
from copydesk.outcomes import Reason
from copydesk.outlets.addresses import learn_from_versions
from copydesk.pipeline import BATCH, BATCH_BYTES, work
from copydesk.ports import Ports
from copydesk.segments import busy, pause, processed, record, relearn, resume, written_in
from copydesk.segments.contents import Contents, contents_of, failures, losses
from copydesk.takedowns import load_takedowns, mark_cut_of

__all__ = ["Comparison", "compare", "digest", "replay"]

log = logging.getLogger(__name__)

R = TypeVar("R")

DATED = (Kind.ARTICLES, Kind.VERSIONS, Kind.CAPTURES, Kind.FINGERPRINTS)
"""Derived kinds whose documents say when their address was first seen."""

VOLATILE = frozenset({"absorbed", "fetched_at", "revision", "segment", "told"})
"""Left out of checksums: they say when, how often and by which way, not what, or what a replay never does."""

COMPARED = (Kind.ARTICLES, Kind.VERSIONS, Kind.FAMILIES, Kind.STORIES)
HOLD = timedelta(minutes=10)
"""How long `process` is held at most; a replay that dies in its last stretch blocks nobody for longer."""

TICK = timedelta(seconds=0.5)

MOST_LOST = 0.01
"""Share of articles a rebuilt generation may lack without `force`: new rules reject a few pages, not many."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The live generation beside the rebuilt one.

    Attributes:
        counts: Kind -> documents before and after.
        equal: The kinds whose checksums agree (times and revisions left out).
        lost: Captures that could not be worked on, by reason: archive-lost, damaged, internal.
    """

    counts: dict[str, tuple[int, int]]
    equal: tuple[str, ...]
    lost: Counter[str] = field(default_factory=Counter)


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
    segments = _since(ports.archive.segments(), since)
    relearn(index, segments, ports.now())
    lost: Counter[str] = Counter()
    done = _rebuild(rebuilt, index, sources, _ready(index, segments), progress, lost)
    try:
        pause(index, ports.now() + HOLD)
        while busy(index, ports.now()):
            ports.wait(TICK)
        late = [s for s in _since(ports.archive.segments(), since) if s.name not in done]
        done |= _rebuild(rebuilt, index, sources, _ready(index, late), progress, lost)
        lost += _mark_missing(ports, fresh, done, since)
        index.refresh(Kind.STORIES, Kind.ALERTS, Kind.TOLD)
        follow(index, ports.now())
        result = replace(compare(index, fresh), lost=lost)
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
    return result


def compare(live: Index, rebuilt: Index) -> Comparison:
    """Counts and checksums of two generations."""
    before = {kind: digest(live, kind) for kind in COMPARED}
    after = {kind: digest(rebuilt, kind) for kind in COMPARED}
    return Comparison(
        counts={kind.value: (before[kind][0], after[kind][0]) for kind in COMPARED},
        equal=tuple(kind.value for kind in COMPARED if before[kind] == after[kind]),
    )


def digest(index: Index, kind: Kind) -> tuple[int, str]:
    """How many documents, and a checksum that does not depend on their order, their times or their revisions.

    Records of what was merged into another do not count: they tell which way the outcome was reached.
    """
    index.refresh(kind)
    total, count = 0, 0
    for row in index.scan(kind):
        if field_of(row, "merged_into") is not None:
            continue
        lasting = {name: item for name, item in row.body.items() if name not in VOLATILE}
        line = orjson.dumps([row.id, lasting], option=orjson.OPT_SORT_KEYS)
        total = (total + int.from_bytes(hashlib.sha256(line).digest())) % 2**256
        count += 1
    return count, f"sha256:{total:064x}"


def _rebuild(
    ports: Ports,
    live: Generations,
    sources: Sequence[Source],
    segments: Sequence[Segment],
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


def _ready(index: Index, segments: Sequence[Segment]) -> list[Segment]:
    """The segments that `process` is done with; the others will be worked on after the swap."""
    names = processed(index, [segment.name for segment in segments])
    return [segment for segment in segments if segment.name in names]


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
