"""Each way in which Elasticsearch is of no use has its own name: unreachable, contended, refused, not set up."""

import pickle
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.alerting.matching import match
from copydesk.errors import (
    IndexContended,
    IndexNotSetUp,
    IndexRefused,
    IndexUnavailable,
    IndexUnreachable,
)
from copydesk.index import Kind, Probe, Stored, Write
from copydesk.index.guarded import change
from copydesk.index.state import SegmentRecord
from copydesk.judging.applying import judge
from copydesk.topic import Topic
from made.documents import article_record, story_record
from made.elastic import Fault, Time, opened, running
from made.texts import document
from made.world import START

LAYOUT: tuple[int, Any] = (200, {"t-stories-g1": {"aliases": {"t-stories": {}}}})
NOTHING: tuple[int, Any] = (200, {})
PROBE = Probe(groups={"terms": (["a"], 1)}, since="2026-03-01T00:00:00Z", until="2026-03-09T00:00:00Z")
WEEK: tuple[int, Any] = (
    200,
    {**LAYOUT[1], "t-fingerprints-g1-2026-w10": {"aliases": {"t-fingerprints": {}}}},
)


def said(status: int, kind: str) -> tuple[int, Any]:
    return status, {"error": {"type": kind, "reason": "as told"}, "status": status}


def read(index: ElasticIndex) -> None:
    index.get(Kind.LEDGER, ["a"])


def find(index: ElasticIndex) -> None:
    index.find(Kind.LEDGER, {})


def write(index: ElasticIndex) -> None:
    index.write([Write(kind=Kind.LEDGER, id="a", body={"url": "u"})])


def look_up(index: ElasticIndex) -> None:
    index.candidates([PROBE])


def one_of_many(status: int, kind: str) -> tuple[int, Any]:
    return 200, {"responses": [{"error": {"type": kind, "reason": "as told"}, "status": status}]}


SITES: list[tuple[type[IndexUnavailable], Callable[[ElasticIndex], None], dict[str, Any]]] = [
    (IndexUnreachable, find, {"/t-ledger": said(503, "unavailable")}),
    (IndexUnreachable, find, {"/t-ledger": said(429, "es_rejected_execution_exception")}),
    (IndexUnreachable, find, {"/t-ledger": (0, None)}),
    (IndexUnreachable, find, {"/t-ledger": said(403, "cluster_block_exception")}),
    (IndexUnreachable, find, {"/t-ledger": said(404, "search_context_missing_exception")}),
    (IndexUnreachable, look_up, {"/_msearch": one_of_many(503, "no_shard_available_action_exception")}),
    (IndexUnreachable, write, {"bulk": Fault(status=503)}),
    (IndexUnreachable, write, {"bulk": Fault(status=0)}),
    (IndexUnreachable, write, {"bulk": Fault(items={0: (429, "es_rejected_execution_exception")})}),
    (IndexRefused, find, {"/t-ledger": said(401, "security_exception")}),
    (IndexRefused, find, {"/t-ledger": said(403, "security_exception")}),
    (IndexRefused, find, {"/t-ledger": said(400, "parsing_exception")}),
    (IndexRefused, look_up, {"/_msearch": one_of_many(400, "search_phase_execution_exception")}),
    (IndexRefused, write, {"bulk": Fault(status=401)}),
    (IndexNotSetUp, find, {"/t-ledger": said(404, "index_not_found_exception")}),
    (IndexNotSetUp, look_up, {"/t-": NOTHING}),
    (IndexNotSetUp, write, {"bulk": Fault(items={0: (404, "index_not_found_exception")})}),
]


