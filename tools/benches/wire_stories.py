"""Stories on labelled pairs of articles: how many on the same event end in one story, how many on different ones.

Each pair stands alone: its two texts appear an hour apart at two outlets, a month from the next pair.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benches.made_sets import Row, rows
from benches.scoring import Labels

__all__ = ["StoryPair", "as_rows", "at_most", "by_language", "has_pairs", "of_pairs", "read_pairs"]

SAME, DIFFERENT = 1.5, 3
"""A pair rated at most SAME is of one event, one rated at least DIFFERENT of two; what lies between counts nowhere."""
FIRST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StoryPair:
    """Two texts, their languages in order of the alphabet, and whether they tell of one event; None for unclear."""

    texts: tuple[str, str]
    languages: str
    same: bool | None


def has_pairs(shared: Path) -> bool:
    """Whether the pairs are on this machine."""
    return _file(shared).exists()


def _file(shared: Path) -> Path:
    return shared / "eval" / "stories" / "pairs-dev.jsonl.gz"


def read_pairs(shared: Path, *, across: bool) -> list[StoryPair]:
    """The pairs in one language, or those in two."""
    return [
        StoryPair(
            (row["texts"][0], row["texts"][1]), "-".join(sorted(set(row["languages"]))), _same(row["overall"])
        )
        for row in rows(_file(shared))
        if (row["languages"][0] != row["languages"][1]) == across
    ]


def _same(rated: float) -> bool | None:
    return True if rated <= SAME else False if rated >= DIFFERENT else None


def as_rows(pairs: Sequence[StoryPair]) -> list[Row]:
    """The texts as they come; ids are the number of the pair and of the text in it."""
    return [
        {
            "id": f"{number}-{side}",
            "source": f"outlet{side}.example",
            "published": (FIRST + timedelta(days=30 * number, hours=side)).isoformat(),
            "title": "",
            "text": text,
        }
        for number, pair in enumerate(pairs)
        for side, text in enumerate(pair.texts)
    ]


def by_language(pairs: Sequence[StoryPair], stories: Labels) -> Mapping[str, tuple[int, int, int, int]]:
    """Same-event pairs in one story, of how many, and the same of different ones: for all, then for each language."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for number, pair in enumerate(pairs):
        if pair.same is None:
            continue
        first = stories.get(f"{number}-0")
        joined = first is not None and first == stories.get(f"{number}-1")
        for name in ("all", pair.languages):
            counts[name][0 if pair.same else 2] += joined
            counts[name][1 if pair.same else 3] += 1
    names = ["all", *sorted(set(counts) - {"all"})]
    return {name: (counts[name][0], counts[name][1], counts[name][2], counts[name][3]) for name in names}


def of_pairs(
    pairs: Sequence[StoryPair], ids: Sequence[str], alike: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    """How alike same-event pairs are, and different ones; one without both its texts counts as not at all."""
    place = {id_: number for number, id_ in enumerate(ids)}
    found: tuple[list[float], list[float]] = ([], [])
    for number, pair in enumerate(pairs):
        one, other = place.get(f"{number}-0"), place.get(f"{number}-1")
        if pair.same is not None:
            value = 0.0 if one is None or other is None else float(alike[one, other])
            found[0 if pair.same else 1].append(value)
    return found


def at_most(share: float, same: Sequence[float], different: Sequence[float]) -> float:
    """The largest share of same-event pairs above a threshold that at most `share` of the different ones reach.

    Both are how alike the pairs are. Of no pairs none is found.
    """
    allowed = int(share * len(different))
    above = sorted(different, reverse=True)
    bound = above[allowed] if allowed < len(above) else float("-inf")
    return sum(value > bound for value in same) / max(len(same), 1)
