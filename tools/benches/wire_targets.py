"""Which figures of `wire` have a target."""

from collections.abc import Iterator, Mapping

from benches.figures import Figure
from benches.wire_tables import Line

__all__ = ["aimed", "aimed_ways"]

CROWD = {"F1": ">= 0.95", "rival texts": "<= 0.005"}
TARGETS: Mapping[str, Mapping[str, str]] = {
    "real": {"F1": ">= 0.95", "hard F1": ">= 0.80", "forms joined": "<= 0.047"},
    "hand-all": {"P": ">= 0.98", "F1": ">= 0.80", "hard F1": ">= 0.93", "rewritten found": ">= 0.50"},
    "crowded": CROWD,
    "world": CROWD,
    "made": {"ARI": ">= 0.985", "B3": ">= 0.99"},
}
"""Beginning of a set's name → heading of a column → what to reach; counts as shares."""


def aimed(line: Line) -> Iterator[Figure]:
    """The figures of a line that have a target."""
    scores = line.scores
    values = {
        "P": scores.all.precision,
        "F1": scores.all.f1,
        "hard F1": scores.second,
        "ARI": scores.ari,
        "B3": scores.b3,
        **{name: share for name, told in line.counts.items() if (share := _share(told)) is not None},
    }
    for start, targets in TARGETS.items():
        for what, target in targets.items() if line.name.startswith(start) else ():
            if (value := values.get(what)) is not None:
                yield Figure(of=line.name, what=what, ours=value, target=target)


def aimed_ways(name: str, ways: Mapping[str, int]) -> Iterator[Figure]:
    """The texts of a set that another way judges otherwise: none should be."""
    for way, count in ways.items():
        yield Figure(of=name, what=f"judged otherwise, {way}", ours=count, target="<= 0")


def _share(told: str) -> float | None:
    """A count "9/59" as a share; None for what is none."""
    some, slash, of = told.partition("/")
    return int(some) / max(int(of), 1) if slash else None
