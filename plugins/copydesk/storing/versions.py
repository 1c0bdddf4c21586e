"""Which state of an article is the article, and which go to its versions. Decides, writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from copydesk.index import Index, Kind
from copydesk.index.article import Version, articles_of
from copydesk.index.records import from_record
from copydesk.model import Document
from copydesk.outcomes import CaptureOutcome

__all__ = ["Plan", "decide", "is_kept_beside", "plan", "versions_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What becomes of a document.

    Attributes:
        capture_id: The capture the document was read from.
        document: As it will be stored: with all sources, and the first-seen time the article has had from the first.
        outcome: indexed, version or unchanged.
        earlier: The state of the article that goes to the versions, or None.
        current: Whether the document is (or stays) what the article says now.
        rewritten: Whether an unchanged article must be written anew, for a further source announced it.
    """

    capture_id: str
    document: Document
    outcome: CaptureOutcome
    earlier: Document | None = None
    current: bool = True
    rewritten: bool = False

    @property
    def changed(self) -> bool:
        """Whether the text is new to the index."""
        return self.outcome is not CaptureOutcome.UNCHANGED


def plan(index: Index, documents: Sequence[Document]) -> list[Plan]:
    """Decide for each document, oldest capture first, what becomes of it. Writes nothing."""
    known = {
        id_: article.document
        for id_, article in articles_of(index, [document.id for document in documents]).items()
    }
    plans = []
    earlier: dict[str, list[Document]] = {}
    for document in sorted(documents, key=lambda document: (document.fetched_at, document.capture_id)):
        made = decide(document, known.get(document.id))
        if made.outcome is CaptureOutcome.VERSION and not made.current:
            if document.id not in earlier:
                earlier[document.id] = versions_of(index, document.id)
            if is_kept_beside(made.document, earlier[document.id]):
                made = replace(made, outcome=CaptureOutcome.UNCHANGED, earlier=None)
            earlier[document.id].append(made.document)
        plans.append(made)
        if made.current:
            known[document.id] = made.document
    return plans


def decide(document: Document, known: Document | None) -> Plan:
    """What becomes of a document beside the article that is known under its id. Pure."""
    made = partial(Plan, capture_id=document.capture_id)
    if known is None:
        return made(document=document, outcome=CaptureOutcome.INDEXED)
    sources = tuple(sorted({*known.sources, *document.sources}))
    merged = replace(document, sources=sources, first_seen_at=known.first_seen_at)
    if known.capture_id == document.capture_id:
        return made(document=merged, outcome=CaptureOutcome.INDEXED)
    if known.checksum == document.checksum:
        kept = replace(known, sources=sources)
        return made(document=kept, outcome=CaptureOutcome.UNCHANGED, rewritten=sources != known.sources)
    if document.fetched_at < known.fetched_at:
        return made(document=merged, outcome=CaptureOutcome.VERSION, earlier=merged, current=False)
    return made(document=merged, outcome=CaptureOutcome.VERSION, earlier=known)


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
