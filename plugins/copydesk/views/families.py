"""A copy family: who carried a text when, how much of each is the wire, and what the link rests on."""

from dataclasses import dataclass
from datetime import datetime

from copydesk.errors import ConfigError
from copydesk.index import Index, Kind
from copydesk.index.article import articles_of, judgements_of
from copydesk.index.judgement import Evidence
from copydesk.index.records import load
from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.views.articles import articles_at

__all__ = ["Carried", "Family", "Former", "family_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """An article that carries the text of a family.

    Attributes:
        url: Its address; its id when it is no longer kept.
        evidence: What links it to the family, or None when nothing does, as the first one.
    """

    carrier: Carrier
    url: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Former:
    """An article that was the original from a time on, and is not any more; `url` as in `Carried`."""

    url: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family as it is stored, with the articles that carry it, the first one first, and its former originals."""

    record: FamilyRecord
    carried: tuple[Carried, ...]
    former: tuple[Former, ...]


def family_at(index: Index, address: str) -> Family:
    """The family of the article at an address. Raises ConfigError when there is none, or it is not judged yet."""
    (article,) = articles_at(index, [address])
    judged = judgements_of(index, [article.document.id])
    if article.document.id not in judged:
        raise ConfigError(f"{address}: not judged yet")
    id_ = judged[article.document.id].family
    record = load(index, Kind.FAMILIES, FamilyRecord, [id_])[id_]
    members = judgements_of(index, record.members)
    known = {member: one.document.url for member, one in articles_of(index, record.members).items()}
    urls = {carrier.article: known.get(carrier.article, carrier.article) for carrier in record.carriers}
    return Family(
        record=record,
        carried=tuple(
            Carried(
                carrier=carrier,
                url=urls[carrier.article],
                evidence=members[carrier.article].evidence if carrier.article in members else None,
            )
            for carrier in record.carriers
        ),
        former=tuple(
            Former(urls.get(one.original, one.original), one.since) for one in record.elections[:-1]
        ),
    )
