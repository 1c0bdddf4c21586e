"""The hosts: what each was asked, how much of it was in vain, and whether its pace was kept. Reads only."""

from collections import Counter
from dataclasses import dataclass

from copydesk import urls
from copydesk.index import Index, Kind
from copydesk.index.records import from_record
from copydesk.index.state import HostRecord
from copydesk.outcomes import EntryOutcome

__all__ = ["HostState", "host_states"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """A host as all workers know it, and how many of the addresses on it were captured."""

    record: HostRecord
    articles: int

    @property
    def unchanged(self) -> float | None:
        """Which share of the requests was answered by 304."""
        return self.record.same / self.record.requests if self.record.requests else None

    @property
    def per_article(self) -> float | None:
        """Requests for each address that was captured."""
        return self.record.requests / self.articles if self.articles else None


def host_states(index: Index) -> list[HostState]:
    """Every host that was asked, those that were asked most first."""
    index.refresh(Kind.HOSTS, Kind.LEDGER)
    articles: Counter[str] = Counter()
    for (host, outcome), number in index.count(Kind.LEDGER, "host", "outcome").items():
        articles[host] += number if outcome in {EntryOutcome.CAPTURED, EntryOutcome.UNCHANGED} else 0
    records = [from_record(HostRecord, row.body) for row in index.scan(Kind.HOSTS)]
    states = [HostState(record=record, articles=articles[urls.host(record.origin)]) for record in records]
    return sorted(states, key=lambda state: (-state.record.requests, state.record.origin))
