"""How well copies, roundups and stories are recognised, with the libraries of copy_peers.py beside it.

    python -m benches.quality copies [--quick] [--few-peers] [--verbose]

Every set is scored by the scorer of the development sets, families against items. A library is measured twice: with
its usual setting on the texts as they come ("usual"), and with the setting, on texts as they come or as we cleaned
them, that has the best ARI on the given set ("best"). What it joins by pairs, and by pairs of pairs, is a family.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any

from benches.copy_peers import PEERS, Peer, missing
from benches.figures import Figure, note, show
from benches.judgements import BATCH, by_workers, cleaned, document, families, judged
from benches.made_sets import Recipe, Row, WireSet, make, recipes, tool
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
from benches.scoring import Labels

__all__ = ["measure"]

Figures = dict[str, float]

OTHER_BATCH = 37
JOBS = 2
NAME = 12
"""Characters of an item's name that are enough to know it by."""

ROWS = {
    "ARI": ("ari", ">= 0.985"),
    "B-cubed F1": ("b3_f1", ">= 0.99"),
    "found: cut": ("found trunc", ">= 0.99"),
    "found: expanded": ("found expand", ">= 0.98"),
    "found: edited": ("found edit", ">= 0.99"),
    "found: updated": ("found update", ">= 0.95"),
    "found: rewritten": ("found rewrite", ">= 0.90"),
    "found: light": ("found light", ""),
    "found: with noise": ("found noisy", ""),
    "falsely joined: single": ("falsely_joined single", "<= 0.005"),
    "falsely joined: form-like": ("falsely_joined template", "<= 0.02"),
    "falsely joined: shared background": ("falsely_joined bgshare", "<= 0.10"),
    "families of two or more that mix items": ("mixed_clusters", "<= 0.03"),
    "ARI, shuffled, as a stream": ("shuffled", ">= 0.97"),
    "judged otherwise by four workers, 50 late": ("workers", "<= 0"),
    "judged otherwise when shuffled": ("moved", ""),
    "the raw wire is the original": ("original", ""),
    "roundups found": ("roundups", ""),
    "other texts taken for roundups": ("taken", ""),
}
"""What is shown → its name among the figures of a set, and its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """All figures of a set: ours, and of each library, if measured, with its usual and its best setting."""

    recipe: Recipe
    ours: Figures
    peers: Mapping[str, tuple[Figures, Figures]]
    misses: Sequence[str]


def measure(shared: Path, *, quick: bool = False, few: bool = False, misses: bool = False) -> list[Figure]:
    """Print the tables of all sets; their figures.

    `quick` takes the given set alone, and libraries with their usual setting; `few` has libraries on the first set of
    each group alone; `misses` names each miss.
    """
    wanted = recipes()[:1] if quick else recipes()
    firsts = {one.group: one for one in reversed(wanted)}
    peers = [peer for peer in PEERS if not missing(peer)]
    with ProcessPoolExecutor(JOBS) as pool:
        if quick:
            best = {peer.name: usual(peer) for peer in peers}
        else:
            given = make(shared, wanted[0])
            texts = Texts(
                raw=[row["text"] for row in given.docs],
                clean=list(pool.map(cleaned, given.docs, chunksize=BATCH)),
            )
            chosen = pool.map(partial(_best, shared, given.truth, texts), peers)
            best = dict(zip((peer.name for peer in peers), chosen, strict=True))
        tasks = [
            pool.submit(_score, shared, {} if few and one not in firsts.values() else best, one)
            for one in wanted
        ]
        scored = []
        for task in tasks:
            scored.append(task.result())
            _tell(scored[-1], misses=misses)
    note("")
    names = [peer.name for peer in peers]
    out: list[Figure] = []
    for group in dict.fromkeys(one.group for one in wanted):
        sets = [one for one in scored if one.recipe.group == group]
        figures = _table(group, sets)
        show(_title(group, sets), figures, names)
        out += figures
    explain(best, "" if quick else "the given set")
    return out


def _best(shared: Path, truth: Sequence[Row], texts: Texts, peer: Peer) -> Choice:
    """The setting with the best ARI on the given set."""
    evalkit, ids = tool(shared, "evalkit"), [row["id"] for row in truth]
    return best_choice(peer, texts, lambda pairs: float(evalkit.score(truth, joined(ids, pairs))["ari"]))


def _score(shared: Path, best: Mapping[str, Choice], recipe: Recipe) -> Scored:
    evalkit, made = tool(shared, "evalkit"), make(shared, recipe)
    ids = [row["id"] for row in made.docs]
    score: Callable[[Labels], Figures] = lambda labels: _flat(evalkit.score(made.truth, labels))  # noqa: E731
    documents = [document(row) for row in made.docs]
    result = judged(documents)
    ours = score(families(result)) | _own(made, result)
    shuffled = judged(random.Random(1).sample(documents, len(documents)), OTHER_BATCH)
    ours["shuffled"] = score(families(shuffled))["ari"]
    for name, other in (("moved", shuffled), ("workers", by_workers(documents))):
        ours[name] = sum(result[id_] != other[id_] for id_ in ids) / len(ids)
    texts = Texts(raw=[row["text"] for row in made.docs], clean=[one.text for one in documents])
    theirs = {}
    for peer in (peer for peer in PEERS if peer.name in best):
        plain, tuned = (score(joined(ids, pairs)) for pairs in usual_and_best(peer, best[peer.name], texts))
        theirs[peer.name] = (plain, tuned)
    misses = list(_misses(recipe.name, made, families(result)))
    return Scored(recipe=recipe, ours=ours, peers=theirs, misses=misses)


def _flat(told: Mapping[str, Any]) -> Figures:
    """What the scorer says, with "found trunc" for found by kind and the like."""
    single = {name: value for name, value in told.items() if not isinstance(value, dict)}
    kinds = {
        f"{name} {kind}": value for name in ("found", "falsely_joined") for kind, value in told[name].items()
    }
    return single | kinds


def _own(made: WireSet, result: Mapping[str, Row]) -> Figures:
    """Of originals and roundups, which libraries do not know."""
    raws = [row["id"] for row in made.truth if row["kind"] == "raw"]
    digests = [row["id"] for row in made.truth if row["kind"] == "digest"]
    others = result.keys() - set(digests)
    return {
        "original": mean((result[id_].get("duplicate_of") or id_) == id_ for id_ in raws),
        "roundups": mean("contains" in result[id_] for id_ in digests),
        "taken": mean("contains" in result[id_] for id_ in others),
    }


def _misses(name: str, made: WireSet, labels: Labels) -> Iterator[str]:
    """Texts that stand apart from most of their item, or with another item."""
    items, members = defaultdict(list), defaultdict(list)
    truth = {row["id"]: row for row in made.truth if row["kind"] != "digest"}
    for id_, row in truth.items():
        items[row["item"]].append(labels[id_])
        members[labels[id_]].append(row["item"])
    for id_, row in truth.items():
        home = Counter(items[row["item"]]).most_common(1)[0][0]
        others = sorted(set(members[labels[id_]]) - {row["item"]})
        if labels[id_] != home or (
            others and Counter(members[labels[id_]]).most_common(1)[0][0] != row["item"]
        ):
            where = f"with {', '.join(item[:NAME] for item in others)}" if others else "apart"
            yield f"{name}: {id_} {row['kind']} of {row['item'][:NAME]} (own share {row['share']}) stands {where}"


def _table(group: str, scored: Sequence[Scored]) -> list[Figure]:
    """The figures of a group of sets: means, and in brackets the worst of ours."""
    out = []
    for what, (key, target) in ROWS.items():
        values = [one.ours[key] for one in scored]
        worst = min(values) if target.startswith(">") else max(values)
        shown = f"{mean(values):.4f}" + (f" (worst {worst:.4f})" if target and len(values) > 1 else "")
        others = {name: told for name in scored[0].peers if (told := _theirs(name, key, scored))}
        out.append(Figure(of=group, what=what, ours=mean(values), target=target, shown=shown, others=others))
    return out


def _theirs(name: str, key: str, scored: Sequence[Scored]) -> str:
    """A library's figure over the sets it was measured on: usual / best, or one if they are the same."""
    pairs = [one.peers[name] for one in scored if name in one.peers]
    if key not in pairs[0][0]:
        return ""
    return side_by_side(*(mean(pair[way][key] for pair in pairs) for way in (0, 1)))


def _title(group: str, scored: Sequence[Scored]) -> str:
    names = ", ".join(one.recipe.name for one in scored)
    texts = sum(round(one.ours["docs"]) for one in scored)
    told = f"Wire copies, {group}: {texts:,} texts" + (f" ({names})" if len(scored) > 1 else "")
    measured = [one.recipe.name for one in scored if one.peers]
    return told if len(measured) == len(scored) else f"{told}; libraries on {', '.join(measured)} alone"


def _tell(one: Scored, *, misses: bool) -> None:
    """A line on a set as soon as it is done."""
    note(
        f"{one.recipe.name:<16} ARI {one.ours['ari']:.4f}  B3 {one.ours['b3_f1']:.4f}"
        f"  shuffled {one.ours['shuffled']:.4f}  texts astray {len(one.misses)}"
    )
    for miss in one.misses if misses else ():
        note(f"  {miss}")
