"""Whatever comes from outside, no record of ours is an outage: it is taken, or ends by itself with a reason."""

from collections import Counter
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexRefused
from copydesk.fetching.entering import enter
from copydesk.index import Body, Kind, Write
from copydesk.index.accepted import encoded, refusal
from copydesk.index.bounds import bounded, end_of
from copydesk.index.guarded import change, write
from copydesk.index.records import from_record, to_record
from copydesk.index.state import (
    CaptureRecord,
    Delivery,
    DeliveryState,
    LedgerRecord,
    PollRecord,
    SegmentRecord,
)
from copydesk.judging.applying import judge
from copydesk.model import Alert, Capture, Document, Entry, Image, Removed, Segment, Source
from copydesk.outcomes import CaptureOutcome, EntryOutcome, Reason
from copydesk.segments import register
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from made.world import START

SOURCE = Source(name="s", kind="rss", url="https://news.example/feed", outlet="News")
TEXT = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=20),
    st.sampled_from(["", "\x00", "\ud800", "x" * 40_000, "ü" * 20_000, "𝄞" * 10_000, "Hall " * 8_000]),
)
TIMES = st.datetimes(timezones=st.just(UTC)) | st.sampled_from(
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
NUMBERS = st.integers(-(2**70), 2**70)
LAWS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

RECORDS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.LEDGER: st.builds(
        LedgerRecord,
        url=TEXT, host=TEXT, shard=NUMBERS, source=TEXT, sources=st.lists(TEXT, min_size=1, max_size=3).map(tuple),
        outlet=TEXT, publisher=TEXT, first_seen_at=TIMES, language=st.none() | TEXT, detail=TEXT,
        attempts=NUMBERS, retry_at=st.none() | TIMES, entry_title=st.none() | TEXT, etag=st.none() | TEXT,
        entry_published_at=st.none() | TIMES, last_modified=st.none() | TEXT, capture_id=st.none() | TEXT,
    ),
    Kind.CAPTURES: st.builds(
        CaptureRecord,
        id=TEXT, segment=TEXT, source=TEXT, outlet=TEXT, url=TEXT, first_seen_at=st.just(START),
        step=st.none() | TEXT, reason=st.none() | TEXT, detail=TEXT,
    ),
    Kind.POLLS: st.builds(
        PollRecord,
        source=TEXT, next_poll_at=TIMES, etag=st.none() | TEXT, failures=NUMBERS, reason=st.none() | TEXT,
        detail=TEXT, entries=NUMBERS, rhythm=st.lists(NUMBERS, max_size=3).map(tuple),
    ),
    Kind.SEGMENTS: st.builds(SegmentRecord, name=TEXT, captures=NUMBERS, registered_at=TIMES),
    Kind.ALERTS: st.builds(
        Alert,
        id=TEXT, topic=TEXT, topic_title=TEXT, story=TEXT, article=TEXT, title=TEXT, url=TEXT, language=TEXT,
        first_outlet=TEXT, agency=st.none() | TEXT, outlets=NUMBERS, publishers=NUMBERS,
        matched=st.lists(TEXT, min_size=1, max_size=2).map(tuple), snippet=TEXT, published_at=st.none() | TIMES,
        created_at=TIMES, links=st.lists(TEXT, max_size=2).map(tuple), channels=st.lists(TEXT, max_size=2).map(tuple),
    ),
    Kind.DELIVERIES: st.builds(
        Delivery, id=TEXT, alert=TEXT, channel=TEXT, created_at=TIMES, attempts=NUMBERS, detail=TEXT
    ),
}  # fmt: skip
ENDED = {
    Kind.LEDGER: ("outcome", EntryOutcome.REFUSED),
    Kind.CAPTURES: ("outcome", CaptureOutcome.REJECTED),
    Kind.POLLS: ("outcome", EntryOutcome.FAILED),
    Kind.DELIVERIES: ("state", DeliveryState.DEAD),
}


