"""Where an agency text went: whose it is, who had it first, who carried it when, and how much of it. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from copydesk.judging.clustering.families import Family
from copydesk.judging.fingerprint import Fingerprint, appeared

__all__ = [
    "Carrier",
    "Election",
    "agency_of",
    "by_publisher",
    "carrier_of",
    "carriers_of",
    "elections_of",
]

MOST_ELECTIONS = 20


@dataclass(frozen=True, slots=True, order=True)
class Carrier:
    """One article that carries a text; carriers sort by when they had it.

    Attributes:
        at: See `appeared`.
        share: Share (0..1) of the article's own words that stand in the original: what of it is the wire.
    """

    at: datetime
    article: str
    outlet: str
    publisher: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Election:
    """Which article became the original of a family, and when the text was seen that made it so."""

    original: str
    since: datetime


def carrier_of(text: Fingerprint, share: float = 1.0) -> Carrier:
    """The article of a text, of which that share stands in the original."""
    return Carrier(
        at=appeared(text.published_at, text.first_seen_at),
        article=text.id,
        outlet=text.outlet,
        publisher=text.publisher or text.outlet,
        share=round(share, 3),
    )


def carriers_of(
    family: Family, texts: Sequence[Fingerprint], shares: Mapping[int, float]
) -> tuple[Carrier, ...]:
    """The articles of a family, the first one first; `shares` of each member stand in the original."""
    return tuple(sorted(carrier_of(texts[member], shares[member]) for member in family.members))


def by_publisher(carriers: Iterable[Carrier]) -> list[Carrier]:
    """The first article of each publisher, in order; outlets of one publisher count once."""
    firsts: dict[str, Carrier] = {}
    for carrier in sorted(carriers):
        firsts.setdefault(carrier.publisher, carrier)
    return list(firsts.values())


def agency_of(family: Family, texts: Sequence[Fingerprint]) -> str | None:
    """Whose text it is: what the original says, else what most of the others say, else None."""
    own = texts[family.original].agency
    said = Counter(agency for member in family.members if (agency := texts[member].agency))
    return own or next((agency for agency, _ in said.most_common(1)), None)


def elections_of(family: Family, texts: Sequence[Fingerprint]) -> tuple[Election, ...]:
    """The last originals of a family, the present one last."""
    return tuple(
        Election(texts[original].id, texts[arrival].first_seen_at)
        for original, arrival in family.elections[-MOST_ELECTIONS:]
    )
