"""Articles that meet a topic, and what rings for them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from copydesk.alerting.matching import match
from copydesk.index import Index, Json, Kind, Write
from copydesk.model import Alert, Topic

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


FERRIES = Topic(name="ferries", title="Ferries", any=("ferry", "ferries"), channels=("log", "desk"))


def put(index: Index, id_: str, **fields: Json) -> str:
    """An article as storing writes it; one outlet each, all of its own family and story unless told."""
    seen = fields.pop("seen", "2026-03-02T10:00:00Z")
    body = {
        "url": f"https://{id_}.example/1",
        "outlet": id_,
        "publisher": id_,
        "title": "Ferry aground",
        "text": "A ferry ran aground.",
        "language": "en",
        "first_seen_at": seen,
        "family": id_,
        "story": id_,
        "revision": 0,
    }
    index.write([Write(kind=Kind.ARTICLES, id=id_, body={**body, **fields})])
    return id_


def ring(index: Index, ids: Sequence[str], *topics: Topic, now: datetime = NOW) -> list[Alert]:
    return match(index, topics or (FERRIES,), ids, now)
