"""Values of ours and their JSON documents: one way there, one way back."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.index.article import Article, JudgementRecord, Version, articles_of, judgements_of, to_body
from copydesk.index.judgement import Evidence, Judgement
from copydesk.index.mapping import FOLLOWING
from copydesk.index.records import from_record, to_record
from copydesk.model import Document, Image, Removed
from made.documents import put

T = TypeVar("T")

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SHARES = st.floats(0, 1)


def some(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


DOCUMENTS = st.builds(
    Document,
    **dict.fromkeys(("id", "url", "outlet", "publisher", "title", "text", "checksum", "capture_id"), TEXTS),
    **dict.fromkeys(("authors", "tags", "doubts"), some(TEXTS)),
    sources=st.tuples(TEXTS),
    **dict.fromkeys(("agency", "dateline", "standfirst", "section", "site_name", "image"), st.none() | TEXTS),
    **dict.fromkeys(("fetched_at", "first_seen_at"), MOMENTS),
    **dict.fromkeys(("published_at", "modified_at"), st.none() | MOMENTS),
    language=st.sampled_from(["en", "de", "und"]),
    images=some(st.builds(Image, TEXTS, TEXTS)),
    removed=some(st.builds(Removed, TEXTS, TEXTS, st.integers(0, 9))),
)
EVIDENCE = st.builds(
    Evidence,
    other=TEXTS,
    **dict.fromkeys(("containment", "facts", "title", "kept", "added"), SHARES),
    quotes=st.integers(0, 9),
    by_hand=st.booleans(),
)
JUDGEMENTS = st.builds(
    Judgement,
    family=TEXTS,
    story=TEXTS,
    duplicate_of=st.none() | TEXTS,
    contains=some(TEXTS),
    evidence=st.none() | EVIDENCE,
    revision=st.integers(0, 999),
)


@given(
    st.one_of(
        st.builds(Article, document=DOCUMENTS, judgement=JUDGEMENTS),
        st.builds(Version, document=DOCUMENTS, article=TEXTS),
        st.builds(JudgementRecord, judgement=JUDGEMENTS, checksum=TEXTS),
    )
)
def test_a_record_of_several_values_comes_back_as_it_went(value: Article | Version | JudgementRecord) -> None:
    """What stands beside one another in one document is told apart again."""
    assert from_record(type(value), to_record(value)) == value


@given(DOCUMENTS, JUDGEMENTS)
def test_an_article_is_kept_flat(document: Document, judgement: Judgement) -> None:
    """Document and judgement share no field, and the record holds those of both side by side."""
    names = [{field.name for field in fields(cls)} for cls in (Document, Judgement)]
    assert names[0].isdisjoint(names[1])
    body = to_record(Article(document=document, judgement=judgement))
    assert body == {**to_record(document), **to_record(judgement)}


@given(DOCUMENTS, JUDGEMENTS)
def test_what_follows_from_an_article_stands_beside_it(document: Document, judgement: Judgement) -> None:
    """Words, whether it is a copy, how late it was found, a first sentence for a title; it comes back as it went."""
    article = Article(document=document, judgement=judgement)
    body = to_body(article)
    assert {name: body[name] for name in to_record(article)} == to_record(article)
    told, found = document.published_at, document.first_seen_at
    delay = None if told is None or told > found else (found - told) // timedelta(seconds=1)
    absent = ({"first_sentence"} if document.title else set()) | ({"found_after"} if delay is None else set())
    assert body.keys() - to_record(article).keys() == FOLLOWING.keys() - absent
    assert body.get("found_after") == delay
    assert body["is_original"] is (judgement.duplicate_of is None)
    assert from_record(Article, body) == article


@given(DOCUMENTS, JUDGEMENTS)
def test_what_is_stored_is_looked_up_by_id(document: Document, judgement: Judgement) -> None:
    """Articles and judgements come out of an index as values; unknown ids are absent."""
    index = MemoryIndex()
    article = Article(document=document, judgement=judgement)
    put(index, Kind.ARTICLES, {"a": to_record(article)})
    put(index, Kind.JUDGEMENTS, {"a": to_record(JudgementRecord(judgement=judgement, checksum="c"))})
    assert articles_of(index, ["a", "b"]) == {"a": article}
    assert judgements_of(index, ["a", "b"]) == {"a": judgement}
