"""Reading in the child, beside nothing but trafilatura on the same bytes."""

from collections.abc import Sequence

import trafilatura

from benches.measure import Cost, Line, spent
from benches.samples import Page, capture_of
from copydesk.adapters.child.parent import ChildReader

__all__ = ["bare", "measure"]

CHUNK = 20
"""Pages read by one before the other has its turn, so that both meet the same weather."""


def bare(page: Page) -> str:
    """What every pipeline has to do at least, as trafilatura does it by itself; its text."""
    found = trafilatura.bare_extraction(page.body, url=page.url, with_metadata=True)
    return str(getattr(found, "text", "") or "")


def measure(pages: Sequence[Page]) -> list[Line]:
    """Processor time a page, in turns."""
    ours, theirs = Cost(), Cost()
    bare(pages[0])
    with ChildReader() as reader:
        next(iter(reader.read([capture_of(pages[0])])))
        for start in range(0, len(pages), CHUNK):
            chunk = pages[start : start + CHUNK]
            with spent(ours, reader.pid):
                for _ in reader.read([capture_of(page) for page in chunk]):
                    pass
            with spent(theirs):
                for page in chunk:
                    bare(page)
    each = 1000 / len(pages)
    return [
        Line(
            what=f"reading in the child, {len(pages)} pages",
            value=f"{ours.cpu * each:.1f} ms CPU a page",
            beside=f"trafilatura with metadata {theirs.cpu * each:.1f}",
            ratio=ours.cpu / theirs.cpu,
        )
    ]
