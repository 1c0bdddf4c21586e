"""A crowded event as papers write one, in any batches and however long it lasts, is judged as in one decision."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benches.judgements import document
from benches.wire_sets import world_rows
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.judging.applying import judge
from copydesk.judging.clustering.decision import decide
from copydesk.judging.fingerprint import WINDOW
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document
from made.judgements import judgements

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
TEXTS = 600
"""More of one component than a text is compared with."""


def event(slower: int) -> list[Document]:
    """The texts of one event, in order; it takes so many times as long as it would."""
    documents = [document(row) for row in world_rows(TEXTS, 1, 1)]
    times = [START + (one.first_seen_at - START) * slower for one in documents]
    return [
        replace(one, published_at=at, first_seen_at=at, fetched_at=at)
        for one, at in zip(documents, times, strict=True)
    ]


@pytest.mark.parametrize(
    ("slower", "batch", "order"),
    [(1, 200, None), (1, 37, 1), (12, 200, None), (12, 60, -1)],
    ids=["days", "days mixed", "weeks", "weeks back"],
)
def test_batches_order_and_length_do_not_matter(slower: int, batch: int, order: int | None) -> None:
    """Each text has the family, the story and the original that one decision on all texts gives it."""
    documents = event(slower)
    lasted = max(one.first_seen_at for one in documents) - min(one.first_seen_at for one in documents)
    assert (lasted > WINDOW) is (slower > 1)
    turned = documents[::order] if order in {None, -1} else random.Random(order).sample(documents, TEXTS)
    index = MemoryIndex()
    for start in range(0, TEXTS, batch):
        judge(index, turned[start : start + batch])
    assert judgements(index) == decide(make_fingerprints(documents)).judgements
