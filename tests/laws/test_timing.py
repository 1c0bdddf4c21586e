"""When alerts are told: each in one message, at a time that its topic names, whatever the clocks of its zone do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.alerting.timing import digest_at, hour_of, is_muted
from copydesk.topic import DAYS, Topic

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe",
     "Africa/Casablanca", "America/Havana", "Pacific/Apia", "Asia/Kolkata"]
)  # fmt: skip
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 59]))
CHANGES = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),
]
"""Moments at which some of the clocks change."""
INSTANTS = st.builds(
    lambda base, minutes: base + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-3000, 3000),
)


@st.composite
def topics(draw: st.DrawFn) -> Topic:
    """A topic that is told at some times in some zone."""
    cadence = draw(st.sampled_from(["now", "hourly", "daily", "weekly"]))
    keys: dict[str, object] = {"name": "t", "cadence": cadence, "time_zone": draw(ZONES)}
    if cadence in {"daily", "weekly"}:
        keys["at"] = f"{draw(CLOCKS):%H:%M}"
        keys["days"] = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=5))
    if draw(st.booleans()):
        begin, end = draw(st.lists(CLOCKS, min_size=2, max_size=2, unique=True))
        keys["quiet_hours"] = f"{begin:%H:%M}-{end:%H:%M}"
    return Topic.model_validate(keys)


def is_quiet(topic: Topic, at: datetime) -> bool:
    if topic.quiet_hours is None:
        return False
    begin, end = topic.quiet_hours
    clocks = [time(*divmod(minute, 60)) for minute in range(24 * 60)]
    hours = clocks[clocks.index(begin) :] + clocks[: clocks.index(begin)]
    now = at.astimezone(ZoneInfo(topic.time_zone)).time().replace(second=0, microsecond=0, fold=0)
    return now in hours[: hours.index(end)]


@given(topic=topics(), at=INSTANTS)
def test_what_rings_is_told_later_and_never_in_quiet_hours(topic: Topic, at: datetime) -> None:
    """A digest lies after its alerts; nothing is told in quiet hours, and by day or week within nine days."""
    slot = digest_at(topic, at)
    assert slot is None or at < slot <= at + timedelta(days=10)
    assert not is_quiet(topic, slot or at)
    assert slot is not None or topic.cadence == "now"


@given(topic=topics(), at=INSTANTS, minutes=st.integers(0, 3000))
def test_digests_are_in_the_order_of_their_alerts(topic: Topic, at: datetime, minutes: int) -> None:
    """What rings later is in the same digest or a later one; what rings before a digest is due is in no later one."""
    later = at + timedelta(minutes=minutes)
    first, second = digest_at(topic, at) or at, digest_at(topic, later) or later
    assert first <= second
    assert first == second or later >= first or topic.cadence == "now"


@given(topic=topics(), at=INSTANTS)
def test_a_digest_is_due_when_the_clock_says_so(topic: Topic, at: datetime) -> None:
    """By day or week at its time on one of its days, unless the clock skips that time or it is quiet then."""
    slot = digest_at(topic, at)
    if topic.cadence not in {"daily", "weekly"} or slot is None or topic.quiet_hours:
        return
    local = slot.astimezone(ZoneInfo(topic.time_zone))
    back = local.replace(fold=0).astimezone(UTC) == slot
    days = topic.days or (("mon",) if topic.cadence == "weekly" else DAYS)
    skipped = datetime.combine(local.date(), topic.at or time(8), local.tzinfo).astimezone(UTC)
    shown = skipped.astimezone(ZoneInfo(topic.time_zone)).time() == topic.at
    assert back
    assert not shown or (local.time() == topic.at and DAYS[local.weekday()] in days)


BERLIN = {"name": "t", "time_zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("keys", "at", "told"),
    [
        ({}, "2026-03-02 12:00", None),
        ({"cadence": "hourly"}, "2026-03-02 12:00", "2026-03-02 13:00"),
        ({"cadence": "hourly"}, "2026-03-02 12:59", "2026-03-02 13:00"),
        ({"cadence": "daily", "at": "07:30"}, "2026-03-02 06:29", "2026-03-02 06:30"),
        ({"cadence": "daily", "at": "07:30"}, "2026-03-02 06:30", "2026-03-03 06:30"),
        ({"cadence": "daily", "at": "07:30"}, "2026-03-28 12:00", "2026-03-29 05:30"),
        ({"cadence": "daily", "at": "02:30"}, "2026-03-28 12:00", "2026-03-29 01:30"),
        ({"cadence": "daily", "at": "02:30"}, "2026-10-24 12:00", "2026-10-25 00:30"),
        ({"cadence": "daily", "at": "02:30"}, "2026-10-25 00:30", "2026-10-26 01:30"),
        ({"cadence": "daily", "at": "07:30", "days": ["mon", "tue", "wed", "thu", "fri"]}, "2026-03-06 12:00",
         "2026-03-09 06:30"),
        ({"cadence": "weekly"}, "2026-03-03 12:00", "2026-03-09 07:00"),
        ({"cadence": "daily", "at": "07:30", "at_once": 5}, "2026-03-02 12:00", None),
        ({"quiet_hours": "22:00-07:00"}, "2026-03-02 20:59", None),
        ({"quiet_hours": "22:00-07:00"}, "2026-03-02 21:00", "2026-03-03 06:00"),
        ({"quiet_hours": "22:00-07:00"}, "2026-03-03 06:00", None),
        ({"quiet_hours": "22:00-02:30"}, "2026-10-25 00:10", "2026-10-25 00:30"),
        ({"quiet_hours": "22:00-02:30"}, "2026-10-25 01:10", "2026-10-25 01:30"),
        ({"quiet_hours": "22:00-02:30"}, "2026-03-29 00:10", "2026-03-29 01:30"),
        ({"cadence": "daily", "at": "07:30", "at_once": 5, "quiet_hours": "22:00-07:00"}, "2026-03-02 23:00",
         "2026-03-03 06:00"),
        ({"limit": "7/h"}, "2026-03-02 12:20", None),
        ({"limit": "6/h"}, "2026-03-02 12:20", "2026-03-02 13:00"),
        ({"limit": "6/h", "at_once": 5}, "2026-03-02 12:20", None),
    ],
)  # fmt: skip
def test_when_it_is_told(keys: dict[str, object], at: str, told: str | None) -> None:
    """Times are UTC here and Berlin's in the topic; the story has five publishers, six were told in this hour."""
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    slot = digest_at(Topic.model_validate({**BERLIN, **keys}), moment, publishers=5, rung=6)
    assert slot == (datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None)


def test_a_mute_ends_at_its_local_time() -> None:
    """A day begins at midnight of the topic's zone."""
    topic = Topic.model_validate({**BERLIN, "mute_until": "2026-03-03"})
    ends = datetime(2026, 3, 2, 23, tzinfo=UTC)
    assert is_muted(topic, ends - timedelta(seconds=1))
    assert not is_muted(topic, ends)
    assert hour_of(ends + timedelta(minutes=59)) == ends
