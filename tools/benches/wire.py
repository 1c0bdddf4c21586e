"""Wire copies and stories on every set there is, with peers at their best beside them.

    python -m benches.quality wire [--sets NAME...] [--peers] [--full] [--locked] [--verbose]

Names are beginnings: `--sets hand real-huawei` takes all of hand-* and one of real-*; `stories`, `speed`, `growth` and
`curves` (thresholds a fifth lower and higher) are names too. None takes the quick ones, and not every set in each other
way; `--full` takes all. Peers (see wire_peers.py) need the libraries of requirements-eval.lock, and minutes.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.markup import escape

from benches.figures import Figure, note
from benches.judgements import judged
from benches.made_sets import Row
from benches.wire_cache import read_rows
from benches.wire_curves import measure_curves
from benches.wire_peers import PEERS, WirePeer, alike, families_by_setting, missing
from benches.wire_scores import Answers, Scores, answers_of
from benches.wire_sets import QUICK, WireTexts, all_sets
from benches.wire_speed import measure_growth, measure_speed
from benches.wire_stable import DAYS, FEW_DAYS, WAYS, differing
from benches.wire_stories import as_rows, at_most, by_language, has_pairs, of_pairs, read_pairs
from benches.wire_tables import Line, show_counts, show_lines, show_stable, show_stories
from benches.wire_targets import aimed, aimed_ways
from copydesk.model import Document

__all__ = ["measure"]

OTHERS = ("stories-mono", "stories-cross", "speed")
GROWTH, CURVES = "growth", "curves"
OURS = "copydesk"
NO_SEMHASH = (
    "SemHash: left out: it loads the model of its vectors from a hub, which no run without network can"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A set as it was judged."""

    texts: WireTexts
    rows: Sequence[Row]
    documents: Sequence[Document]
    result: Mapping[str, Row]


def measure(
    shared: Path,
    *,
    sets: Sequence[str] = (),
    peers: bool = False,
    full: bool = False,
    locked: bool = False,
    verbose: bool = False,
) -> list[Figure]:
    """Print the tables; the figures that have a target.

    `sets` are beginnings of names, none for the quick ones, or with `full` for all; `verbose` names what is wrong.
    Locked sets are read with `locked` alone, and what is wrong in them is never named.
    """
    known = {one.name: one for one in all_sets(shared) if locked or not one.locked}
    names = _wanted(shared, known, sets, full=full)
    usable = [peer for peer in PEERS if not missing(peer)] if peers else []
    spent: dict[str, float] = {}
    out = _families(
        [known[name] for name in names if name in known], usable, spent, full=full, verbose=verbose
    )
    for name in (name for name in names if name.startswith("stories")):
        start = time.process_time()
        out += _stories(shared, name, usable)
        spent[name] = time.process_time() - start
    if "speed" in names:
        out += measure_speed(known)
    if GROWTH in names:
        measure_growth(full=full)
    if CURVES in names:
        measure_curves(known)
    if peers:
        _tell_missing()
    note("CPU seconds: " + ", ".join(f"{name} {seconds:.0f}" for name, seconds in spent.items()))
    return out


def _wanted(shared: Path, known: Iterable[str], sets: Sequence[str], *, full: bool) -> list[str]:
    """The names of the sets that are asked for, of those that there are."""
    beginnings = tuple(sets or (("",) if full else (*QUICK, *OTHERS)))
    others = [
        name for name in (*OTHERS, GROWTH, CURVES) if has_pairs(shared) or not name.startswith("stories")
    ]
    return [name for name in (*known, *others) if name.startswith(beginnings)]


def _tell_missing() -> None:
    """Say which libraries have no line, and why."""
    for peer in PEERS:
        if reason := missing(peer):
            note(f"{peer.name}: not installed: {reason}")
    note(NO_SEMHASH)


