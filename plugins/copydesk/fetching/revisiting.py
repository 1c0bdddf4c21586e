"""When a young page is looked at again, for corrections that nobody announces. Pure.

Only where its server answers "unchanged" to a conditional request: elsewhere each look would cost a whole page, and the
archive a copy of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from copydesk import urls
from copydesk.fetching.entering import BY_HAND
from copydesk.index.state import LedgerRecord
from copydesk.outcomes import EntryOutcome

__all__ = ["is_look", "next_look"]

HALF = 2
"""A look is left out when the page was fetched within this part of its gap before: somebody announced a change."""


def is_look(record: LedgerRecord) -> bool:
    """Whether an address that is due is one whose page we have, and no announcement waits."""
    return record.outcome in {EntryOutcome.CAPTURED, EntryOutcome.UNCHANGED}


def next_look(record: LedgerRecord, now: datetime, gaps: Sequence[timedelta]) -> datetime | None:
    """When a page that was fetched now is looked at again, by its age since it was announced; None for never."""
    by_hand = record.sources == (BY_HAND,)
    if by_hand or not urls.host(record.url) or not (record.etag or record.last_modified):
        return None
    since = record.announced_at or record.first_seen_at
    ages = zip(gaps, accumulate(gaps), strict=True)
    return next((since + age for gap, age in ages if since + age - now >= gap / HALF), None)
