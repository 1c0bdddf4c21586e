"""The features of pairs of texts: what they have in common, in shares. Pure."""

from dataclasses import dataclass, fields
from math import isnan

from copydesk.index.judgement import Evidence
from copydesk.judging.clustering.pairs import Floats, Ints

__all__ = ["EVERY", "Features", "evidence_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Features:
    """The features of pairs, each of a text i beside a text j.

    Attributes:
        shared: Runs of three content words in common.
        cover: Share of i's runs that stand in j; `weighed` the same with each by its rarity.
        cosine: Of the terms, each weighed by its rarity and its frequency in the text.
        facts, numbers: Share of names and numbers, by rarity (numbers alone, plain) of the side with fewer; NaN when
            too few to tell.
        differing: How many numbers of the side with fewer do not stand in the other.
        title: Share of i's title words, by rarity, that are terms of j; NaN without a title.
        telling: See `telling.py`.
        quotes: Quoted sentences in common; 0 where i is j.
        speech: Share of quoted sentences, by rarity, of the side that has fewer; 0 without quotes.
        home: 1 where both stand on the same outlet, whose furniture they may share.
        wire: 1 where both are of one agency, on its own page.
        rivals: 1 where both name an agency, and not the same.
        gap: Hours between their appearances.
        cover_back, weighed_back, title_back: The same from j to i.
    """

    shared: Floats
    cover: Floats
    weighed: Floats
    cosine: Floats
    facts: Floats
    numbers: Floats
    differing: Floats
    title: Floats
    telling: Floats
    quotes: Floats
    speech: Floats
    home: Floats
    wire: Floats
    rivals: Floats
    gap: Floats
    cover_back: Floats
    weighed_back: Floats
    title_back: Floats

    def at(self, places: Ints) -> dict[str, Floats]:
        """Those of the pairs at these places, by name, without the empty ones."""
        every = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: one[places] for name, one in every.items() if len(one)}


EVERY = ("shared", "weighed", "cosine", "facts", "numbers", "title", "telling", "quotes")
"""What can be asked for alone: "shared" with the covers, "numbers" with those that differ, "quotes" with speech."""


def evidence_of(features: Features, *pair: int, id_: str) -> Evidence:
    """What links text i of a pair, named as the features are by one place or two, to text j, whose id is given."""
    return Evidence(
        other=id_,
        containment=_rounded(max(features.cover[pair], features.cover_back[pair])),
        quotes=int(features.quotes[pair]),
        facts=_rounded(features.facts[pair]),
        title=_rounded(features.title[pair]),
        kept=_rounded(features.cover_back[pair]),
        added=_rounded(1 - features.cover[pair]),
    )


def _rounded(share: float) -> float:
    return 0.0 if isnan(share) else round(float(share), 3)
