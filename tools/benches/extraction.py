"""How well reading finds articles and their fields, with the extractors of extraction_peers.py beside it.

    python -m benches.quality extraction [--quick]

Texts are scored by the scorer of the development sets: shingle precision, recall and F1 over all pages of a set.
Titles, authors and times are compared with the truth of fundus-dev; a page that fails counts as empty and wrong.
"""

import hashlib
import logging
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benches.extraction_peers import EXTRACTORS, QUICK, Found, folded, missing
from benches.figures import Figure, note, show
from benches.reading_wrappers import capture_of
from copydesk.model import Document
from copydesk.reading.documents import read

__all__ = ["load", "measure"]

Right = Callable[[Any, Found], bool | None]
"""Whether a field of a page was found; None where the truth is not known."""

JOBS = 2
MINUTE = 60
THIRDS = 3
SAME = 0.8
"""Share of a paragraph's shingles from which on the scorer takes it for found."""

OURS, USUAL = "copydesk", "trafilatura"
TARGETS = {
    "fundus": {
        "precision": ">= 0.968", "recall": ">= 0.973", "f1": ">= 0.972",
        "noise_lines_per_page": "<= 1.1", "caption_leak": "<= 0.01",
    },
    "aeb": {"f1": ">= 0.975", "noise_lines_per_page": "<= 0.4"},
    "wcxb": {"f1": ">= 0.940"},
}  # fmt: skip
SHOWN = {
    "precision": "precision",
    "recall": "recall",
    "F1": "f1",
    "noise lines a page": "noise_lines_per_page",
    "right paragraphs missing": "lost_paragraphs",
    "captions that reach the text": "caption_leak",
}
"""What is shown → its name in the scorer's summary."""
OWN_LOSSES = "<= 0.004"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What an extractor made of the pages of a set."""

    found: Sequence[Found]
    rows: Sequence[dict[str, Any]]
    summary: dict[str, float]
    failures: Sequence[str]
    milliseconds: float


def measure(shared: Path, *, quick: bool = False) -> list[Figure]:
    """Print a table a set, and one of fields; their figures. `quick` leaves out all but trafilatura beside ours."""
    extractors = [one for one in EXTRACTORS if not missing(one) and (not quick or one.name in QUICK)]
    finds = {OURS: _ours} | {one.name: one.find for one in extractors}
    names = [one.name for one in extractors]
    out: list[Figure] = []
    with ProcessPoolExecutor(JOBS) as pool:
        tasks = {
            (name, who): pool.submit(_read, shared, name, find)
            for name in TARGETS
            for who, find in finds.items()
        }
        for name in TARGETS:
            pages = load(shared, name)
            made = {who: tasks[name, who].result() for who in finds}
            figures = list(_texts(name, pages, made))
            show(f"{name}-dev, {len(pages)} pages", figures, names)
            if name == "fundus":
                fields = list(_fields(pages, made))
                show("Fields right, fundus-dev", fields, names)
                figures += fields
            _tell_failures(made)
            out += figures
    for extractor in EXTRACTORS:
        if reason := missing(extractor):
            note(f"{extractor.name}: not installed: {reason}")
    return [*out, _twice(shared)]


@cache
def load(shared: Path, name: str) -> Sequence[Any]:
    """The pages of a set, as its own reader gives them."""
    sys.path.insert(0, str(shared / "eval"))
    pages: Sequence[Any] = import_module("datasets").load(shared / "eval" / "pages" / f"{name}-dev.jsonl.gz")
    return pages


def _ours(html: str, url: str) -> Found:
    answer = read(capture_of(html, url))
    if not isinstance(answer, Document):
        return Found(text="")
    return Found(
        text=answer.text,
        title=answer.title,
        authors=answer.authors,
        published=answer.published_at,
        removed=tuple(line.text for line in answer.removed),
    )


def _read(shared: Path, name: str, find: Callable[[str, str], Found]) -> Read:
    """What an extractor, or we, make of a set."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    pages = load(shared, name)
    metrics = import_module("metrics")
    found, failures = [], []
    with suppress(Exception):  # loads what is loaded once
        find(pages[0].html, pages[0].url)
    start = time.process_time()
    for page in pages:
        try:
            found.append(find(page.html, page.url))
        except Exception as error:  # noqa: BLE001 (libraries raise what they like; it is counted)
            found.append(Found(text=""))
            failures.append(" ".join(str(error).replace("*", "").split())[:80])
    spent = (time.process_time() - start) * 1000 / len(pages)
    rows = [metrics.score(page, one.text) for page, one in zip(pages, found, strict=True)]
    return Read(found=found, rows=rows, summary=metrics.summary(rows), failures=failures, milliseconds=spent)


