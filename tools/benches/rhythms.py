"""`python -m benches.rhythms`: how soon polls find what is new, at equal requests, beside the rules of others.

Sources are made: articles come at random, more by day than by night and on working days, in bursts, and of some sources
thirty times as many as of others. Each rule polls them for four weeks and is measured in the last one. Its one knob is
turned until all sources together cost as many requests as a poll each 15 minutes, or each 30. The rules of others may
use knowledge ours has not: miniflux's counts what really came in the week before.
"""

import argparse
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from benches.figures import Figure, show
from copydesk.fetching.rhythm import Rhythm, heard, next_wait

__all__ = ["RULES", "SPEEDS", "Fitted", "fitted", "made", "measured"]

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR, DAY, WEEK = 3600.0, 86_400.0, 604_800.0
WEEKS, WARM = 4, 3
LEAST = 60.0
"""Seconds between two polls of a source at least, for every rule."""

NEAR = 0.02
"""Of the requests wanted: so near counts as equal."""

Times = Sequence[float]


@dataclass(frozen=True, slots=True)
class Speed:
    """What made sources are like: median articles a day, how far they differ (log), share in bursts, day and night."""

    median: float = 12.0
    differ: float = 1.3
    bursts: float = 0.3
    hours: bool = True


SPEEDS: Mapping[str, Speed] = {
    "mixed": Speed(),
    "without bursts": Speed(bursts=0.0),
    "more alike": Speed(differ=0.8),
    "no hours": Speed(hours=False),
    "alike, no hours, no bursts": Speed(differ=0.4, bursts=0.0, hours=False),
}


