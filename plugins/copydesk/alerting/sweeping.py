"""Sweep: what was worked on since the last sweep is held against the topics once more; what had not rung rings now.

Nothing should: a segment is done when what it brought was matched. What a sweep finds is a fault of ours that nobody
was told of, and is counted. Alerts are made of topic and story: sweeping again, or twice at once, changes nothing.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from pydantic import BaseModel, ConfigDict, ValidationError

from copydesk.alerting.history import quietly
from copydesk.alerting.matching import match
from copydesk.index import FIND_MOST, Index, Kind, Range
from copydesk.index.article import articles_of
from copydesk.index.records import from_record
from copydesk.index.state import CaptureRecord, SegmentRecord
from copydesk.outcomes import CaptureOutcome
from copydesk.ports import Archive
from copydesk.topic import Topic

__all__ = ["EVERY", "Swept", "sweep", "swept"]

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=15)
FILE = "sweeps/last.json"
OVERLAP = timedelta(minutes=1)
"""By how much clocks of workers may differ."""
SEGMENTS = 100
"""Segments held against the topics together."""
KEPT = {str(CaptureOutcome.INDEXED), str(CaptureOutcome.VERSION)}
"""How captures end of which there is an article that may ring."""


class Swept(BaseModel):
    """What is remembered between two sweeps, beside the archive.

    Attributes:
        at: When the last one was; `until` the time by which segments were done that it has looked at.
        missed: How many alerts all of them found; `missed_at` when one did last.
        topics: When each topic was first seen as it is, by a checksum: it is not held against what was done before.
    """

    model_config = ConfigDict(frozen=True)

    at: datetime
    until: datetime
    missed: int = 0
    missed_at: datetime | None = None
    topics: Mapping[str, datetime] = {}


def swept(archive: Archive) -> Swept | None:
    """What the last sweep left; None before the first one, and where its file is damaged."""
    try:
        return Swept.model_validate_json(archive.load(FILE) or b"")
    except ValidationError:
        return None


def sweep(
    index: Index, topics: Sequence[Topic], now: datetime, archive: Archive, *, every: timedelta = EVERY
) -> int:
    """Hold what was done since the last sweep against the topics, unless that was lately; how many alerts were missing.

    The first sweep only remembers from when on there is something to be looked at.
    """
    last = swept(archive)
    if last is not None and now - last.at < every:
        return 0
    before = last or Swept(at=now, until=now)
    known = {checksum: before.topics.get(checksum, now) for checksum in map(_checksum, topics)}
    missed, until = 0, now
    if before.topics:
        match(index, topics, [], now, archive)  # what is due again is no miss
        done = _done(index, before.until - OVERLAP, now)
        until = done[-1].processed_at or now if len(done) == FIND_MOST else now
        for since in sorted(set(known.values())):
            asked = [topic for topic in topics if known[_checksum(topic)] == since]
            # what was done before a topic was as it is may have met another one
            later = [segment for segment in done if (segment.processed_at or now) >= since]
            for some in _groups(later):
                ids = _brought(index, [segment.name for segment in some])
                missed += len(match(index, asked, ids, now, archive)) if ids else 0
    if missed:
        log.error("sweep rung=%d: alerts that had not rung when their articles came", missed)
    archive.save(
        FILE,
        Swept(
            at=now,
            until=until,
            missed=before.missed + missed,
            missed_at=now if missed else before.missed_at,
            topics=known,
        )
        .model_dump_json()
        .encode(),
    )
    return missed


def _checksum(topic: Topic) -> str:
    return hashlib.sha256(topic.model_dump_json().encode()).hexdigest()[:32]


def _done(index: Index, since: datetime, until: datetime) -> list[SegmentRecord]:
    """The segments that were done within a time, in order."""
    index.refresh(Kind.SEGMENTS, Kind.CAPTURES, Kind.ARTICLES)
    within = Range(gte=since.isoformat(), lt=until.isoformat())
    rows = index.find(Kind.SEGMENTS, {"processed_at": within}, sort="processed_at", limit=FIND_MOST)
    return [from_record(SegmentRecord, row.body) for row in rows]


def _groups(done: Sequence[SegmentRecord]) -> Iterator[list[SegmentRecord]]:
    for _, some in groupby(enumerate(done), key=lambda pair: pair[0] // SEGMENTS):
        yield [segment for _, segment in some]


def _brought(index: Index, segments: Sequence[str]) -> list[str]:
    """The articles whose state of now came in these segments, but for those that ring nothing."""
    captures: dict[str, CaptureRecord] = {}
    for name in segments:
        rows = index.find(Kind.CAPTURES, {"segment": name, "outcome": sorted(KEPT)}, limit=FIND_MOST)
        captures |= {row.id: from_record(CaptureRecord, row.body) for row in rows}
    articles = articles_of(index, sorted({one.article for one in captures.values() if one.article}))
    quiet = quietly(index, captures)
    # an address the ledger knows under another name is taken for quiet: better not told than told by mistake
    return [
        id_
        for id_, one in articles.items()
        if one.document.capture_id in captures and not quiet.get(one.document.capture_id, True)
    ]
