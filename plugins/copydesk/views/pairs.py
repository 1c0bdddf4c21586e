"""Two articles side by side: which words they have in common, and why they were judged to be copies or not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from copydesk.errors import ConfigError
from copydesk.index import Index
from copydesk.index.article import Article, judgements_of
from copydesk.index.judgement import Evidence, Ruling
from copydesk.index.rulings import find_rulings
from copydesk.judging.candidates import load_texts
from copydesk.judging.clustering.features import evidence_of
from copydesk.judging.clustering.links import copies, events
from copydesk.judging.clustering.rarity import features_of
from copydesk.views.articles import articles_at
from copydesk.views.passages import Span, common_passages, share_of

__all__ = ["Alone", "Comparison", "Side", "Standing", "compare", "set_beside", "standing_of"]


class Standing(StrEnum):
    """What was judged of two articles, the left and the right one, beside all the others."""

    RIGHT_COPIES = "right-copies"  # the right one is a copy of the left one
    LEFT_COPIES = "left-copies"
    BOTH_COPY = "both-copy"  # of a third one
    LEFT_HOLDS = "left-holds"  # it is a roundup that holds the other one's text among others
    RIGHT_HOLDS = "right-holds"
    STORY = "story"  # one story in different words
    APART = "apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two articles.

    Attributes:
        spans: Where the passages stand that both have.
        share: Share (0..1) of its words that stand in them.
    """

    article: Article
    spans: tuple[Span, ...]
    share: float

    @property
    def passages(self) -> list[str]:
        """The passages that both have."""
        return [self.article.document.text[start:end] for start, end in self.spans]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """What two texts have in common by themselves, whatever the others are.

    Attributes:
        copies, related: Whether they would be copies, or one story.
        evidence: What the right one has of the left one.
        facts, numbers: Share (0..1) of names and numbers, numbers alone, of the side with fewer; None if there are too
            few to tell.
        cosine: How alike their terms are (0..1), by their frequencies and rarity.
    """

    copies: bool
    related: bool
    evidence: Evidence
    facts: float | None
    numbers: float | None
    cosine: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two articles, what was judged of them, what people ruled about the two, oldest first, and what it rests on."""

    left: Side
    right: Side
    standing: Standing
    rulings: tuple[Ruling, ...]
    alone: Alone


def compare(index: Index, one: str, other: str) -> Comparison:
    """Why the articles at two addresses are copies or not.

    Raises ConfigError when an address has no article, both have the same, or one of them is not judged yet.
    """
    left, right = set_beside(index, one, other)
    articles = left.article, right.article
    ids = [article.document.id for article in articles]
    if ids[0] == ids[1]:
        raise ConfigError(f"{one} and {other} are one article: {left.article.document.url}")
    texts = load_texts(index, ids)
    held = {article.document.id: _families_held(index, article) for article in articles}
    ruled = [ruling for ruling in find_rulings(index, ids) if {ruling.one, ruling.other} == set(ids)]
    if missing := [article.document.url for article in articles if article.document.id not in texts]:
        raise ConfigError(f"{missing[0]}: not judged yet")
    features = features_of([texts[id_] for id_ in ids])
    return Comparison(
        left=left,
        right=right,
        standing=standing_of(*articles, held),
        rulings=tuple(sorted(ruled, key=lambda ruling: ruling.at)),
        alone=Alone(
            copies=bool(copies(features).strength[0, 1] > 0),
            related=bool(max(copies(features).strength[0, 1], events(features).strength[0, 1]) > 0),
            evidence=evidence_of(features, 0, 1, id_=ids[1]),
            facts=_known(features.facts[0, 1]),
            numbers=_known(features.numbers[0, 1]),
            cosine=float(features.cosine[0, 1]),
        ),
    )


def set_beside(index: Index, one: str, other: str) -> tuple[Side, Side]:
    """The articles at two addresses, and what they have in common. Raises ConfigError as `articles_at`."""
    articles = articles_at(index, [one, other])
    both = common_passages(articles[0].document.text, articles[1].document.text)
    left, right = (
        Side(article=article, spans=tuple(spans), share=share_of(article.document.text, spans))
        for article, spans in zip(articles, both, strict=True)
    )
    return left, right


def standing_of(left: Article, right: Article, held: Mapping[str, Collection[str]]) -> Standing:
    """What was judged of two articles; `held` has the families whose items each holds, by its id. Pure."""
    one, other = left.judgement, right.judgement
    if one.family == other.family:
        originals = {one.duplicate_of, other.duplicate_of}
        if originals == {None, left.document.id}:
            return Standing.RIGHT_COPIES
        return Standing.LEFT_COPIES if originals == {None, right.document.id} else Standing.BOTH_COPY
    if other.family in held[left.document.id]:
        return Standing.LEFT_HOLDS
    if one.family in held[right.document.id]:
        return Standing.RIGHT_HOLDS
    return Standing.STORY if one.story == other.story else Standing.APART


def _families_held(index: Index, article: Article) -> set[str]:
    """The families whose items a roundup holds."""
    return {item.family for item in judgements_of(index, article.judgement.contains).values()}


def _known(share: np.floating) -> float | None:
    return None if np.isnan(share) else float(share)
