"""What hosts were asked is known to all, once a worker has ended."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.adapters.http.turns import SharedBook, Tally, Turns, added
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import IndexUnreachable
from copydesk.index import Found, Kind
from copydesk.index.records import from_record, to_record
from copydesk.index.state import HostRecord
from copydesk.views.hosts import host_states
from made.sites import LOOPBACK, NINE, PAGE, ROBOTS, Site, fetch, page, want

TALLIES = st.builds(
    Tally,
    requests=st.integers(0, 9),
    received=st.integers(0, 9),
    same=st.integers(0, 9),
    least_gap=st.none() | st.floats(0, 9),
)


def ask(site: Site, index: MemoryIndex) -> None:
    """A worker that asks for a page twice, the second time by its tag, and ends."""
    turns = Turns(SharedBook(index), lambda: NINE)
    with HttpFetcher(delay=0, allow=LOOPBACK, turns=turns) as fetcher:
        fetch(fetcher, site.url("/a"))
        site.pages["/a"] = page(b"", 304)
        fetch(fetcher, want(site.url("/a"), etag='"1"'))
        del site.pages["/a"]


def test_requests_bytes_and_304_of_all_workers_add_up(site: Site) -> None:
    """robots.txt counts too; a second worker adds its own."""
    index = MemoryIndex()
    for times in (1, 2):
        ask(site, index)
        (state,) = host_states(index)
        record = state.record
        assert (record.requests, record.same) == (3 * times, times)
        assert record.received == times * (len(ROBOTS) + len(PAGE))
        assert record.least_gap is not None
        assert (state.unchanged, state.per_article) == (1 / 3, None)


class Away(MemoryIndex):
    """A server that nobody reaches."""

    def get(self, kind: Kind, ids: object) -> dict[str, Found]:  # noqa: ARG002
        raise IndexUnreachable("away")


def test_an_index_that_is_away_ends_no_worker(site: Site) -> None:
    """What cannot be told is lost, and nothing else."""
    ask(site, Away())
    assert host_states(MemoryIndex()) == []


@given(st.lists(TALLIES, max_size=6))
def test_the_order_of_workers_does_not_matter(tallies: list[Tally]) -> None:
    """Sums and the least of all, whoever comes first; and a record keeps them."""

    def whole(some: list[Tally]) -> HostRecord:
        record = HostRecord(origin="http://a.example")
        for tally in some:
            record = from_record(HostRecord, to_record(added("http://a.example", tally, record)))
        return record

    found = whole(tallies)
    assert found == whole(tallies[::-1])
    assert found.requests == sum(tally.requests for tally in tallies)


@pytest.mark.parametrize("requests", [0, 4])
def test_what_a_host_that_brought_nothing_costs(requests: int) -> None:
    """No share of nothing."""
    index = MemoryIndex()
    SharedBook(index).add({"https://a.example": Tally(requests=requests)}, NINE)
    (state,) = host_states(index)
    assert (state.unchanged, state.per_article) == (0.0 if requests else None, None)
