"""Documents → articles and versions under external versions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Body, Kind, Stored, Write
from copydesk.index.article import JudgementRecord, articles_of
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.index.state import CaptureRecord
from copydesk.model import Document
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.segments import record
from copydesk.storing.refused import resend
from copydesk.storing.retention import retain, too_old
from copydesk.storing.settling import settle
from copydesk.storing.versions import plan
from copydesk.storing.writing import store
from made.world import START

FIRST = Document(
    id="a",
    url="https://one.example/a",
    sources=("one",),
    outlet="one",
    publisher="one",
    title="T",
    text="x",
    language="en",
    checksum="sha256:1",
    capture_id="c1",
    fetched_at=START,
    first_seen_at=START,
)
SECOND = replace(FIRST, text="y", checksum="sha256:2", capture_id="c2", fetched_at=START + timedelta(hours=1))
THIRD = replace(FIRST, text="z", checksum="sha256:3", capture_id="c3", fetched_at=START + timedelta(hours=2))


def judged(index: MemoryIndex, revision: int = 0, **changes: str) -> None:
    judgement = Judgement(family="a", story="s", revision=revision)
    record = JudgementRecord(judgement=replace(judgement, **changes), checksum="")  # type: ignore[arg-type]
    index.write([Write(kind=Kind.JUDGEMENTS, id="a", body=to_record(record))])


def article(index: MemoryIndex) -> Document:
    return articles_of(index, ["a"])["a"].document


def versions(index: MemoryIndex) -> set[str]:
    index.refresh(Kind.VERSIONS)
    return {str(row.body["capture_id"]) for row in index.scan(Kind.VERSIONS)}


@pytest.mark.parametrize("order", list(permutations([FIRST, SECOND, THIRD])))
@pytest.mark.parametrize("together", [True, False])
def test_captures_in_any_order_end_in_the_same_state(order: tuple[Document, ...], together: bool) -> None:  # noqa: FBT001
    """Law 3: the latest capture is the article, the others its versions, whatever came first."""
    index = MemoryIndex()
    judged(index)
    for batch in [order] if together else [[document] for document in order]:
        store(index, plan(index, batch), START)
    assert article(index) == THIRD
    assert versions(index) == {"c1", "c2"}


AGAIN = replace(FIRST, capture_id="c0", fetched_at=START - timedelta(minutes=3))


@pytest.mark.parametrize("order", list(permutations([AGAIN, FIRST, SECOND])))
@pytest.mark.parametrize("together", [True, False])
def test_a_state_captured_twice_is_one_version_in_any_order(
    order: tuple[Document, ...],
    together: bool,  # noqa: FBT001
) -> None:
    """As after a lost server, when segments are taken up in another order than they were written in."""
    index = MemoryIndex()
    judged(index)
    for documents in [order] if together else [[document] for document in order] * 2:
        store(index, plan(index, documents), START)
    assert article(index).checksum == SECOND.checksum
    assert len(versions(index)) == 1


def test_the_same_text_again_is_unchanged() -> None:
    """An equal checksum keeps the article as it is, its first capture included."""
    index = MemoryIndex()
    judged(index)
    store(index, plan(index, [FIRST]), START)
    before = index.get(Kind.ARTICLES, ["a"])
    again = replace(FIRST, capture_id="c9", fetched_at=START + timedelta(days=1))
    (made,) = plan(index, [again])
    store(index, [made], START)
    assert made.outcome is CaptureOutcome.UNCHANGED
    assert index.get(Kind.ARTICLES, ["a"]) == before


def test_a_further_source_is_added_to_an_unchanged_article() -> None:
    """Two sources that announce one page are both named by its article."""
    index = MemoryIndex()
    judged(index)
    store(index, plan(index, [FIRST]), START)
    other = replace(FIRST, capture_id="c9", sources=("two",), fetched_at=START + timedelta(days=1))
    store(index, plan(index, [other]), START)
    assert article(index).sources == ("one", "two")
    assert index.get(Kind.ARTICLES, ["a"])["a"].body["revision"] == 1


def test_storing_twice_changes_nothing() -> None:
    """Law 3: a batch that is worked on again leaves the very same documents."""
    index = MemoryIndex()
    judged(index)
    for _ in range(2):
        store(index, plan(index, [FIRST, SECOND]), START)
    before = index.get(Kind.ARTICLES, ["a"])
    store(index, plan(index, [SECOND]), START)
    assert index.get(Kind.ARTICLES, ["a"]) == before
    assert versions(index) == {"c1"}


def test_the_first_seen_time_never_changes() -> None:
    """It decides the month an article is kept in, so a later capture takes it over."""
    index = MemoryIndex()
    judged(index)
    store(index, plan(index, [FIRST]), START)
    store(index, plan(index, [replace(SECOND, first_seen_at=START + timedelta(days=40))]), START)
    assert article(index).first_seen_at == START
    assert article(index).text == "y"


def test_another_worker_may_have_stored_a_later_capture_meanwhile() -> None:
    """Planned on an old view, our document becomes a version instead of overwriting the later one."""
    index = MemoryIndex()
    judged(index)
    planned = plan(index, [FIRST])
    store(index, plan(index, [SECOND]), START)
    store(index, planned, START)
    assert article(index) == SECOND
    assert versions(index) == {"c1"}


@given(st.permutations([0, 1, 2]))
def test_settle_brings_the_article_to_its_newest_judgement(order: list[int]) -> None:
    """Whatever happened before, after settling the article says what its judgement says."""
    index = MemoryIndex()
    for revision in order:
        judged(index, revision, family=f"f{revision}")
    store(index, plan(index, [FIRST]), START)
    judged(index, 5, family="last")
    settle(index, ["a", "unknown"])
    settle(index, ["a"])
    assert index.get(Kind.ARTICLES, ["a"])["a"].body["family"] == "last"


@dataclass
class Refusing(MemoryIndex):
    """An index that refuses some kinds until told otherwise."""

    refused: tuple[Kind, ...] = ()

    def write(self, writes: Sequence[Write]) -> list[Stored]:
        answers = iter(MemoryIndex.write(self, [w for w in writes if w.kind not in self.refused]))
        return [Stored("refused", "too long") if w.kind in self.refused else next(answers) for w in writes]


def test_an_article_that_is_refused_when_settled_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """It stays as it was, and the others are settled."""

    @dataclass(slots=True)
    class Refusing(MemoryIndex):
        def write(self, writes: Sequence[Write]) -> list[Stored]:
            articles = any(write.kind is Kind.ARTICLES for write in writes)
            return (
                [Stored("refused", "too odd")] * len(writes) if articles else MemoryIndex.write(self, writes)
            )

    index = MemoryIndex()
    judged(index)
    store(index, plan(index, [FIRST]), START)
    refusing = Refusing(_rows=index._rows)  # noqa: SLF001 (the same documents)
    judged(index, revision=1, story="other")
    settle(refusing, ["a"])
    assert "article=a is refused: too odd" in caplog.text
    assert index.get(Kind.ARTICLES, ["a"])["a"].body["story"] == "s"


@pytest.mark.parametrize(
    ("kind", "document", "outcome"),
    [(Kind.ARTICLES, SECOND, CaptureOutcome.INDEXED), (Kind.VERSIONS, FIRST, CaptureOutcome.VERSION)],
)
def test_what_is_refused_is_kept_with_its_reason_and_sent_again(
    kind: Kind,
    document: Document,
    outcome: CaptureOutcome,
) -> None:
    """Nothing is lost: after mending, the refused document is there and its capture rejected no longer."""
    index = Refusing(refused=(kind,))
    judged(index)
    pending = {
        c: CaptureRecord(id=c, segment="s", source="one", outlet="one", url="u", first_seen_at=START)
        for c in ("c1", "c2")
    }
    rejections = store(index, plan(index, [FIRST, SECOND]), START)
    record(index, pending, rejections)
    rejection = rejections[document.capture_id]
    assert (rejection.reason, rejection.detail) == (Reason.INDEX_REFUSED, "too long")
    assert resend(index) == (0, 1)
    index.refused = ()
    assert resend(index) == (1, 0)
    assert resend(index) == (0, 0)
    assert article(index) == SECOND
    assert versions(index) == {"c1"}
    ended = index.get(Kind.CAPTURES, [document.capture_id])[document.capture_id]
    assert ended.body["outcome"] == outcome


def test_only_whole_months_before_the_limit_are_dropped() -> None:
    """Retention names the month that must stay."""
    dropped: list[tuple[Kind, str]] = []

    class Months(MemoryIndex):
        def drop_older_than(self, kind: Kind, month: str) -> list[str]:
            dropped.append((kind, month))
            return [f"{kind}-old"]

    assert retain(Months(), START) == ["articles-old", "versions-old", "fingerprints-old"]
    assert {month for _, month in dropped} == {f"{START:%Y.%m}"}


def test_what_is_too_old_is_told_and_stays() -> None:
    """Asking what retention would drop drops nothing; what it says goes is what goes."""
    index = MemoryIndex()
    for kind in (Kind.ARTICLES, Kind.FINGERPRINTS, Kind.LEDGER):
        bodies: list[Body] = [
            {"first_seen_at": f"2025-{month}T08:00:00Z"} for month in ("10-02", "10-02", "11-09")
        ]
        index.write([Write(kind=kind, id=str(number), body=body) for number, body in enumerate(bodies)])
    limit = datetime(2025, 11, 30, tzinfo=UTC)
    days = {"2025-10-02": 2}
    assert too_old(index, limit) == {Kind.ARTICLES: days, Kind.VERSIONS: {}, Kind.FINGERPRINTS: days}
    assert len(index.get(Kind.ARTICLES, ["0", "1", "2"])) == 3
    retain(index, limit)
    assert set(index.get(Kind.ARTICLES, ["0", "1", "2"])) == {"2"}
    assert set(index.get(Kind.LEDGER, ["0", "1", "2"])) == {"0", "1", "2"}
