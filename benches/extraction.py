"""How well reading finds articles and their fields, and how well cleaning works without a page.

    python -m benches.extraction [--shared FOLDER] [--part 2/3]

Reads the development sets and their scorers. Figures of texts are shingle precision, recall and F1 over all pages
of a set; titles, authors and times are compared with the truth of fundus-dev.
"""

import argparse
import importlib
import logging
import subprocess
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benches.reading_wrappers import capture_of
from copydesk.model import Document
from copydesk.reading.documents import read

__all__ = ["main"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
SETS = ("fundus", "aeb", "wcxb")
SHOWN = ("precision", "recall", "f1", "noise_lines_per_page", "lost_paragraphs", "caption_leak", "empty")
MINUTE = 60


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures, a set a line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the development sets")
    parser.add_argument(
        "--part", default="", help="k/n: only the hosts of this part, for tuning on the others"
    )
    given = parser.parse_args(arguments)
    sys.path.insert(0, str(given.shared / "eval"))
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    datasets, metrics = importlib.import_module("datasets"), importlib.import_module("metrics")
    for name in SETS:
        pages = datasets.load(given.shared / "eval" / "pages" / f"{name}-dev.jsonl.gz")
        pages = datasets.part(pages, given.part) if given.part else pages
        answers = [read(capture_of(page.html, page.url)) for page in pages]
        texts = [answer.text if isinstance(answer, Document) else "" for answer in answers]
        summary = metrics.summary(
            [metrics.score(page, text) for page, text in zip(pages, texts, strict=True)]
        )
        own = _lost_by_rules(metrics, pages, answers)
        print(
            name, len(pages), {key: round(summary[key], 4) for key in SHOWN}, f"lost by own rules {own:.4f}"
        )
        if name == "fundus":
            print("fields", {key: round(share, 3) for key, share in _fields(pages, answers)})
    cleaner, fundus = (
        "benches.reading_wrappers:clean_text",
        str(given.shared / "eval/pages/fundus-dev.jsonl.gz"),
    )
    _score(given.shared, "seed_lines", "--seeds", str(given.shared / "seeds"), "--cleaner", cleaner)
    _score(given.shared, "score_captions", "--dataset", fundus, "--cleaner", cleaner, "--lang", "en")
    _score(given.shared, "probe_shapes", "--extractor", "benches.reading_wrappers:extract")


def _lost_by_rules(metrics: Any, pages: Sequence[Any], answers: Sequence[object]) -> float:
    """Share of the right paragraphs that a rule of ours took and that stand nowhere else in the text."""
    lost = right = 0
    for page, answer in zip(pages, answers, strict=True):
        paragraphs = [text for text in page.paragraphs if len(metrics.fine(text)) >= metrics.Bag("").n]
        right += len(paragraphs)
        if isinstance(answer, Document):
            kept = metrics.Bag(answer.text)
            gone = metrics.Bag("\n".join(line.text for line in answer.removed))
            lost += sum(gone.has(text) >= 0.8 > kept.has(text) for text in paragraphs)  # noqa: PLR2004 (the scorer's share)
    return lost / max(right, 1)


def _fields(pages: Sequence[Any], answers: Sequence[object]) -> Iterable[tuple[str, float]]:
    """Shares of titles, author lists, days and minutes that are right."""
    pairs = [
        (page, answer) for page, answer in zip(pages, answers, strict=True) if isinstance(answer, Document)
    ]
    titled = [" ".join(page.title.split()) == answer.title for page, answer in pairs if page.title]
    named = [
        {" ".join(name.split()).casefold() for name in page.authors}
        <= {name.casefold() for name in answer.authors}
        for page, answer in pairs
        if page.authors
    ]
    times = [(_aware(page.date), answer.published_at) for page, answer in pairs if page.date]
    yield "title", _share(titled)
    yield "authors", _share(named)
    yield (
        "day",
        _share(
            found is not None and found.astimezone(wanted.tzinfo).date() == wanted.date()
            for wanted, found in times
        ),
    )
    yield (
        "minute",
        _share(
            found is not None and abs((found - wanted).total_seconds()) < MINUTE for wanted, found in times
        ),
    )


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _share(hits: Iterable[bool]) -> float:
    listed = list(hits)
    return sum(listed) / max(len(listed), 1)


def _score(shared: Path, scorer: str, *options: str) -> None:
    """Run one of the scorers, which print by themselves, on the functions of reading_wrappers."""
    print(scorer, flush=True)
    subprocess.run(  # noqa: S603 (our own interpreter on the scorers of the development sets)
        [sys.executable, str(shared / "eval" / f"{scorer}.py"), *options],
        cwd=Path(__file__).parents[1],
        check=True,
    )


if __name__ == "__main__":
    main()
