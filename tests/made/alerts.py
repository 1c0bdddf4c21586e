"""Articles that meet a topic, and what rings for them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from copydesk.alerting.matching import match
from copydesk.index import Index, Json, Kind, Write
from copydesk.index.records import from_record
from copydesk.index.state import Delivery
from copydesk.model import Alert
from copydesk.topic import Topic
from made.documents import article_record

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


FERRIES = Topic(name="ferries", title="Ferries", any=("ferry", "ferries"), channels=("log", "desk"))


class Broken(tuple[str, ...]):
    """Outlets that cannot be asked about, and are no others: what is worked out for equal topics is kept."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("no outlets")

    def __bool__(self) -> bool:
        return True


def put(index: Index, id_: str, **fields: Json) -> str:
    """An article as storing writes it; one outlet each, all of its own family and story unless told."""
    seen = fields.pop("seen", "2026-03-02T10:00:00Z")
    body = article_record(id_, **{"first_seen_at": seen, "fetched_at": seen, **fields})
    index.write([Write(kind=Kind.ARTICLES, id=id_, body=body)])
    return id_


def ring(index: Index, ids: Sequence[str], *topics: Topic, now: datetime = NOW) -> list[Alert]:
    return match(index, topics or (FERRIES,), ids, now)


def deliveries(index: Index) -> list[tuple[str, str]]:
    """Alert and channel of each, sorted."""
    rows = [from_record(Delivery, row.body) for row in index.scan(Kind.DELIVERIES)]
    return sorted((row.alert, row.channel) for row in rows)
