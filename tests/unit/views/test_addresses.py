"""Articles by the addresses people give."""

from dataclasses import replace

import pytest

from copydesk.adapters.memory.index import MemoryIndex
from copydesk.errors import ConfigError
from copydesk.index import Kind
from copydesk.index.article import Article
from copydesk.index.judgement import Judgement
from copydesk.index.records import to_record
from copydesk.urls import url_key
from copydesk.views.articles import articles_at
from made.documents import NOVEMBER, put
from made.texts import document

URL = "https://news.example/ferry"


@pytest.fixture
def index() -> MemoryIndex:
    """An index with one article, captured from another address than its own."""
    made = MemoryIndex()
    ferry = replace(document("ferry", ["It stopped."], title="Ferry stops"), id=url_key(URL), url=URL)
    article = Article(document=ferry, judgement=Judgement(family=ferry.id, story=ferry.id))
    put(made, Kind.ARTICLES, {ferry.id: to_record(article)})
    row = {"id": "c", "segment": "s", "source": "one", "outlet": "news", "first_seen_at": NOVEMBER}
    fetched = {**row, "url": "https://m.news.example/f?id=3", "article": url_key(URL), "outcome": "indexed"}
    failed = {**row, "url": "https://news.example/empty", "outcome": "rejected"}
    put(made, Kind.CAPTURES, {"c1": fetched, "c2": failed})
    return made


@pytest.mark.parametrize(
    "address", [URL, f"{URL}?utm_source=mail#top", "https://m.news.example/f?id=3", url_key(URL)]
)
def test_an_article_has_several_addresses(index: MemoryIndex, address: str) -> None:
    """The canonical address, the one it was fetched from and the id all name the article."""
    assert [one.document.id for one in articles_at(index, [address])] == [url_key(URL)]


@pytest.mark.parametrize("address", ["https://news.example/other", "https://news.example/empty", "ferry", ""])
def test_an_address_without_an_article_is_named(index: MemoryIndex, address: str) -> None:
    """An address that no article has is a mistake of the caller, and the message names it."""
    with pytest.raises(ConfigError, match="no article has this address"):
        articles_at(index, [URL, address])