@pytest.mark.parametrize(("error", "call", "told"), SITES)
def test_what_the_server_says_decides_the_name(
    error: type[IndexUnavailable], call: Callable[[ElasticIndex], None], told: dict[str, Any]
) -> None:
    """What passes is unreachable, also when patience ends; a no is a refusal; a missing index is one not set up."""
    with running() as stand_in:
        index = opened(stand_in, Time(), WEEK)
        stand_in.faults = [told["bulk"]] * 100 if "bulk" in told else []
        stand_in.answers = {
            **{path: [answer] for path, answer in told.items() if path != "bulk"},
            **{path: answer for path, answer in stand_in.answers.items() if path not in told},
        }
        with pytest.raises(IndexUnavailable) as caught:
            call(index)
        assert (type(caught.value), "\n" in str(caught.value)) == (error, False)
        index.close()


def test_nobody_listens() -> None:
    """A refused connection is no refusal by the server."""
    index = open_index("http://127.0.0.1:9", patience=timedelta(0))
    for call in (read, find, write):
        with pytest.raises(IndexUnreachable):
            call(index)


def test_a_server_that_speaks_no_tls_is_a_refusal() -> None:
    """Somebody must mend the address, or name the authority of a certificate: asking again changes nothing."""
    with running() as stand_in:
        index = open_index(stand_in.url.replace("http:", "https:"), patience=timedelta(seconds=20))
        with pytest.raises(IndexRefused, match="TlsError"):
            find(index)
        index.close()


@pytest.mark.elasticsearch
def test_what_was_never_set_up_says_so(elasticsearch_url: str) -> None:
    """Each way to read or write an index that nobody made."""
    index = open_index(elasticsearch_url, prefix=f"t-{secrets.token_hex(4)}-", patience=timedelta(0))
    for call in (read, find, write, look_up, lambda index: list(index.scan(Kind.LEDGER))):
        with pytest.raises(IndexNotSetUp, match="set it up first"):
            call(index)
    with pytest.raises(IndexContended, match="does not exist"):
        index.swap(999)
    index.close()


@dataclass(slots=True)
class Rivals(MemoryIndex):
    """An index on which no guard ever holds."""

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        guarded = [write.create or write.seen is not None for write in writes]
        free = iter(
            MemoryIndex.write(
                self, [w for w, is_guarded in zip(writes, guarded, strict=True) if not is_guarded]
            )
        )
        return [Stored("conflict") if is_guarded else next(free) for is_guarded in guarded]


@dataclass(slots=True)
class Merging(MemoryIndex):
    """An index on which a story becomes part of another as soon as somebody notes anything in it."""

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        answers = MemoryIndex.write(self, writes)
        for story in [write.id for write in writes if write.kind is Kind.STORIES]:
            heir = f"{story}+"
            bodies = {story: story_record(story, merged_into=heir), heir: story_record(heir)}
            MemoryIndex.write(
                self, [Write(kind=Kind.STORIES, id=id_, body=body) for id_, body in bodies.items()]
            )
        return answers


def test_records_that_stay_contended() -> None:
    """Whoever loses every race says so by name: changing a record, judging, ringing."""
    merging = Merging()
    article = article_record("a", story="s")
    MemoryIndex.write(merging, [Write(kind=Kind.ARTICLES, id="a", body=article)])
    MemoryIndex.write(merging, [Write(kind=Kind.STORIES, id="s", body=story_record("s"))])
    with pytest.raises(IndexContended, match="contended"):
        match(merging, [Topic(name="t", any=("ferry",))], ["a"], START)
    index = Rivals()
    record = SegmentRecord(name="a", captures=1, registered_at=START)
    with pytest.raises(IndexContended, match="contended"):
        change(index, Kind.SEGMENTS, SegmentRecord, {"a": lambda _old: record})
    with pytest.raises(IndexContended, match="contended"):
        judge(index, [document("a", ["The ferry sank in the storm."])])


@pytest.mark.parametrize("error", [IndexUnreachable, IndexContended, IndexRefused, IndexNotSetUp])
def test_they_survive_pickling(error: type[IndexUnavailable]) -> None:
    """An error may come out of another process."""
    copy = pickle.loads(pickle.dumps(error("a line")))  # noqa: S301 (our own)
    assert (type(copy), str(copy)) == (error, "a line")
