"""What a search without a field looks into; such a one is that of Kibana's search box."""

import pytest

from copydesk.adapters.elastic.index import ElasticIndex
from copydesk.index import Body, Kind
from made.documents import article, put


@pytest.mark.elasticsearch
def test_who_asks_without_a_field_finds_what_can_be_read(elastic: ElasticIndex) -> None:
    """Kibana's search box finds titles, standfirsts and texts; no removed line, no caption, no stem, no name."""
    held: Body = {
        "standfirst": "Quayside",
        "authors": ["Marlow"],
        "removed": [{"text": "Subscribe", "reason": "prompt", "place": 0}],
        "images": [{"url": "", "caption": "Lighthouse"}],
    }
    put(elastic, Kind.ARTICLES, {"asked": article("Ferries delayed", "Gales blew.", **held)})

    def found(words: str) -> bool:
        typed = {"multi_match": {"query": words, "lenient": True, "type": "best_fields"}}
        asked = {"bool": {"must": [typed], "filter": [{"ids": {"values": ["asked"]}}]}}
        return bool(
            elastic.server.client.search(index=f"{elastic.prefix}articles", query=asked)["hits"]["hits"]
        )

    assert all(found(word) for word in ("ferries", "Gales", "quayside"))
    assert not any(found(word) for word in ("Subscribe", "Lighthouse", "Marlow", "en:ferri", "ferri"))
