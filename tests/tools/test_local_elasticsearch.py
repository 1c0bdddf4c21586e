import pytest
from elasticsearch import Elasticsearch

pytestmark = pytest.mark.elasticsearch


def test_the_server_stores_and_finds(elasticsearch_url: str) -> None:
    """The server the tests share takes a document and gives it back."""
    with Elasticsearch(elasticsearch_url) as client:
        client.index(index="test-local", id="1", document={"title": "Harbour reopens"}, refresh=True)
        try:
            assert client.count(index="test-local", q="title:harbour")["count"] == 1
        finally:
            client.indices.delete(index="test-local")
