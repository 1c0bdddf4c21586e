"""A second opinion beside the rules of cleaning: trees over the looks of lines, judged out of fold; evaluation only.

    python -m benches.opinion

Nothing of it is in the product: docs/decisions/0035-second-opinion.md says why. Each page is judged by trees that saw
no page of its host: hosts are dealt into five parts, twice. A line is right when the scorer of the development sets
finds half of its shingles in the truth. Trees learn from each page twice: with all of its lines, as where no rule knows
the outlet, and with those that the rules leave. Needs scikit-learn, as `make eval` installs it; some minutes.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benches.extraction import load
from benches.figures import Figure, show
from benches.looks import looks
from benches.places import Place, places
from benches.reading_wrappers import capture_of
from benches.samples import SHARED
from copydesk.cleaning import RULES
from copydesk.cleaning.lines import Line, Rule, Text, Zone
from copydesk.model import Document
from copydesk.reading.documents import read
from copydesk.reading.page import parse

__all__ = ["main"]

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
SETS = ("fundus", "aeb", "wcxb")
FOLDS, DEALS, DRAWS = 5, 2, 1_000
RIGHT = 0.5
"""Share of a line's shingles in the truth from which it is right, as the scorer has it."""

MOST = 0.1
"""Share of a text that may go at most: a page of which more is doubted is of a kind that no tree has seen."""

BELOW = ((0.15, 0.15), (0.15, 0.3), (0.2, 0.2), (0.3, 0.3))
"""Likeness below which a paragraph of prose goes, and another line."""

ABOVE = (0.85, 0.95)
"""Likeness above which a line stays that a rule took."""

NEVER = frozenset(
    ["prompt", "title", "author", "contact", "byline", "furniture", "repeat", "date", "reading time"]
)
"""Reasons that no opinion overrides."""

