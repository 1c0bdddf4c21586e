"""What a query finds, cut up by value and time, each part with the query that finds it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.index import Kind
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.terms import Clock
from copydesk.query.tree import Label, both
from copydesk.views.facets import MOST_SPANS, bracketed, facets_of, narrowed, spans_of
from made.days import TODAY
from made.documents import article_record, put
from made.world import World

CLOCK = Clock(TODAY)
PARTS = [
    "ferry",
    '"ferry late"',
    "OR",
    "AND",
    "NOT",
    "-snow",
    "(",
    ")",
    "NEAR/5",
    "title:snow",
    "“",
    '"',
    "since:7d",
]
DAYS = st.dictionaries(
    st.dates(date(1970, 1, 1), date(2100, 1, 1)).map(date.isoformat), st.integers(1, 9), max_size=9
)


@given(
    st.lists(st.sampled_from(PARTS), max_size=7).map(" ".join), st.text(max_size=12) | st.just("Marn & Co")
)
def test_a_narrowed_query_asks_for_one_thing_more(query: str, value: str) -> None:
    """Whatever was asked before, in brackets or not, and whatever a newspaper calls itself; else there is no query."""
    try:
        tree = parse(query, CLOCK)
    except QueryError:
        return
    if more := narrowed(bracketed(query), "outlet", value):
        assert parse(more, CLOCK) == both(tree, Label("outlet", value))


@pytest.mark.parametrize("value", ["", '"', 'The "Post"', "***", "Pos*t"])
def test_a_value_that_no_query_can_name_has_none(value: str) -> None:
    assert narrowed("ferry", "outlet", value) == ""


@given(DAYS)
def test_spans_lie_side_by_side(days: dict[str, int]) -> None:
    """As many as fit, of one length; they hold every article, or if all years are too many those of the last."""
    spans = spans_of(days)
    assert len(spans) <= MOST_SPANS + 1
    assert len({len(name) for name in spans}) <= 1
    assert list(spans) == sorted(spans)
    assert sum(spans.values()) == sum(number for day, number in days.items() if day >= min(spans))
    assert not days or (spans[min(spans)] or len(spans) == MOST_SPANS)


@pytest.mark.parametrize(
    ("days", "length", "number"), [(1, 10, 2), (59, 10, 60), (60, 7, 3), (1800, 7, 60), (1900, 4, 6)]
)
def test_spans_are_as_short_as_fit(days: int, length: int, number: int) -> None:
    """Days for two months, months for five years, else years."""
    first = date(2026, 1, 1)
    spans = spans_of({first.isoformat(): 1, f"{first + timedelta(days=days)}": 1})
    assert (len(next(iter(spans))), len(spans)) == (length, number)


def test_each_part_is_found_by_its_query() -> None:
    """As many articles as the part says; a field in which all are alike is none to choose by."""
    world = World()
    for at, outlet in enumerate(["post", "post", "The Echo"]):
        time = (TODAY + timedelta(days=at)).isoformat()
        put(
            world.index, Kind.ARTICLES, {f"a{at}": article_record(f"a{at}", outlet=outlet, published_at=time)}
        )
    tree = parse("ferry OR nothing")
    facets = facets_of(world.index, tree, "ferry OR nothing")
    assert [one.value for one in facets.values["outlet"]] == ["post", "The Echo"]
    assert "language" not in facets.values
    assert len(facets.spans) == 3
    parts = [(one.query, one.articles) for one in facets.values["outlet"]]
    for query, articles in [*parts, *((one.query, one.articles) for one in facets.spans)]:
        assert world.index.search(parse(query, CLOCK)).articles == articles
