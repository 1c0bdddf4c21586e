"""Outages of our own: when nearly no host can be connected to, it is our network, and says nothing of any of them.

What counts is the last answer of each host that was asked lately: the batch at hand, and the cursors of sources. One or
two hosts are no evidence: then pauses grow as for any other failure, up to an hour.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from copydesk import urls
from copydesk.index import Index, Kind, Range
from copydesk.index.records import from_record
from copydesk.index.state import PollRecord
from copydesk.outcomes import Reason
from copydesk.ports import Fetched, Unfetched

__all__ = ["OF_THE_NETWORK", "is_outage"]

OF_THE_NETWORK = frozenset({Reason.CONNECTION, Reason.TIMEOUT})
"""Reasons that may be our own network's."""

LATELY = (timedelta(minutes=15), timedelta(minutes=65))
"""How far back answers count: soon after it began, and while sources that fail are asked hourly. One is enough."""

HOSTS = 3
NEARLY_ALL = 0.9

LOOKED_AT = 300
"""Cursors that are looked at, the latest answers first: enough to tell nearly all from many."""


def is_outage(index: Index, answers: Iterable[Fetched | Unfetched], now: datetime) -> bool:
    """Whether nearly all hosts asked lately, these among them, could not be connected to; looks if one could not."""
    reached: dict[str, bool] = {}
    for answer in answers:
        host = urls.host(answer.wanted.url)
        silent = isinstance(answer, Unfetched) and answer.reason in OF_THE_NETWORK
        reached[host] = reached.get(host, False) or not silent
    if all(reached.values()):
        return False
    index.refresh(Kind.POLLS)
    lately = Range(gte=(now - max(LATELY)).isoformat())
    rows = index.find(Kind.POLLS, {"depth": 0, "polled_at": lately}, sort="-polled_at", limit=LOOKED_AT)
    cursors = [from_record(PollRecord, row.body) for row in rows]
    return any(_nearly_all(_reached(cursors, now - window) | reached) for window in LATELY)


def _reached(cursors: Iterable[PollRecord], since: datetime) -> dict[str, bool]:
    """Of the hosts of sources asked since then, whether one could be connected to."""
    found: dict[str, bool] = {}
    for cursor in cursors:
        if cursor.polled_at is not None and cursor.polled_at >= since:
            found.setdefault(urls.host(cursor.url or ""), cursor.reason not in OF_THE_NETWORK)
    return found


def _nearly_all(reached: Mapping[str, bool]) -> bool:
    silent = sum(not answered for answered in reached.values())
    return silent >= HOSTS and silent >= NEARLY_ALL * len(reached)
