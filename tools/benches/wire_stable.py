"""Whether the same texts are judged the same on other days of the week, in other orders, by several workers."""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from benches.judgements import by_workers, judged
from benches.made_sets import Row
from copydesk.model import Document

__all__ = ["DAYS", "FEW_DAYS", "QUICK_WAYS", "WAYS", "differing", "unlike"]

DAYS, FEW_DAYS = range(1, 7), (1, 4)
ORDERS = {"reversed": 1000, "shuffled": 37}
"""Batches other than the usual ones, large and small."""
WAYS = ("weekdays", *ORDERS, "workers")
QUICK_WAYS = ("shuffled",)
FIELDS = ("family", "story", "duplicate_of", "contains")


def unlike(one: Mapping[str, Row], other: Mapping[str, Row]) -> int:
    """How many texts have another family, story, original or items in two runs over the same texts."""
    return sum(
        any(row.get(field) != other.get(id_, {}).get(field) for field in FIELDS) for id_, row in one.items()
    )


def differing(
    documents: Sequence[Document],
    result: Mapping[str, Row],
    ways: Collection[str] = WAYS,
    days: Collection[int] = DAYS,
) -> Iterator[tuple[str, int]]:
    """For each of these ways how many texts are judged otherwise than in `result`; of so many days later the worst."""
    turned = {
        "reversed": documents[::-1],
        "shuffled": random.Random(1).sample(list(documents), len(documents)),
    }
    for way in ways:
        if way in turned:
            yield way, unlike(result, judged(turned[way], ORDERS[way]))
        elif way == "weekdays":
            yield way, max(unlike(result, judged(_later(documents, later))) for later in days)
        else:
            yield way, unlike(result, by_workers(documents))


def _later(documents: Sequence[Document], days: int) -> list[Document]:
    """The same texts so many days later, all of them."""
    by = timedelta(days=days)
    return [
        replace(
            one,
            fetched_at=one.fetched_at + by,
            first_seen_at=one.first_seen_at + by,
            published_at=one.published_at and one.published_at + by,
        )
        for one in documents
    ]
