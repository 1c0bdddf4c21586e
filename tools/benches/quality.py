"""`make eval`: quality on the development sets, with the libraries one would otherwise take beside it.

    python -m benches.quality [extraction] [languages] [copies] [handwritten] [stories] [costs] [wire] [prose]
        [--quick] [--few-peers] [--verbose] [--sets NAME...] [--peers] [--full] [--locked]

Runs without the libraries of requirements-eval.lock too: what cannot be imported has no column, and a line says why.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from benches import (
    copies,
    copy_costs,
    extraction,
    handwritten_copies,
    languages,
    prose,
    shapes,
    stories,
    wire,
)
from benches.figures import Figure, note, verdict
from benches.made_sets import SHARED

__all__ = ["main"]

PARTS = ("extraction", "languages", "copies", "handwritten", "stories", "costs", "wire", "prose")
OURS = {"handwritten", "wire", "prose"}
"""Parts that need nothing of ../shared."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, then which targets are met and which missed."""
    parser = argparse.ArgumentParser(
        prog="python -m benches.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", help=f"which of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the development sets")
    parser.add_argument(
        "--elasticsearch", default="", help="address of a server; one is started if not given"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="trafilatura alone beside ours, and of the sets of copies the given one",
    )
    parser.add_argument(
        "--few-peers", action="store_true", help="libraries for copies on the first set of each group alone"
    )
    parser.add_argument("--sets", nargs="+", default=[], help="for wire: beginnings of the names of its sets")
    parser.add_argument("--peers", action="store_true", help="for wire: the peers at their best beside ours")
    parser.add_argument(
        "--full", action="store_true", help="for wire: every set, day and order, the slow ones too"
    )
    parser.add_argument(
        "--locked", action="store_true", help="for wire: the sets too that nothing is tuned on"
    )
    parser.add_argument("--verbose", action="store_true", help="name each miss")
    given = parser.parse_args(arguments)
    if wrong := set(given.parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(wrong))}: must be of {', '.join(PARTS)}")
    if set(given.parts or PARTS) - OURS and not (given.shared / "eval").is_dir():
        parser.error(f"--shared {given.shared}: has no folder eval with the development sets")
    figures = [figure for part in given.parts or PARTS for figure in _measured(part, given)]
    note(verdict(figures))


def _measured(part: str, given: argparse.Namespace) -> list[Figure]:
    shared, quick, verbose = given.shared, given.quick, given.verbose
    measures: dict[str, Callable[[], list[Figure]]] = {
        "extraction": lambda: [
            *extraction.measure(shared, quick=quick),
            *shapes.measure(shared, quick=quick, verbose=verbose),
        ],
        "languages": lambda: languages.measure(shared),
        "copies": lambda: copies.measure(shared, quick=quick, few=given.few_peers, misses=verbose),
        "handwritten": lambda: handwritten_copies.measure(quick=quick, misses=verbose),
        "stories": lambda: stories.measure(shared),
        "prose": lambda: prose.measure_prose(verbose=verbose),
        "costs": lambda: copy_costs.measure(shared, given.elasticsearch),
        "wire": lambda: wire.measure(
            shared,
            sets=given.sets,
            peers=given.peers,
            full=given.full,
            locked=given.locked,
            verbose=verbose,
        ),
    }
    return measures[part]()


if __name__ == "__main__":
    main()
