"""Writing: from the port's writes to bulk actions and back.

Touches the server, through `bulk`. Functions of a `Routing`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from copydesk.adapters.elastic.bulk import Action, send
from copydesk.adapters.elastic.partitions import NO_LABEL, PARTITIONS, label_of
from copydesk.adapters.elastic.reads import get
from copydesk.adapters.elastic.routing import Routing
from copydesk.index import Body, Found, Kind, Stored, Write
from copydesk.index.accepted import encoded, id_refusal, version_refusal
from copydesk.query.columns import columns_of

__all__ = ["batches", "write_batch"]

_WITH_COLUMNS = (Kind.FINGERPRINTS, Kind.ARTICLES)


def batches(writes: Sequence[Write]) -> Iterator[list[Write]]:
    """Cut so that no document is written twice in a batch: sending one again must not overtake a later one."""
    batch: dict[tuple[Kind, str], Write] = {}
    for write in writes:
        if (write.kind, write.id) in batch:
            yield list(batch.values())
            batch = {}
        batch[write.kind, write.id] = write
    if batch:
        yield list(batch.values())


def write_batch(routing: Routing, writes: Sequence[Write]) -> list[Stored]:
    """Write all and answer in order."""
    labels = _labels(routing, writes)
    made = [_made(write, label) for write, label in zip(writes, labels, strict=True)]
    sendable = [at for at, item in enumerate(made) if isinstance(item, Action)]

    def targets(waiting: Sequence[int], missing: bool) -> list[str]:  # noqa: FBT001 (one flag, one caller)
        if missing:
            routing.forget()
        return [routing.index_for(writes[sendable[at]].kind, labels[sendable[at]] or "") for at in waiting]

    def applied(unknown: Sequence[int]) -> list[int]:
        asked = {at: writes[sendable[at]] for at in unknown}
        found = _stored(routing, asked.values())
        return [at for at, write in asked.items() if _is_ours(write, found.get((write.kind, write.id)))]

    actions = [item for item in made if isinstance(item, Action)]
    sent = dict(zip(sendable, send(routing.server, actions, targets=targets, applied=applied), strict=True))
    return [item if isinstance(item, Stored) else sent[at] for at, item in enumerate(made)]


def _is_ours(write: Write, found: Found | None) -> bool:
    """Whether the stored document is what the write asked for. Pure."""
    if found is None or write.body is None:
        return found is None and write.body is None
    same = orjson.loads(encoded(write.body)) == found.body
    return same and write.version in {None, found.version}


def _labels(routing: Routing, writes: Sequence[Write]) -> list[str | None]:
    """The partition of each write, "" for kinds not split; a deletion's is where the document stands."""
    gone = [write for write in writes if write.body is None and write.kind in PARTITIONS]
    stored = {key: row.body for key, row in _stored(routing, gone).items()}
    bodies = (stored.get((w.kind, w.id), {}) if w.body is None else w.body for w in writes)
    return [label_of(w.kind, body.get("first_seen_at")) for w, body in zip(writes, bodies, strict=True)]


def _stored(routing: Routing, writes: Iterable[Write]) -> dict[tuple[Kind, str], Found]:
    """What stands where these writes go."""
    ids: dict[Kind, list[str]] = {}
    for write in writes:
        ids.setdefault(write.kind, []).append(write.id)
    return {(kind, id_): row for kind, some in ids.items() for id_, row in get(routing, kind, some).items()}


def _made(write: Write, label: str | None) -> Action | Stored:
    """The write as bulk action, or its answer where the server need not be asked. Pure."""
    reason = id_refusal(write.id) or version_refusal(write)
    if reason:
        return Stored("refused", reason)
    if label is None and write.body is None:
        return Stored("conflict" if write.seen else "stored")
    if label is None:
        return Stored("refused", NO_LABEL)
    body = b"" if write.body is None else encoded(write.body)
    if isinstance(body, str):
        return Stored("refused", body)
    if body and write.kind in _WITH_COLUMNS:
        body = orjson.dumps(_with_columns(write))
    verb = "delete" if write.body is None else "create" if write.create else "index"
    return Action(verb, {"_id": write.id, **_guards(write)}, body)


def _guards(write: Write) -> Mapping[str, Any]:
    if write.seen is not None:
        return {"if_seq_no": write.seen.seq, "if_primary_term": write.seen.term}
    if write.version is not None:
        return {"version": write.version, "version_type": "external"}
    return {}


def _with_columns(write: Write) -> Body:
    """The body with what the server alone needs: a fingerprint's id, the words of an article."""
    body = write.body or {}
    if write.kind is Kind.FINGERPRINTS:
        return {**body, "id": write.id}
    return {**body, **columns_of(body)}