def _texts(name: str, pages: Sequence[Any], made: Mapping[str, Read]) -> Iterator[Figure]:
    """The figures of texts."""
    usual = made[USUAL]
    captions = usual.summary["captions"]

    def figure(what: str, value: Callable[[Read], float], form: str, target: str = "") -> Figure:
        told = {who: format(value(one), form) for who, one in made.items()}
        return Figure(
            of=name, what=what, ours=value(made[OURS]), target=target, shown=told[OURS], others=told
        )

    for what, key in SHOWN.items():
        if captions or key != "caption_leak":
            yield figure(what, lambda one, key=key: one.summary[key], ".3f", TARGETS[name].get(key, ""))  # type: ignore[misc]
    lost = _lost_by_rules(pages, made[OURS].found)
    yield Figure(of=name, what="right paragraphs lost by our own rules", ours=lost, target=OWN_LOSSES)
    yield figure(
        "recall less trafilatura's",
        lambda one: one.summary["recall"] - usual.summary["recall"],
        "+.3f",
        ">= -0.005",
    )
    yield figure("pages without text", lambda one: one.summary["empty"], ".0f")
    yield figure(
        "pages without text, though trafilatura has one", lambda one: _emptied(one, usual), ".0f", "<= 0"
    )
    yield figure("ms CPU a page, with the fields it gives", lambda one: one.milliseconds, ".0f")
    for third in range(THIRDS):
        chosen = _third(pages, third)
        yield figure(
            f"F1 on third {third + 1} of the hosts ({len(chosen)} pages)",
            lambda one, chosen=chosen: _f1(one, chosen),  # type: ignore[misc]
            ".3f",
        )


def _third(pages: Sequence[Any], third: int) -> list[int]:
    """The places of the pages of a third of the hosts, as the sets' own reader splits them."""
    chosen = {page.id for page in import_module("datasets").part(pages, f"{third}/{THIRDS}")}
    return [place for place, page in enumerate(pages) if page.id in chosen]


def _f1(one: Read, places: Sequence[int]) -> float:
    return float(import_module("metrics").summary([one.rows[place] for place in places])["f1"])


def _tell_failures(made: Mapping[str, Read]) -> None:
    for who, one in made.items():
        for reason, times in Counter(one.failures).items():
            note(f"{who} fails on {times} page{'s' if times > 1 else ''}: {reason}")
    note("")


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


def _fields(pages: Sequence[Any], made: Mapping[str, Read]) -> Iterator[Figure]:
    """The figures of fields; those that an extractor does not give stay empty."""
    gives = {one.name: one.fields for one in EXTRACTORS}
    for field, (right, target) in FIELDS.items():
        shares = {
            who: _share(right(page, found) for page, found in zip(pages, one.found, strict=True))
            for who, one in made.items()
        }
        others = {who: f"{share:.3f}" for who, share in shares.items() if field in gives.get(who, ())}
        yield Figure(of="fundus", what=field, ours=shares[OURS], target=target, others=others)


def _titled(page: Any, found: Found) -> bool | None:
    return " ".join(page.title.split()) == " ".join(found.title.split()) if page.title else None


def _named(page: Any, found: Found) -> bool | None:
    wanted = {folded(name) for name in page.authors}
    return wanted <= {folded(name) for name in found.authors} if wanted else None


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


FIELDS: Mapping[str, tuple[Right, str]] = {
    "title": (_titled, ">= 0.90"),
    "authors": (_named, ">= 0.90"),
    "day": (_dated, ">= 0.98"),
    "minute": (_timed, ">= 0.85"),
}
"""How each field is judged, and its target."""


def _aware(when: datetime) -> datetime:
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _share(hits: Iterable[bool | None]) -> float:
    counted = [hit for hit in hits if hit is not None]
    return sum(counted) / max(len(counted), 1)


def _twice(shared: Path) -> Figure:
    """Pages of which two processes, one going backwards, make different documents; printed."""
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, spawn) as one, ProcessPoolExecutor(1, spawn) as other:
        there, back = one.submit(_digests, shared, 1), other.submit(_digests, shared, -1)
        first, second = there.result(), back.result()
    differing = sum(first[id_] != second[id_] for id_ in first)
    figure = Figure(what="pages read otherwise by two processes", ours=differing, target="<= 0")
    show(f"{len(first)} pages of fundus-dev and aeb-dev, forwards and backwards", [figure])
    return figure


def _digests(shared: Path, step: int) -> dict[str, str]:
    """A hash of each document as it is read."""
    pages = [page for name in ("fundus", "aeb") for page in load(shared, name)]
    answers = ((page.id, read(capture_of(page.html, page.url))) for page in pages[::step])
    return {id_: hashlib.sha256(repr(said).encode("utf-8", "replace")).hexdigest() for id_, said in answers}