@pytest.mark.parametrize("kind", list(RECORDS))
@LAWS
@given(data=st.data())
def test_every_record_is_written_or_ends_by_itself(kind: Kind, data: st.DataObject) -> None:
    """Nothing is raised; each of several is kept as it is, or as its end with the server's reason."""
    index, records = MemoryIndex(), {id_: data.draw(RECORDS[kind]) for id_ in "abc"}
    cls = type(records["a"])
    written = change(index, kind, cls, {id_: partial(decided, record) for id_, record in records.items()})
    kept = {row.id: from_record(cls, row.body) for row in index.scan(kind)}
    assert set(written) == set(kept) == set("abc")
    for id_, record in records.items():
        if not refused(kind, record):
            assert written[id_] is record
        elif kind in ENDED:
            name, end = ENDED[kind]
            assert (getattr(kept[id_], name), getattr(written[id_], name)) == (end, end)
            assert kept[id_].detail


def decided(record: object, _old: object) -> Any:
    return record


def refused(kind: Kind, record: object) -> bool:
    """Whether a record cannot be kept even when it is bounded."""
    body = bounded(kind, to_record(record))
    return isinstance(encoded(body), str) or bool(refusal(kind, body))


KEYS = st.text(max_size=300) | st.just("\x00") | st.text(max_size=60).map(lambda text: text * 5)
"""Texts as the border lets them through as keys: whole, and no longer than an address may be."""


@LAWS
@given(
    st.builds(
        Entry, url=KEYS, source=st.just("s"), title=st.none() | TEXT, published_at=st.none() | TIMES,
        updated_at=st.none() | TIMES, outlet=KEYS,
    )
)  # fmt: skip
def test_no_entry_that_the_border_lets_through_is_refused(entry: Entry) -> None:
    """With an address, outlet and time within bounds, and any title, the ledger's record is taken as it is."""
    index = MemoryIndex()
    enter(index, SOURCE, [entry], START)
    assert [row.body.get("reason") == Reason.INDEX_REFUSED for row in index.scan(Kind.LEDGER)] in (
        [False],
        [],
    )


@LAWS
@given(
    st.lists(
        st.builds(
            Entry, url=TEXT, source=st.just("s"), title=st.none() | TEXT, published_at=st.none() | TIMES,
            updated_at=st.none() | TIMES, outlet=TEXT,
        ), max_size=4,
    )
)  # fmt: skip
def test_every_entry_has_one_outcome(entries: list[Entry]) -> None:
    """Entries of any text end in the ledger, once each, whether they fit it or not, and stay so when told again."""
    index = MemoryIndex()
    first = enter(index, SOURCE, entries, START)
    known = {row.id: row.body for row in index.scan(Kind.LEDGER)}
    assert set(first.entries) == set(known)
    enter(index, SOURCE, entries, START)
    assert {row.id: row.body for row in index.scan(Kind.LEDGER)} == known


@LAWS
@given(
    st.lists(
        st.builds(
            Capture, id=st.uuids().map(str), url=TEXT, final_url=TEXT, source=TEXT, outlet=TEXT, publisher=TEXT,
            fetched_at=TIMES, first_seen_at=st.just(START), body=st.just(b""),
        ), max_size=4,
    )
)  # fmt: skip
def test_every_capture_of_a_segment_has_one_record(pages: list[Capture]) -> None:
    """A segment with any captures balances: as many records as it counts, those that were refused with their reason."""
    index = MemoryIndex()
    register(index, Segment(name="20260302T100000-a", captures=len(pages)), pages, START)
    assert len(list(index.scan(Kind.CAPTURES))) == len({page.id for page in pages})
    assert {row.body["captures"] for row in index.scan(Kind.SEGMENTS)} == {len({page.id for page in pages})}


