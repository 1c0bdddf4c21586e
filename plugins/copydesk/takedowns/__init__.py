"""Takedowns: what must not be, of an address or a whole outlet, kept beside the archive so that it outlives the index.

    takedowns/HASH.json            the target
    takedowns/cut/SEGMENT-HASH.json  captures that were cut out of a segment

A capture that was cut keeps its record, without its text: it ends as rejected, taken down, so that the counts balance
in every generation.
"""

import hashlib
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import orjson

from copydesk import urls
from copydesk.index import Body, Index, Kind, Write
from copydesk.index.accepted import id_refusal
from copydesk.index.guarded import change
from copydesk.index.records import from_record, to_record
from copydesk.index.state import CaptureRecord
from copydesk.model import Capture
from copydesk.outcomes import CaptureOutcome, Reason
from copydesk.ports import Archive, Ports

__all__ = [
    "Target", "cut_captures", "forbidden", "is_down", "keep_cut", "load_takedowns", "mark_cut", "mark_cut_of",
    "names_of", "outlet_key", "target_of", "write_down",
]  # fmt: skip

log = logging.getLogger(__name__)

FOLDER = "takedowns"
CUT = f"{FOLDER}/cut"


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be forgotten.

    Attributes:
        key: Id of the takedown: that of the address, or of the outlet ("outlet:NAME").
        name: The canonical address, or the outlet's name.
    """

    key: str
    name: str
    is_address: bool


def target_of(text: str) -> Target:
    """The address or outlet that a person names; an address in any of its spellings. Pure."""
    if urls.host(text) or text.strip().startswith("inbox:"):
        return Target(urls.url_key(text), urls.canonicalize(text), is_address=True)
    return Target(outlet_key(text), text, is_address=False)


def outlet_key(name: str) -> str:
    """Id of the takedown of an outlet; made of a checksum where its name is too long for an id. Pure."""
    key = f"outlet:{name}"
    if not id_refusal(key):
        return key
    return f"outlet:{hashlib.sha256(name.encode(errors='backslashreplace')).hexdigest()}"


def write_down(ports: Ports, target: Target) -> None:
    """Write a takedown beside the archive, then into the index: from then on everybody obeys it."""
    body: Body = {"id": target.key, "target": target.name, "at": ports.now().isoformat()}
    name = hashlib.sha256(target.key.encode()).hexdigest()[:32]
    ports.archive.save(f"{FOLDER}/{name}.json", orjson.dumps(body))
    ports.index.write([Write(kind=Kind.TAKEDOWNS, id=target.key, body=body)])


def load_takedowns(index: Index, archive: Archive) -> int:
    """Bring every takedown beside the archive into the index, and the records of what was cut; how many takedowns."""
    names = [name for name in archive.names(FOLDER) if not name.startswith(f"{CUT}/")]
    bodies = [body for name in names for body in _rows(archive, name) if "id" in body]
    index.write([Write(kind=Kind.TAKEDOWNS, id=str(body["id"]), body=body) for body in bodies])
    mark_cut(index, cut_captures(archive))
    return len(bodies)


def forbidden(index: Index, items: Mapping[str, tuple[Collection[str], str]]) -> set[str]:
    """Of items, each with ids of its addresses and its outlet, those that a takedown forbids; one look-up for all."""
    keys = {id_: {*filter(None, addresses), outlet_key(outlet)} for id_, (addresses, outlet) in items.items()}
    found = index.get(Kind.TAKEDOWNS, sorted(set().union(*keys.values()))) if keys else {}
    return {id_ for id_, names in keys.items() if not names.isdisjoint(found)}


def names_of(capture: Capture) -> tuple[set[str], str]:
    """What a takedown may forbid a page by: the ids of its addresses, with a redirect's target, and its outlet."""
    return {urls.url_key(capture.url), urls.url_key(capture.final_url)}, capture.outlet


def is_down(record: CaptureRecord) -> bool:
    """Whether a capture has ended as taken down. Pure."""
    return record.reason == Reason.TAKEN_DOWN


def mark_cut(index: Index, records: Mapping[str, CaptureRecord]) -> None:
    """Let captures end as taken down, whatever they ended as before; one that is not known is made known."""

    def ended(new: CaptureRecord, old: CaptureRecord | None) -> CaptureRecord | None:
        known = old or new
        if old is not None and is_down(old):
            return None
        return replace(
            known, outcome=CaptureOutcome.REJECTED, step="forget", reason=Reason.TAKEN_DOWN.value, detail=""
        )

    change(index, Kind.CAPTURES, CaptureRecord, {id_: partial(ended, new) for id_, new in records.items()})


def mark_cut_of(index: Index, archive: Archive, segments: Collection[str]) -> None:
    """The same for all that was cut out of some segments, by what stands beside the archive."""
    mark_cut(index, {id_: one for id_, one in cut_captures(archive).items() if one.segment in segments})


def keep_cut(archive: Archive, segment: str, records: Sequence[CaptureRecord]) -> None:
    """Write down which captures a segment loses, before it does."""
    content = orjson.dumps([to_record(record) for record in sorted(records, key=lambda record: record.id)])
    archive.save(f"{CUT}/{segment}-{hashlib.sha256(content).hexdigest()[:16]}.json", content)


def cut_captures(archive: Archive) -> dict[str, CaptureRecord]:
    """All captures that were cut out of segments, by id."""
    rows = [body for name in archive.names(CUT) for body in _rows(archive, name)]
    return {str(body["id"]): from_record(CaptureRecord, body) for body in rows}


def _rows(archive: Archive, name: str) -> list[Body]:
    """What a file holds, one or several; one that somebody spoiled is named in the log, for it forbids nothing."""
    try:
        content = orjson.loads(archive.load(name) or b"{}")
    except ValueError as exc:
        log.warning("%s: cannot be read, what it takes down is not obeyed: %s", name, exc)
        return []
    rows = content if isinstance(content, list) else [content]
    return [row for row in rows if isinstance(row, dict) and "id" in row]
