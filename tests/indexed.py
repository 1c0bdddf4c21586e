"""Documents for tests of an Index."""

from typing import Any

from copydesk.index import Body, Index, Kind, Write

NOVEMBER = "2026-11-20T08:00:00Z"


def put(index: Index, kind: Kind, bodies: dict[str, Body]) -> None:
    """Write documents by id and make them visible; all must be stored."""
    answers = index.write([Write(kind=kind, id=id_, body=body) for id_, body in bodies.items()])
    assert [(answer.status, answer.reason) for answer in answers] == [("stored", "")] * len(bodies)
    index.refresh(kind)


def statuses(index: Index, *writes: Write) -> list[str]:
    """Write, and say what became of each."""
    return [answer.status for answer in index.write(writes)]


def entry(name: str, **more: Any) -> Write:
    """A document of the ledger; `more` are guards."""
    return Write(kind=Kind.LEDGER, id=name, body={"url": f"https://news.example/{name}"}, **more)


def article(title: str, text: str, **more: Any) -> Body:
    """An article first seen in November."""
    return {"title": title, "text": text, "first_seen_at": NOVEMBER, "language": "en", **more}
