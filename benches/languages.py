"""How well and how fast languages are told: on the articles of fundus-dev, after correcting labels that are wrong.

    python -m benches.languages [--shared FOLDER]

Labels come from the pages themselves. Those that are wrong are corrected here by what the page declares and what its
text is in; languages the detector does not know are to give "und".
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from langdetect import detector_factory

from benches.measure import Line, show
from copydesk.reading import language

__all__ = ["main", "measure"]

SHARED = Path(__file__).resolve().parents[2] / "shared"
ROUNDS = 5
ZULU = frozenset(["ukuthi", "futhi", "ngoba", "kodwa", "uma"])
"""Two pages in Zulu declare English, as their system does for all; these words give them away."""

GERMAN = frozenset(["und", "der", "die", "nicht"])
"""One page in German declares nothing."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the development sets")
    show([measure(parser.parse_args(arguments).shared)])


def measure(shared: Path = SHARED) -> Line:
    """Share of right answers and documents a second of processor time."""
    sys.path.insert(0, str(shared / "eval"))
    pages = importlib.import_module("datasets").load(shared / "eval" / "pages" / "fundus-dev.jsonl.gz")
    texts = ["\n".join(page.paragraphs) for page in pages]
    answers = [language.detect(text, page.lang) for text, page in zip(texts, pages, strict=True)]
    wanted = [_right(page.lang, text) for page, text in zip(pages, texts, strict=True)]
    right = sum(answer == want for answer, want in zip(answers, wanted, strict=True)) / len(pages)
    ours, plain = _seconds(language.detect, texts), _seconds(_plain, texts)
    count = ROUNDS * len(texts)
    return Line(
        what="language", value=f"{right:.4f} right, {count / ours:.0f} documents/s",
        beside=f"langdetect on 500 characters {count / plain:.0f}", ratio=ours / plain, target=">= .995, 600",
    )  # fmt: skip


def _seconds(detect: Callable[[str], object], texts: Sequence[str]) -> float:
    detect(texts[0])
    start = time.process_time()
    for _ in range(ROUNDS):
        for text in texts:
            detect(text)
    return time.process_time() - start


def _plain(text: str) -> object:
    """The library itself on as many characters, with as many trials."""
    detector_factory.init_factory()
    detector = detector_factory._factory.create()  # noqa: SLF001 (its own function takes no number of trials)
    detector.n_trial = language.TRIALS
    detector.append(text[: language.SAMPLE])
    return detector.get_probabilities()


def _right(label: str, text: str) -> str:
    """The language a text is in, as far as the detector can know it; labels that are wrong are corrected."""
    words = set(text.lower().split())
    if len(ZULU & words) > 1:
        return language.UNDETERMINED
    label = label or ("de" if words >= GERMAN else language.UNDETERMINED)
    return label if label in language.known() else language.UNDETERMINED


if __name__ == "__main__":
    main()
