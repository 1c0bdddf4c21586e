"""Who took a text from whom, as far as its words tell. Pure.

The original is what a copy was taken from unless an earlier copy holds more: words in a row that the two have in
common and the original lacks can only have come by that way, or from a text that is not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from copydesk.judging.clustering.provenance import Carrier
from copydesk.judging.clustering.stories import FamilyRecord
from copydesk.views.passages import LEAST, Row, rows_of

__all__ = ["MOST", "Taken", "rewritten", "takings"]

MOST = 30
"""Texts that are compared with one another, the first ones; each with all before it, so 30 cost 0.05 s."""

PROOF = 2 * LEAST
"""Rows of words that two copies have and the original lacks: one word alone that both put otherwise makes LEAST."""

Held: TypeAlias = Mapping[str, set[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an article took.

    Attributes:
        other: The article that it was taken from.
        share: Share (0..1) of its own words that stand there.
        beyond: How many of these the original lacks; 0 where `other` is the original.
    """

    article: str
    other: str
    share: float
    beyond: int = 0


def takings(family: FamilyRecord, texts: Mapping[str, str]) -> list[Taken]:
    """For each carrier but the original what it was taken from, the first one first; `texts` by article.

    Each leads to the original: no two were taken from one another.
    """
    copies = [one for one in sorted(family.carriers) if one.article != family.original]
    ids = [one.article for one in copies[:MOST]]
    held = {id_: rows_of(texts.get(id_, "")) for id_ in (family.original, *ids)}
    return [_taken(one, family.original, ids[:place], held) for place, one in enumerate(copies)]


def _taken(copy: Carrier, original: str, earlier: Sequence[str], held: Held) -> Taken:
    own = held.get(copy.article, set())
    beyond = {other: len((own & held[other]) - held[original]) for other in earlier}
    most = max(beyond, key=beyond.__getitem__, default=original)  # of several as near the first
    if beyond.get(most, 0) < PROOF:
        return Taken(article=copy.article, other=original, share=copy.share)
    return Taken(article=copy.article, other=most, share=_share(own, held[most]), beyond=beyond[most])


def rewritten(families: Iterable[FamilyRecord], texts: Mapping[str, str]) -> dict[str, Taken]:
    """By family what its original has in common with the earlier original of which it holds most; absent without any.

    Families of one story tell of it in their own words; quotes stand in several.
    """
    found: dict[str, Taken] = {}
    before: dict[str, set[Row]] = {}
    for family in sorted(families, key=_told_at)[:MOST]:
        own = rows_of(texts.get(family.original, ""))
        common = {other: len(own & rows) for other, rows in before.items()}
        most = max(common, key=common.__getitem__, default="")
        if common.get(most):
            found[family.id] = Taken(article=family.original, other=most, share=_share(own, before[most]))
        before[family.original] = own
    return found


def _told_at(family: FamilyRecord) -> tuple[Carrier, ...]:
    return tuple(one for one in family.carriers if one.article == family.original)


def _share(own: set[Row], other: set[Row]) -> float:
    return round(len(own & other) / len(own), 3)
