"""An answer of Elasticsearch that is cut off, wherever, is no answer: what was asked is asked again."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from random import Random
from threading import Thread

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.errors import IndexUnreachable
from copydesk.index import Kind, Write
from made.elastic import StandIn, Time, running
from simulation.cutting import cutting

HIT = {"_id": "a", "_source": {"url": "a"}, "_seq_no": 1, "_primary_term": 1, "_version": 1}
ANSWERS = {
    "/copydesk-ledger/_search": {"hits": {"hits": [HIT]}},
    "/copydesk-ledger/_refresh": {"_shards": {"total": 1, "failed": 0}},
    "/copydesk-": {"copydesk-stories-g1": {"aliases": {"copydesk-stories": {}}}},
}
CALLS: dict[str, Callable[[ElasticIndex], object]] = {
    "get": lambda index: index.get(Kind.LEDGER, ["a"]),
    "find": lambda index: index.find(Kind.LEDGER, {}),
    "refresh": lambda index: index.refresh(Kind.LEDGER),
    "write": lambda index: index.write([Write(kind=Kind.LEDGER, id="a", body={"url": "a"})]),
    "create": lambda index: index.write([Write(kind=Kind.LEDGER, id="b", body={"url": "b"}, create=True)]),
}


class Place(Random):
    """Chance that names one place, for as long as it lies in the answer."""

    at = 1

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> int:  # noqa: ARG002 (the base's)
        """The place, or the last one there is."""
        self.is_beyond = self.at >= (stop or start)
        return min(self.at, (stop or start) - 1)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    """A server with one document."""
    with running() as server:
        server.answers = {path: [(200, answer)] for path, answer in ANSWERS.items()}
        server.documents["copydesk-ledger", "a"] = (1, 1, {"url": "a"})
        yield server


@pytest.mark.parametrize("name", CALLS)
def test_cut_at_any_byte_it_is_asked_again(stand_in: StandIn, name: str) -> None:
    """Whatever byte an answer ends at, in its head or its body, the call ends as over a whole connection."""
    place, time = Place(), Time()

    with cutting(stand_in.url, place) as proxy:
        index = open_index(
            proxy.url, patience=timedelta(minutes=1), sleep=time.sleep, random=lambda: 0.5, clock=time.clock
        )
        whole = CALLS[name](index)
        for place.at in range(1, 10_000):
            stand_in.documents.pop(("copydesk-ledger", "b"), None)
            turns = cycle(["cut within", ""])
            proxy.strike = lambda *_, turns=turns: next(turns)
            assert CALLS[name](index) == whole, place.at
            if place.is_beyond:
                break
        index.close()
    assert place.at > 100


def test_a_connection_that_ends_before_tls_is_agreed_on_passes() -> None:
    """A server that is going down, or a proxy before it: nothing that somebody has to mend."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        thread = Thread(target=hang_up)
        thread.start()
        index = open_index(f"https://127.0.0.1:{server.getsockname()[1]}", patience=timedelta(0))
        with pytest.raises(IndexUnreachable):
            index.find(Kind.LEDGER, {})
        index.close()
        thread.join()
