"""`copydesk retain`: what is too old is told, then dropped."""

import os
from datetime import timedelta

import pytest

from copydesk.adapters.elastic.index import open_index
from copydesk.index import Kind
from made import days
from made.commands import call
from made.documents import article_record, put

pytestmark = pytest.mark.elasticsearch


def test_a_dry_run_says_what_goes_and_drops_nothing(prefix: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By kind and day; the run itself names the indices, and leaves what is younger."""
    index = open_index(os.environ["COPYDESK_ELASTICSEARCH__URL"], prefix=prefix)
    index.setup()
    old, new = (days.TODAY - timedelta(days=age) for age in (800, 1))
    bodies = {f"a{at:%Y}": article_record(f"a{at:%Y}", first_seen_at=at.isoformat()) for at in (old, new)}
    put(index, Kind.ARTICLES, bodies)

    asked = call(capsys, "retain", "--dry-run", "--json")
    assert asked.rows == [{"kind": "articles", "day": f"{old:%Y-%m-%d}", "documents": 1}]
    assert asked.err == "1 documents would go; nothing was dropped\n"
    assert len(index.get(Kind.ARTICLES, sorted(bodies))) == 2

    done = call(capsys, "retain")
    assert (done.code, done.err) == (0, f"{prefix}articles-g1-{old:%Y.%m}\n")
    assert set(index.get(Kind.ARTICLES, sorted(bodies))) == {f"a{new:%Y}"}
    assert call(capsys, "retain", "--dry-run").err == "0 documents would go; nothing was dropped\n"
    index.close()
