import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from copydesk.adapters.elastic.index import open_index
from copydesk.config.entries import with_topic
from copydesk.config.settings import ElasticsearchSettings, load_settings
from copydesk.connect import connect, open_desk, utc_now
from copydesk.errors import ConfigError, IndexUnavailable
from copydesk.index import Kind
from copydesk.topic import Topic


@pytest.mark.elasticsearch
def test_ports_of_a_real_server(elasticsearch_url: str, tmp_path: Path) -> None:
    """Opening makes the index ready, patient or not; the archive is where the settings say."""
    prefix = f"connect-{uuid.uuid4().hex[:8]}-"
    settings = load_settings(
        archive=str(tmp_path), elasticsearch=ElasticsearchSettings(url=elasticsearch_url, prefix=prefix)
    )
    try:
        for patient in (True, False):
            with connect(settings, patient=patient) as ports:
                assert list(ports.index.scan(Kind.LEDGER)) == []
                ports.archive.save("notes/a", b"b")
        assert (tmp_path / "notes" / "a").read_bytes() == b"b"
    finally:
        open_index(elasticsearch_url, prefix=prefix).tear_down()


def test_no_server(tmp_path: Path) -> None:
    """Without patience a server that is not there is said at once."""
    server = ElasticsearchSettings(url="http://127.0.0.1:9")
    settings = load_settings(archive=str(tmp_path), elasticsearch=server)
    with pytest.raises(IndexUnavailable, match=r"Elasticsearch at http://127\.0\.0\.1:9: "):
        connect(settings, patient=False).__enter__()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "http://es..local:9200",
        f"http://{'a' * 64}.local:9200",
        "http://h:x",
        "http://[::1",
        "http://h:99999",
        "",
    ],
)
def test_no_address(url: str) -> None:
    """An address that is none is said with the setting's name."""
    settings = load_settings(elasticsearch=ElasticsearchSettings(url=url))
    with pytest.raises(ConfigError, match=re.escape(f"elasticsearch url '{url}'")):
        connect(settings).__enter__()


def test_the_clock() -> None:
    """Times are UTC in whole milliseconds, as Elasticsearch keeps them."""
    now = utc_now()
    assert now.utcoffset() is not None
    assert now.microsecond % 1000 == 0


def test_what_several_save_at_once_is_all_there(tmp_path: Path) -> None:
    """Each change of the topics is made to the file as the one before left it; a desk that only reads has none."""
    settings = load_settings(topics=tmp_path / "topics.yml")
    desk = open_desk(lambda: settings, writes=True)
    assert desk.rewrite is not None
    changes = [partial(with_topic, topic=Topic(name=f"t{one}", query="ferry")) for one in range(12)]
    with ThreadPoolExecutor(6) as several:
        list(several.map(desk.rewrite, changes))
    assert sorted(one.name for one in desk.topics().topics) == sorted(f"t{one}" for one in range(12))
    assert open_desk(lambda: settings, writes=False).rewrite is None
