"""Which articles may ring that stood in a roundup's story until the roundup was recognised as one.

A roundup that comes before its items looks like a text about the first of them that follows, which then does not ring:
its story was told. With the second item the two part, and the first has not been told by an article of its own.
"""

from collections.abc import Collection

from copydesk.index import Index, Kind
from copydesk.index.article import judgements_of
from copydesk.index.records import load
from copydesk.index.state import LedgerRecord

__all__ = ["freed"]

MOST = 100
"""Articles of one item's story; the first of them to meet a topic rings for all."""


def freed(index: Index, changed: Collection[str]) -> list[str]:
    """The articles of the stories of a new roundup's items, of those whose judgement changed; none that is quiet."""
    judged = judgements_of(index, sorted(changed))
    items = {item for judgement in judged.values() for item in judgement.contains}
    stories = {judged[item].story for item in items & judged.keys()}
    if not stories:
        return []
    rows = index.find(Kind.ARTICLES, {"story": sorted(stories)}, sort="first_seen_at", limit=MOST)
    known = load(index, Kind.LEDGER, LedgerRecord, sorted(row.id for row in rows))
    # an address the ledger knows under another name is taken for quiet: better not told than told by mistake
    return [row.id for row in rows if row.id in known and not known[row.id].quiet]
