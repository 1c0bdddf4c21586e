"""Bulk writing with a clear answer for every item.

Touches the server. The client's own helpers lose control where it matters: an overloaded item raises, and
a time-out leaves open which writes were applied. Here every item ends stored, in conflict or refused; what may
pass is sent again, and a chunk whose fate is unknown is sent again whole.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from elastic_transport import TransportError
from elasticsearch import ApiError

from copydesk.adapters.elastic.client import PASSING, Server, one_line, passes
from copydesk.errors import IndexNotSetUp, IndexUnreachable
from copydesk.index import Stored

__all__ = ["CHUNK_BYTES", "Action", "send"]

CHUNK_BYTES = 5 * 1024 * 1024
ASKED = "/_bulk?filter_path=error,status,items.*.status,items.*.error"
"""Where to, and all that is told of an item: versions, shards and names would be four fifths of the answer."""

UNSPLITTABLE = frozenset({400, 413})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """One write, made ready: verb ("index", "create", "delete"), guards, and the encoded document.

    Attributes:
        meta: Action line without the index name.
        body: The document; b"" for a deletion.
    """

    verb: str
    meta: dict[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class Again:
    """An item to be sent again.

    Attributes:
        unknown: Whether it may have been applied all the same.
        no_index: Whether its index is missing.
        whole: Whether the whole request failed.
    """

    reason: str
    unknown: bool = False
    no_index: bool = False
    whole: bool = False


Answer = Stored | Again


def send(
    server: Server,
    actions: Sequence[Action],
    *,
    targets: Callable[[Sequence[int], bool], Sequence[str]],
    applied: Callable[[Sequence[int]], Collection[int]],
) -> list[Stored]:
    """Send all and answer in order.

    Args:
        server: Where to.
        actions: At most one per document, so that sending some again cannot overtake a later one.
        targets: Index names for actions by position; the flag says that one was missing last time.
        applied: Which of some actions made the document that is stored, asked where a guard did not hold but
            the result of an earlier attempt is unknown: then the conflict is with ourselves.

    Raises:
        IndexUnreachable: when patience ends first; what was stored stays stored.
        IndexNotSetUp: when all that waits is for an index that is missing.
        IndexRefused: when the server refuses us as a whole.
    """
    answers: dict[int, Stored] = {}
    waiting = list(range(len(actions)))
    unknown: set[int] = set()
    no_index = False
    for _ in server.patience.attempts():
        lines = {
            at: _line(actions[at], index)
            for at, index in zip(waiting, targets(waiting, no_index), strict=True)
        }
        again: dict[int, Again] = {}
        for chunk in _chunks(waiting, lines):
            if any(answer.whole for answer in again.values()):
                # The server is in no state for the next one either; a time-out each would use up patience.
                again.update(dict.fromkeys(chunk, Again("not sent")))
                continue
            answered = _post(server, chunk, lines, actions)
            answers.update((at, answer) for at, answer in answered.items() if isinstance(answer, Stored))
            again.update((at, answer) for at, answer in answered.items() if isinstance(answer, Again))
        unknown.update(at for at, answer in again.items() if answer.unknown)
        no_index = any(answer.no_index for answer in again.values())
        waiting = list(again)
        if not waiting:
            return _final(answers, unknown, applied)
        logger.debug("bulk again=%d of=%d reason=%s", len(waiting), len(actions), again[waiting[0]].reason)
    reason = again[waiting[0]].reason
    line = f"Elasticsearch at {server.url}: {len(waiting)} writes not accepted: {reason}"
    if all("index_not_found_exception" in answer.reason for answer in again.values()):
        raise IndexNotSetUp(f"{line}: set it up first")
    raise IndexUnreachable(line)


def _final(
    answers: dict[int, Stored],
    unknown: set[int],
    applied: Callable[[Sequence[int]], Collection[int]],
) -> list[Stored]:
    """The final answers, in order; a conflict with our own earlier attempt is a success."""
    ours = applied([at for at in sorted(unknown) if answers[at].status == "conflict"])
    return [Stored("stored") if at in ours else answer for at, answer in sorted(answers.items())]


def _line(action: Action, index: str) -> bytes:
    head = orjson.dumps({action.verb: {"_index": index, **action.meta}})
    return head + b"\n" + (action.body + b"\n" if action.body else b"")


def _chunks(waiting: Sequence[int], lines: dict[int, bytes]) -> Iterator[list[int]]:
    chunk: list[int] = []
    size = 0
    for at in waiting:
        if chunk and size + len(lines[at]) > CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(at)
        size += len(lines[at])
    if chunk:
        yield chunk


def _post(
    server: Server,
    chunk: list[int],
    lines: dict[int, bytes],
    actions: Sequence[Action],
) -> dict[int, Answer]:
    """Send one chunk; a chunk refused as a whole is halved until the culprit stands alone."""
    try:
        answer = server.client.perform_request(
            "POST",
            ASKED,
            headers={"accept": "application/json", "content-type": "application/x-ndjson"},
            body=b"".join(lines[at] for at in chunk),
        )
    except ApiError as exc:
        if passes(exc):
            # 429 is said before anything is done; the others may come from a proxy after the fact.
            return dict.fromkeys(
                chunk, Again(one_line(exc), unknown=exc.meta.status not in {403, 429}, whole=True)
            )
        if exc.meta.status not in UNSPLITTABLE:
            raise server.unavailable(exc) from exc
        if len(chunk) == 1:
            return {chunk[0]: Stored("refused", one_line(exc))}
        half = len(chunk) // 2
        return _post(server, chunk[:half], lines, actions) | _post(server, chunk[half:], lines, actions)
    except TransportError as exc:
        if not passes(exc):
            raise server.unavailable(exc) from exc
        return dict.fromkeys(chunk, Again(one_line(exc), unknown=True, whole=True))
    items = answer.body["items"]
    return {
        at: _classified(actions[at].verb, item[actions[at].verb])
        for at, item in zip(chunk, items, strict=True)
    }


def _classified(verb: str, item: dict[str, Any]) -> Answer:
    """What became of one item. Pure."""
    status, error = item["status"], item.get("error") or {}
    kind = error.get("type", "")
    if status in {200, 201} or (status == 404 and verb == "delete" and not error):  # noqa: PLR2004 (HTTP)
        return Stored("stored")
    reason = _reason(error)
    if kind == "version_conflict_engine_exception":
        return Stored("conflict")
    if kind == "index_not_found_exception":
        return Again(reason, no_index=True)
    if status in PASSING or kind == "cluster_block_exception":
        return Again(reason, unknown=status not in {403, 429}, no_index=kind == "cluster_block_exception")
    return Stored("refused", reason)


def _reason(error: dict[str, Any]) -> str:
    """Type and reason of an error and of its causes, one line."""
    parts = []
    while error:
        # a server may quote a whole value in the outer error and say what is wrong with it in the inner one
        parts.append(f"{error.get('type')}: {error.get('reason')}"[:200])
        error = error.get("caused_by") or {}
    return " ".join("; ".join(parts).split())[:500]
