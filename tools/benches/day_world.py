"""What a day is played on: clocks of workers, an archive that keeps nothing, sites that bring something at times."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from copydesk.model import Capture, Segment
from copydesk.ports import Fetched, Unfetched, Wanted

__all__ = ["START", "Clock", "Shelf", "Web"]

START = datetime(2026, 6, 1, tzinfo=UTC)
AT_ONCE = 64


@dataclass
class Clock:
    """The time of one worker."""

    time: datetime = START

    def now(self) -> datetime:
        """As the port says."""
        return self.time

    def wait(self, pause: timedelta) -> None:
        """As the port says."""
        self.time += pause


@dataclass
class Shelf:
    """An archive that keeps nothing: segments close after two seconds."""

    clock: Clock
    number: Iterator[int]
    begun: datetime | None = None
    pages: int = 0

    def append(self, capture: Capture) -> None:
        """As the port says."""
        self.begun = self.begun or self.clock.now()
        self.pages += capture.kind == "page"

    def due(self) -> bool:
        """As the port says."""
        return self.begun is not None and self.clock.now() - self.begun >= timedelta(seconds=2)

    def close(self) -> Segment | None:
        """As the port says."""
        if self.begun is None:
            return None
        name = f"{self.begun:%Y%m%dT%H%M%S}000Z-{next(self.number):08x}-{self.pages}"
        made = Segment(name=name, captures=self.pages)
        self.begun, self.pages = None, 0
        return made

    def load(self, name: str) -> None:
        """There are no files beside it."""

    def save(self, name: str, content: bytes) -> None:
        """And none are kept."""

    def names(self, folder: str) -> list[str]:  # noqa: ARG002 (the port's)
        """Nothing is there."""
        return []

    def remove(self, name: str) -> None:
        """Nor taken away."""


@dataclass
class Web:
    """Sites that bring something new at drawn times, and take up to three seconds for an answer."""

    clock: Clock
    chance: Random
    news: Mapping[str, list[datetime]]
    late: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)

    def fetch(
        self,
        wanted: Sequence[Wanted],
        *,
        until: datetime | None = None,
        more: Callable[[], Sequence[Wanted]] = tuple,
    ) -> Iterator[Fetched | Unfetched | None]:
        """As the port says; so many requests at once take their time."""
        waiting, slots = [*wanted, *more()], [self.clock.now()] * AT_ONCE
        while waiting:
            slots.sort()
            if until is not None and slots[0] >= until:
                return
            one = waiting.pop(0)
            slots[0] = max(slots[0], self.clock.now()) + timedelta(
                seconds=0.1 + 2.9 * self.chance.random() ** 4
            )
            self.clock.time = max(self.clock.now(), min(slots))
            yield self._answer(one)
            waiting += more()
        self.clock.time = max(slots)

    def _answer(self, one: Wanted) -> Fetched:
        now = self.clock.now()
        times = self.news.get(one.url, [])
        known = int((one.etag or '"0"').strip('"'))
        there = sum(at <= now for at in times)
        same = one.etag is not None and (one.kind == "page" or there == known)
        self.answers[f"{one.kind} {304 if same else 200}"] += 1
        items = "".join(
            f"<item><title>{n}</title><link>{one.url}/{n}</link></item>"
            for n in range(max(there - 20, 0), there)
        )
        body = f"<rss><channel>{items}</channel></rss>" if one.kind == "feed" else "<p>text</p>"
        return Fetched(
            wanted=one,
            final_url=one.url,
            status=304 if same else 200,
            content_type="application/rss+xml" if one.kind == "feed" else "text/html",
            body=b"" if same else body.encode(),
            fetched_at=now,
            etag=f'"{there}"',
        )
