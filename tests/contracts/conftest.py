"""Both implementations of the Index port, for the laws that hold for either."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest

from copydesk.adapters.elastic.index import ElasticIndex, open_index
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.index import Generations


@pytest.fixture(scope="session")
def elastic(elasticsearch_url: str) -> Iterator[ElasticIndex]:
    """A set-up index under a prefix of its own."""
    prefix = f"t-{secrets.token_hex(4)}-"
    index = open_index(elasticsearch_url, prefix=prefix, patience=timedelta(seconds=10))
    index.setup()
    yield index
    index.tear_down()
    index.close()


@pytest.fixture(params=["memory", pytest.param("elastic", marks=pytest.mark.elasticsearch)])
def index(request: pytest.FixtureRequest) -> Generations:
    """An empty index of either kind."""
    if request.param == "memory":
        return MemoryIndex(lag=True)
    elastic: ElasticIndex = request.getfixturevalue("elastic")
    empty(elastic)
    return elastic


def empty(index: ElasticIndex) -> None:
    """Delete all documents, past the index, for that would ask kind by kind."""
    client, everything = index.server.client, f"{index.prefix}*"
    client.indices.refresh(index=everything)
    hits = client.search(index=everything, size=10_000, source=False)["hits"]["hits"]
    if hits:
        deletions = [{"delete": {"_index": hit["_index"], "_id": hit["_id"]}} for hit in hits]
        client.bulk(operations=deletions, refresh=True)
