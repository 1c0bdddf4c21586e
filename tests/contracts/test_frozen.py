"""A frozen index stays as it was, whatever is written meanwhile: what an export is read from."""

import pytest

from copydesk.index import Generations, Kind, Order, Write
from copydesk.query.parser import parse
from made.documents import article_record, put, story_record

SEVERAL = {f"a{number}": article_record(f"a{number}", story=f"s{number // 2}") for number in range(6)}


def test_what_is_frozen_stays(index: Generations) -> None:
    """Documents that come, change or go are seen by the index, by no way of reading through the frozen one."""
    put(index, Kind.ARTICLES, SEVERAL)
    put(index, Kind.STORIES, {"s0": story_record("s0")})
    with index.frozen(Kind.ARTICLES, Kind.STORIES) as still:
        before = still.get(Kind.ARTICLES, [*SEVERAL, "a9"])
        put(
            index,
            Kind.ARTICLES,
            {"a9": article_record("a9"), "a1": article_record("a1", title="Mended", story="s1")},
        )
        index.write(
            [Write(kind=Kind.ARTICLES, id="a0", body=None), Write(kind=Kind.STORIES, id="s0", body=None)]
        )
        put(index, Kind.POLLS, {"new": {"source": "new", "next_poll_at": "2026-11-20T08:00:00Z"}})
        index.refresh()
        assert set(index.get(Kind.ARTICLES, [*SEVERAL, "a9"])) == {"a1", "a2", "a3", "a4", "a5", "a9"}
        assert set(before) == set(SEVERAL)
        assert still.get(Kind.ARTICLES, [*SEVERAL, "a9"]) == before
        assert {row.id for row in still.find(Kind.ARTICLES, {})} == set(SEVERAL)
        assert still.find(Kind.ARTICLES, {"title": "Mended"}) == []
        assert set(still.get(Kind.STORIES, ["s0"])) == {"s0"}
        assert still.count(Kind.ARTICLES, "story") == {("s0",): 2, ("s1",): 2, ("s2",): 2}
        for order in Order:
            found = still.search(parse("ferry"), order=order, limit=2)
            assert (len(found.hits), found.stories, found.articles) == (2, 3, 6)
            assert {hit.copies for hit in found.hits} == {2}
        assert set(still.get(Kind.POLLS, ["new"])) == {"new"}
    assert index.search(parse("ferry")).articles == 6


def test_a_frozen_index_is_only_read(index: Generations) -> None:
    """To write to the past is a mistake; a kind without a document is frozen like another."""
    with index.frozen(Kind.ARTICLES) as still:
        assert still.get(Kind.ARTICLES, ["a0", "", "x" * 600]) == {}
        assert still.search(parse("ferry")).articles == 0
        with pytest.raises(TypeError, match="only read"):
            still.write([Write(kind=Kind.ARTICLES, id="a0", body=SEVERAL["a0"])])
