"""How a story grew: the articles of each hour from its first to its last, or of each day if it is long. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from copydesk.judging.clustering.provenance import Carrier

__all__ = ["Growth", "Step", "growth_of"]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

MOST_HOURS = 72
"""Hours that are told one by one: as long as a story stays open without a new text."""

MOST_STEPS = 100
"""Of more days the last ones are told: a page may date itself into any century."""


@dataclass(frozen=True, slots=True)
class Step:
    """An hour or a day by its beginning, in UTC: the articles of it, and how many articles and outlets at its end."""

    at: datetime
    new: int
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Every step from the first article to the last, also those without any; `by` is "hour" or "day"."""

    by: str
    steps: tuple[Step, ...]


def growth_of(carriers: Iterable[Carrier]) -> Growth:
    """How the articles of these carriers came; no steps without any."""
    ordered = sorted(carriers)
    if not ordered:
        return Growth("hour", ())
    firsts: dict[str, datetime] = {}
    for carrier in ordered:
        firsts.setdefault(carrier.outlet, carrier.at)
    came, joined = [carrier.at for carrier in ordered], sorted(firsts.values())
    length = HOUR if came[-1] - came[0] < MOST_HOURS * HOUR else DAY
    begin = _beginning(came[0], length)
    number = (came[-1] - begin) // length + 1
    ends = [begin + place * length for place in range(max(number - MOST_STEPS, 0) + 1, number + 1)]
    counts = [(end, bisect_left(came, end), bisect_left(joined, end)) for end in ends]
    before = [bisect_left(came, ends[0] - length), *(articles for _, articles, _ in counts)]
    steps = [
        Step(at=end - length, new=articles - earlier, articles=articles, outlets=outlets)
        for (end, articles, outlets), earlier in zip(counts, before, strict=False)
    ]
    return Growth("hour" if length == HOUR else "day", tuple(steps))


def _beginning(at: datetime, length: timedelta) -> datetime:
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if length == HOUR else hour.replace(hour=0)
