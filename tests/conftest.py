"""What several test files share: the real servers they may ask for."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from local import elasticsearch

# No limits on the clock, and the same examples in every run: the main branch passes or fails for a reason.
settings.register_profile("copydesk", deadline=None, derandomize=True)
settings.load_profile("copydesk")


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
