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
    """What is searched of an article first seen in November."""
    return {"title": title, "text": text, "first_seen_at": NOVEMBER, "language": "en", **more}


def article_record(id_: str, **more: Any) -> Body:
    """All that every article has: one outlet each, alone in its family and story unless told."""
    return {
        "id": id_,
        "url": f"https://{id_}.example/1",
        "sources": [id_],
        "outlet": id_,
        "publisher": id_,
        "title": "Ferry aground",
        "text": "A ferry ran aground.",
        "language": "en",
        "checksum": f"sha256:{id_}",
        "capture_id": f"{id_}-1",
        "fetched_at": NOVEMBER,
        "first_seen_at": NOVEMBER,
        "family": id_,
        "story": id_,
        "revision": 0,
        **more,
    }


def judgement_record(id_: str, **more: Any) -> Body:
    """How a text is judged that is alone in its family and story unless told."""
    return {"family": id_, "story": id_, "checksum": f"sha256:{id_}", **more}


def story_record(id_: str, **more: Any) -> Body:
    """A story of one family, the root of its own kin unless told."""
    seen = {"first_seen_at": NOVEMBER, "last_seen_at": NOVEMBER}
    return {"id": id_, "families": [id_], "root": id_, **seen, **more}


def family_record(id_: str, **more: Any) -> Body:
    """A copy family of one text unless told."""
    seen = {"first_seen_at": NOVEMBER, "last_seen_at": NOVEMBER}
    return {"id": id_, "story": id_, "original": id_, "members": [id_], **seen, **more}
