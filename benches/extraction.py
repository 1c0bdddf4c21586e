"""How well reading finds articles and their fields, with the extractors of extraction_peers.py beside it.

    python -m benches.quality extraction

Texts are scored by the scorer of the development sets: shingle precision, recall and F1 over all pages of a set.
Titles, authors and times are compared with the truth of fundus-dev; a page that fails counts as empty and wrong.
"""

import hashlib
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benches.extraction_peers import EXTRACTORS, Found, missing
from benches.figures import Figure, note, show
from benches.reading_wrappers import capture_of
from copydesk.model import Document
from copydesk.reading.documents import read

__all__ = ["load", "measure"]

JOBS = 2
MINUTE = 60
SAME = 0.8
"""Share of a paragraph's shingles from which on the scorer takes it for found."""

TARGETS = {
    "fundus": {
        "precision": ">= 0.973", "recall": ">= 0.968", "f1": ">= 0.972",
        "noise_lines_per_page": "<= 1.1", "caption_leak": "<= 0.01",
    },
    "aeb": {"f1": ">= 0.975", "noise_lines_per_page": "<= 0.4"},
    "wcxb": {"f1": ">= 0.940"},
}  # fmt: skip
SHOWN = ("precision", "recall", "f1", "noise_lines_per_page", "lost_paragraphs", "caption_leak", "empty")
FIELDS = {"title": ">= 0.90", "authors": ">= 0.90", "day": ">= 0.98", "minute": ">= 0.85"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an extractor made of the pages of a set."""

    found: Sequence[Found]
    rows: Sequence[dict[str, Any]]
    summary: dict[str, float]
    failed: Sequence[str]
    milliseconds: float


def measure(shared: Path) -> list[Figure]:
    """Print a table a set, and one of fields; their figures."""
    extractors = [one for one in EXTRACTORS if not missing(one)]
    names = [one.name for one in extractors]
    out: list[Figure] = []
    with ProcessPoolExecutor(JOBS) as pool:
        for name in TARGETS:
            pages = load(shared, name)
            ours, *others = pool.map(
                partial(_read, shared, name), (None, *(extractors.index(one) for one in extractors))
            )
            theirs = dict(zip(names, others, strict=True))
            figures = list(_texts(name, ours, theirs))
            figures.append(
                Figure(
                    what=f"{name}: right paragraphs lost by our own rules",
                    ours=_lost_by_rules(pages, ours.found),
                    target="<= 0.004",
                )
            )
            show(f"{name}-dev, {len(pages)} pages", figures, names)
            out += figures
            if name == "fundus":
                out += _show_fields(pages, ours, theirs)
            for who, one in theirs.items():
                if one.failed:
                    note(f"{who} fails on {len(one.failed)} pages: {one.failed[0]}")
    for extractor in EXTRACTORS:
        if reason := missing(extractor):
            note(f"{extractor.name}: not installable: {reason}")
    same = _differing(shared)
    out.append(
        Figure(what="pages that two processes read otherwise, in other orders", ours=same, target="<= 0")
    )
    show("Twice", out[-1:])
    return out


def load(shared: Path, name: str) -> list[Any]:
    """The pages of a set, as its own reader gives them."""
    sys.path.insert(0, str(shared / "eval"))
    pages: list[Any] = import_module("datasets").load(shared / "eval" / "pages" / f"{name}-dev.jsonl.gz")
    return pages


def _ours(html: str, url: str) -> Found:
    answer = read(capture_of(html, url))
    if not isinstance(answer, Document):
        return Found(text="")
    return Found(text=answer.text, title=answer.title, authors=answer.authors, published=answer.published_at)


def _read(shared: Path, name: str, which: int | None) -> Read:
    """What one extractor, or we, make of a set."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    pages = load(shared, name)
    metrics = import_module("metrics")
    find = _ours if which is None else [one for one in EXTRACTORS if not missing(one)][which].find
    found, failed = [], []
    with suppress(Exception):  # loads what is loaded once
        find(pages[0].html, pages[0].url)
    start = time.process_time()
    for page in pages:
        try:
            found.append(find(page.html, page.url))
        except Exception as error:  # noqa: BLE001 (libraries raise what they like; it is counted)
            found.append(Found(text=""))
            failed.append(" ".join(str(error).split())[:80])
    spent = (time.process_time() - start) * 1000 / len(pages)
    rows = [metrics.score(page, one.text) for page, one in zip(pages, found, strict=True)]
    return Read(found=found, rows=rows, summary=metrics.summary(rows), failed=failed, milliseconds=spent)


def _texts(name: str, ours: Read, theirs: dict[str, Read]) -> Iterator[Figure]:
    """The figures of texts."""
    for key in SHOWN:
        others = {who: f"{one.summary[key]:.3f}" for who, one in theirs.items()}
        what = f"{name}: {key.replace('_', ' ')}"
        yield Figure(what=what, ours=ours.summary[key], target=TARGETS[name].get(key, ""), others=others)
    usual = theirs["trafilatura"]
    yield Figure(
        what=f"{name}: recall less trafilatura's",
        ours=ours.summary["recall"] - usual.summary["recall"],
        target=">= -0.005",
        others={
            who: f"{one.summary['recall'] - usual.summary['recall']:+.3f}" for who, one in theirs.items()
        },
    )
    yield Figure(
        what=f"{name}: pages trafilatura fills, left empty",
        ours=_emptied(ours, usual),
        target="<= 0",
        others={who: str(_emptied(one, usual)) for who, one in theirs.items()},
    )
    yield Figure(
        what=f"{name}: ms CPU a page, all there is to find",
        ours=ours.milliseconds,
        others={who: f"{one.milliseconds:.1f}" for who, one in theirs.items()},
    )


def _emptied(one: Read, usual: Read) -> int:
    return sum(
        bool(theirs.text.strip()) and not ours.text.strip()
        for ours, theirs in zip(one.found, usual.found, strict=True)
    )


def _lost_by_rules(pages: Sequence[Any], found: Sequence[Found]) -> float:
    """Share of the right paragraphs that a rule of ours took and that stand nowhere else in the text."""
    metrics = import_module("metrics")
    lost = right = 0
    for page, one in zip(pages, found, strict=True):
        paragraphs = [text for text in page.paragraphs if len(metrics.fine(text)) >= metrics.Bag("").n]
        right += len(paragraphs)
        kept, gone = metrics.Bag(one.text), metrics.Bag("\n".join(one.removed))
        lost += sum(gone.has(text) >= SAME > kept.has(text) for text in paragraphs)
    return lost / max(right, 1)


def _show_fields(pages: Sequence[Any], ours: Read, theirs: dict[str, Read]) -> list[Figure]:
    gives = {one.name: one.fields for one in EXTRACTORS}
    right: dict[str, Callable[[Any, Found], bool | None]] = {
        "title": _titled, "authors": _named, "day": _dated, "minute": _timed,
    }  # fmt: skip
    figures = [
        Figure(
            what=f"fundus: {field} right",
            ours=_share(right[field](page, one) for page, one in zip(pages, ours.found, strict=True)),
            target=target,
            others={
                who: f"{_share(right[field](p, f) for p, f in zip(pages, one.found, strict=True)):.3f}"
                for who, one in theirs.items()
                if field in gives[who]
            },
        )
        for field, target in FIELDS.items()
    ]
    show("Fields, fundus-dev", figures, list(theirs))
    return figures


def _titled(page: Any, found: Found) -> bool | None:
    return " ".join(page.title.split()) == found.title if page.title else None


def _named(page: Any, found: Found) -> bool | None:
    wanted = {" ".join(name.split()).casefold() for name in page.authors}
    return wanted <= {name.casefold() for name in found.authors} if wanted else None


def _dated(page: Any, found: Found) -> bool | None:
    if not page.date:
        return None
    wanted = _aware(datetime.fromisoformat(page.date))
    when = found.published
    if when is None:
        return False
    # an extractor that knows no zone means the page's own day
    return (when.astimezone(wanted.tzinfo) if when.tzinfo else when).date() == wanted.date()


def _timed(page: Any, found: Found) -> bool | None:
    if not page.date:
        return None
    wanted = _aware(datetime.fromisoformat(page.date))
    return found.published is not None and abs((_aware(found.published) - wanted).total_seconds()) < MINUTE


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _share(hits: Iterable[bool | None]) -> float:
    counted = [hit for hit in hits if hit is not None]
    return sum(counted) / max(len(counted), 1)


def _differing(shared: Path) -> int:
    """Pages of which two processes, one going backwards, make different documents."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as one, ProcessPoolExecutor(1, spawn) as other:
        there, back = one.submit(_digests, shared, 1), other.submit(_digests, shared, -1)
        first, second = there.result(), back.result()
    return sum(first[url] != second[url] for url in first)


def _digests(shared: Path, step: int) -> dict[str, str]:
    """A hash of each document as it is read."""
    pages = [page for name in ("fundus", "aeb") for page in load(shared, name)]
    return {
        page.id: hashlib.sha256(
            repr(read(capture_of(page.html, page.url))).encode("utf-8", "replace")
        ).hexdigest()
        for page in pages[::step]
    }
