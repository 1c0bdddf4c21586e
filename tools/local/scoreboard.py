"""Scores what Copydesk made of the news world against the world's truth. Pure.

Articles are the bodies of the index, truth rows those of `newsworld.rows`; only last states of pages that a robot
may fetch count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

__all__ = ["Score", "score"]

Row = Mapping[str, Any]

SHINGLE = 4
"""Words that are compared at a time, as the scorers of the field do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well the made world was understood.

    Attributes:
        pages: Pages that should be in the index, and how many are.
        precision, recall: Of the shingles of all texts.
        captions: Captions on all pages, and how many of them stand in a text.
        copies: Pairs of pages that carry the same item, and how many are in one family.
        joined: Pairs that are in one family, and how many of them should not be.
        alerts: (topic, event) pairs that should ring; rung and right; rung and wrong or twice. A roundup that is
            fetched before what it sums up is news and may ring, once; which ones are depends on the machine.
    """

    pages: tuple[int, int]
    precision: float
    recall: float
    captions: tuple[int, int]
    copies: tuple[int, int]
    joined: tuple[int, int]
    alerts: tuple[int, int, int]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 when both are."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(
    truth: Sequence[Row],
    expected: Mapping[str, Sequence[str]],
    articles: Mapping[str, Row],
    alerts: Iterable[Row],
) -> Score:
    """The score of articles by address and of alerts, against truth rows and expected events by topic."""
    last = {row["url"]: row for row in truth if row["until"] is None and not row["refused"]}
    found = {url: articles[url] for url in last if url in articles}
    texts = [_overlap(found[url]["text"], "\n".join(last[url]["paragraphs"])) for url in found]
    same, made, ours = (sum(column) for column in zip(*texts, strict=True)) if texts else (0, 1, 1)
    captions = [(caption, found[url]["text"]) for url in found for caption in last[url]["captions"]]
    return Score(
        pages=(len(last), len(found)),
        precision=same / max(ours, 1),
        recall=same / max(made, 1),
        captions=(len(captions), sum(_flat(caption) in _flat(text) for caption, text in captions)),
        copies=_copies(last, found),
        joined=_joined(last, found),
        alerts=_alerts(last, expected, found, alerts),
    )


def _overlap(text: str, truth: str) -> tuple[int, int, int]:
    """Shingles in common, in the truth, and in the text."""
    ours, theirs = _shingles(text), _shingles(truth)
    return (ours & theirs).total(), theirs.total(), ours.total()


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return Counter(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


def _flat(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _copies(last: Mapping[str, Row], found: Mapping[str, Row]) -> tuple[int, int]:
    """Pairs that carry one item, and those of them in one family."""
    by_item = defaultdict(list)
    for url in found:
        if last[url]["kind"] != "roundup" and last[url]["item"]:
            by_item[last[url]["item"]].append(found[url]["family"])
    pairs = [pair for families in by_item.values() for pair in combinations(families, 2)]
    return len(pairs), sum(one == two for one, two in pairs)


def _joined(last: Mapping[str, Row], found: Mapping[str, Row]) -> tuple[int, int]:
    """Pairs in one family, and those of them that carry different items; a roundup may sit with none."""
    by_family = defaultdict(list)
    for url, article in found.items():
        by_family[article["family"]].append(last[url])
    pairs = [pair for rows in by_family.values() for pair in combinations(rows, 2)]
    return len(pairs), sum(
        one["item"] != two["item"] or "roundup" in (one["kind"], two["kind"]) for one, two in pairs
    )


def _alerts(
    last: Mapping[str, Row],
    expected: Mapping[str, Sequence[str]],
    found: Mapping[str, Row],
    alerts: Iterable[Row],
) -> tuple[int, int, int]:
    event_of = {article["id"]: last[url]["event"] for url, article in found.items()}
    rung = Counter((alert["topic"], event_of.get(alert["article"], "?")) for alert in alerts)
    wanted = {(topic, event) for topic, events in expected.items() for event in events}
    roundups = {row["event"] for row in last.values() if row["kind"] == "roundup"}
    right = wanted & rung.keys()
    early = {(topic, event) for topic, event in rung if event in roundups} - wanted
    return len(wanted), len(right), rung.total() - len(right) - len(early)
