"""Families and stories of copies that people wrote by hand, with the libraries of copy_peers.py beside them.

    python -m benches.quality handwritten [--quick] [--verbose]

All texts of benches/handwritten (its README says what they are) come as one stream, in order of time; roundups are
counted apart. What a library joins is a family, and a story too: it knows no other. Its best setting is the one that
has the best F1 by pairs on these very texts.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from statistics import fmean

from benches.copy_peers import PEERS, Pairs, missing, shingles
from benches.figures import Figure, note, show
from benches.judgements import document, families, judged
from benches.made_sets import Row
from benches.peer_settings import (
    Choice,
    Texts,
    best_choice,
    explain,
    joined,
    side_by_side,
    usual,
    usual_and_best,
)
from benches.scoring import Labels, bcubed, found, pairwise

__all__ = ["FOLDER", "in_time", "measure", "read_set"]

Figures = dict[str, float]

FOLDER = Path(__file__).with_name("handwritten")
KINDS = ("raw", "cut", "expanded", "edited", "updated", "rewritten")
TARGETS = {
    "families: precision by pairs": ">= 0.98",
    "families: F1 by pairs": ">= 0.97",
    "roundups in the family of another text": "<= 0",
}


def measure(*, quick: bool = False, misses: bool = False) -> list[Figure]:
    """Print the tables; the figures of all sets together.

    `quick` leaves libraries their usual setting; `misses` names each wrong pair and each copy that stands apart.
    """
    sets = {path.stem: read_set(path) for path in sorted(FOLDER.glob("*.jsonl"))}
    rows = sorted((row for one in sets.values() for row in one), key=in_time)
    documents = [document(row) for row in rows]
    result = judged(documents)
    ours = _ours(rows, result)
    texts = Texts(raw=[row["text"] for row in rows], clean=[one.text for one in documents])
    best = {peer.name: usual(peer) for peer in PEERS if not missing(peer)} if quick else _best(rows, texts)
    theirs = _theirs(rows, texts, best)
    out = [
        Figure(
            of="written by hand",
            what=what,
            ours=value,
            target=TARGETS.get(what, ""),
            others={
                name: side_by_side(*(one[what] for one in both if what in one))
                for name, both in theirs.items()
            },
        )
        for what, value in ours.items()
    ]
    show(f"Copies written by hand: {len(rows)} texts", out, list(theirs))
    explain(best, "" if quick else "these texts")
    _show_sets(sets, result, out)
    for miss in _misses(rows, families(result)) if misses else ():
        note(miss)
    return out


def _show_sets(
    sets: Mapping[str, Sequence[Row]], result: Mapping[str, Row], together: Sequence[Figure]
) -> None:
    """Our figures on each set, and how alike its copies are."""
    ours = {name: _ours(rows, result) for name, rows in sets.items()}
    each = [
        replace(
            figure,
            others={name: side_by_side(one[figure.what]) for name, one in ours.items() if figure.what in one},
        )
        for figure in together
    ]
    show("Copydesk on each set", each, list(sets))
    for name, rows in sets.items():
        note(
            f"{name}: {len(rows)} texts; copies of one text share {_shared(rows):.2f} of their runs of five words"
        )
    note("")


def _ours(rows: Sequence[Row], result: Mapping[str, Row]) -> Figures:
    """Our figures on some of the texts that were judged."""
    told = {id_ for id_, row in result.items() if "contains" in row}
    return _figures(rows, families(result), {id_: row["story"] for id_, row in result.items()}) | {
        "roundups recognised": fmean(row["id"] in told for row in rows if row["kind"] == "roundup"),
        "other texts taken for roundups": sum(row["id"] in told for row in rows if row["kind"] != "roundup"),
    }


def _theirs(rows: Sequence[Row], texts: Texts, best: Mapping[str, Choice]) -> dict[str, list[Figures]]:
    """The figures of each library with its usual and with its best setting."""
    ids = [row["id"] for row in rows]
    return {
        peer.name: [
            _figures(rows, labels, labels)
            for labels in (joined(ids, pairs) for pairs in usual_and_best(peer, best[peer.name], texts))
        ]
        for peer in PEERS
        if peer.name in best
    }


def _best(rows: Sequence[Row], texts: Texts) -> dict[str, Choice]:
    """The setting of each library that has the best F1 by pairs."""
    ids, truth = [row["id"] for row in rows], _truth(rows, "family")
    score: Callable[[Pairs], float] = lambda pairs: pairwise(truth, joined(ids, pairs)).f1  # noqa: E731
    return {peer.name: best_choice(peer, texts, score) for peer in PEERS if not missing(peer)}


def read_set(path: Path) -> list[Row]:
    """The texts of a set; labels are those of this set alone."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row | {level: f"{path.stem} {row[level]}" for level in ("family", "story")} for row in rows]


def in_time(row: Row) -> datetime:
    """When a text appeared, to sort by."""
    return datetime.fromisoformat(row["published"])


def _truth(rows: Sequence[Row], level: str, without: Sequence[str] = ("roundup",)) -> dict[str, str]:
    """The family or the story of each text, but of these kinds."""
    return {row["id"]: row[level] for row in rows if row["kind"] not in without}


def _figures(rows: Sequence[Row], in_family: Labels, in_story: Labels) -> Figures:
    """All figures that a library has too."""
    truth, events = _truth(rows, "family"), _truth(rows, "story")
    out: Figures = {}
    for name, some in (
        ("families", truth),
        ("families without rewritten", _truth(rows, "family", ("roundup", "rewritten"))),
    ):
        score = pairwise(some, in_family)
        out |= {
            f"{name}: precision by pairs": score.precision,
            f"{name}: recall by pairs": score.recall,
            f"{name}: F1 by pairs": score.f1,
        }
    out["families: B-cubed F1"] = bcubed(truth, in_family).f1
    met = found(truth, in_family)
    for kind in KINDS:
        if those := [met[row["id"]] for row in rows if row["kind"] == kind and row["id"] in met]:
            out[f"found: {kind}"] = fmean(those)
    sizes = Counter(in_family.values())
    return out | {
        "stories: precision by pairs": pairwise(events, in_story).precision,
        "stories: B-cubed F1": bcubed(events, in_story).f1,
        "roundups in the family of another text": sum(
            sizes[in_family[row["id"]]] > 1 for row in rows if row["kind"] == "roundup"
        ),
    }


def _shared(rows: Sequence[Row]) -> float:
    """Mean Jaccard of the texts of a family, pair by pair, as they come."""
    members: defaultdict[str, list[set[str]]] = defaultdict(list)
    for row in rows:
        members[row["family"]].append(shingles(row["text"]))
    pairs = [pair for texts in members.values() for pair in combinations(texts, 2)]
    return fmean(len(one & other) / len(one | other) for one, other in pairs)


def _misses(rows: Sequence[Row], labels: Labels) -> Iterator[str]:
    """Pairs that stand together and should not, then copies that stand with no other of their family."""
    told = [row for row in rows if row["kind"] != "roundup"]
    for one, other in combinations(told, 2):
        if labels[one["id"]] == labels[other["id"]] and one["family"] != other["family"]:
            yield f"wrong pair: {_told(one)} / {_told(other)}"
    for id_, met in found(_truth(rows, "family"), labels).items():
        if not met:
            yield f"apart: {_told(next(row for row in rows if row['id'] == id_))}"


def _told(row: Row) -> str:
    return f"{row['id']} {row['kind']} ({row['why']})"