def _families(
    sets: Sequence[WireTexts],
    peers: Sequence[WirePeer],
    spent: dict[str, float],
    *,
    full: bool,
    verbose: bool,
) -> list[Figure]:
    """Print the tables of these sets; the figures. What each costs is added to `spent`."""
    lines: list[Line] = []
    unstable: dict[str, dict[str, int]] = {}
    wrong: list[str] = []
    out: list[Figure] = []
    for texts in sets:
        start = time.process_time()
        run = _run(texts)
        ours = _ours(run)
        lines += [ours, *(_peer(run, peer) for peer in peers)]
        ways, days = (WAYS, DAYS) if full else (texts.ways, FEW_DAYS)
        unstable[texts.name] = dict(differing(run.documents, run.result, ways, days))
        if verbose and not texts.locked:
            wrong += [
                f"{texts.name}: {miss}" for miss in texts.misses(run.rows, answers_of(run.rows, run.result))
            ]
        out += [*aimed(ours), *aimed_ways(texts.name, unstable[texts.name])]
        spent[texts.name] = time.process_time() - start
    if lines:
        show_lines(lines)
        show_counts(lines)
        show_stable({name: ways for name, ways in unstable.items() if ways})
    for one in wrong:
        note(escape(one))
    return out


def _run(texts: WireTexts) -> Run:
    rows, documents = texts.documents()
    return Run(texts=texts, rows=rows, documents=documents, result=judged(documents))


def _ours(run: Run) -> Line:
    answers = answers_of(run.rows, run.result)
    return _line(run, OURS, "", run.texts.score(run.rows, answers), answers)


def _peer(run: Run, peer: WirePeer) -> Line:
    """The figures of a peer: pairs and counts at the setting that is best for them, the others each at their own."""
    alone = {row["id"]: row["id"] for row in run.rows}
    ids, texts = [one.id for one in run.documents], [one.text for one in run.documents]
    tried = []
    for setting, labels in families_by_setting(peer, ids, alike(peer, texts)):
        answers = Answers(families={**alone, **labels}, stories={**alone, **labels})
        tried.append((run.texts.score(run.rows, answers), setting, answers))
    best, setting, answers = max(tried, key=lambda one: (_rank(run.texts, one[0]), one[1]))
    each = replace(
        best,
        second=_most([one.second for one, *_ in tried]),
        ari=_most([one.ari for one, *_ in tried]),
        b3=_most([one.b3 for one, *_ in tried]),
    )
    return _line(run, peer.name, str(setting), each, answers)


def _line(run: Run, who: str, setting: str, scores: Scores, answers: Answers) -> Line:
    return Line(
        name=run.texts.name,
        texts=len(run.rows),
        locked=run.texts.locked,
        who=who,
        setting=setting,
        scores=scores,
        counts=run.texts.count(run.rows, answers),
    )


def _rank(texts: WireTexts, scores: Scores) -> float:
    return scores.ari or 0.0 if texts.by == "ari" else scores.all.f1


def _most(values: Sequence[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _stories(shared: Path, name: str, peers: Sequence[WirePeer]) -> Iterator[Figure]:
    """Print the table of pairs in one language or two; the figures."""
    pairs = read_pairs(shared, across=name.endswith("cross"))
    documents = read_rows(as_rows(pairs))
    counts = by_language(pairs, {id_: row["story"] for id_, row in judged(documents).items()})
    best = {}
    for peer in peers:
        for variant, values in alike(peer, [one.text for one in documents]).items():
            same, different = of_pairs(pairs, [one.id for one in documents], values)
            best[f"{peer.name} {variant}".strip()] = {
                share: at_most(share, same, different) for share in (0.01, 0.03)
            }
    show_stories(name, counts, best)
    joined, of, wrong, of_wrong = counts["all"]
    yield Figure(of=name, what="same-event pairs in one story", ours=joined / max(of, 1), target=">= 0.40")
    yield Figure(
        of=name, what="different pairs in one story", ours=wrong / max(of_wrong, 1), target="<= 0.01"
    )
