"""Claiming: which of the due addresses a worker takes up, fairly between hosts, while it goes on fetching.

Hosts that wait longest come first, and of each the newest announced: so many that the host is not idle before the
worker looks again, and no more, for what a worker holds nobody else can fetch. However much waits of one host, it
takes no place from another.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from copydesk.index import Index, Kind, Range, Spread, Where, Without
from copydesk.index.guarded import take
from copydesk.index.records import from_record
from copydesk.index.state import LedgerRecord

__all__ = ["Hand", "claim_more", "due_in"]

FIRST, MOST = 10, 100
"""Addresses of one host in hand: at two seconds each the first are enough for twenty, and a host that ran dry before we
looked again gets twice as many the next time."""

HOSTS = 200
"""Hosts of which more is claimed at once."""

PAUSE = timedelta(seconds=1)
"""Between two claims for hosts that run dry."""

LOOK = timedelta(seconds=5)
"""Until we look for addresses that became due meanwhile."""


@dataclass(slots=True)
class Hand:
    """What a worker has claimed and not heard of yet.

    Attributes:
        hosts: Of each address in hand the host, by its key.
        windows: How many of a host may be in hand, where that is not `FIRST`.
        deep: Hosts of which the last claim gave all that were asked for, so that more may wait.
        looked_at: When something was claimed last.
    """

    hosts: dict[str, str] = field(default_factory=dict)
    windows: dict[str, int] = field(default_factory=dict)
    deep: set[str] = field(default_factory=set)
    looked_at: datetime | None = None

    def put_down(self, key: str) -> None:
        """An address was answered."""
        self.hosts.pop(key, None)

    def wants_more(self, now: datetime) -> bool:
        """Whether a host of which more may wait runs dry, or it is time to look for others."""
        if self.looked_at is None or now - self.looked_at >= LOOK:
            return True
        return now - self.looked_at >= PAUSE and bool(self.deep - set(self.full()))

    def full(self) -> list[str]:
        """Hosts with half of what may be in hand of them, or more."""
        return [
            host for host, number in Counter(self.hosts.values()).items() if 2 * number >= self.room(host)
        ]

    def room(self, host: str) -> int:
        """How many addresses of a host may be in hand."""
        return self.windows.get(host, FIRST)


def claim_more(
    index: Index, hand: Hand, shards: Sequence[int], now: datetime, lease: timedelta, source: str = ""
) -> dict[str, LedgerRecord]:
    """Take up due addresses that nobody holds, and put them in hand; as they were before the claim, by their keys."""
    index.refresh(Kind.LEDGER)
    full, held = hand.full(), Counter(hand.hosts.values())
    for host in hand.deep - held.keys():
        hand.windows[host] = min(2 * hand.room(host), MOST)
    free = Range(lt=(now + timedelta(milliseconds=1)).isoformat(), or_absent=True)
    where: Where = {**due_in(shards, now, source), "leased_until": free, "host": Without(full)}
    most = max([FIRST, *(hand.windows[host] for host in hand.windows if host not in full)])
    how = Spread(by="host", sort="retry_at", within="-announced_at", most=most, values=HOSTS)
    chosen, taken = [], held.copy()
    hand.deep = {host for host in hand.deep if host in full}
    found = {row.id: row for row in index.spread(Kind.LEDGER, where, how)}
    records = {id_: from_record(LedgerRecord, row.body) for id_, row in found.items()}
    for row in found.values():
        host = records[row.id].host
        if taken[host] < hand.room(host):
            taken[host] += 1
            chosen.append(row)
            hand.deep |= {host} if taken[host] == hand.room(host) else set()
    mine = {row.id: records[row.id] for row in take(index, Kind.LEDGER, chosen, now=now, lease=lease)}
    hand.hosts |= {key: record.host for key, record in mine.items()}
    hand.looked_at = now
    return mine


def due_in(shards: Sequence[int], now: datetime, source: str = "") -> Where:
    """What is due in these shards; with a source only what that one announced. Pure."""
    due: Where = {"retry_at": Range(lt=now.isoformat()), "shard": list(shards)}
    return {**due, "sources": source} if source else due
