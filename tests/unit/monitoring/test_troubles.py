"""When a person is told of a trouble, over time; one row a story."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.monitoring.troubles import Notice, Standing, Trouble, decide, untold

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PART = Trouble(key="part:ingest", text="ingest fails", grace=timedelta(minutes=10))
FILE = Trouble(key="config:topics", text="topics.yml refused")
LOST = Trouble(key="archive-lost", text="3 lost", again=None)
MORE = replace(LOST, text="4 lost")
NO: list[Trouble] = []
EVERY = timedelta(minutes=5)


def told(looks: Sequence[list[Trouble]], *, every: timedelta = EVERY) -> list[tuple[int, str, str]]:
    """What is told at which look, state and key."""
    standing: dict[str, Standing] = {}
    said: list[tuple[int, str, str]] = []
    for number, troubles in enumerate(looks):
        notices, standing = decide(standing, troubles, START + number * every)
        said += [(number, notice.state, notice.text) for notice in notices]
    return said


@pytest.mark.parametrize(
    ("looks", "said"),
    [
        ([NO, NO], []),
        ([[FILE], [FILE], [FILE]], [(0, "began", "topics.yml refused")]),
        ([[FILE], NO, NO], [(0, "began", "topics.yml refused"), (1, "over", "topics.yml refused")]),
        ([[PART], [PART], [PART], [PART]], [(2, "began", "ingest fails")]),
        ([[PART], [PART], NO, NO], []),
        ([[PART], NO, [PART], NO, [PART]], []),
        ([[PART]] * 3 + [NO, NO], [(2, "began", "ingest fails"), (3, "over", "ingest fails")]),
        ([[replace(PART, since=START - timedelta(minutes=10))]], [(0, "began", "ingest fails")]),
        ([[LOST], [LOST], [MORE], [MORE]], [(0, "began", "3 lost"), (2, "lasts", "4 lost")]),
        ([[FILE], [FILE, LOST]], [(0, "began", "topics.yml refused"), (1, "began", "3 lost")]),
    ],
)
def test_when_it_is_told(looks: list[list[Trouble]], said: list[tuple[int, str, str]]) -> None:
    """Once when it has lasted, once when it is over; never what nobody was told of."""
    assert told(looks) == said


def test_what_lasts_is_told_daily_and_what_does_not_pass_is_not() -> None:
    """Looked at every hour for three days: the first four times a day apart; what is lost only once."""
    looks = [[FILE, LOST]] * 73
    said = told(looks, every=timedelta(hours=1))
    assert [number for number, _, text in said if text == FILE.text] == [0, 24, 48, 72]
    assert [number for number, _, text in said if text == LOST.text] == [0]


def test_what_cannot_be_looked_at_is_not_over() -> None:
    """While Elasticsearch is away nobody hears that a channel is well again."""
    channel = Trouble(key="channel:desk", text="channel desk fails")
    _, standing = decide({}, [channel], START)
    notices, kept = decide(standing, [], START + EVERY, unknown={"channel"})
    assert (notices, kept) == ([], standing)
    (over,), _ = decide(kept, [], START + 2 * EVERY)
    assert over.state == "over"


@pytest.mark.parametrize("then", [[FILE], NO])
def test_what_reached_nobody_is_told_at_the_next_look(then: list[Trouble]) -> None:
    """A beginning and an end that no channel took are tried again, under the same id."""
    before: dict[str, Standing] = {}
    if not then:
        _, before = decide({}, [FILE], START)
    (notice,), after = decide(before, then, START + EVERY)
    (again,), _ = decide(untold(after, before, notice), then, START + 2 * EVERY)
    assert again.state == notice.state
    if not then:
        assert again.id == notice.id


def test_a_notice_is_one_line_with_its_beginning() -> None:
    """What is over says so."""
    notice = Notice("i", "k", "over", "topics.yml refused", START)
    assert notice.line == "over: topics.yml refused (since 2026-03-02 09:00 UTC)"


@given(
    st.lists(
        st.lists(st.sampled_from([PART, FILE, LOST, MORE]), unique_by=lambda one: one.key),
        max_size=40,
    )
)
def test_beginnings_and_ends_take_turns(looks: list[list[Trouble]]) -> None:
    """Of each trouble: began, perhaps lasts, over, and from the start again; nothing is told twice at a look."""
    standing: dict[str, Standing] = {}
    last: dict[str, str] = {}
    ids: set[str] = set()
    for number, troubles in enumerate(looks):
        notices, standing = decide(standing, troubles, START + number * EVERY)
        assert len({notice.key for notice in notices}) == len(notices)
        for notice in notices:
            assert (last.get(notice.key, "over") == "over") == (notice.state == "began")
            assert notice.id not in ids
            ids.add(notice.id)
            last[notice.key] = notice.state
        assert {key for key, state in last.items() if state != "over"} <= set(standing)
