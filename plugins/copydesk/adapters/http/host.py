"""What the crawler remembers of one host while it lives."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime

from copydesk.adapters.http.download import Response
from copydesk.adapters.http.robots import Rules
from copydesk.adapters.http.turns import Tally

__all__ = ["Host"]

UNCHANGED = 304


@dataclass(slots=True)
class Host:
    """What is remembered of one scheme, host and port; times in seconds are those of the event loop.

    Attributes:
        waiting: Requests that wait for their turn, or have it.
        turns: Those that are ours.
        begun: When the last request began.
        tally: What was asked of it, not told to others yet.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None
    rules_until: float = 0.0
    closed_until: float = 0.0
    waiting: int = 0
    turns: deque[datetime] = field(default_factory=deque)
    begun: float | None = None
    tally: Tally = field(default_factory=Tally)

    def begin(self, now: float) -> None:
        """A request begins."""
        gap = now - self.begun if self.begun is not None else None
        self.begun = now
        least = min((one for one in (gap, self.tally.least_gap) if one is not None), default=None)
        self.tally = replace(self.tally, requests=self.tally.requests + 1, least_gap=least)

    def answered(self, response: Response) -> None:
        """Its answer came."""
        self.tally = replace(
            self.tally,
            received=self.tally.received + len(response.body),
            same=self.tally.same + (response.status == UNCHANGED),
        )
