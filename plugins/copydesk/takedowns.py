"""Forget: take an address or a whole outlet out of index and archive, for good.

The takedown is written beside the archive before it takes effect, so that polling and replay obey it even when
the index is lost. Every step can run again; the last one to be done is the rewriting of segments.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import orjson

from copydesk import urls
from copydesk.guarded import change
from copydesk.index import Body, Index, Kind, Where, Write
from copydesk.judging.deciding import withdraw
from copydesk.model import Capture
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Archive, Ports
from copydesk.snapshots import drop_outlet
from copydesk.state import LedgerRecord, SegmentRecord
from copydesk.storing import settle

__all__ = ["forget", "load_takedowns"]

log = logging.getLogger(__name__)

FOLDER = "takedowns"
MOST = 10_000
"""Documents taken at once; `forget` of an outlet with more is simply called again."""


def forget(ports: Ports, target: str) -> Counter[str]:
    """Forget an address, or an outlet by its name; how many addresses, articles and captures are gone.

    Announcements in archived feed documents stay: they are the feed's words, not the article's.
    """
    is_address = "://" in target or target.startswith("inbox:")
    key = urls.url_key(target) if is_address else f"outlet:{target}"
    _write_down(ports, key, target)
    ports.index.refresh(Kind.LEDGER, Kind.CAPTURES, Kind.ARTICLES, Kind.VERSIONS)
    of_target: Where = {"url": urls.canonicalize(target)} if is_address else {"outlet": target}
    captures = _all(ports.index, Kind.CAPTURES, of_target)
    if is_address:
        captures |= _all(ports.index, Kind.CAPTURES, {"article": key})
    articles = {str(body["article"]) for body in captures.values() if "article" in body} | (
        {key} if is_address else set()
    )
    counts = Counter(
        addresses=_bar(ports.index, of_target),
        articles=_drop(ports.index, sorted(articles)),
        captures=_cut(ports, captures),
    )
    if not is_address:
        drop_outlet(ports.archive, target)
    log.info("forget target=%s %s", target, " ".join(f"{name}={number}" for name, number in counts.items()))
    return counts


def load_takedowns(index: Index, archive: Archive) -> int:
    """Bring every takedown that stands beside the archive into the index; how many there are."""
    contents = [archive.load(name) or b"{}" for name in archive.names(FOLDER)]
    bodies = [orjson.loads(content) for content in contents]
    index.write([Write(kind=Kind.TAKEDOWNS, id=body["id"], body=body) for body in bodies])
    return len(bodies)


def _write_down(ports: Ports, key: str, target: str) -> None:
    body: Body = {"id": key, "target": target, "at": ports.now().isoformat()}
    ports.archive.save(f"{FOLDER}/{hashlib.sha256(key.encode()).hexdigest()[:32]}.json", orjson.dumps(body))
    ports.index.write([Write(kind=Kind.TAKEDOWNS, id=key, body=body)])


def _all(index: Index, kind: Kind, where: Where) -> dict[str, Body]:
    return {row.id: row.body for row in index.find(kind, where, limit=MOST)}


def _bar(index: Index, where: Where) -> int:
    """Mark the addresses as taken down, so that no announcement brings them back."""

    def barred(old: LedgerRecord | None) -> LedgerRecord | None:
        if old is None or old.reason == Reason.TAKEN_DOWN:
            return None
        return replace(old, outcome=EntryOutcome.REFUSED, reason=Reason.TAKEN_DOWN, retry_at=None)

    return len(
        change(index, Kind.LEDGER, LedgerRecord, dict.fromkeys(_all(index, Kind.LEDGER, where), barred))
    )


def _drop(index: Index, articles: Sequence[str]) -> int:
    """Delete articles, their versions and what was judged of them; the others of their families are settled."""
    found = index.get(Kind.ARTICLES, articles)
    versions = _all(index, Kind.VERSIONS, {"article": articles}) if articles else {}
    changed = withdraw(index, articles)
    index.write([Write(kind=Kind.VERSIONS, id=id_, body=None) for id_ in versions])
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=None) for id_ in found])
    settle(index, changed - set(articles))
    return len(found)


def _cut(ports: Ports, captures: Mapping[str, Body]) -> int:
    """Rewrite the segments without the captures, and take them out of the balance."""
    by_segment: dict[str, set[str]] = {}
    for id_, body in captures.items():
        by_segment.setdefault(str(body["segment"]), set()).add(id_)
    for segment, ids in by_segment.items():
        ports.archive.rewrite(segment, partial(_keeps, frozenset(ids)))
        ports.index.write([Write(kind=Kind.CAPTURES, id=id_, body=None) for id_ in ids])
        change(ports.index, Kind.SEGMENTS, SegmentRecord, {segment: partial(_fewer, len(ids))})
    return len(captures)


def _keeps(dropped: frozenset[str], capture: Capture) -> bool:
    return capture.id not in dropped


def _fewer(dropped: int, old: SegmentRecord | None) -> SegmentRecord | None:
    return replace(old, captures=old.captures - dropped) if old is not None else None
