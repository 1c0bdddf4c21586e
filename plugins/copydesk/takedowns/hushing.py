"""Hush: what alerts and backups say of forgotten articles → nothing.

An alert stays, so that its story rings no second time, but says nothing any more: no title, snippet or address. What
was not sent of it never is. A message that is out cannot be called back.
"""

import gzip
import json
import logging
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

import orjson

from copydesk.index import Body, Index, Json, Kind
from copydesk.index.guarded import change
from copydesk.index.records import texts_of
from copydesk.index.state import Delivery, DeliveryState
from copydesk.outcomes import EntryOutcome, Reason
from copydesk.ports import Archive
from copydesk.takedowns import Target

__all__ = ["hush", "redact_backups", "redact_journal", "redacted"]

log = logging.getLogger(__name__)

AT_ONCE = 10
"""Articles whose alerts are looked for at once: a thousand topics may have rung for each."""

MOST = 10_000
TELLING = tuple(f'{{"kind":"{kind}"'.encode() for kind in (Kind.ALERTS, Kind.REFUSED))
"""How lines begin that may tell of an article without naming its address or outlet."""
SAID = ("title", "url", "snippet")
OF_A_PAGE = ("entry_title", "entry_titles", "etag", "last_modified", "detail", "retry_at", "leased_until")
"""What a ledger row says of a page beside that it was there."""


def hush(index: Index, articles: Collection[str], urls: Collection[str]) -> None:
    """Let alerts say nothing of articles, nor link to addresses; what was not sent of those alerts is not sent."""
    gone = sorted(articles)
    for start in range(0, len(gone), AT_ONCE):
        rows = index.find(Kind.ALERTS, {"article": gone[start : start + AT_ONCE]}, limit=MOST)
        shown = [row.id for row in rows]
        _silence(index, shown, articles, urls)
        if shown:
            index.refresh(Kind.DELIVERIES)
            where = {"alert": shown, "state": str(DeliveryState.PENDING)}
            pending = index.find(Kind.DELIVERIES, where, limit=MOST)
            change(index, Kind.DELIVERIES, Delivery, {row.id: _ended for row in pending})
    linking = index.find(Kind.ALERTS, {"links": sorted(urls)}, limit=MOST) if urls else []
    _silence(index, [row.id for row in linking], articles, urls)


def _silence(index: Index, ids: Collection[str], articles: Collection[str], urls: Collection[str]) -> None:
    def silent(old: dict[str, Json] | None) -> dict[str, Json] | None:
        new = _alert(old, articles, urls) if old is not None else None
        return None if new is None or new == old else dict(new)

    change(index, Kind.ALERTS, dict, dict.fromkeys(ids, silent))


def _ended(old: Delivery | None) -> Delivery | None:
    if old is None or old.state is not DeliveryState.PENDING or old.also:  # these may have more to say
        return None
    return replace(
        old, state=DeliveryState.DEAD, retry_at=None, leased_until=None, detail=str(Reason.TAKEN_DOWN)
    )


def redacted(kind: str, body: Body, target: Target, articles: Collection[str]) -> Body | None:
    """A document of the state without what is forgotten; None when nothing of it may stay. Pure.

    `articles` are the ids of the target's articles.
    """
    urls = {target.name} if target.is_address else set()
    if kind == Kind.LEDGER and target.name == body.get("url" if target.is_address else "outlet"):
        rest = {name: item for name, item in body.items() if name not in OF_A_PAGE}
        return {**rest, "outcome": str(EntryOutcome.REFUSED), "reason": str(Reason.TAKEN_DOWN)}
    if kind == Kind.ALERTS:
        return _alert(body, articles, urls)
    if kind == Kind.REFUSED and _tells_of(body, target, articles):
        return None
    return body


def _alert(body: Body, articles: Collection[str], urls: Collection[str]) -> Body:
    links = [link for link in texts_of(body, "links") if link not in urls]
    rest = {**body, **({"links": links} if links else {})}
    if not links:
        rest.pop("links", None)
    return {**rest, **dict.fromkeys(SAID, "")} if body.get("article") in articles else rest


def _tells_of(body: Body, target: Target, articles: Collection[str]) -> bool:
    """Whether a refused document, which is kept whole, is one of the target."""
    try:
        inner = json.loads(str(body.get("body")))
    except ValueError:
        return False
    if not isinstance(inner, dict):
        return False
    names = {inner.get("id"), inner.get("article"), body.get("document")}
    return not names.isdisjoint(articles) or target.name == inner.get(
        "url" if target.is_address else "outlet"
    )


def redact_backups(archive: Archive, target: Target, articles: Collection[str]) -> int:
    """Take what is forgotten out of the files of the state beside the archive; how many were written anew."""
    redact = partial(redacted, target=target, articles=articles)
    return _rewrite(archive, ("backups", "journal"), redact, orjson.dumps(target.name)[1:-1])


def redact_journal(archive: Archive, articles: Collection[str], urls: Collection[str]) -> int:
    """Take articles out of what was written down since the last backup, also just now; how many files were changed."""

    def redact(kind: str, body: Body) -> Body | None:
        return _alert(body, articles, urls) if kind == Kind.ALERTS else body

    return _rewrite(archive, ("journal",), redact, b"alert")


def _rewrite(
    archive: Archive, folders: Sequence[str], redact: Callable[[str, Body], Body | None], needle: bytes
) -> int:
    names = [name for folder in folders for name in archive.names(folder)]
    changed = 0
    for name in names:
        try:
            new = _without(archive.load(name) or b"", redact, needle)
        except (OSError, EOFError, KeyError, TypeError, ValueError, zlib.error) as exc:
            log.warning("forget: %s is damaged, and stays as it is: %s", name, exc)
            continue
        if new is not None:
            archive.save(name, new)
            changed += 1
    return changed


def _without(content: bytes, redact: Callable[[str, Body], Body | None], needle: bytes) -> bytes | None:
    """The file with each line redacted, packed as it was; None when there is nothing to take out. Pure."""
    packed = content.startswith(b"\x1f\x8b")
    lines = (gzip.decompress(content) if packed else content).splitlines()
    new = [_line(line, redact) if needle in line or line.startswith(TELLING) else line for line in lines]
    if new == lines:
        return None
    body = b"\n".join(line for line in new if line)
    return gzip.compress(body) if packed else body


def _line(line: bytes, redact: Callable[[str, Body], Body | None]) -> bytes:
    row = orjson.loads(line)
    body = redact(row["kind"], row["body"])
    if body == row["body"]:
        return line
    return b"" if body is None else orjson.dumps({**row, "body": body})