SIZES = ((120, 15, 0.06),)
"""Numbers of trees, of their leaves, and how much each of them says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a set: its lines as the rules met them, which of them they left, and which are right."""

    set: str
    host: str
    truth: Any
    text: Text
    places: Mapping[str, Place]
    reasons: Sequence[str]
    right: Flags
    weights: Numbers

    @property
    def left(self) -> Flags:
        """Which lines the rules left."""
        return np.array([not reason for reason in self.reasons])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what the opinion would gain, by size of the trees and by its bounds."""
    parser = argparse.ArgumentParser(
        prog="python -m benches.opinion",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--shared", type=Path, default=SHARED.parent, help="folder of the development sets")
    given = parser.parse_args(arguments)
    pages = [page for name in SETS for page in _pages(given.shared, name)]
    for size in SIZES:
        likes = _out_of_fold(pages, size)
        figures = [_gain(pages, name, likes, bounds) for bounds in BELOW for name in (*SETS, "noise")]
        if size == SIZES[0]:
            figures += [_gain(pages, name, likes, (above,)) for above in ABOVE for name in (*SETS, "right")]
        show("{} trees of {} leaves, {} each: F1 and its gain out of fold by host".format(*size), figures)


def _pages(shared: Path, name: str) -> Iterator[Page]:
    for page in load(shared, name):
        metrics = import_module("metrics")
        seen: list[Text] = []
        watch = Rule("watch", _watcher(seen), Zone.AMONG, longest=10**9, prose=True)
        answer = read(capture_of(page.html, page.url), rules=(*RULES, watch))
        if not isinstance(answer, Document) or not seen:
            continue
        lines = seen[0].lines
        sizes = np.array([len(metrics.fine(line.text)) for line in lines], dtype=float)
        truth = metrics.Bag("\n".join((*page.paragraphs, *page.optional)))
        yield Page(
            set=name,
            host=page.host or page.id,
            truth=page,
            text=seen[0],
            places=places(parse(page.html, page.url).tree),
            reasons=_reasons(lines, answer),
            right=np.array([truth.has(line.text) >= RIGHT for line in lines]),
            # by its share of the page, so that long pages do not drown the short ones, but not by it alone
            weights=np.sqrt(100 * sizes / max(sizes.sum(), 1)) + 0.3,
        )


def _watcher(seen: list[Text]) -> Any:
    """A rule that takes nothing and keeps the text it is shown first."""

    def takes(text: Text, _at: int) -> bool:
        if not seen:
            seen.append(text)
        return False

    return takes


def _reasons(lines: Sequence[Line], answer: Document) -> list[str]:
    """Why each line went; "" for those that stayed."""
    gone = Counter(line.text for line in answer.removed)
    why = {line.text: line.reason for line in answer.removed}
    found = []
    for line in lines:
        gone[line.text] -= 1
        found.append(why[line.text] if gone[line.text] >= 0 else "")
    return found


def _only(page: Page, chosen: Flags) -> Text:
    return replace(page.text, lines=[line for line, its in zip(page.text.lines, chosen, strict=True) if its])


def _trained(pages: Sequence[Page], size: tuple[int, int, float]) -> Any:
    rows: list[list[float]] = []
    for page in pages:
        rows += looks(page.text, page.places) + looks(_only(page, page.left), page.places)
    right = np.concatenate([part for page in pages for part in (page.right, page.right[page.left])])
    weights = np.concatenate([part for page in pages for part in (page.weights, page.weights[page.left])])
    trees, leaves, rate = size
    return (
        import_module("sklearn.ensemble")
        .HistGradientBoostingClassifier(
            max_iter=trees, max_leaf_nodes=leaves, learning_rate=rate, min_samples_leaf=20, l2_regularization=5.0,
            max_features=0.6, early_stopping=False, random_state=0, max_bins=64,
        )
        .fit(np.array(rows, dtype=float), right, sample_weight=weights)
    )  # fmt: skip


def _out_of_fold(pages: Sequence[Page], size: tuple[int, int, float]) -> list[Numbers]:
    """The likeness of each line by trees that saw no page of its host: as the rules leave it, or as they met it."""
    likes = [np.zeros(len(page.reasons)) for page in pages]
    for deal in range(DEALS):
        parts = [_part(page.host, deal) for page in pages]
        for part in range(FOLDS):
            model = _trained([page for page, its in zip(pages, parts, strict=True) if its != part], size)
            for at, page in enumerate(pages):
                if parts[at] == part:
                    likes[at] += _likes(model, page) / DEALS
    return likes


def _likes(model: Any, page: Page) -> Numbers:
    found: Numbers = model.predict_proba(np.array(looks(page.text, page.places), dtype=float))[:, 1]
    if page.left.any():
        rest = np.array(looks(_only(page, page.left), page.places), dtype=float)
        found[page.left] = model.predict_proba(rest)[:, 1]
    return found


def _part(host: str, deal: int) -> int:
    return int(hashlib.sha1(f"{deal}{host}".encode(), usedforsecurity=False).hexdigest(), 16) % FOLDS


def _kept(page: Page, likes: Numbers, bounds: Sequence[float]) -> Flags:
    """The lines that stay, with two bounds for what goes, or one for what is spared."""
    if len(bounds) == 1:
        free = np.array([reason not in NEVER for reason in page.reasons])
        return page.left | (free & (likes > bounds[0]))
    lines = page.text.lines
    bound = np.array([bounds[0] if line.prose else bounds[1] for line in lines])
    goes = page.left & (likes < bound)
    sizes = np.array([len(line.text) for line in lines])
    return page.left & ~goes if sizes[goes].sum() <= MOST * sizes[page.left].sum() else page.left


def _gain(pages: Sequence[Page], name: str, likes: Sequence[Numbers], bounds: Sequence[float]) -> Figure:
    """What F1 gains on a set, or what share of the lines that change their side is noise, or right."""
    what = f"below {bounds[0]} prose, {bounds[1]} others" if len(bounds) > 1 else f"spared above {bounds[0]}"
    both = [(page, _kept(page, its, bounds)) for page, its in zip(pages, likes, strict=True)]
    if name not in SETS:
        moved = np.concatenate([page.right[kept != page.left] for page, kept in both])
        share = float(moved.mean() if name == "right" else 1 - moved.mean()) if len(moved) else 0.0
        return Figure(what=f"{what}: {name}", ours=share, shown=f"{share:.2f} of {len(moved)} lines")
    chosen = [(page, kept) for page, kept in both if page.set == name]
    before = np.array([_scored(page, page.left) for page, _ in chosen])
    behind = np.array([_scored(page, kept) for page, kept in chosen])
    low, high = _interval([page.host for page, _ in chosen], before, behind)
    gain = _f1(behind) - _f1(before)
    return Figure(
        what=f"{what}: {name}",
        ours=gain,
        shown=f"{_f1(before):.4f} {gain:+.4f} [{low:+.4f} {high:+.4f}]",
    )


def _scored(page: Page, kept: Flags) -> tuple[float, float]:
    row = import_module("metrics").score(page.truth, "\n".join(line.text for line in _only(page, kept).lines))
    return row["p"], row["r"]


def _f1(rows: Numbers) -> float:
    precision, recall = rows.mean(axis=0)
    return float(2 * precision * recall / (precision + recall))


def _interval(hosts: Sequence[str], before: Numbers, behind: Numbers) -> tuple[float, float]:
    """Within what the gain lies in 95 of 100 draws of as many hosts."""
    spots = {host: [at for at, other in enumerate(hosts) if other == host] for host in sorted(set(hosts))}
    names, random = list(spots), np.random.default_rng(1)
    gains = []
    for _ in range(DRAWS):
        drawn = [at for number in random.integers(0, len(names), len(names)) for at in spots[names[number]]]
        gains.append(_f1(behind[drawn]) - _f1(before[drawn]))
    low, high = np.percentile(gains, [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
