"""Reading in the child, beside nothing but trafilatura on the same bytes."""

from collections.abc import Sequence
from random import Random

import trafilatura

from benches.measure import Cost, Line, spent
from benches.samples import Page, capture_of
from copydesk.adapters.child.parallel import ParallelReader, cores
from copydesk.adapters.child.parent import BATCH, ChildReader

__all__ = ["bare", "measure"]

WARMING = 40
"""Pages after which neither side does anything for the first time."""

END = Page("", "https://example.org/", b"")

WINDOW = 200
"""Captures that `process` takes up together."""


def bare(page: Page) -> str:
    """What every pipeline has to do at least, as trafilatura does it by itself; its text."""
    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
    return str(getattr(found, "text", "") or "")


def measure(pages: Sequence[Page]) -> list[Line]:
    """Processor time a page, in turns; and how much sooner as many children as cores are done than one.

    The pages come in another order than their sets have them, and the first are for warming both sides up.
    """
    shuffled = Random(1).sample(pages, len(pages))
    warming, measured = shuffled[:WARMING], shuffled[WARMING:] or shuffled
    ours, theirs, one, all_ = Cost(), Cost(), Cost(), Cost()
    for page in warming:
        bare(page)
    children = [ChildReader() for _ in range(cores())]
    with ChildReader() as reader, ParallelReader(children) as parallel:
        list(reader.read(map(capture_of, warming)))
        list(parallel.read(map(capture_of, warming * len(children))))
        for start in range(0, len(measured), BATCH):
            chunk = measured[start : start + BATCH]
            with spent(ours, reader.pid):
                list(reader.read(map(capture_of, chunk)))
                # what a fork spent is known when it has ended, which is before the next question is taken up
                list(reader.read([capture_of(END)]))
            with spent(theirs):
                for page in chunk:
                    bare(page)
        for start in range(0, len(measured), WINDOW):
            captures = [capture_of(page) for page in measured[start : start + WINDOW]]
            with spent(one):
                list(reader.read(captures))
            with spent(all_):
                list(parallel.read(captures))
    each = 1000 / len(measured)
    return [
        Line(
            what=f"reading in a child, {len(measured)} pages",
            value=f"{ours.cpu * each:.1f} ms CPU a page",
            beside=f"trafilatura with metadata {theirs.cpu * each:.1f}",
            ratio=ours.cpu / theirs.cpu,
            target="<= .87",
        ),
        Line(
            what=f"the same on the clock, {len(children)} children",
            value=f"{1000 / each / all_.wall:.1f} pages/s",
            beside=f"one child {1000 / each / one.wall:.1f}",
            ratio=one.wall / all_.wall,
            target=">= 1.8 on two cores",
        ),
    ]
