"""When a source is asked next: never later than its `every`, sooner when it brings much, by the hour of its week."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from copydesk.fetching.rhythm import FOLD, HOURS, SPREAD, Rhythm, heard, next_wait, shortest_of
from made.world import START

HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, tzinfo=START.tzinfo)
EVERY = st.sampled_from([timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=6), timedelta(days=2)])
COUNTS = st.lists(st.integers(0, 10**6), min_size=HOURS, max_size=HOURS).map(tuple)
RHYTHMS = st.one_of(
    st.just(Rhythm()),
    st.builds(Rhythm, COUNTS, st.integers(-5000, 5000).map(lambda hours: START + hours * HOUR)),
)


@given(
    EVERY, RHYTHMS, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.text(max_size=5)
)
def test_no_wait_is_longer_than_every_or_shorter_than_its_part(
    every: timedelta, rhythm: Rhythm, new: int, gap: int, hint: int, key: str
) -> None:
    """Whatever was counted, brought or hinted; and the same again for the same."""
    waits = {
        next_wait(
            every,
            START,
            rhythm=rhythm,
            new=new,
            gap=timedelta(seconds=gap),
            hint=timedelta(seconds=hint),
            key=key,
        )
        for _ in range(2)
    }
    (wait,) = waits
    assert shortest_of(every) * (1 - SPREAD) - timedelta(milliseconds=1) <= wait <= every
    assert wait >= min(timedelta(seconds=hint), every)


@given(st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 50)), max_size=40))
def test_what_came_is_counted_whole(polls: list[tuple[int, int]]) -> None:
    """Over any pauses, also of more than a week: no count is negative, and never more is known than came."""
    rhythm, now, came = heard(Rhythm(), 9, None, START), START, 0
    assert sum(rhythm.counts) == 0
    for minutes, new in polls:
        before, now = now, now + timedelta(minutes=minutes)
        rhythm = heard(rhythm, new, before, now)
        came += new
        assert min(rhythm.counts) >= 0
        assert sum(rhythm.counts) <= 100 * came + 85 * len(polls)
    assert len(rhythm.counts) == HOURS


def learned(weeks: int = 3) -> tuple[Rhythm, datetime]:
    """A source that brings twelve an hour from six to ten on working days, and nothing else."""
    rhythm, now = Rhythm(), MONDAY
    rhythm = heard(rhythm, 0, None, now)
    for _ in range(weeks * HOURS):
        busy = now.weekday() < 5 and 6 <= now.hour < 10
        rhythm = heard(rhythm, 12 if busy else 0, now, now + HOUR)
        now += HOUR
    return rhythm, now


def test_it_is_asked_oftener_at_its_hours() -> None:
    """In the morning every few minutes, at night and on Sunday as seldom as may be."""
    rhythm, now = learned()
    quarter = timedelta(minutes=15)
    waits = {
        name: next_wait(quarter, now + at, rhythm=rhythm, gap=quarter, new=3 if name == "morning" else 0)
        for name, at in {
            "morning": timedelta(hours=8),
            "night": timedelta(hours=2),
            "Sunday": timedelta(days=6, hours=8),
        }.items()
    }
    assert waits["morning"] < timedelta(minutes=4)
    assert waits["night"] > timedelta(minutes=12)
    assert waits["Sunday"] > timedelta(minutes=12)


def test_a_long_wait_ends_with_the_night() -> None:
    """Who may be asked twice a day only is not slept through: the busy hours pull the poll nearer."""
    rhythm, now = learned()
    before_dawn = now + timedelta(hours=3)
    wait = next_wait(timedelta(hours=12), before_dawn, rhythm=rhythm, gap=timedelta(hours=5))
    assert before_dawn + wait < now + timedelta(hours=10)


def test_sources_do_not_stay_in_step() -> None:
    """A thousand of them that were asked at one moment are spread over a tenth of their time."""
    every = timedelta(minutes=15)
    waits = [next_wait(every, START, rhythm=Rhythm(), key=f"s{number}") for number in range(1000)]
    assert max(waits) - min(waits) > 0.09 * every
    assert len({wait.total_seconds() // 9 for wait in waits}) >= 10


def test_what_just_came_counts() -> None:
    """A burst has the next poll sooner than the hour of the week would."""
    rhythm, now = learned()
    quarter = timedelta(minutes=15)
    burst, calm = (next_wait(quarter, now, rhythm=rhythm, new=new, gap=quarter) for new in (20, 0))
    assert burst < calm / 2
    assert burst >= quarter / FOLD * (1 - SPREAD)


def test_whoever_wants_a_source_asked_each_minute_has_it_asked_sooner_when_it_brings_much() -> None:
    """Every twenty seconds at most; one that brings nothing is asked each minute, and none waits longer."""
    minute, (rhythm, now) = timedelta(minutes=1), learned()
    morning, night = (
        next_wait(minute, now + timedelta(hours=hour), rhythm=rhythm, gap=minute, new=0) for hour in (8, 2)
    )
    assert timedelta(seconds=20) * (1 - SPREAD) <= morning <= timedelta(seconds=20)
    assert morning < night <= minute
