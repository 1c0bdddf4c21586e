"""A look-up that fails is never taken for one that found nothing."""

from typing import Any

import pytest

from copydesk.errors import IndexUnavailable
from copydesk.index import Kind, Probe
from made.elastic import Time, opened, running

PROBE = Probe(groups={"terms": (["a", "b"], 2)}, since="2026-03-01T00:00:00Z", until="2026-03-09T00:00:00Z")
LAYOUT: tuple[int, Any] = (
    200,
    {
        "t-stories-g1": {"aliases": {"t-stories": {}}},
        "t-fingerprints-g1-2026-w10": {"aliases": {"t-fingerprints": {}}},
    },
)
HITS = {"hits": {"hits": [{"fields": {"id": ["x"]}, "sort": [2.0, 1]}]}, "status": 200}
BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "queue full"}, "status": 429}
LATE = {"error": {"type": "timeout_exception", "reason": "too late"}, "status": 504}
BROKEN = {"error": {"type": "parsing_exception", "reason": "no such query"}, "status": 400}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([(200, {"responses": [HITS]})], ["x"]),
        ([(200, {"responses": [BUSY]}), (200, {"responses": [HITS]})], ["x"]),
        ([(200, {"responses": [LATE]}), (200, {"responses": [HITS]})], ["x"]),
        ([(429, {}), (503, {}), (0, {}), (200, {"responses": [HITS]})], ["x"]),
        ([(200, {"responses": [BUSY]})], None),
        ([(200, {"responses": [LATE]})], None),
        ([(200, {"responses": [BROKEN]})], None),
        ([(429, {})], None),
        ([(0, {})], None),
    ],
    ids=["well", "busy once", "late once", "all at once", "busy", "late", "broken", "refused", "gone"],
)
def test_candidates_or_an_error(answers: list[tuple[int, Any]], found: list[str] | None) -> None:
    """What passes is asked again with pauses; what does not ends in IndexUnavailable, also for one look-up of many."""
    time = Time()
    with running() as stand_in:
        index = opened(stand_in, time, LAYOUT)
        asked, stand_in.answers["/_msearch"] = len(answers), answers
        if found is None:
            with pytest.raises(IndexUnavailable):
                index.candidates([PROBE])
        else:
            assert index.candidates([PROBE]) == [found]
            assert len(time.pauses) == asked - 1
        index.close()


@pytest.mark.parametrize(("failed", "passes"), [([0], True), ([1, 1, 0], True), ([1], False)])
def test_a_refresh_of_some_shards_is_none(failed: list[int], passes: bool) -> None:  # noqa: FBT001 (the table)
    """The server says 200 also when shards could not be refreshed; then it is asked again, and given up in the end."""
    time = Time()
    with running() as stand_in:
        index = opened(stand_in, time, LAYOUT)
        stand_in.answers = {
            "/t-fingerprints/_refresh": [(200, {"_shards": {"total": 2, "failed": n}}) for n in failed],
            **stand_in.answers,
        }
        if passes:
            index.refresh(Kind.FINGERPRINTS)
            assert len(time.pauses) == len(failed) - 1
        else:
            with pytest.raises(IndexUnavailable, match="1 of 2 shards"):
                index.refresh(Kind.FINGERPRINTS)
        index.close()