def made(speed: Speed, rng: random.Random) -> Times:
    """When the articles of one source come, in seconds."""
    a_day = min(speed.median * math.exp(rng.gauss(0, speed.differ)), 600.0)
    peak, swing, weekend = rng.uniform(7, 19), rng.uniform(0.6, 0.97), rng.uniform(0.25, 1.0)
    swing, weekend = (swing, weekend) if speed.hours else (0.0, 1.0)
    a_second = a_day / DAY * (1 - speed.bursts)
    found: list[float] = []
    at = 0.0
    while (at := at + rng.expovariate(a_second * (1 + swing))) < WEEKS * WEEK:
        wave = 1 + swing * math.cos((at / HOUR % 24 - peak) / 24 * 2 * math.pi)
        if rng.random() * (1 + swing) > wave * (weekend if at // DAY % 7 > 4 else 1.0):  # noqa: PLR2004 (Friday)
            continue
        waiting = [at]
        while waiting:
            found.append(waiting.pop())
            while rng.random() < speed.bursts / (1 + speed.bursts):
                waiting.append(found[-1] + rng.expovariate(1 / 2400))
    return sorted(time for time in found if time < WEEKS * WEEK)


class Rule(Protocol):
    """When a source is asked again."""

    def wait(self, now: float, new: int, gap: float) -> float:
        """Seconds until the next poll, after one that found so many."""


@dataclass
class Fixed:
    """As often as can be paid, all alike."""

    knob: float

    def wait(self, now: float, new: int, gap: float) -> float:  # noqa: ARG002 (the rule's)
        """As the rule says."""
        return self.knob


@dataclass
class Storm:
    """StormCrawler's AdaptiveScheduler: half as long after a change, half as long again without; longest is given."""

    knob: float
    longest: float
    last: float = HOUR

    def wait(self, now: float, new: int, gap: float) -> float:  # noqa: ARG002
        """As the rule says."""
        self.last = min(max(self.last * (0.5 if new else 1.5), self.knob), self.longest)
        return self.last


@dataclass
class Frequency:
    """miniflux's entry frequency: a week by the entries of the last week, times a factor, a day at most."""

    knob: float
    times: Times

    def wait(self, now: float, new: int, gap: float) -> float:  # noqa: ARG002
        """As the rule says."""
        number = bisect_right(self.times, now) - bisect_right(self.times, now - WEEK)
        return min(max(WEEK / number * self.knob, LEAST), DAY) if number else DAY


@dataclass
class Ours:
    """Copydesk's; the knob is `every`."""

    knob: float
    key: str
    rhythm: Rhythm = field(default_factory=Rhythm)

    def wait(self, now: float, new: int, gap: float) -> float:
        """As the rule says."""
        at, since = START + timedelta(seconds=now), timedelta(seconds=gap)
        self.rhythm = heard(self.rhythm, new, at - since if self.rhythm.since else None, at)
        return next_wait(
            timedelta(seconds=self.knob), at, rhythm=self.rhythm, new=new, gap=since, key=self.key
        ).total_seconds()


Make = Callable[[float, int, Times], Rule]


def _fixed(knob: float, number: int, times: Times) -> Rule:  # noqa: ARG001 (a Make)
    return Fixed(knob)


def _storm(knob: float, number: int, times: Times) -> Rule:  # noqa: ARG001
    return Storm(knob, DAY)


def _storm_up_to(knob: float, number: int, times: Times) -> Rule:  # noqa: ARG001
    return Storm(LEAST, knob)


def _frequency(knob: float, number: int, times: Times) -> Rule:  # noqa: ARG001
    return Frequency(knob, times)


def _ours(knob: float, number: int, times: Times) -> Rule:  # noqa: ARG001
    return Ours(knob, str(number))


RULES: Mapping[str, tuple[Make, tuple[float, float]]] = {
    "fixed": (_fixed, (LEAST, DAY)),
    "Storm, least": (_storm, (LEAST, DAY)),
    "Storm, most": (_storm_up_to, (LEAST, DAY)),
    "miniflux": (_frequency, (0.001, 10.0)),
    "Copydesk": (_ours, (LEAST, DAY)),
}
"""Each rule by its knob, and the range of that; of StormCrawler's it is the shortest interval, or the longest."""


def measured(make: Make, knob: float, sources: Sequence[Times]) -> tuple[int, float]:
    """Requests of the last week, and the mean seconds until what came in it was found."""
    requests, delay, found = 0, 0.0, 0
    for number, times in enumerate(sources):
        rule, seen, last = make(knob, number, times), 0, 0.0
        at = 900.0 * random.Random(number).random()
        while at < WEEKS * WEEK:
            upto = bisect_right(times, at, seen)
            late = [at - time for time in times[seen:upto] if time >= WARM * WEEK]
            requests, delay, found = requests + (at >= WARM * WEEK), delay + sum(late), found + len(late)
            wait = rule.wait(at, upto - seen, at - last)
            seen, last, at = upto, at, at + wait
    return requests, delay / max(found, 1)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A rule with its knob turned: the delay it gives, and its requests as a share of those wanted."""

    delay: float
    paid: float


def fitted(make: Make, bounds: tuple[float, float], sources: Sequence[Times], wanted: int) -> Fitted:
    """A rule at the knob at which it costs so many requests, or as near as it comes."""
    low, high = bounds
    found = Fitted(0.0, 0.0)
    for _ in range(9):
        knob = math.sqrt(low * high)
        requests, delay = measured(make, knob, sources)
        found = Fitted(delay, requests / wanted)
        if abs(found.paid - 1) < NEAR / 2:
            break
        low, high = (knob, high) if requests > wanted else (low, knob)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benches.rhythms", description=__doc__)
    parser.add_argument("--sources", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, nargs="*", default=[15.0])
    parser.add_argument("--speeds", nargs="*", choices=[*SPEEDS, []], default=[*SPEEDS])
    given = parser.parse_args()
    figures: list[Figure] = []
    for name in given.speeds:
        rng = random.Random(f"{given.seed} {name}")
        sources = [made(SPEEDS[name], rng) for _ in range(given.sources)]
        figures += [_compared(f"{name}, {minutes:g} min", sources, minutes) for minutes in given.minutes]
    columns = [rule for rule in RULES if rule != "Copydesk"]
    show(f"seconds until found, {given.sources} sources, seed {given.seed}", figures, columns)


def _compared(what: str, sources: Sequence[Times], minutes: float) -> Figure:
    """Ours beside the best of the others that cost no more; one that cannot be brought to the same costs says so."""
    wanted = int(len(sources) * WEEK / (60 * minutes))
    found = {name: fitted(make, bounds, sources, wanted) for name, (make, bounds) in RULES.items()}
    ours = found.pop("Copydesk").delay
    best = min(one.delay for one in found.values() if one.paid <= 1 + NEAR)
    others = {
        name: f"{one.delay:.0f}" + ("" if abs(one.paid - 1) <= NEAR else f" for {one.paid:.2f}")
        for name, one in found.items()
    }
    shown = f"{ours:.0f}: {ours / best:.2f}"
    return Figure(what=what, ours=ours / best, target="<= 0.7", shown=shown, others=others)


if __name__ == "__main__":
    main()
