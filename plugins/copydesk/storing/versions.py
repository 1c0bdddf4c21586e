"""Earlier states of an article, and whether a capture that comes late adds one."""

from collections.abc import Sequence

from copydesk.index import Index, Kind
from copydesk.index.article import Version
from copydesk.index.records import from_record
from copydesk.model import Document

__all__ = ["is_kept_beside", "versions_of"]


def versions_of(index: Index, article: str) -> list[Document]:
    """The earlier states of an article, as they are kept."""
    index.refresh(Kind.VERSIONS)
    rows = index.find(Kind.VERSIONS, {"article": article})
    return [from_record(Version, row.body).document for row in rows]


def is_kept_beside(late: Document, versions: Sequence[Document]) -> bool:
    """Whether the state next to a late one in time, on either side, says the same under another capture. Pure.

    One state is often captured twice. After a lost server segments are taken up in any order, so the second capture
    may come when a newer state is the article already.
    """
    if any(known.capture_id == late.capture_id for known in versions):
        return False
    earlier = [known for known in versions if known.fetched_at <= late.fetched_at]
    later = [known for known in versions if known.fetched_at > late.fetched_at]
    beside = (
        *sorted(earlier, key=lambda known: known.fetched_at)[-1:],
        *sorted(later, key=lambda known: known.fetched_at)[:1],
    )
    return any(known.checksum == late.checksum for known in beside)
