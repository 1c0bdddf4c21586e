"""What several test files share: the real servers they may ask for."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from copydesk.adapters.elastic.index import open_index
from copydesk.adapters.http.fetcher import HttpFetcher
from copydesk.clock import told_by
from local import elasticsearch
from made import days, sites

# No limits on the clock, and the same examples in every run: the main branch passes or fails for a reason.
settings.register_profile("copydesk", deadline=None, derandomize=True)
settings.load_profile("copydesk")


def pytest_addoption(parser: pytest.Parser) -> None:
    text = f"the day on which the tests run, with a time or without; {days.DEFAULT} if none is given"
    parser.addoption("--today", metavar="DATE", default=days.DEFAULT, type=days.moment, help=text)


def pytest_configure(config: pytest.Config) -> None:
    days.TODAY = config.getoption("--today")


def pytest_report_header() -> str:
    return f"today: {days.TODAY.isoformat()}"


@pytest.fixture(scope="module", autouse=True)
def date(request: pytest.FixtureRequest) -> Iterator[None]:
    """The clock of the tests, but for those with a real scheduler: its processes go by the machine's."""
    if request.node.get_closest_marker("scheduler"):
        yield
        return
    with told_by(days.now):
        yield


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """A real Elasticsearch: the one COPYDESK_TEST_ELASTICSEARCH names, or one started for this session.

    Other test runs may use the same server: name indices uniquely and delete them.
    """
    named = os.environ.get("COPYDESK_TEST_ELASTICSEARCH")
    if named:
        yield named
        return
    with elasticsearch.running() as server:
        yield server.url


@pytest.fixture
def prefix(elasticsearch_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Index names of this test's own; settings that use them, and an archive in a folder."""
    name = f"cli-{uuid.uuid4().hex[:8]}-"
    (tmp_path / "topics.yml").write_text("topics:\n  - {name: harbours, any: [harbour]}\n")
    for variable, value in {
        "COPYDESK_ELASTICSEARCH__URL": elasticsearch_url,
        "COPYDESK_ELASTICSEARCH__PREFIX": name,
        "COPYDESK_ARCHIVE": str(tmp_path / "archive"),
        "COPYDESK_TOPICS": str(tmp_path / "topics.yml"),
        "COPYDESK_FETCH__ALLOW": "127.0.0.0/8",
        "COPYDESK_FETCH__DELAY": "0s",
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(variable, value)
    yield name
    open_index(elasticsearch_url, prefix=name).tear_down()


@pytest.fixture
def site() -> Iterator[sites.Site]:
    """A running Site."""
    with sites.running() as site:
        yield site


@pytest.fixture
def fetcher() -> Iterator[HttpFetcher]:
    """A fetcher that may ask loopback and need not wait."""
    with HttpFetcher(delay=0, allow=sites.LOOPBACK, deadline=5, now=lambda: sites.NINE) as fetcher:
        yield fetcher
