"""Speed of the whole step beside datasketch, in turns: texts a second of processor time, and the ratio."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import log
from resource import RUSAGE_SELF, getrusage

from benches.copy_costs import datasketch_step, judge_step
from benches.copy_peers import PEERS, missing
from benches.figures import Figure, note
from benches.judgements import BATCH, judged_twice
from benches.wire_cache import read_rows
from benches.wire_sets import WireTexts, world_rows
from copydesk.judging.clustering.decision import decide
from copydesk.judging.clustering.keeping import forget
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document

__all__ = ["measure_growth", "measure_speed"]

CROWDED = ("world-crowd", "crowded-a", "hand-all")
"""The first of these that there is stands for a crowded event."""
OTHER = "made-given"
TARGET = ">= 0.7"
ROUNDS, LONG = 2, 5
"""The better of two rounds counts, unless one takes so many seconds."""
EVENTS, SIZES, LARGE_SIZES = 10, (1_250, 2_500, 5_000, 10_000), (25_000, 50_000)
MOST_IN_BATCHES = 2_500
"""More of them in batches take hours."""


def measure_speed(known: Mapping[str, WireTexts]) -> list[Figure]:
    """Print speeds on a crowded and on another set; the ratios, none without datasketch."""
    crowded = next((name for start in CROWDED for name in known if name.startswith(start)), "")
    out = []
    for name in (name for name in (crowded, OTHER) if name in known):
        out += _speed(name, known[name].documents()[1])
    note("")
    return out


def _speed(name: str, documents: Sequence[Document]) -> list[Figure]:
    lacking = next(missing(peer) for peer in PEERS if peer.name == "datasketch")
    ours, whole, theirs = 0.0, 0.0, 0.0
    for number in range(ROUNDS):
        if number and len(documents) / whole > LONG:
            break
        # what was decided in the last round must be decided anew: in life no batch comes twice
        forget()
        start = time.process_time()
        of_index = judge_step(documents)
        spent = time.process_time() - start
        ours, whole = max(ours, len(documents) / (spent - of_index)), max(whole, len(documents) / spent)
        start = time.process_time()
        if not lacking:
            datasketch_step(documents)
            theirs = max(theirs, len(documents) / (time.process_time() - start))
    told = (
        f"speed on {name}, {len(documents)} texts: {ours:,.0f} texts/s, {whole:,.0f} with the index in memory"
    )
    if lacking:
        note(f"{told}; no datasketch beside: {lacking}")
        return []
    note(f"{told}; datasketch {theirs:,.0f}: ratio {ours / theirs:.2f}, {whole / theirs:.2f}")
    return [Figure(of=f"speed on {name}", what="ratio to datasketch", ours=ours / theirs, target=TARGET)]


def measure_growth(*, full: bool) -> None:
    """Print what texts of ten crowded events cost by their number, `full` up to 50,000.

    Once as one decision on all of them, and once as they come in batches, each of which decides anew on the whole of
    its events, and is looked at again as a worker does. Where it grows as n log n the last figure of each line is the
    same.
    """
    for size in (*SIZES, *LARGE_SIZES) if full else SIZES:
        documents = read_rows(world_rows(size, EVENTS, 1))
        texts = make_fingerprints(documents)
        _show_growth(size, "decided on at once", partial(decide, texts))
        if size <= MOST_IN_BATCHES:
            how = f"in batches of {BATCH}, each looked at again"
            _show_growth(size, how, partial(judged_twice, documents))
    note("")


def _show_growth(size: int, how: str, work: Callable[[], object]) -> None:
    start = time.process_time()
    work()
    spent = time.process_time() - start
    peak = getrusage(RUSAGE_SELF).ru_maxrss // 1024
    note(
        f"{size:,} texts of {EVENTS} crowded events {how}: {spent:.1f} s, {spent / size * 1000:.2f} ms a text,"
        f" {spent / (size * log(size)) * 1_000_000:.0f} us a text and its logarithm; at most {peak:,} MB so far"
    )
