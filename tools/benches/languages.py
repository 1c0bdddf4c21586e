"""How well and how fast languages are told: on the articles of fundus-dev, after correcting labels that are wrong.

    python -m benches.quality languages

Labels come from the pages themselves. Those that are wrong are corrected here by what the page declares and what its
text is in; languages the detector does not know are to give "und".
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from langdetect import detector_factory

from benches.extraction import load
from benches.figures import Figure, show
from copydesk.reading import language

__all__ = ["measure"]

ROUNDS = 5
ZULU = frozenset(["ukuthi", "futhi", "ngoba", "kodwa", "uma"])
"""Two pages in Zulu declare English, as their system does for all; these words give them away."""

GERMAN = frozenset(["und", "der", "die", "nicht"])
"""One page in German declares nothing."""


def measure(shared: Path) -> list[Figure]:
    """Print and give the share of right answers, and documents a second of processor time."""
    pages = load(shared, "fundus")
    texts = ["\n".join(page.paragraphs) for page in pages]
    right = sum(
        language.detect(text, page.lang) == _right(page.lang, text)
        for page, text in zip(pages, texts, strict=True)
    )
    ours, plain = (len(texts) / _seconds(detect, texts) for detect in (language.detect, _plain))
    library = "langdetect"
    figures = [
        Figure(what="languages right", ours=right / len(pages), target=">= 0.995"),
        Figure(
            what="documents a second of CPU", ours=ours, target=">= 600", others={library: f"{plain:.0f}"}
        ),
    ]
    show(f"Languages, fundus-dev, {len(pages)} pages", figures, [library])
    return figures


def _seconds(detect: Callable[[str], object], texts: Sequence[str]) -> float:
    """Processor time for all texts once."""
    detect(texts[0])
    start = time.process_time()
    for _ in range(ROUNDS):
        for text in texts:
            detect(text)
    return (time.process_time() - start) / ROUNDS


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