DOCUMENTS = st.builds(
    Document,
    id=st.uuids().map(lambda id_: id_.hex), url=TEXT, sources=st.lists(TEXT, max_size=2).map(tuple), outlet=TEXT,
    publisher=TEXT, title=TEXT, text=TEXT.filter(bool), language=st.sampled_from(["en", "und"]),
    checksum=st.uuids().map(str),
    capture_id=st.uuids().map(str),
    fetched_at=st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    first_seen_at=st.just(START), published_at=st.none() | TIMES, modified_at=st.none() | TIMES,
    authors=st.lists(TEXT, max_size=2).map(tuple), agency=st.none() | TEXT, dateline=st.none() | TEXT,
    standfirst=st.none() | TEXT, image=st.none() | TEXT, tags=st.lists(TEXT, max_size=2).map(tuple),
    images=st.lists(st.builds(Image, url=TEXT, caption=TEXT), max_size=1).map(tuple),
    removed=st.lists(st.builds(Removed, text=TEXT, reason=TEXT, place=NUMBERS), max_size=1).map(tuple),
)  # fmt: skip


@LAWS
@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_every_document_is_stored_or_rejected(documents: list[Document]) -> None:
    """Judging and storing never fail on a document: it becomes an article, or its capture is rejected with a reason."""
    index = MemoryIndex()
    plans = plan(index, documents)
    judge(index, [made.document for made in plans])
    rejected = store(index, plans, START)
    articles = {row.body["capture_id"] for row in index.scan(Kind.ARTICLES)}
    ends = Counter([*articles, *rejected])
    assert ends == Counter(document.capture_id for document in documents)
    assert {rejection.reason for rejection in rejected.values()} <= {Reason.INDEX_REFUSED}


def test_one_refused_record_of_many_ends_alone() -> None:
    """Of 500 records in one bulk the one that is refused ends by itself, and 499 are as they were."""
    index = MemoryIndex()
    plain = LedgerRecord(
        url="u", host="h", shard=1, source="s", sources=("s",), outlet="o", publisher="p", first_seen_at=START
    )
    long = LedgerRecord(
        url="https://news.example/" + "x" * 40_000, host="h", shard=1, source="s", sources=("s",), outlet="o",
        publisher="p", first_seen_at=START, retry_at=START,
    )  # fmt: skip
    made = {str(number): long if number == 250 else plain for number in range(500)}
    decide = {id_: partial(decided, record) for id_, record in made.items()}
    written = change(index, Kind.LEDGER, LedgerRecord, decide)
    assert Counter(record.outcome for record in written.values()) == {"pending": 499, "refused": 1}
    end = written["250"]
    assert (end.reason, end.retry_at, end.url) == (Reason.INDEX_REFUSED, None, long.url[:2000])
    assert "32766" in end.detail


def test_what_cannot_even_end_is_told_after_the_others_were_written() -> None:
    """When the server takes no record of a kind at all, that is no matter of one item; what it takes is kept."""
    index = MemoryIndex()
    writes = [
        Write(kind=Kind.CAPTURES, id=id_, body=body) for id_, body in {"a": {"url": "u"}, "b": SEEN}.items()
    ]
    with pytest.raises(IndexRefused, match="captures record a was refused: first_seen_at"):
        write(index, writes)
    assert set(index.get(Kind.CAPTURES, ["a", "b"])) == {"b"}


SEEN: Body = {"first_seen_at": START.isoformat()}


@LAWS
@given(
    st.dictionaries(
        st.text(max_size=5) | st.sampled_from(["url", "detail", "attempts", "retry_at"]), TEXT | NUMBERS
    )
)
def test_an_end_is_always_taken(body: dict[str, Any]) -> None:
    """Whatever a record holds, wrong types and unknown fields too, its end fits the mapping."""
    end = end_of(Kind.LEDGER, body, "x" * 10_000 + "\ud800")
    assert isinstance(encoded(end), bytes)
    assert refusal(Kind.LEDGER, end) == ""
