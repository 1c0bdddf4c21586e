"""The queries of reporters: what each finds, and what is said of those that have no meaning."""

import pickle
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.query.holding import meets
from copydesk.query.mistakes import QueryError
from copydesk.query.parser import parse
from copydesk.query.seen import see
from copydesk.query.terms import Clock
from copydesk.query.tree import Dated
from made.queries import ASKED, NOW, QUERIES, REFUSED

SEEN = {name: see(body) for name, body in ASKED.items()}


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_what_a_reporter_expects(query: str) -> None:
    """Words with their endings, phrases as they stand, operators, fields: each finds these articles and no other."""
    tree = parse(query, Clock(NOW))
    assert {name for name, seen in SEEN.items() if meets(tree, seen)} == QUERIES[query]


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:20])
def test_what_has_no_meaning_is_an_error_with_a_hint(query: str) -> None:
    """Nothing is dropped or read as something else: the error names the place, and what to write instead."""
    with pytest.raises(QueryError, match=REFUSED[query]) as caught:
        parse(query, Clock(NOW))
    assert 0 <= caught.value.place <= len(query)


def test_an_error_survives_the_way_between_processes() -> None:
    """What a worker raises another process may read: what is wrong, the hint and the place."""
    error = pickle.loads(pickle.dumps(QueryError("a bracket is missing", "write it", 4, 1)))  # noqa: S301 (our own)
    assert str(error) == "query, character 5: a bracket is missing; write it"
    assert (error.hint, error.place, error.length) == ("write it", 4, 1)


@given(st.text(alphabet="ab\" ()-*:’'&ANDORTI/5,.１東ß\u0301", max_size=40) | st.text(max_size=40))
def test_no_query_is_a_fault(query: str) -> None:
    """Whatever is typed has a meaning or an error; a meaning can be asked of any article."""
    with suppress(QueryError):
        assert meets(parse(query, Clock(NOW)), SEEN["late"]) in {True, False}


WORDS = st.lists(
    st.sampled_from(
        ["ferry", "“heavy snow”", "late", "zeppelin", "title:ferry", "lang:de", "Häuser", "*unnel*"]
    ),
    min_size=1,
    max_size=4,
)


@given(WORDS, WORDS, st.sampled_from(sorted(SEEN)))
def test_operators_mean_what_logic_says(one: list[str], other: list[str], name: str) -> None:
    """AND, OR, NOT and a minus are those of logic, whatever stands on their sides."""

    def found(query: str) -> bool:
        return meets(parse(query, Clock(NOW)), SEEN[name])

    left, right = " ".join(one), " OR ".join(other)
    assert found(f"({left}) AND ({right})") == (found(left) and found(right))
    assert found(f"({left}) OR ({right})") == (found(left) or found(right))
    assert found(f"NOT ({left})") == (not found(left)) == found(f"-({left})")
    assert found(left) == all(map(found, one))
    assert found(right) == any(map(found, other))


@pytest.mark.parametrize(
    ("until", "zone", "expected"),
    [
        ("2026-11-28", timezone(timedelta(hours=9)), datetime(2026, 11, 28, 15, tzinfo=UTC)),
        ("2026-11-28", UTC, datetime(2026, 11, 29, tzinfo=UTC)),
        ("2026-11", UTC, datetime(2026, 12, 1, tzinfo=UTC)),
        ("2025", UTC, datetime(2026, 1, 1, tzinfo=UTC)),
        ("yesterday", UTC, datetime(2026, 11, 28, tzinfo=UTC)),
        ("2026-11-28T14:30", UTC, datetime(2026, 11, 28, 14, 31, tzinfo=UTC)),
        ("7d", UTC, datetime(2026, 11, 21, 12, tzinfo=UTC)),
    ],
)
def test_until_ends_with_the_time_it_names(until: str, zone: timezone, expected: datetime) -> None:
    """A day, month or year is meant whole, in the zone of whoever asks; so long ago is a moment."""
    assert parse(f"until:{until}", Clock(NOW, zone)) == Dated(until=expected)


def test_a_query_without_a_clock_has_no_dates() -> None:
    """A topic is asked of every article as it comes: how old that may be is said by max_age."""
    with pytest.raises(QueryError, match="max_age"):
        parse("ferry since:7d")
