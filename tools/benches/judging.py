"""Recognising copies in memory: fingerprints, and judging with everything it reads and writes."""

from collections.abc import Sequence

from benches.measure import Cost, Line, spent
from copydesk.adapters.memory.index import MemoryIndex
from copydesk.judging.applying import judge
from copydesk.judging.fingerprint.making import make_fingerprints
from copydesk.model import Document

__all__ = ["measure"]

BATCH = 200


def measure(documents: Sequence[Document]) -> list[Line]:
    """Texts a second of processor time."""
    made, judged = Cost(), Cost()
    make_fingerprints(documents[:1])
    with spent(made):
        make_fingerprints(documents)
    index = MemoryIndex()
    with spent(judged):
        for start in range(0, len(documents), BATCH):
            judge(index, documents[start : start + BATCH])
    count = len(documents)
    return [
        Line(what=f"fingerprints, {count} texts", value=f"{count / made.cpu:.0f} texts/s"),
        Line(what="judging them, fingerprints included", value=f"{count / judged.cpu:.0f} texts/s"),
    ]
