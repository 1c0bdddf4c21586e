"""What the bench of the pages asks about: made articles that hang together as judged ones do."""

import pytest

from benches.answering import made, percentile
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Kind
from copydesk.index.article import articles_of
from copydesk.views.search import search
from copydesk.views.stories import coverage_of


def test_made_articles_are_taken_and_hang_together() -> None:
    """Every write is stored; each story's families hold articles that name it; the same ones each time."""
    writes = [*made(60)]
    assert writes == [*made(60)]
    index = MemoryIndex()
    assert {answer.status for answer in index.write(writes)} == {"stored"}
    stories = [one.id for one in writes if one.kind == Kind.STORIES]
    told = coverage_of(index, stories)
    ids = [carrier.article for story in stories for carrier in told[story].carriers]
    articles = articles_of(index, ids)
    assert len(ids) == len(articles) == search(index, limit=1).articles >= 60
    assert {articles[carrier.article].judgement.story for carrier in told[stories[0]].carriers} == {
        stories[0]
    }


@pytest.mark.parametrize(("share", "value"), [(0.95, 19.0), (0.5, 10.0), (1.0, 20.0), (0.0, 1.0)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([float(number) for number in range(20, 0, -1)], share) == value
